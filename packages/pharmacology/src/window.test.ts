import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkDose, microdoseWindow, PharmacologyError, quantity, toBaseEquivalent } from './index.ts';

const limits = (of: Parameters<typeof microdoseWindow>[0]): string => {
  const { lower, upper, unit } = microdoseWindow(of);
  return `${Number(lower.toPrecision(3))}-${Number(upper.toPrecision(3))} ${unit}`;
};

test('windows are one twentieth to one tenth of the published full doses', () => {
  assert.equal(limits('lsd'), '5-20 µg');
  assert.equal(limits('psilocybin'), '1.25-2.5 mg');
  assert.equal(limits('mescaline'), '15-50 mg');
  assert.equal(limits('dmt'), '1.5-6 mg');
  assert.equal(limits('dried-psilocybe-cubensis'), '0.125-0.35 g');
  assert.equal(limits('fresh-truffle'), '0.5-1.5 g');
});

test('the window of a salt is the window of its base divided by the base it holds', () => {
  const base = microdoseWindow('lsd-base');
  const salt = microdoseWindow('lsd-tartrate-1-1');
  assert.ok(Math.abs(toBaseEquivalent(quantity(salt.upper, 'µg', 'lsd-tartrate-1-1')).value - base.upper) < 1e-9);
});

test('a window resting on general knowledge says so', () => {
  assert.equal(microdoseWindow('dmt').evidence, 'memory');
  assert.equal(microdoseWindow('lsd').evidence, 'computed');
});

test('LSD doses fall below, within and above, limits counting as within, in any unit', () => {
  const verdict = (value: number, unit: 'µg' | 'mg' = 'µg') => checkDose(quantity(value, unit, 'lsd-base')).verdict;
  assert.equal(verdict(4.99), 'below');
  assert.equal(verdict(5), 'within');
  assert.equal(verdict(0.02, 'mg'), 'within');
  assert.equal(verdict(20.01), 'above');
});

test('26 µg of tartrate is 17.8 µg of base: within, a tenth of a full dose, and people may notice it', () => {
  const check = checkDose(quantity(26, 'µg', 'lsd-tartrate-1-1'));
  assert.equal(check.verdict, 'within');
  assert.ok(Math.abs(check.fractionOfFullDose.upper - 0.1776) < 1e-3);
  assert.equal(check.aboveBlindingThreshold, true);
  assert.match(check.explanation, /may notice/);
  assert.ok(check.sources.length >= 3);
});

test('the blinding threshold is 12 µg of base and is met at it', () => {
  assert.equal(checkDose(quantity(11.9, 'µg', 'lsd-base')).aboveBlindingThreshold, false);
  assert.equal(checkDose(quantity(12, 'µg', 'lsd-base')).aboveBlindingThreshold, true);
  assert.equal(checkDose(quantity(20, 'mg', 'mescaline-hcl')).aboveBlindingThreshold, null);
});

test('dried truffle without an assay cannot be placed, and the answer says what it may hold', () => {
  const check = checkDose(quantity(0.7, 'g', 'dried-truffle'));
  assert.equal(check.verdict, 'unknown');
  assert.equal(check.aboveBlindingThreshold, null);
  assert.match(check.explanation, /0\.7 to 4\.9 mg of psilocybin/);
  assert.equal(checkDose(quantity(0.1, 'g', 'dried-truffle')).verdict, 'below');
  assert.equal(checkDose(quantity(5, 'g', 'dried-truffle')).verdict, 'above');
});

test('dried mushroom is placed by weight, with the content it may have beside it', () => {
  const check = checkDose(quantity(200, 'mg', 'dried-psilocybe-cubensis'));
  assert.equal(check.verdict, 'within');
  assert.match(check.explanation, /Without an assay it may hold 0\.6 to 2\.8 mg/);
});

test('psilocin is judged by the psilocybin it equals', () => {
  assert.equal(checkDose(quantity(1.0, 'mg', 'psilocin')).verdict, 'within');
  assert.equal(checkDose(quantity(1.85, 'mg', 'psilocin')).verdict, 'above');
});

test('a larger dose is never placed lower', () => {
  const order = { below: 0, within: 1, above: 2, unknown: 1 };
  const dose = fc.double({ min: 0, max: 60, noNaN: true });
  fc.assert(
    fc.property(dose, dose, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map(
        (x) => order[checkDose(quantity(x, 'µg', 'ald-52')).verdict],
      );
      assert.ok((low ?? 0) <= (high ?? 0));
    }),
  );
});

test('an unknown name is refused with a code', () => {
  assert.throws(
    () => microdoseWindow('sugar' as 'lsd'),
    (error: unknown) => error instanceof PharmacologyError && error.code === 'unknown-form',
  );
});
