/** Error spending functions (Lan & DeMets 1983, Biometrika 70:659; Hwang, Shih & DeCani 1990, Stat. Med. 9:1439). */
import { normalCdf, normalQuantile } from '../distributions/normal.ts';

export type Spending =
  | { readonly kind: 'obrien-fleming' }
  | { readonly kind: 'pocock' }
  | { readonly kind: 'hwang-shih-decani'; readonly gamma: number };

/**
 * Type I error of one side spent up to information fraction t.
 * O'Brien-Fleming-like 2 − 2Φ(z₁₋α/₂ / √t); Pocock-like α log(1 + (e − 1) t); Hwang-Shih-DeCani α (1 − e^−γt)/(1 − e^−γ).
 * @throws RangeError unless 0 < α < 1 and t ≥ 0; from t = 1 on everything is spent
 */
export function spentError(spending: Spending, alpha: number, t: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`An error between 0 and 1 is needed, not ${alpha}`);
  if (!(t >= 0)) throw new RangeError(`An information fraction from 0 is needed, not ${t}`);
  if (t === 0) return 0;
  if (t >= 1) return alpha;
  switch (spending.kind) {
    case 'obrien-fleming':
      return 2 * normalCdf(normalQuantile(alpha / 2) / Math.sqrt(t));
    case 'pocock':
      return alpha * Math.log1p((Math.E - 1) * t);
    case 'hwang-shih-decani':
      if (!Number.isFinite(spending.gamma)) throw new RangeError(`A finite gamma is needed, not ${spending.gamma}`);
      if (spending.gamma === 0) return alpha * t;
      return (alpha * Math.expm1(-spending.gamma * t)) / Math.expm1(-spending.gamma);
  }
}
