/** By simulation against what theory says of the rules, and against complete data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox } from '../random/philox.ts';
import {
  type CompletedParticipant,
  conditionalMeanImputation,
  multipleImputation,
  tippingPoint,
} from './multiple-imputation.ts';
import type { ImputedParticipant } from './reference-based.ts';

/** Three visits, correlation through a level of the person; those who do badly at the second visit leave more often. */
function trial(n: number, effect: number, seed: string, leave = 0.5): ImputedParticipant[] {
  const random = philox(seed);
  return Array.from({ length: n }, (_, i) => {
    const arm = i % 2 === 0 ? 'active' : 'placebo';
    const level = random.normal(0, 2);
    const values: (number | null)[] = [0, 1, 2].map(
      (visit) => level + random.normal(0, 1) + (arm === 'active' ? (effect * visit) / 2 : 0),
    );
    if ((values[1] as number) > 0 && random.bernoulli(leave)) values[2] = null;
    return { participant: `P${i}`, arm, values };
  });
}

function analyse(completed: readonly CompletedParticipant[]) {
  const last = (arm: string) => completed.filter((one) => one.arm === arm).map(({ values }) => values.at(-1) as number);
  const [a, b] = [last('active'), last('placebo')].map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { n: values.length, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
  }) as [{ n: number; mean: number; squares: number }, { n: number; mean: number; squares: number }];
  const variance = (a.squares + b.squares) / (a.n + b.n - 2);
  return { estimate: a.mean - b.mean, standardError: Math.sqrt(variance * (1 / a.n + 1 / b.n)) };
}

const base = { reference: 'placebo', analyse, completeDf: 198, imputations: 40, seed: 'mi' } as const;

test('Nothing missing: every imputation is the data, and the error is that of the data', () => {
  const participants = trial(200, 1, 'whole', 0);
  const pooled = multipleImputation({ ...base, participants, rule: 'MAR' });
  const plain = analyse(participants as CompletedParticipant[]);
  assert.ok(Math.abs(pooled.estimate - plain.estimate) < 1e-12);
  assert.ok(Math.abs(pooled.standardError - plain.standardError) < 1e-12);
  assert.ok(pooled.missingShare < 1e-20);
});

test('Under MAR the effect comes back where completers alone are biased, and intervals hold it as often as they say', () => {
  const effect = 3;
  let [sum, held, completers] = [0, 0, 0];
  const trials = 60;
  for (let i = 0; i < trials; i += 1) {
    const participants = trial(160, effect, `mar ${i}`, 0.8);
    const pooled = multipleImputation({ ...base, participants, rule: 'MAR', imputations: 12, completeDf: 158 });
    sum += pooled.estimate;
    if (pooled.lower <= effect && effect <= pooled.upper) held += 1;
    const stayed = participants.filter(({ values }) => values[2] !== null) as CompletedParticipant[];
    completers += analyse(stayed).estimate;
  }
  assert.ok(Math.abs(sum / trials - effect) < 0.15, `${sum / trials}`);
  assert.ok(completers / trials < effect - 0.15, `${completers / trials}`);
  assert.ok(held / trials > 0.86, `${held / trials}`);
});

test('Reference rules come between no effect and MAR, and the conditional mean agrees with them', () => {
  const participants = trial(200, 3, 'rules');
  const found = (['MAR', 'CIR', 'J2R', 'CR'] as const).map((rule) => {
    const pooled = multipleImputation({ ...base, participants, rule, imputations: 100 });
    const { estimate, standardError } = conditionalMeanImputation({
      ...{ participants, rule, reference: 'placebo' },
      analyse: (completed) => analyse(completed).estimate,
    });
    assert.ok(Math.abs(pooled.estimate - estimate) < 0.15, `${rule}: ${pooled.estimate}, ${estimate}`);
    if (rule !== 'MAR')
      assert.ok(standardError < pooled.standardError, `${rule}: the jackknife does not add what is not uncertain`);
    return pooled.estimate;
  }) as [number, number, number, number];
  const [mar, cir, j2r] = found;
  assert.ok(mar > cir && cir > j2r && j2r > 0, found.join());
});

test('The tipping point is where p is alpha, and none is said where none is near', () => {
  const participants = trial(200, 3, 'tipping');
  const request = { ...base, participants, rule: 'MAR' } as const;
  const { delta, at, start } = tippingPoint(request, { arm: 'active', furthest: -60 });
  assert.ok(start.p < 0.001 && delta !== null && delta < -1, `${delta}`);
  assert.ok(Math.abs((at?.p ?? 0) - 0.05) < 1e-4, `${at?.p}`);
  const same = multipleImputation({ ...request, delta: { active: delta } });
  assert.equal(same.p, at?.p);
  assert.deepEqual(tippingPoint(request, { arm: 'active', furthest: -0.01 }).delta, null);
  const nothing = tippingPoint({ ...request, participants: trial(60, 0, 'none') }, { arm: 'active', furthest: -9 });
  assert.equal(nothing.delta, 0);
});

test('The same seed gives the same answer, and an arm too small to draw from is named', () => {
  const participants = trial(60, 1, 'seed');
  const request = { ...base, participants, rule: 'CR', imputations: 5 } as const;
  assert.deepEqual(multipleImputation(request), multipleImputation(request));
  const few = [...participants, { participant: 'X', arm: 'third', values: [1, null, 2] }];
  assert.throws(() => multipleImputation({ ...request, participants: few }), { code: 'too_few_rows', about: /third/ });
});
