import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { philox } from '../random/philox.ts';
import { gradedBangIndex } from './confidence.ts';
import { correctGuessRateCurve } from './curve.ts';
import { detectionThreshold } from './detection.ts';
import { drawExpectancyTrial, expectancyInflation } from './expectancy.ts';
import { bangIndex } from './indices.ts';

const near = (found: number | null, expected: number, tolerance: number) =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) <= tolerance, `${found}, ${expected}`);

test('When everybody is certain the graded index is the plain one', () => {
  const graded = gradedBangIndex({
    stronglyCorrect: 48,
    somewhatCorrect: 0,
    unsure: 9,
    somewhatWrong: 0,
    stronglyWrong: 43,
  });
  const plain = bangIndex({ correct: 48, wrong: 43, unsure: 9 });
  near(graded.index, plain.index, 1e-15);
  near(graded.standardError, plain.standardError, 1e-15);
  // (10 + 3 − 2 − 2) / 30 by hand.
  near(
    gradedBangIndex({ stronglyCorrect: 10, somewhatCorrect: 6, unsure: 8, somewhatWrong: 4, stronglyWrong: 2 }).index,
    0.3,
    1e-15,
  );
  const nobody = { stronglyCorrect: 0, somewhatCorrect: 0, unsure: 0, somewhatWrong: 0, stronglyWrong: 0 };
  assert.throws(() => gradedBangIndex(nobody), { code: 'no_guesses' });
  assert.throws(() => gradedBangIndex({ ...nobody, unsure: -1 }), { code: 'bad_counts' });
});

const answers = (noticed: readonly number[], of = 20) =>
  noticed.flatMap((count, step) => Array.from({ length: of }, (_, i) => ({ dose: 5 * step, noticed: i < count })));

test('The threshold lies where the symmetric middle is, and Fieller’s limits solve their equation', () => {
  const found = detectionThreshold(answers([2, 5, 10, 15, 18]));
  near(found.dose, 10, 1e-8);
  assert.ok(found.lower !== null && found.upper !== null && found.lower < 10 && found.upper > 10);
  const [alpha, beta] = found.model.terms.map(({ estimate }) => estimate) as [number, number];
  const v = found.model.covariance as [[number, number], [number, number]];
  for (const x of [found.lower, found.upper]) {
    const z = (alpha + beta * x) / Math.sqrt(v[0][0] + 2 * x * v[0][1] + x * x * v[1][1]);
    near(Math.abs(z), 1.959963984540054, 1e-9);
  }
});

type Reference = {
  readonly name: string;
  readonly share: number;
  readonly dose: readonly number[];
  readonly noticed: readonly number[];
  readonly participant?: readonly string[];
  readonly threshold: number;
  readonly fieller?: readonly [number, number];
  readonly profile: readonly [number, number];
};
const file = new URL('../../../../validation/references/blinding.json', import.meta.url);

for (const known of JSON.parse(readFileSync(file, 'utf8')) as Reference[]) {
  test(`Threshold, Fieller’s limits and those of the profile likelihood are R’s: ${known.name}`, () => {
    const people = known.participant;
    const asked = known.dose.map((dose, i) => ({
      ...{ dose, noticed: known.noticed[i] === 1 },
      ...(people ? { participant: people[i] as string } : {}),
    }));
    const found = detectionThreshold(asked, { share: known.share });
    // glmer stops at its own tolerance; what its profile is off is the square of that.
    const within = people ? 1e-4 : 1e-8;
    near(found.dose, known.threshold, within);
    near(found.profile.lower, known.profile[0], within);
    near(found.profile.upper, known.profile[1], within);
    if (!known.fieller) return;
    near(found.lower, known.fieller[0], within);
    near(found.upper, known.fieller[1], within);
  });
}

test('The profile is open on the side that the answers do not bound', () => {
  const { profile } = detectionThreshold(answers([2, 2, 2, 3, 3], 10));
  assert.equal(profile.upper, null);
});

test('Where the slope is not clear the interval is open, and where it falls there is no threshold', () => {
  const vague = detectionThreshold(answers([2, 2, 2, 3, 3], 10));
  assert.ok(vague.lower === null || vague.upper === null);
  assert.throws(() => detectionThreshold(answers([18, 15, 10, 5, 2])), { code: 'no_slope' });
  assert.throws(() => detectionThreshold(answers([0, 0, 20, 20, 20])), { code: 'not_converged' });
});

test('Belief alone inflates the raw difference as expected, and the curve takes it away', () => {
  // Published settings: natural history N(10, 4), expectancy N(7.7, 6.2), 70 % right.
  const model = {
    naturalHistory: { mean: 10, sd: 4 },
    directEffect: { mean: 0, sd: 0 },
    expectancy: { mean: 7.7, sd: 6.2 },
    correctGuessRate: 0.7,
  };
  near(expectancyInflation(model), 3.08, 1e-12);
  const { rawDifference, atHalf } = correctGuessRateCurve(drawExpectancyTrial(model, 40_000, philox('belief')));
  // Standard error of a difference of 20,000 and 20,000 with SD 7 is 0.07.
  near(rawDifference, 3.08, 0.25);
  near(atHalf?.difference ?? null, 0, 0.25);
});
