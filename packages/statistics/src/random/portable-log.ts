/**
 * A natural logarithm made of additions, multiplications and divisions alone, so that it gives the same bits on every
 * machine, which Math.log need not (ECMA-262 leaves its rounding open). Error below one unit in the last place.
 */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
/** Remez polynomial of log((1 + s) / (1 − s)) = 2s + s R(s²), as in FreeBSD's msun e_log.c (Sun Microsystems 1993). */
const remez = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];

/** log x of a finite x > 0. */
export function portableLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa < Math.SQRT1_2; exponent -= 1) mantissa *= 2;
  for (; mantissa > Math.SQRT2; exponent += 1) mantissa /= 2;
  const f = mantissa - 1;
  const s = f / (2 + f);
  const square = s * s;
  let r = 0;
  for (let k = remez.length - 1; k >= 0; k -= 1) r = (r + (remez[k] as number)) * square;
  const half = (f * f) / 2;
  return exponent * ln2High - (half - (s * (half + r) + exponent * ln2Low) - f);
}
