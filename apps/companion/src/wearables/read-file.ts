/** One file through the worker that reads it. */
import type { ReadExport, WearableErrorCode } from '@limen/wearables';

export type Outcome = { readonly found: ReadExport } | { readonly code: WearableErrorCode | 'failed' };

type Said = Outcome | { readonly share: number };

export function readFile(file: Blob, onShare: (share: number) => void): Promise<Outcome> {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Outcome>((resolve) => {
    worker.onerror = () => resolve({ code: 'failed' });
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if ('share' in data) onShare(data.share);
      else resolve(data);
    };
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
