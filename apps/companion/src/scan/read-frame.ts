/** Reads a QR code off a picture of the camera: by the browser where it can, else by a decoder that is loaded then. */

type Detector = { detect(source: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]> };
type DetectorClass = {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
};

/** The text of the code in the frame, or null. */
export type ReadFrame = (video: HTMLVideoElement) => Promise<string | null>;

export async function openReader(): Promise<ReadFrame> {
  return (await ownReader()) ?? (await loadedReader());
}

async function ownReader(): Promise<ReadFrame | null> {
  const { BarcodeDetector } = window as { BarcodeDetector?: DetectorClass };
  if (BarcodeDetector === undefined) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch((): readonly string[] => []);
  if (!formats.includes('qr_code')) return null;
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

/** Wide enough for a label held at arm's length, small enough for an old phone. */
const frameWidth = 480;

async function loadedReader(): Promise<ReadFrame> {
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const { videoWidth, videoHeight } = video;
    if (context === null || videoWidth === 0) return null;
    canvas.width = Math.min(frameWidth, videoWidth);
    canvas.height = Math.round((videoHeight * canvas.width) / videoWidth);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return null;
    }
  };
}
