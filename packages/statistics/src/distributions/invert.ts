/** From a probability back to the value: Newton's method that cannot leave its bracket. */

export function assertProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability between 0 and 1 is needed, not ${p}`);
}

export function assertDegreesOfFreedom(df: number): void {
  if (!(df > 0)) throw new RangeError(`Degrees of freedom above 0 are needed, not ${df}`);
}

/**
 * The x > 0 with log tail(x) = log p for a tail that falls from `start`'s left to its right, or rises where `rising`.
 * Logarithms keep the steps right in far tails.
 * @param density derivative of the tail, without its sign
 */
export function invertTail(
  p: number,
  tail: (x: number) => number,
  density: (x: number) => number,
  start: number,
  rising = false,
): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = start > 0 && Number.isFinite(start) ? start : 1;
  const wanted = Math.log(p);
  for (let round = 0; round < 300; round += 1) {
    const share = tail(x);
    const distance = Math.log(share) - wanted;
    if (distance === 0) return x;
    if (rising === distance > 0) high = x;
    else low = x;
    const slope = (rising ? 1 : -1) * (density(x) / share);
    let next = x - distance / slope;
    if (!(next > low && next < high)) next = high === Number.POSITIVE_INFINITY ? 2 * x : (low + high) / 2;
    if (Math.abs(next - x) <= 2 ** -52 * x) return next;
    x = next;
  }
  return x;
}
