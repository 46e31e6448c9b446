import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf, normalQuantile } from '@limen/statistics';
import { nextSize, readSettings, selfBlinding2021, worldWith } from './index.ts';

const search = { target: 0.9, alpha: 0.05, step: 2, largest: 10_000 };

test('The search of a size ends at the size of a known curve', () => {
  const delta = 0.31;
  const powerOf = (n: number) => normalCdf(delta * Math.sqrt(n) - normalQuantile(0.975));
  const tried = [];
  for (let size: number | null = 20; size !== null; size = nextSize(tried, search)) {
    tried.push({ participants: size, power: powerOf(size), trials: 1_000 });
    assert.ok(tried.length < 6);
  }
  const expected = ((normalQuantile(0.9) + normalQuantile(0.975)) / delta) ** 2;
  assert.ok(Math.abs((tried.at(-1)?.participants ?? 0) - expected) < 0.03 * expected);
});

test('Where nothing is found the largest size is tried, once', () => {
  const none = { participants: 100, power: 0, trials: 50 };
  assert.equal(nextSize([none], search), 10_000);
  assert.equal(nextSize([none, { ...none, participants: 10_000 }], search), null);
});

test('A size is a multiple of the weights of the arms', () => {
  const size = nextSize([{ participants: 30, power: 0.4, trials: 200 }], { ...search, step: 3 });
  assert.equal((size ?? 1) % 3, 0);
});

test('A world of one’s own changes what it names and nothing else', () => {
  const own = readSettings('{"weeklyDropout": 0.1, "ratings": {"calm": {"drug": -2}}, "potency": {"batches": 3}}');
  assert.equal(own.weeklyDropout, 0.1);
  assert.equal(own.ratings.calm?.drug, -2);
  assert.deepEqual(own.ratings.mood, selfBlinding2021.ratings.mood);
  assert.equal(own.potency.batches, 3);
  assert.equal(own.cueStrength, selfBlinding2021.cueStrength);
});

for (const [text, says] of [
  ['{', /not JSON/],
  ['[]', /must be an object/],
  ['{"dropout": 1}', /no setting “dropout”/],
  ['{"weeklyDropout": 1.5}', /from 0 to 1/],
  ['{"weeklyDropout": "much"}', /must be a number/],
  ['{"cueHeterogeneity": -1}', /must not be negative/],
  ['{"potency": {"batches": 1.5}}', /whole number/],
  ['{"adherence": 1}', /adherence must be an object/],
  ['{"__proto__": {"unsure": 1}}', /no setting/],
] as const) {
  test(`A world is refused: ${text}`, () => {
    assert.throws(
      () => readSettings(text),
      (error: Error) => says.test(error.message),
    );
  });
}

test('What is swept changes the world in that alone', () => {
  const world = { participants: 10, settings: selfBlinding2021 };
  assert.equal(worldWith(world, 'participants', 24.2).participants, 24);
  assert.equal(worldWith(world, 'dropout', 0.2).settings.weeklyDropout, 0.2);
  assert.equal(worldWith(world, 'drug', 0).settings.ratings.mood?.drug, 0);
  assert.deepEqual(worldWith(world, 'cue', 1), world);
});
