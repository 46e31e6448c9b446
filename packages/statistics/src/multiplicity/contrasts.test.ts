/** Against emmeans, by `validation/contrasts.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { adjustContrasts, againstControl, averageCell, type Contrast, contrasts, pairwise } from './contrasts.ts';

type Row = { name: string; estimate: number; SE: number; 'lower.CL': number; 'upper.CL': number; 'p.value': number };
type Known = {
  readonly fit: { coefficients: number[]; covariance: number[][]; df: number; grid: number[][]; names: string[] };
  readonly means: readonly Row[];
  readonly tukeyPairs: readonly Row[];
  readonly plainPairs: readonly Row[];
  readonly control: readonly Row[];
};
const file = new URL('../../../../validation/references/contrasts.json', import.meta.url);
const { fit, means, tukeyPairs, plainPairs, control } = JSON.parse(readFileSync(file, 'utf8')) as Known;
const cells = fit.names.map((name, i) => ({ name, row: fit.grid[i] ?? [] }));

function same(found: readonly Contrast[], expected: readonly Row[], limits: boolean, pWithin = 1e-10) {
  assert.deepEqual(
    found.map(({ name }) => name),
    expected.map(({ name }) => name),
  );
  found.forEach((one, i) => {
    const wanted = expected[i] as Row;
    const near = (value: number, other: number, within: number) =>
      assert.ok(Math.abs(value - other) <= within, `${one.name}: ${value} is not ${other}`);
    near(one.estimate, wanted.estimate, 1e-9);
    near(one.standardError, wanted.SE, 1e-9);
    near(one.p, wanted['p.value'], pWithin);
    if (limits) near(one.lower, wanted['lower.CL'], 1e-8);
    if (limits) near(one.upper, wanted['upper.CL'], 1e-8);
  });
}

test('Marginal means as in emmeans', () => same(contrasts(fit, cells), means, true));

test('Pairs as in emmeans, plain and by Tukey', () => {
  const pairs = contrasts(fit, pairwise(cells));
  same(pairs, plainPairs, true);
  same(adjustContrasts(pairs, { kind: 'tukey', means: 3 }), tukeyPairs, false, 1e-8);
});

test('Against the control as in emmeans, by Holm', () => {
  same(adjustContrasts(contrasts(fit, againstControl(cells, 'Cont')), 'holm'), control, false);
});

test('An average of cells weighs them equally, or as it is told', () => {
  const [a, b] = [
    { name: 'a', row: [1, 0] },
    { name: 'b', row: [1, 1] },
  ];
  assert.deepEqual(averageCell('both', [a, b]).row, [1, 0.5]);
  assert.deepEqual(
    averageCell('both', [
      { ...a, weight: 3 },
      { ...b, weight: 1 },
    ]),
    { name: 'both', row: [1, 0.25], weight: 4 },
  );
  assert.throws(() => averageCell('none', []), RangeError);
});

test('Rows that do not fit are refused by name', () => {
  assert.throws(() => contrasts(fit, [{ name: 'short', row: [1] }]), /short/);
  assert.throws(() => contrasts(fit, [{ name: 'nothing', row: fit.coefficients.map(() => 0) }]), /nothing/);
  assert.throws(() => contrasts(fit, [{ name: 'odd', row: fit.coefficients.map(() => Number.NaN) }]), /odd/);
  assert.throws(() => againstControl(cells, 'nobody'), /nobody/);
});
