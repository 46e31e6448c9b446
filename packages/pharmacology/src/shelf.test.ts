/** What becomes of a batch with time and temperature; numbers against R, by `validation/batches.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  batchMoves,
  batchStatus,
  controlledRoomTemperature,
  lightSensitivity,
  meanKineticTemperature,
  moveBatch,
  PharmacologyError,
  refrigerated,
  retestVerdict,
  shelfLife,
  temperatureVerdict,
} from './index.ts';

const reference = JSON.parse(
  readFileSync(new URL('../../../validation/references/batches.json', import.meta.url), 'utf8'),
);
const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
const refused = (code: string) => (error: unknown) => error instanceof PharmacologyError && error.code === code;
const every = (hours: number, celsius: readonly number[]) =>
  celsius.map((one, index) => ({ hours: index * hours, celsius: one }));

test('shelf life is where R’s one-sided 95 % limit of the mean meets 90 %', () => {
  for (const { months, percent, ...expected } of reference.shelfLives) {
    const points = months.map((month: number, index: number) => ({ months: month, percentOfLabel: percent[index] }));
    const found = shelfLife(points);
    near(found.intercept, expected.intercept, 1e-9);
    near(found.slopePerMonth, expected.slope, 1e-11);
    near(found.residualSd, expected.residualSd, 1e-11);
    near(found.crossesAtMonths ?? 0, expected.crossesAtMonths, 1e-7);
  }
});

test('a steady batch is limited by how far its data carry, a scattered one by its confidence limit', () => {
  const [steady, scattered] = reference.shelfLives.map(({ months, percent }: { months: number[]; percent: number[] }) =>
    shelfLife(months.map((month, index) => ({ months: month, percentOfLabel: percent[index] ?? 0 }))),
  );
  assert.deepEqual([steady.shelfLifeMonths, steady.limitedBy], [36, 'extrapolation']);
  assert.deepEqual([scattered.shelfLifeMonths, scattered.limitedBy], [25, 'confidence-limit']);
  assert.match(scattered.explanation, /meets 90 % after 25\.7 months.*Shelf life: 25 months\./);
});

test('content that does not fall never meets the limit; content below it at once has no shelf life', () => {
  const flat = [0, 3, 6, 9].map((months) => ({ months, percentOfLabel: 99 }));
  assert.deepEqual([shelfLife(flat).crossesAtMonths, shelfLife(flat).shelfLifeMonths], [null, 18]);
  const low = flat.map(({ months }) => ({ months, percentOfLabel: 89 - months }));
  assert.deepEqual([shelfLife(low).crossesAtMonths, shelfLife(low).shelfLifeMonths], [0, 0]);
  assert.throws(() => shelfLife(flat.slice(0, 2)), refused('bad-stability'));
  assert.throws(() => shelfLife(flat.map((point) => ({ ...point, months: 3 }))), refused('bad-stability'));
});

test('what light does to LSD is a fact with a source', () => {
  assert.equal(lightSensitivity.lsd?.evidence, 'found');
  assert.match(lightSensitivity.lsd?.source ?? '', /Li 1998/);
});

test('mean kinetic temperature: half the time at 20 °C and half at 30 °C is 26.26 °C, not 25', () => {
  for (const { celsius, kinetic } of reference.temperatures)
    near(meanKineticTemperature(every(1, celsius)), kinetic, 1e-9);
  // By hand: exp(-10000/293.15) and exp(-10000/303.15) are 1.532e-15 and 4.715e-15; 10000 / -ln of their mean is 299.41 K.
  assert.equal(meanKineticTemperature(every(1, [20, 30])).toFixed(2), '26.26');
});

test('a logger that measures more often for a while is not thereby counted more', () => {
  const slow = every(1, [20, 20, 30, 30, 30, 30, 20, 20]);
  const more = [3.25, 3.5, 3.75].map((hours) => ({ hours, celsius: 30 }));
  const fast = [...slow, ...more].toSorted((a, b) => a.hours - b.hours);
  near(meanKineticTemperature(fast), meanKineticTemperature(slow), 1e-9);
});

test('room temperature: 28 °C in passing is allowed, 26 °C for good is not, 35 °C is a spike for a day and no longer', () => {
  const verdict = (celsius: number[]) => temperatureVerdict(every(12, celsius), controlledRoomTemperature).verdict;
  const calm = Array.from({ length: 60 }, () => 21);
  assert.equal(verdict(calm), 'within');
  assert.equal(verdict([...calm, 28, ...calm]), 'allowed-excursion');
  assert.equal(verdict(Array.from({ length: 60 }, () => 26)), 'outside');
  assert.equal(verdict([...calm, 35, ...calm]), 'allowed-excursion');
  assert.equal(verdict([...calm, 35, 35, ...calm]), 'outside');
  assert.equal(verdict([...calm, 41, ...calm]), 'outside');
  assert.equal(verdict([...calm, 14.9, ...calm]), 'outside');
});

test('a refrigerator has no allowance, and the verdict says for how long it was outside and what was not seen', () => {
  const readings = [...every(1, [5, 5, 9, 9, 5]), { hours: 40, celsius: 5 }];
  const found = temperatureVerdict(readings, refrigerated);
  assert.deepEqual([found.verdict, found.hoursOutside, found.longestGapHours], ['outside', 2, 36]);
  assert.match(found.explanation, /5 to 9 °C over 40 h, about 2 h outside 2 to 8 °C/);
});

test('readings out of order, one alone, and a range that is none are refused', () => {
  const two = every(1, [20, 21]);
  assert.throws(() => meanKineticTemperature([...two].reverse()), refused('bad-readings'));
  assert.throws(() => meanKineticTemperature(two.slice(1)), refused('bad-readings'));
  assert.throws(() => temperatureVerdict(two, { lowerCelsius: 25, upperCelsius: 20 }), refused('bad-readings'));
});

test('a batch is released from quarantine only, and a recall is final', () => {
  assert.equal(moveBatch('quarantined', 'released'), 'released');
  assert.equal(moveBatch('released', 'quarantined'), 'quarantined');
  assert.throws(() => moveBatch('quarantined', 'exhausted'), refused('batch-move'));
  for (const to of Object.keys(batchMoves)) {
    assert.throws(() => moveBatch('recalled', to as keyof typeof batchMoves), refused('batch-move'));
  }
});

test('expiry and a retest that is due follow from the date', () => {
  const dates = { expires: '2028-01-31', retestOn: '2027-06-01' };
  assert.equal(batchStatus('released', dates, '2027-05-31'), 'released');
  assert.equal(batchStatus('released', dates, '2027-06-01'), 'retest-due');
  assert.equal(batchStatus('released', { expires: '2028-01-31' }, '2028-01-31'), 'released');
  assert.equal(batchStatus('quarantined', dates, '2028-02-01'), 'expired');
  assert.equal(batchStatus('recalled', dates, '2028-02-01'), 'recalled');
});

test('whatever its dates, a batch is free to use only when released, in date and before its retest', () => {
  const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10));
  const standing = fc.constantFrom(...(['quarantined', 'released', 'recalled', 'exhausted'] as const));
  fc.assert(
    fc.property(standing, day, fc.option(day, { nil: undefined }), day, (at, expires, retestOn, today) => {
      const dates = { expires, ...(retestOn === undefined ? {} : { retestOn }) };
      const free = at === 'released' && today <= expires && (retestOn === undefined || today < retestOn);
      assert.equal(batchStatus(at, dates, today) === 'released', free);
    }),
  );
});

test('a retest is judged by its mean against 90 to 110 % or the study’s own limits, which count as inside', () => {
  assert.equal(retestVerdict([89, 91]).inSpecification, true);
  assert.equal(retestVerdict([89.9]).inSpecification, false);
  assert.equal(retestVerdict([94], { lower: 95, upper: 105 }).inSpecification, false);
  assert.match(retestVerdict([89.99]).explanation, /89\.99 % .*out of specification/);
  assert.throws(() => retestVerdict([]), refused('bad-retest'));
});
