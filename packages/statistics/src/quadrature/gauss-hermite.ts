/**
 * Nodes and weights for ∫ e^(−x²) f(x) dx, ascending: Newton's method on the orthonormal Hermite recurrence, whose values
 * stay within doubles (Press et al. 2007, section 4.6.1, for the starting points).
 */
export function gaussHermite(n: number): [Float64Array, Float64Array] {
  const x = new Float64Array(n);
  const w = new Float64Array(n);
  let root = 0;
  for (let i = 0; i < Math.floor((n + 1) / 2); i += 1) {
    root = startOf(i, n, root, x);
    let slope = 1;
    for (let round = 0; round < 30; round += 1) {
      let before = 0;
      let here = Math.PI ** -0.25;
      for (let k = 1; k <= n; k += 1) {
        [before, here] = [here, root * Math.sqrt(2 / k) * here - Math.sqrt((k - 1) / k) * before];
      }
      slope = Math.sqrt(2 * n) * before;
      const step = here / slope;
      root -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    if (2 * i + 1 === n) root = 0;
    // Largest first from Newton's starts; kept so until the mirror below.
    x[i] = root;
    w[i] = 2 / (slope * slope);
  }
  for (let i = 0; i < Math.floor(n / 2); i += 1) {
    x[n - 1 - i] = x[i] as number;
    w[n - 1 - i] = w[i] as number;
    x[i] = -(x[i] as number);
  }
  return [x, w];
}

function startOf(i: number, n: number, last: number, x: Float64Array): number {
  if (i === 0) return Math.sqrt(2 * n + 1) - 1.85575 * (2 * n + 1) ** -0.16667;
  if (i === 1) return last - (1.14 * n ** 0.426) / last;
  if (i === 2) return 1.86 * last - 0.86 * (x[0] as number);
  if (i === 3) return 1.91 * last - 0.91 * (x[1] as number);
  return 2 * last - (x[i - 2] as number);
}
