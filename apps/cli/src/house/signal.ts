/** Waits for Ctrl+C or a stop signal once; a second one is left to end the program at once. */
export function untilSignal(): { received: Promise<NodeJS.Signals>; release(): void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handlers = new Map<NodeJS.Signals, () => void>();
  const received = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of signals) {
      const handler = () => {
        release();
        resolve(signal);
      };
      handlers.set(signal, handler);
      process.once(signal, handler);
    }
  });
  function release(): void {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    handlers.clear();
  }
  return { received, release };
}
