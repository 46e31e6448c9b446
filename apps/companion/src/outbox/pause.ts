/** How long the phone waits before it asks again. Pure. */
const second = 1000;
const firstPauseMs = 5 * second;
const longestPauseMs = 5 * 60 * second;

/** Pause before the next attempt, milliseconds; `fraction` in [0, 1) spreads many phones out. */
export function pauseAfter(failures: number, fraction: number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 16));
  return Math.round(full / 2 + (full / 2) * fraction);
}
