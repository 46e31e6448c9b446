import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox } from '../random/philox.ts';
import { rerandomisationInterval, rerandomisationTest } from './rerandomise.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const differenceOf = (values: readonly number[]) => (arms: readonly string[]) =>
  mean(values.filter((_, i) => arms[i] === 'A')) - mean(values.filter((_, i) => arms[i] === 'B'));

/** All allocations of three to A among six, walked in turn. */
function everyAllocation(): () => string[] {
  const all: string[][] = [];
  for (let bits = 0; bits < 64; bits += 1) {
    const arms = Array.from({ length: 6 }, (_, i) => ((bits >> i) & 1 ? 'A' : 'B'));
    if (arms.filter((arm) => arm === 'A').length === 3) all.push(arms);
  }
  let turn = 0;
  return () => all[turn++ % all.length] as string[];
}

test('Over all twenty allocations the p-value is the share that can be counted by hand', () => {
  // 9, 8, 7 against 3, 2, 1: only the allocation itself and its mirror are as far apart.
  const result = rerandomisationTest({
    allocated: ['A', 'A', 'A', 'B', 'B', 'B'],
    statistic: differenceOf([9, 8, 7, 3, 2, 1]),
    draw: everyAllocation(),
    draws: 20,
  });
  assert.equal(result.statistic, 6);
  assert.equal(result.asExtreme, 2);
  assert.equal(result.p, 3 / 21);
  assert.ok(result.monteCarlo.lower < 0.1 && result.monteCarlo.upper > 0.1);
});

test('The confidence set holds exactly the shifts that the test does not reject', () => {
  const random = philox('shift');
  const allocated = random.shuffle(Array.from({ length: 20 }, (_, i) => (i < 10 ? 'A' : 'B')));
  const values = allocated.map((arm) => random.normal(arm === 'A' ? 1.5 : 0, 1));
  const redraw = () => {
    const stream = philox('redraw');
    return () => stream.shuffle(allocated);
  };
  const { lower, upper, estimate } = rerandomisationInterval({
    allocated,
    values,
    active: 'A',
    control: 'B',
    draw: redraw(),
    draws: 499,
  });
  assert.ok(lower < estimate && estimate < upper);
  const pAt = (shift: number) =>
    rerandomisationTest({
      allocated,
      draw: redraw(),
      draws: 499,
      statistic: differenceOf(values.map((value, i) => value - (allocated[i] === 'A' ? shift : 0))),
    }).p;
  for (const [limit, out] of [
    [lower, -1e-6],
    [upper, 1e-6],
  ] as const) {
    assert.ok(pAt(limit + out) <= 0.05, `${limit} is not outside`);
    assert.ok(pAt(limit - out) > 0.05, `${limit} is not inside`);
  }
});

const rankSum = (arms: readonly string[], values: readonly number[]) => {
  let sum = 0;
  arms.forEach((arm, i) => {
    if (arm !== 'A') return;
    arms.forEach((other, j) => {
      if (other === 'B') sum += Math.sign((values[i] as number) - (values[j] as number));
    });
  });
  return sum;
};

test('By bisection the difference of means has the limits that its lines give, and ranks the estimate of Hodges and Lehmann', () => {
  const random = philox('any statistic');
  const allocated = random.shuffle(Array.from({ length: 16 }, (_, i) => (i < 8 ? 'A' : 'B')));
  const values = allocated.map((arm) => random.normal(arm === 'A' ? 2 : 0, 1));
  const draw = (number: number) => philox('draws', `${number}`).shuffle(allocated);
  const request = { allocated, values, active: 'A', control: 'B', draw, draws: 399 };
  const exact = rerandomisationInterval(request);
  const found = rerandomisationInterval({ ...request, statistic: (arms, of) => differenceOf(of)(arms) });
  for (const key of ['estimate', 'lower', 'upper'] as const) {
    assert.ok(Math.abs(found[key] - exact[key]) < 1e-7, `${key}: ${found[key]}, ${exact[key]}`);
  }
  const pairs = values
    .flatMap((value, i) =>
      allocated[i] === 'A' ? values.flatMap((other, j) => (allocated[j] === 'B' ? [value - other] : [])) : [],
    )
    .sort((a, b) => a - b);
  const ranks = rerandomisationInterval({ ...request, statistic: rankSum });
  assert.ok(Math.abs(ranks.estimate - ((pairs[31] as number) + (pairs[32] as number)) / 2) < 1e-7);
  assert.ok(ranks.lower < ranks.estimate && ranks.estimate < ranks.upper);
  // Limits lie at differences of two values, where the ranks change places.
  for (const limit of [ranks.lower, ranks.upper]) assert.ok(pairs.some((pair) => Math.abs(pair - limit) < 1e-7));
});

test('Too few draws to reject anything leave the interval open; a statistic that the shift does not move has none', () => {
  const allocated = ['A', 'B', 'A', 'B', 'A', 'B'];
  const draw = (number: number) => philox('few', `${number}`).shuffle(allocated);
  const request = { allocated, values: [5, 1, 6, 2, 7, 1], active: 'A', control: 'B', draw, draws: 10 };
  for (const statistic of [undefined, rankSum]) {
    const { lower, upper } = rerandomisationInterval(statistic ? { ...request, statistic } : request);
    assert.deepEqual([lower, upper], [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  }
  assert.throws(() => rerandomisationInterval({ ...request, statistic: () => 0 }), { code: 'no_root' });
});

test('Under the null the p-value is uniform', () => {
  const trials = 400;
  const random = philox('null');
  const ps = Array.from({ length: trials }, () => {
    const values = Array.from({ length: 16 }, () => random.normal(0, 1));
    const draw = () => random.shuffle(values.map((_, i) => (i % 2 === 0 ? 'A' : 'B')));
    return rerandomisationTest({ allocated: draw(), draw, draws: 99, statistic: differenceOf(values) }).p;
  }).sort((a, b) => a - b);
  const farthest = Math.max(...ps.map((p, i) => Math.abs(p - (i + 0.5) / trials)));
  // 1.63 / √n is Kolmogorov's 1 % point.
  assert.ok(farthest < 1.63 / Math.sqrt(trials), `${farthest}`);
});

test('A draw of the wrong length and a statistic that is not finite are refused', () => {
  const allocated = ['A', 'B'];
  assert.throws(() => rerandomisationTest({ allocated, draw: () => ['A'], statistic: () => 1 }), {
    code: 'draw_length',
  });
  assert.throws(() => rerandomisationTest({ allocated, draw: () => allocated, statistic: () => Number.NaN }), {
    code: 'non_finite',
  });
});
