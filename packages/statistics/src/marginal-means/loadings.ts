/**
 * Loadings λ of one common factor, ρ_ij ≈ λ_i λ_j for i ≠ j, from the covariance of comparisons (Hsu 1992, J. Comput.
 * Graph. Stat. 1:151); exact where such a factor exists, as for comparisons with the mean of one control arm.
 */
const rounds = 500;
/** Beyond, a comparison would be the common factor itself. */
const most = 1 - 1e-9;

export function loadingsOf(covariance: readonly (readonly number[])[]): number[] {
  const k = covariance.length;
  const correlation = (i: number, j: number) =>
    (covariance[i]?.[j] as number) / Math.sqrt((covariance[i]?.[i] as number) * (covariance[j]?.[j] as number));
  if (k === 1) return [0];
  if (k === 2) return [0, 0].fill(Math.sqrt(Math.min(most, Math.max(0, correlation(0, 1)))));
  let loadings = covariance.map((_, i) => {
    const mean = covariance.reduce((sum, __, j) => (i === j ? sum : sum + correlation(i, j)), 0) / (k - 1);
    return Math.sqrt(Math.min(most, Math.max(1e-3, mean)));
  });
  // Least squares off the diagonal, one loading after the other.
  for (let round = 0; round < rounds; round += 1) {
    const before = loadings;
    const next = loadings.slice();
    for (let i = 0; i < k; i += 1) {
      let product = 0;
      let square = 0;
      for (let j = 0; j < k; j += 1) {
        if (i === j) continue;
        product += correlation(i, j) * (next[j] as number);
        square += (next[j] as number) ** 2;
      }
      next[i] = Math.min(most, Math.max(0, square > 0 ? product / square : 0));
    }
    loadings = next;
    if (next.every((one, i) => Math.abs(one - (before[i] as number)) < 1e-13)) break;
  }
  return loadings;
}
