/** What must be on disk before the key is put away: answers typed and not yet written. */
const writers = new Set<() => Promise<void>>();

/** Answers how to take it back. */
export function beforeLock(write: () => Promise<void>): () => void {
  writers.add(write);
  return () => {
    writers.delete(write);
  };
}

export async function writeWhatIsOpen(): Promise<void> {
  await Promise.allSettled([...writers].map((write) => write()));
}
