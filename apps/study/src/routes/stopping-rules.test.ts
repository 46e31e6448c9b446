import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProtocolDocument, StoppingRule } from '@limen/protocol';
import { stoppingRulesOf } from './stopping-rules.ts';

const rate: StoppingRule = {
  kind: 'rate',
  id: 'severe',
  label: 'Related and severe',
  event: 'relatedGrade3',
  limit: 0.1,
  probability: 0.9,
  prior: { alpha: 1, beta: 1 },
  minimumExposed: 10,
};
const death: StoppingRule = { kind: 'count', id: 'death', label: 'A death', event: 'death', atLeast: 1 };
const none = { exposed: 20, related_grade_3: 0, serious: 0, death: 0 };
const rulesOf = (counts: typeof none) =>
  stoppingRulesOf({ safety: { stoppingRules: [rate, death] } } as unknown as ProtocolDocument, counts);

/** With a uniform prior P(θ > p | x of n) = Σ_{k ≤ x} C(n + 1, k) pᵏ (1 − p)ⁿ⁺¹⁻ᵏ. */
function posteriorAbove(p: number, x: number, n: number): number {
  let [term, sum] = [(1 - p) ** (n + 1), 0];
  for (let k = 0; k <= x; k += 1) {
    sum += term;
    term *= ((n + 1 - k) / (k + 1)) * (p / (1 - p));
  }
  return sum;
}

test('a rate is met when its posterior passes the threshold, and not before enough people were exposed', () => {
  for (const people of [0, 1, 2, 3, 4, 5, 8]) {
    const [standing] = rulesOf({ ...none, related_grade_3: people });
    const expected = posteriorAbove(0.1, people, 20);
    assert.ok(Math.abs((standing?.probability ?? 0) - expected) < 1e-12);
    assert.equal(standing?.met, expected > 0.9);
  }
  const [early] = rulesOf({ exposed: 9, related_grade_3: 9, serious: 9, death: 0 });
  assert.deepEqual([early?.probability, early?.met], [null, false]);
});

test('a count is met at its number', () => {
  assert.deepEqual(
    rulesOf(none).map(({ met }) => met),
    [false, false],
  );
  assert.deepEqual(
    rulesOf({ ...none, death: 1 }).map(({ met }) => met),
    [false, true],
  );
});
