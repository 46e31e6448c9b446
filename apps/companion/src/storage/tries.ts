/** How often a PIN may be wrong, and how long to wait in between. Pure. */

/** The first ones cost nothing: fingers slip. */
const freeTries = 3;
const firstWaitMs = 30_000;
const longestWaitMs = 15 * 60_000;

/** After as many the PIN is taken away; the personal code still opens everything. */
export const mostTries = 10;

/**
 * What is left of the wait before the next try, milliseconds.
 * @param lastMs when the last wrong one was tried; a clock turned back gains nothing and costs no more than the wait
 */
export function waitBeforeTry(wrong: number, lastMs: number, nowMs: number): number {
  if (wrong < freeTries) return 0;
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (wrong - freeTries));
  return Math.min(wait, Math.max(0, lastMs + wait - nowMs));
}

const digits = { least: 6, most: 12 } as const;

/** Null where it will do. All the same digit, and runs such as 123456, are tried first by whoever finds the phone. */
export function faultOfPin(pin: string): 'length' | 'digits' | 'simple' | null {
  if (!/^\d*$/.test(pin)) return 'digits';
  if (pin.length < digits.least || pin.length > digits.most) return 'length';
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 0) ? 'simple' : null;
}
