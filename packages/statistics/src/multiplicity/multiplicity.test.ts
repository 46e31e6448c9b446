/** Against R's p.adjust, by `validation/trial-methods.R`, and against what graphs must reduce to. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Adjustment, adjustPValues } from './adjust.ts';
import { graphAdjustedPValues } from './graph.ts';

const file = new URL('../../../../validation/references/trial-methods.json', import.meta.url);
type Adjusted = { readonly p: readonly number[] } & Readonly<Record<Adjustment, readonly number[]>>;
const known = JSON.parse(readFileSync(file, 'utf8')) as { adjusted: readonly Adjusted[] };
const methods = ['bonferroni', 'holm', 'hochberg', 'hommel', 'benjamini-hochberg'] as const;

function same(found: readonly number[], expected: readonly number[], what: string) {
  assert.equal(found.length, expected.length);
  found.forEach((p, i) => {
    assert.ok(Math.abs(p - (expected[i] as number)) <= 1e-12, `${what}: ${found} is not ${expected}`);
  });
}

test('Adjusted p-values as p.adjust gives them', () => {
  for (const expected of known.adjusted) {
    for (const method of methods) same(adjustPValues(expected.p, method), expected[method], method);
  }
});

const someP = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 7 });

test('A graph whose hypotheses share alike is Holm’s procedure', () => {
  fc.assert(
    fc.property(someP, (p) => {
      const m = p.length;
      const transitions = p.map((_, i) => p.map((__, j) => (i === j ? 0 : 1 / (m - 1))));
      same(graphAdjustedPValues({ weights: p.map(() => 1 / m), transitions }, p), adjustPValues(p, 'holm'), 'graph');
    }),
  );
});

test('A chain is the fixed sequence', () => {
  fc.assert(
    fc.property(someP, (p) => {
      const weights = p.map((_, i) => (i === 0 ? 1 : 0));
      const transitions = p.map((_, i) => p.map((__, j) => (j === i + 1 ? 1 : 0)));
      const most = p.map((_, i) => Math.max(...p.slice(0, i + 1)));
      same(graphAdjustedPValues({ weights, transitions }, p), most, 'chain');
    }),
  );
});

test('Two primary and two secondary hypotheses, worked by hand', () => {
  const transitions = [
    [0, 0.5, 0.5, 0],
    [0.5, 0, 0, 0.5],
    [0, 1, 0, 0],
    [1, 0, 0, 0],
  ];
  // H1 goes first: 0.01 / ½. Then H2 holds ¾ and H3 ¼; H2 by 0.02 / ¾. Then H3 holds ½ and H4 ½ of the whole.
  const found = graphAdjustedPValues({ weights: [0.5, 0.5, 0, 0], transitions }, [0.01, 0.02, 0.03, 0.4]);
  same(found, [0.02, 0.02 / 0.75, 0.06, 0.4], 'graph');
});

test('Procedures are ordered: Hommel ≤ Hochberg ≤ Holm ≤ Bonferroni', () => {
  fc.assert(
    fc.property(someP, (p) => {
      const [bonferroni, holm, hochberg, hommel] = methods.map((method) => adjustPValues(p, method));
      p.forEach((_, i) => {
        assert.ok((hommel?.[i] ?? 2) <= (hochberg?.[i] ?? 0) + 1e-15);
        assert.ok((hochberg?.[i] ?? 2) <= (holm?.[i] ?? 0) + 1e-15);
        assert.ok((holm?.[i] ?? 2) <= (bonferroni?.[i] ?? 0) + 1e-15);
      });
    }),
  );
});

test('What is no p-value or no graph is refused', () => {
  assert.throws(() => adjustPValues([0.1, Number.NaN], 'holm'), RangeError);
  assert.throws(
    () =>
      graphAdjustedPValues(
        {
          weights: [0.6, 0.6],
          transitions: [
            [0, 1],
            [1, 0],
          ],
        },
        [0.1, 0.2],
      ),
    RangeError,
  );
  assert.throws(() => graphAdjustedPValues({ weights: [1], transitions: [[1]] }, [0.1]), RangeError);
  assert.throws(() => graphAdjustedPValues({ weights: [1], transitions: [] }, [0.1]), RangeError);
});
