/** Certified values of NIST's Statistical Reference Datasets for linear regression; Longley's are in fit.test.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fitLinearModel } from './fit.ts';

type Certified = {
  readonly name: string;
  readonly degree: number;
  readonly intercept: boolean;
  readonly y: readonly number[];
  readonly x: readonly number[];
  readonly estimate: readonly number[];
  readonly error: readonly number[];
  readonly sigma?: number;
  readonly rSquared?: number;
};
const file = new URL('../../../../validation/references/nist-regression.json', import.meta.url);
const { sets } = JSON.parse(readFileSync(file, 'utf8')) as { sets: readonly Certified[] };

/** Digits that double precision can give: Filip's columns agree to ten digits with each other. */
const digits: Readonly<Record<string, number>> = { Filip: 1e-7, Wampler4: 1e-7, Wampler5: 1e-5 };

function request({ degree, intercept, x, y }: Certified) {
  const powers = Array.from({ length: degree }, (_, k) => k + 1);
  const columns = Object.fromEntries(powers.map((k) => [`x${k}`, x.map((value) => value ** k)]));
  const formula = `y ~ ${[...(intercept ? [] : ['0']), ...powers.map((k) => `x${k}`)].join(' + ')}`;
  return { formula, data: { y, ...columns }, tolerance: 1e-12 };
}

for (const set of sets) {
  const { name, estimate, error, sigma, rSquared } = set;
  test(`${name} as NIST certifies it`, () => {
    if (error.every((one) => one === 0)) {
      assert.throws(() => fitLinearModel(request(set)), { code: 'perfect_fit' });
      return;
    }
    const model = fitLinearModel(request(set));
    const within = digits[name] ?? 1e-9;
    const near = (found: number | undefined, expected: number, what: string) => {
      const off = Math.abs((found ?? Number.NaN) / expected - 1);
      assert.ok(off <= within, `${what}: ${found} is not ${expected} (${off})`);
    };
    estimate.forEach((value, j) => {
      near(model.terms[j]?.estimate, value, `estimate ${j}`);
      near(model.terms[j]?.standardError, error[j] as number, `error ${j}`);
    });
    if (sigma) near(Math.sqrt(model.residualVariance), sigma, 'sigma');
    if (rSquared) near(model.rSquared, rSquared, 'R²');
  });
}

test('A polynomial beyond R’s tolerance is refused by its highest power, unless it is asked for', () => {
  const filip = sets.find(({ name }) => name === 'Filip') as Certified;
  const { formula, data } = request(filip);
  assert.throws(() => fitLinearModel({ formula, data }), { code: 'rank_deficient', about: 'x10' });
});
