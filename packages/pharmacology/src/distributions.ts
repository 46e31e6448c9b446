/**
 * The few distributions that a batch is judged by: Student's t, the beta of an exact binomial interval, the normal.
 * `validation/batches.R` holds them to R, to ten digits.
 */

/** log Γ(x), x > 0: the recurrence up to 16, from where Stirling's series (DLMF 5.11.1) is exact in doubles. */
function logGamma(x: number): number {
  let z = x;
  let product = 1;
  for (; z < 16; z += 1) product *= z;
  const w = 1 / z ** 2;
  const series = (1 / 12 + w * (-1 / 360 + w * (1 / 1260 + w * (-1 / 1680 + w / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.9189385332046727 + series - Math.log(product);
}

/** Regularised incomplete beta I_x(a, b): continued fraction DLMF 8.17.22, on the side where it converges fast. */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(front) / a) * betaFraction(a, b, x);
}

/** By Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  const least = 1e-300;
  const away = (value: number): number => (Math.abs(value) < least ? least : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 1000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return value;
}

/** The x at which I_x(a, b) is p. */
export function betaQuantile(p: number, a: number, b: number): number {
  return bisect((x) => incompleteBeta(a, b, x) >= p, 0, 1);
}

/** The least x in an interval from which `reached` holds, which it does from there on. */
export function bisect(reached: (x: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** P(T <= t) for Student's t with `degrees` of freedom, which need not be whole. */
export function studentCdf(t: number, degrees: number): number {
  if (degrees === Number.POSITIVE_INFINITY) return normalCdf(t);
  const tail = incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The t below which Student's t lies with probability p. */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  let upper = 2;
  while (studentCdf(upper, degrees) < p) upper *= 2;
  return bisect((t) => studentCdf(t, degrees) >= p, 0, upper);
}

/** Φ(z): the series of Marsaglia 2004 inside, the continued fraction of Mills's ratio outside. */
export function normalCdf(z: number): number {
  const size = Math.abs(z);
  if (size > 38) return z > 0 ? 1 : 0;
  const density = Math.exp(-0.5 * size ** 2) / Math.sqrt(2 * Math.PI);
  if (size < 3) {
    let term = z;
    let sum = z;
    for (let n = 3; Math.abs(term) > 1e-17; n += 2) {
      term *= z ** 2 / n;
      sum += term;
    }
    return 0.5 + sum * density;
  }
  let fraction = size;
  for (let n = 120; n >= 1; n -= 1) fraction = size + n / fraction;
  return z > 0 ? 1 - density / fraction : density / fraction;
}

/** P(X = k) of n trials, each a success with probability p. */
export function binomialProbability(k: number, n: number, p: number): number {
  if (p <= 0 || p >= 1) return (p <= 0 && k === 0) || (p >= 1 && k === n) ? 1 : 0;
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

export type Sample = { readonly n: number; readonly mean: number; readonly sd: number };

/** Mean and standard deviation (n - 1) of two values or more. */
export function summarise(values: readonly number[]): Sample {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  return { n, mean, sd: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)) };
}
