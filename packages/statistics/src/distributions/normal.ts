/** The normal distribution. */
import { assertProbability } from './invert.ts';

const rootTwoPi = Math.sqrt(2 * Math.PI);
/** Beyond this the tail is a continued fraction, before it the middle is a series. */
const tailFrom = 2;

/** φ(z); z² is taken apart so that exp does not magnify its rounding (W. J. Cody 1969). */
export function normalDensity(z: number): number {
  const coarse = Math.trunc(z * 16) / 16;
  return (Math.exp((-coarse * coarse) / 2) * Math.exp((-(z - coarse) * (z + coarse)) / 2)) / rootTwoPi;
}

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return z;
  if (z > tailFrom) return 1 - tail(z);
  if (z < -tailFrom) return tail(-z);
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 2 ** -54; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + normalDensity(z) * sum;
}

/** P(Z > z) of z ≥ 2: φ(z) / (z + 1 / (z + 2 / (z + 3 / …))), from the far end (DLMF 7.9). */
function tail(z: number): number {
  if (z > 40) return 0;
  let below = z;
  for (let k = Math.ceil(20 + 600 / (z * z)); k >= 1; k -= 1) below = z + k / below;
  return normalDensity(z) / below;
}

/** The z with P(Z ≤ z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  assertProbability(p);
  return normalFromUniform(p, Math.log);
}

/**
 * Wichura's algorithm AS 241 (1988, Appl. Stat. 37:477), PPND16: about 1e-16 relative.
 * @param log natural logarithm; an argument so that random numbers can bring one that is the same on every machine
 */
export function normalFromUniform(p: number, log: (x: number) => number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(middleTop, r)) / polynomial(middleBottom, r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const near = r <= 5;
  const shifted = near ? r - 1.6 : r - 5;
  const z = polynomial(near ? nearTop : farTop, shifted) / polynomial(near ? nearBottom : farBottom, shifted);
  return q < 0 ? -z : z;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k -= 1) sum = sum * x + (coefficients[k] as number);
  return sum;
}

const middleTop = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const middleBottom = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const nearTop = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const nearBottom = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const farTop = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const farBottom = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
];
