import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  contentInterval,
  convertForm,
  convertUnit,
  formatQuantity,
  formIds,
  forms,
  molarMass,
  PharmacologyError,
  pharmacologyErrors,
  type Quantity,
  quantity,
  scale,
  substances,
  toBaseEquivalent,
  units,
} from './index.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
const code = (expected: string) => (error: unknown) => error instanceof PharmacologyError && error.code === expected;

test('adding unlike units or unlike forms does not compile, and is refused when the types were widened', () => {
  const base = quantity(5, 'µg', 'lsd-base');
  // @ts-expect-error milligrams are not micrograms
  assert.throws(() => add(base, quantity(1, 'mg', 'lsd-base')), code('unlike-units'));
  // @ts-expect-error a salt is not its base
  assert.throws(() => add(base, quantity(5, 'µg', 'lsd-tartrate-1-1')), code('unlike-forms'));
  // @ts-expect-error an ounce is not a unit of this package
  quantity(1, 'oz', 'lsd-base');
  const widened: readonly Quantity[] = [base, quantity(1, 'mg', 'psilocybin')];
  assert.throws(() => add(widened[0] as Quantity, widened[1] as Quantity), code('unlike-units'));
  assert.equal(add(base, quantity(5, 'µg', 'lsd-base')).value, 10);
});

test('psilocin is 0.7186 of psilocybin by mass', () => {
  near(forms.psilocybin.baseFactor.value, 0.7186, 5e-5);
  near(toBaseEquivalent(quantity(25, 'mg', 'psilocybin')).value, 17.965, 1e-3);
});

test('13 µg of LSD tartrate is 8.9 µg of base as the 1:1 salt and 10.6 µg as the 2:1 salt', () => {
  assert.equal(toBaseEquivalent(quantity(13, 'µg', 'lsd-tartrate-1-1')).value.toFixed(1), '8.9');
  assert.equal(toBaseEquivalent(quantity(13, 'µg', 'lsd-hemitartrate-2-1')).value.toFixed(1), '10.6');
});

test('0.146 mg of the 1:1 tartrate holds 0.1 mg of LSD base, as trial methods state', () => {
  const base: Quantity<'mg', 'lsd-base'> = toBaseEquivalent(quantity(0.146, 'mg', 'lsd-tartrate-1-1'));
  near(base.value, 0.1, 5e-4);
  assert.equal(base.form, 'lsd-base');
});

test('1P-LSD needs 1.17 times the mass of LSD for the same molecules', () => {
  near(convertForm(quantity(10, 'µg', 'lsd-base'), '1p-lsd').value, 11.7, 0.05);
});

test('a molar mass of the base plus its acid gives the factor of each salt', () => {
  near(forms['lsd-tartrate-1-1'].baseFactor.value, molarMass.lsd / (molarMass.lsd + molarMass.tartaricAcid));
  near(forms['mescaline-hcl'].baseFactor.value, 0.8528, 5e-5);
  near(forms['dmt-fumarate'].baseFactor.value, 0.6186, 5e-5);
});

test('dried mushroom has no base equivalent, only a span: 0.2 g may hold 0.6 to 2.8 mg', () => {
  const dried = quantity(0.2, 'g', 'dried-psilocybe-cubensis');
  assert.throws(() => toBaseEquivalent(dried), code('content-not-known'));
  const held = contentInterval(dried);
  near(held.lower, 0.6);
  near(held.upper, 2.8);
  assert.equal(held.of, 'psilocybin');
});

test('one substance is never converted to another', () => {
  assert.throws(() => convertForm(quantity(1, 'mg', 'psilocybin'), 'lsd-base'), code('no-molar-relation'));
  assert.throws(() => convertForm(quantity(1, 'µg', 'al-lad'), 'lsd-base'), code('no-molar-relation'));
});

test('negative, infinite and missing amounts and unknown forms are refused', () => {
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => quantity(value, 'µg', 'lsd-base'), code('not-a-number'));
  }
  assert.throws(() => quantity(1, 'µg', 'lsd' as 'lsd-base'), code('unknown-form'));
  assert.throws(() => quantity(1, 'µg', 'toString' as 'lsd-base'), code('unknown-form'));
  assert.throws(() => scale(quantity(1, 'µg', 'lsd-base'), -1), code('not-a-number'));
});

test('a quantity is written with its unit and its form, without exponents', () => {
  assert.equal(formatQuantity(quantity(10, 'µg', 'lsd-base')), '10 µg LSD base');
  assert.equal(formatQuantity(quantity(0.00012345, 'g', 'psilocybin')), '0.000123 g psilocybin');
  assert.equal(formatQuantity(quantity(1.5, 'mg', 'psilocybin'), 'de'), '1,5 mg psilocybin');
});

test('13 µg is exactly 0.013 mg and 0.146 mg exactly 146 µg', () => {
  assert.equal(convertUnit(quantity(13, 'µg', 'lsd-base'), 'mg').value, 0.013);
  assert.equal(convertUnit(quantity(0.146, 'mg', 'lsd-base'), 'µg').value, 146);
  assert.equal(convertUnit(quantity(0.2, 'g', 'dried-truffle'), 'µg').value, 200_000);
});

test('converting there and back returns the amount, for every pair of units and of related forms', () => {
  const amount = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(amount, fc.constantFrom(...units), fc.constantFrom(...units), (value, from, to) => {
      const back = convertUnit(convertUnit(quantity(value, from, 'lsd-base'), to), from).value;
      assert.ok(Math.abs(back - value) <= 1e-12 * value);
    }),
  );
  const exactForms = formIds.filter((id) => forms[id].relation === 'exact');
  fc.assert(
    fc.property(amount, fc.constantFrom(...exactForms), fc.constantFrom(...exactForms), (value, from, to) => {
      fc.pre(forms[from].base === forms[to].base);
      const back = convertForm(convertForm(quantity(value, 'mg', from), to), from).value;
      assert.ok(Math.abs(back - value) <= 1e-12 * value);
    }),
  );
});

test('every form and substance names a source and points at one another', () => {
  for (const id of formIds) {
    const form = forms[id];
    assert.ok(form.substance in substances, id);
    assert.ok(form.base in forms, id);
    const stated = form.relation === 'exact' ? form.baseFactor : form.content;
    assert.ok(stated.source.length > 5, id);
    if (form.relation === 'exact') assert.ok(form.baseFactor.value > 0 && form.baseFactor.value <= 1, id);
    else assert.ok(form.content.value.lower < form.content.value.upper, id);
  }
  for (const substance of Object.values(substances)) {
    assert.equal(forms[substance.referenceForm].substance, substance.id);
    assert.ok(substance.fullDose.value.lower <= substance.fullDose.value.upper);
    for (const other of substance.crossTolerance) assert.ok(other in substances);
  }
});

test('every error code has a sentence', () => {
  for (const sentence of Object.values(pharmacologyErrors)) assert.match(sentence, /^[A-Z].{15,}\.$/);
});
