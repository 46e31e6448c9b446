import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox, type Random } from '../random/philox.ts';
import { singleCaseTest } from './single-case.ts';

/** Four pairs of periods, in each of which one of the two is active. */
const pairs = (random: Random) =>
  Array.from({ length: 4 }, () => (random.bernoulli(0.5) ? ['A', 'B'] : ['B', 'A'])).flat();
const all = Array.from({ length: 16 }, (_, code) =>
  Array.from({ length: 4 }, (__, pair) => ((code >> pair) & 1 ? ['A', 'B'] : ['B', 'A'])).flat(),
);
const request = { active: 'A', control: 'B', random: philox('single case') };

test('The best of sixteen sequences has p = 2/16, by hand', () => {
  const values = [9, 1, 8, 2, 7, 3, 9, 2];
  const one = { participant: 'P1', values, treatments: ['A', 'B', 'A', 'B', 'A', 'B', 'A', 'B'], draws: all };
  const found = singleCaseTest({ ...request, cases: [one] });
  assert.deepEqual([found.p, found.exact, found.sequences], [2 / 16, true, 16]);
  assert.equal(found.difference, (9 + 8 + 7 + 9) / 4 - (1 + 2 + 3 + 2) / 4);
  const drawn = singleCaseTest({ ...request, cases: [{ ...one, draws: pairs }], samples: 4000 });
  assert.ok(!drawn.exact && Math.abs(drawn.p - 2 / 16) < 0.02, `${drawn.p}`);
  const both = singleCaseTest({ ...request, cases: [one, { ...one, participant: 'P2' }] });
  assert.deepEqual([both.p, both.sequences], [2 / 256, 256]);
});

test('Without an effect, p is no smaller than it should be', () => {
  const random = philox('null');
  let below = 0;
  const trials = 400;
  for (let trial = 0; trial < trials; trial += 1) {
    const treatments = pairs(random);
    const values = treatments.map((_, i) => (i % 5 === 4 ? null : i + random.normal(0, 1)));
    if (singleCaseTest({ ...request, cases: [{ participant: 'P', values, treatments, draws: all }] }).p <= 0.25)
      below += 1;
  }
  assert.ok(below / trials < 0.25 + 3 * Math.sqrt((0.25 * 0.75) / trials), `${below / trials}`);
});

test('What cannot be compared is refused by name', () => {
  const one = {
    participant: 'P1',
    values: [1, 2],
    treatments: ['A', 'B'],
    draws: [
      ['A', 'B'],
      ['B', 'A'],
    ],
  };
  const refused = (changes: object, expected: object) =>
    assert.throws(() => singleCaseTest({ ...request, cases: [{ ...one, ...changes }] }), expected);
  refused({ treatments: ['A', 'A'] }, { code: 'empty_condition', about: 'P1' });
  refused({ treatments: ['A'] }, { code: 'draw_length', about: 'P1' });
  refused({ values: [1, Number.POSITIVE_INFINITY] }, { code: 'non_finite', about: 'P1, occasion 2' });
  assert.throws(() => singleCaseTest({ ...request, cases: [] }), { code: 'too_few_rows' });
});
