/** Frames of the screen: when one is drawn, and how regularly they come. */

/** The time of the next frame, on the clock of events (`event.timeStamp`), in ms. What is changed before it resolves is drawn in it. */
export function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Resolves at the first frame that is at least `ms` after `from`, with its time; rejects when the signal aborts. */
export function frameAfter(from: number, ms: number, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const look = (now: number) => {
      if (signal.aborted) reject(signal.reason);
      // Half a frame early is nearer than half a frame late.
      else if (now - from >= ms - 4) resolve(now);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

export type FrameReport = { readonly intervalMs: number; readonly irregular: boolean };

/** Frames more than this share of which are late, or that come less often than 30 a second, cannot time an answer well. */
const [mostLate, longestMs] = [0.05, 1000 / 30 + 2];

/** Watches frames until stopped. */
export function watchFrames(): () => FrameReport {
  const intervals: number[] = [];
  let last: number | null = null;
  let running = true;
  const look = (now: number) => {
    if (!running) return;
    if (last !== null && now > last) intervals.push(now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return () => {
    running = false;
    return frameReport(intervals);
  };
}

export function frameReport(intervals: readonly number[]): FrameReport {
  const sorted = [...intervals].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  const late = sorted.filter((one) => one > 1.5 * middle).length;
  return { intervalMs: middle, irregular: sorted.length < 30 || middle > longestMs || late > mostLate * sorted.length };
}
