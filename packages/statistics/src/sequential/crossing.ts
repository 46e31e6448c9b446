/**
 * Probability of crossing boundaries by recursive integration (Armitage, McPherson & Rowe 1969, JRSS A 132:235).
 * In B(t) = Z(t) √t, which has independent increments N(θ dt, dt), the density of paths that still run is
 * f_k(b) = ∫ f_{k−1}(u) φ((b − u − θ dt) / √dt) / √dt du over the region of continuation; panels of Gauss and Legendre,
 * no wider than the narrower of two neighbouring increments.
 */
import { normalCdf } from '../distributions/normal.ts';
import { gaussLegendre } from '../quadrature/gauss-legendre.ts';

/** Nodes and weights of a running density, at one look. */
export type Running = { readonly at: Float64Array; readonly mass: Float64Array; readonly time: number };

/** Beyond this many standard deviations nothing is left that doubles could hold beside one. */
const reach = 9;
const [nodes, weights] = gaussLegendre(16);

/** Everyone, before the first look. */
export const nobodyStopped: Running = { at: Float64Array.of(0), mass: Float64Array.of(1), time: 0 };

/** P(Z_k > z and every look before was passed), with drift θ per unit of information. */
export function exitAbove(running: Running, time: number, z: number, drift = 0): number {
  return exit(running, time, z, drift, -1);
}

/** P(Z_k < z and every look before was passed). */
export function exitBelow(running: Running, time: number, z: number, drift = 0): number {
  return exit(running, time, z, drift, 1);
}

function exit({ at, mass, time: before }: Running, time: number, z: number, drift: number, side: 1 | -1): number {
  const dt = time - before;
  const b = z * Math.sqrt(time) - drift * dt;
  let sum = 0;
  for (let i = 0; i < at.length; i += 1) {
    sum += (mass[i] as number) * normalCdf((side * (b - (at[i] as number))) / Math.sqrt(dt));
  }
  return sum;
}

/**
 * The density after a look at `time` with bounds in z; `next` is the time of the look to come, which sets how fine it is.
 */
export function carryOn(
  running: Running,
  time: number,
  lower: number,
  upper: number,
  next: number,
  drift = 0,
): Running {
  const dt = time - running.time;
  const root = Math.sqrt(time);
  const from = Math.max(lower * root, drift * time - reach * root);
  const to = Math.min(upper * root, drift * time + reach * root);
  if (!(to > from)) return { at: new Float64Array(0), mass: new Float64Array(0), time };
  const panels = Math.ceil((to - from) / Math.sqrt(Math.min(dt, next - time)));
  const half = (to - from) / panels / 2;
  const at = new Float64Array(panels * nodes.length);
  const mass = new Float64Array(at.length);
  for (let i = 0; i < at.length; i += 1) {
    const k = i % nodes.length;
    const b = from + half * (2 * Math.floor(i / nodes.length) + 1 + (nodes[k] as number));
    at[i] = b;
    mass[i] = half * (weights[k] as number) * density(running, b - drift * dt, dt);
  }
  return { at, mass, time };
}

function density({ at, mass }: Running, b: number, dt: number): number {
  let sum = 0;
  for (let j = 0; j < at.length; j += 1)
    sum += (mass[j] as number) * Math.exp(-((b - (at[j] as number)) ** 2) / (2 * dt));
  return sum / Math.sqrt(2 * Math.PI * dt);
}
