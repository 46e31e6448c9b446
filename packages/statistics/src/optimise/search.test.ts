import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findMinimum, findRoot } from './brent.ts';
import { minimiseByLbfgs } from './lbfgs.ts';

const near = (found: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${found}, ${expected}`);

test('Roots of functions that are hard in their own way', () => {
  near(
    findRoot((x) => x * x - 2, 0, 5),
    Math.SQRT2,
    1e-12,
  );
  near(
    findRoot((x) => Math.exp(x) - 1e-9, -100, 3),
    Math.log(1e-9),
    1e-12,
  );
  near(
    findRoot((x) => (x - 1) ** 9, -3, 8),
    1,
    1e-3,
  );
  near(
    findRoot((x) => Math.tanh(50 * (x - 0.3)), 0, 1),
    0.3,
    1e-12,
  );
  assert.equal(
    findRoot((x) => x, 0, 1),
    0,
  );
  let calls = 0;
  const counted = (x: number) => {
    calls += 1;
    return Math.cos(x) - x;
  };
  findRoot(counted, 0, 1);
  assert.ok(calls < 12, `${calls} values`);
});

test('A root of any cubic with one is found to the last digits', () => {
  const within = fc.double({ min: -9, max: 9, noNaN: true });
  fc.assert(
    fc.property(within, fc.double({ min: 0.1, max: 9, noNaN: true }), (root, width) => {
      near(
        findRoot((x) => (x - root) ** 3 + width * (x - root), -10, 10),
        root,
        1e-9,
      );
    }),
    { numRuns: 200, seed: 4 },
  );
});

test('Minima of one variable', () => {
  near(findMinimum((x) => (x - 2) ** 2 + 1, -5, 9).x, 2, 1e-7);
  near(findMinimum((x) => x * Math.log(x), 1e-9, 3).x, Math.exp(-1), 1e-7);
  near(findMinimum(Math.abs, -1, 2).x, 0, 1e-7);
  near(findMinimum((x) => x, 0, 1).x, 0, 1e-6);
  near(findMinimum((x) => Math.cos(x), 4, 0).x, Math.PI, 1e-7);
});

test('Rosenbrock’s valley in many dimensions, and a long narrow bowl', () => {
  const valley = (x: Float64Array) => {
    const gradient = new Float64Array(x.length);
    let value = 0;
    for (let i = 0; i + 1 < x.length; i += 1) {
      const [a, b] = [x[i] as number, x[i + 1] as number];
      value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
      gradient[i] = (gradient[i] as number) - 400 * a * (b - a * a) - 2 * (1 - a);
      gradient[i + 1] = (gradient[i + 1] as number) + 200 * (b - a * a);
    }
    return { value, gradient };
  };
  for (const n of [2, 10, 50]) {
    const found = minimiseByLbfgs(
      valley,
      Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
    );
    for (const one of found.at) near(one, 1, 1e-6);
  }
  const bowl = (x: Float64Array) => ({
    value: x.reduce((sum, one, i) => sum + 10 ** (i / 2) * one * one, 0),
    gradient: x.map((one, i) => 2 * 10 ** (i / 2) * one),
  });
  const found = minimiseByLbfgs(
    bowl,
    Array.from({ length: 10 }, () => 1),
    { tolerance: 1e-13 },
  );
  for (const one of found.at) near(one, 0, 1e-9);
});

test('Where the value ends the search walks round it; where it cannot go on it says so', () => {
  const log = (x: Float64Array) => {
    const one = x[0] as number;
    return { value: one > 0 ? one - Math.log(one) : Number.NaN, gradient: Float64Array.of(1 - 1 / one) };
  };
  near(minimiseByLbfgs(log, [30]).at[0] as number, 1, 1e-7);
  assert.throws(() => minimiseByLbfgs(log, [-1]), { code: 'non_finite' });
  const slope = (x: Float64Array) => ({ value: x[0] as number, gradient: Float64Array.of(1) });
  assert.throws(() => minimiseByLbfgs(slope, [0], { iterations: 20 }), { code: 'not_converged' });
  assert.throws(() => findRoot((x) => x * x + 1, -1, 1), { code: 'no_root' });
  assert.throws(() => findRoot(() => Number.NaN, -1, 1), { code: 'non_finite' });
});
