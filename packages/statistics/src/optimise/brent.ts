/** One variable: Brent's root and minimum (Brent 1973, Algorithms for Minimization without Derivatives, chapters 4 and 5). */
import { StatisticsError } from '../errors.ts';

const mostRounds = 200;

export type OneVariable = {
  /** Of the answer, in units of the variable; default 1e-12 of its size. */
  readonly tolerance?: number;
};

/**
 * The x between `a` and `b` with f(x) = 0; f has to change its sign between them.
 * @throws StatisticsError `no_root` where it does not, `non_finite`, `not_converged`
 */
export function findRoot(f: (x: number) => number, a: number, b: number, options: OneVariable = {}): number {
  const value = finiteValues(f);
  let [older, best] = [a, b];
  let [atOlder, atBest] = [value(older), value(best)];
  if (atOlder === 0) return older;
  if (atBest === 0) return best;
  if (atOlder > 0 === atBest > 0) throw new StatisticsError('no_root', `${a} to ${b}`);
  let other = older;
  let atOther = atOlder;
  let step = best - older;
  let before = step;
  for (let round = 0; round < mostRounds; round += 1) {
    if (Math.abs(atOther) < Math.abs(atBest)) {
      [older, best, other] = [best, other, best];
      [atOlder, atBest, atOther] = [atBest, atOther, atBest];
    }
    const least = 2 * 2 ** -52 * Math.abs(best) + (options.tolerance ?? 1e-12 * Math.max(Math.abs(best), 1e-300)) / 2;
    const half = (other - best) / 2;
    if (Math.abs(half) <= least || atBest === 0) return best;
    const guess = interpolated({ older, best, other }, { older: atOlder, best: atBest, other: atOther });
    // A step that is too long, or not half the one before last, is replaced by bisection.
    const usable =
      guess !== null && guess / half > 0 && Math.abs(guess) < Math.min(1.5 * Math.abs(half), Math.abs(before) / 2);
    before = usable ? step : half;
    step = usable ? guess : half;
    [older, atOlder] = [best, atBest];
    best += Math.abs(step) > least ? step : Math.sign(half) * least;
    atBest = value(best);
    if (atBest > 0 === atOther > 0) {
      [other, atOther] = [older, atOlder];
      step = best - older;
      before = step;
    }
  }
  throw new StatisticsError('not_converged', `${mostRounds} rounds`);
}

type Three = { readonly older: number; readonly best: number; readonly other: number };

/** The step of inverse quadratic interpolation, or of the secant where two points are one; null where it has none. */
function interpolated(x: Three, f: Three): number | null {
  if (Math.abs(f.older) <= Math.abs(f.best)) return null;
  const s = f.best / f.older;
  const half = (x.other - x.best) / 2;
  let p: number;
  let q: number;
  if (x.older === x.other) {
    p = 2 * half * s;
    q = 1 - s;
  } else {
    const t = f.older / f.other;
    const r = f.best / f.other;
    p = s * (2 * half * t * (t - r) - (x.best - x.older) * (r - 1));
    q = (t - 1) * (r - 1) * (s - 1);
  }
  if (p > 0) q = -q;
  const step = Math.abs(p) / q;
  return Number.isFinite(step) ? step : null;
}

const golden = (3 - Math.sqrt(5)) / 2;

/**
 * A local minimum of f between `a` and `b`, by golden section and parabolas. `x` is known to about the square root of what
 * f resolves: no better than 1e-8 of its size.
 * @throws StatisticsError `non_finite`, `not_converged`
 */
export function findMinimum(
  f: (x: number) => number,
  a: number,
  b: number,
  options: OneVariable = {},
): { readonly x: number; readonly value: number } {
  const value = finiteValues(f);
  let [low, high] = a < b ? [a, b] : [b, a];
  let best = low + golden * (high - low);
  let [second, third] = [best, best];
  let atBest = value(best);
  let [atSecond, atThird] = [atBest, atBest];
  let step = 0;
  let before = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const middle = (low + high) / 2;
    const least = 1.5e-8 * Math.abs(best) + (options.tolerance ?? 1e-12) / 3;
    if (Math.abs(best - middle) <= 2 * least - (high - low) / 2) return { x: best, value: atBest };
    const parabola = parabolicStep({ best, second, third }, { best: atBest, second: atSecond, third: atThird });
    const inside = parabola !== null && best + parabola > low && best + parabola < high;
    if (inside && Math.abs(before) > least && Math.abs(parabola) < Math.abs(before) / 2) {
      [before, step] = [step, parabola];
      const tried = best + step;
      if (tried - low < 2 * least || high - tried < 2 * least) step = best < middle ? least : -least;
    } else {
      before = best < middle ? high - best : low - best;
      step = golden * before;
    }
    const tried = best + (Math.abs(step) >= least ? step : Math.sign(step || 1) * least);
    const atTried = value(tried);
    if (atTried <= atBest) {
      if (tried < best) high = best;
      else low = best;
      [third, atThird, second, atSecond, best, atBest] = [second, atSecond, best, atBest, tried, atTried];
      continue;
    }
    if (tried < best) low = tried;
    else high = tried;
    if (atTried <= atSecond || second === best) [third, atThird, second, atSecond] = [second, atSecond, tried, atTried];
    else if (atTried <= atThird || third === best || third === second) [third, atThird] = [tried, atTried];
  }
  throw new StatisticsError('not_converged', `${mostRounds} rounds`);
}

type Points = { readonly best: number; readonly second: number; readonly third: number };

function parabolicStep(x: Points, f: Points): number | null {
  const r = (x.best - x.second) * (f.best - f.third);
  const q = (x.best - x.third) * (f.best - f.second);
  const step = -((x.best - x.third) * q - (x.best - x.second) * r) / (2 * (q - r));
  return Number.isFinite(step) ? step : null;
}

function finiteValues(f: (x: number) => number): (x: number) => number {
  return (x) => {
    const found = f(x);
    if (!Number.isFinite(found)) throw new StatisticsError('non_finite', `value at ${x}`);
    return found;
  };
}
