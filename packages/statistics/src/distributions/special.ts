/**
 * Gamma and incomplete gamma and beta functions. What multiplies a series is written with Stirling's error and
 * Loader's deviance terms (C. Loader 2000, Fast and accurate computation of binomial probabilities), so large
 * parameters cost no digits: relative error is about 1e-14, tails included.
 */

/** Lanczos coefficients for g = 607/128, n = 15 (P. Godfrey 2001). */
const lanczos = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488,
  0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
] as const;

const halfLogTwoPi = 0.9189385332046727;

/** log Γ(x), x > 0; near its zeros at 1 and 2 the error is 1e-15 absolute, not relative. */
export function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  if (x >= manyTerms) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingError(x);
  const base = x + 607 / 128 - 0.5;
  let sum = lanczos[0] as number;
  for (let index = 1; index < lanczos.length; index += 1) sum += (lanczos[index] as number) / (x + (index - 1));
  return halfLogTwoPi + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** From here on Stirling's series is exact in doubles with the terms kept. */
const manyTerms = 16;
/** Bernoulli numbers over 2k(2k − 1): DLMF 5.11.1. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const;

/** log Γ(x + 1) less Stirling's (x + ½) log x − x + ½ log 2π. */
function stirlingError(x: number): number {
  if (x < manyTerms) return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
  const square = 1 / (x * x);
  let sum = 0;
  for (let k = stirling.length - 1; k >= 0; k -= 1) sum = sum * square + (stirling[k] as number);
  return sum / x;
}

/** x log(x / m) + m − x, accurate where x is near m; `apart` is x − m, which the caller may know better. */
function devianceTerm(x: number, m: number, apart = x - m): number {
  if (Math.abs(apart) >= 0.1 * (x + m)) return x * Math.log(x / m) - apart;
  const v = apart / (x + m);
  let sum = apart * v;
  let odd = 2 * x * v;
  for (let j = 1; j < 1000; j += 1) {
    odd *= v * v;
    const next = sum + odd / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

const tiny = 1e-300;
const epsilon = 2 ** -53;
/** Terms grow with the square root of the parameter: enough for parameters of 10¹⁰. */
const mostTerms = 1_000_000;

/** Regularised lower and upper incomplete gamma P(a, x) and Q(a, x); series below a + 1, continued fraction above. */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  // xᵃ e⁻ˣ / Γ(a)
  const front = Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - devianceTerm(a, x));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < mostTerms && term > sum * epsilon; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    const lower = front * sum;
    return { lower, upper: 1 - lower };
  }
  const upper = front * gammaFraction(a, x);
  return { lower: 1 - upper, upper };
}

/** DLMF 8.9.2, by Lentz's method. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < mostTerms; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) <= epsilon) break;
  }
  return fraction;
}

/**
 * Regularised incomplete beta I_x(a, b) with its complement. Takes y = 1 − x beside x, because either may be too small
 * for the other to hold it.
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  const n = a + b;
  // a − nx = ny − b: the smaller of x and y holds more digits of it.
  const apart = x < y ? a - n * x : n * y - b;
  // xᵃ yᵇ / B(a, b)
  const front =
    Math.sqrt((a / n) * (b / (2 * Math.PI))) *
    Math.exp(
      stirlingError(n) -
        stirlingError(a) -
        stirlingError(b) -
        devianceTerm(a, n * x, apart) -
        devianceTerm(b, n * y, -apart),
    );
  if (x < (a + 1) / (n + 2)) {
    const lower = front / betaFraction(x, y, a, b, apart);
    return { lower, upper: 1 - lower };
  }
  const upper = front / betaFraction(y, x, b, a, -apart);
  return { lower: 1 - upper, upper };
}

/**
 * β₀ + α₁ / (β₁ + α₂ / (β₂ + …)) of Didonato & Morris (1992, ACM Trans. Math. Softw. 18:360, equation 12), by Lentz's
 * method. Written in λ = a − (a + b) x, so that x near 1 with a large a loses nothing.
 */
function betaFraction(x: number, y: number, a: number, b: number, lambda: number): number {
  let fraction = (a * (lambda + 1)) / (a + 1);
  let c = fraction;
  let d = 0;
  for (let n = 1; n < mostTerms; n += 1) {
    const odd = a + 2 * n - 1;
    const w = n * (b - n) * x;
    const alpha = ((a + n - 1) / odd) * ((a + b + n - 1) / odd) * w * x;
    const beta = n + w / odd + ((a + n) / (odd + 2)) * (lambda + 1 + n * (1 + y));
    d = 1 / nonZero(beta + alpha * d);
    c = nonZero(beta + alpha / c);
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) <= epsilon) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
