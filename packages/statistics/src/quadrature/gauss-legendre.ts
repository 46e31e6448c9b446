/** Nodes and weights on (−1, 1): Newton's method on Legendre's recurrence. */
export function gaussLegendre(n: number): [Float64Array, Float64Array] {
  const x = new Float64Array(n);
  const w = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let root = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let round = 0; round < 8; round += 1) {
      let before = 1;
      let here = root;
      for (let k = 2; k <= n; k += 1) [before, here] = [here, ((2 * k - 1) * root * here - (k - 1) * before) / k];
      slope = (n * (root * here - before)) / (root * root - 1);
      root -= here / slope;
    }
    x[i] = root;
    w[i] = 2 / ((1 - root * root) * slope * slope);
  }
  return [x, w];
}
