import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox } from '../random/philox.ts';
import { bangIndex, jamesIndex } from './indices.ts';
import { blindingOverTime, type TimedGuess } from './over-time.ts';

/** People find out: the share that is right grows from a half to nine in ten. */
const random = philox('over time');
const guesses: TimedGuess[] = Array.from({ length: 120 }, (_, i) =>
  [10, 2, 30].map((time): TimedGuess => {
    const condition = i % 2 === 0 ? 'active' : 'placebo';
    const right = random.bernoulli(time === 2 ? 0.5 : time === 10 ? 0.7 : 0.9);
    const other = condition === 'active' ? 'placebo' : 'active';
    return { participant: `P${i}`, time, condition, guess: right ? condition : other };
  }),
).flat();

test('Indices at each time are the authors’ own, and the change over time is seen', () => {
  const found = blindingOverTime(guesses, { random: philox('bootstrap'), resamples: 400 });
  assert.deepEqual(
    found.times.map(({ time }) => time),
    [2, 10, 30],
  );
  const own = guesses.filter(({ time, condition }) => time === 30 && condition === 'active');
  const correct = own.filter(({ guess }) => guess === 'active').length;
  const counts = { correct, wrong: own.length - correct, unsure: 0 };
  assert.deepEqual(found.times[2]?.bang.active, bangIndex(counts));
  const others = guesses.filter(({ time, condition }) => time === 30 && condition === 'placebo');
  const right = others.filter(({ guess }) => guess === 'placebo').length;
  const placebo = { correct: right, wrong: others.length - right, unsure: 0 };
  assert.deepEqual(found.times[2]?.james, jamesIndex({ active: counts, placebo }));
  for (const condition of ['active', 'placebo'] as const) {
    const { index, lower, upper } = found.change[condition] ?? { index: 0, lower: 0, upper: 0 };
    assert.ok(lower > 0.3 && index > lower && upper > index, `${lower} ${index} ${upper}`);
  }
  const { index, lower, upper } = found.change.james ?? { index: 0, lower: 0, upper: 0 };
  const [first, last] = [found.times[0]?.james?.index ?? 0, found.times[2]?.james?.index ?? 0];
  assert.equal(index, last - first);
  assert.ok(lower < index && index < upper && upper < -0.1, `${lower} ${index} ${upper}`);
});

test('Over all times the indices are those of all guesses; who guesses alike every day counts once', () => {
  const daily = Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: 10 }, (__, time): TimedGuess => {
      const condition = i % 2 === 0 ? 'active' : 'placebo';
      return {
        participant: `P${i}`,
        time,
        condition,
        guess: i % 4 < 2 ? condition : i % 3 === 0 ? 'unsure' : 'active',
      };
    }),
  ).flat();
  const { overall } = blindingOverTime(daily, { random: philox('daily'), resamples: 500 });
  const count = (condition: 'active' | 'placebo') => {
    const own = daily.filter((one) => one.condition === condition);
    const unsure = own.filter(({ guess }) => guess === 'unsure').length;
    const correct = own.filter(({ guess }) => guess === condition).length;
    return { correct, unsure, wrong: own.length - correct - unsure };
  };
  const table = { active: count('active'), placebo: count('placebo') };
  assert.equal(overall.james?.index, jamesIndex(table).index);
  assert.equal(overall.active?.index, bangIndex(table.active).index);
  // Ten equal answers of a person are one: the interval is about √10 as wide as that of independent guesses.
  const naive = bangIndex(table.placebo);
  const ratio = ((overall.placebo?.upper ?? 0) - (overall.placebo?.lower ?? 0)) / (naive.upper - naive.lower);
  assert.ok(ratio > 2.4 && ratio < 4, `${ratio}`);
});

test('Guesses written twice widen nothing: participants are drawn, not guesses', () => {
  const once = blindingOverTime(guesses, { random: philox('b'), resamples: 300 });
  const twice = blindingOverTime([...guesses, ...guesses], { random: philox('b'), resamples: 300 });
  assert.deepEqual(twice.overall, once.overall);
});

test('A condition or a time without guesses is null, and nothing at all is refused', () => {
  const active = guesses.filter(({ condition, time }) => condition === 'active' && time === 2);
  const found = blindingOverTime(active, { random: philox('c'), resamples: 50 });
  assert.equal(found.times[0]?.bang.placebo, null);
  assert.equal(found.times[0]?.james, null);
  assert.equal(found.change.active, null);
  assert.equal(found.overall.placebo, null);
  assert.equal(found.overall.james, null);
  assert.throws(() => blindingOverTime([], { random }), { code: 'no_guesses' });
});
