/** Reads an export off the screen's thread, in pieces; nothing of it leaves the phone from here. */
import { exportReader, WearableError } from '@limen/wearables';

const scope = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: Blob }) => void) | null;
};

scope.onmessage = ({ data }) => {
  read(data).then(
    (found) => scope.postMessage({ found }),
    (error: unknown) => scope.postMessage({ code: error instanceof WearableError ? error.code : 'failed' }),
  );
};

async function read(file: Blob) {
  const reader = exportReader();
  const pieces = file.stream().getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) return reader.end();
    reader.push(value);
    bytes += value.length;
    scope.postMessage({ share: bytes / Math.max(file.size, 1) });
  }
}
