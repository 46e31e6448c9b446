import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  concentration,
  drawKinetics,
  effectFraction,
  effectSiteConcentration,
  type Kinetics,
  kinetics,
  PharmacologyError,
  psilocinOccupancyPercent,
  quantity,
  timedDose,
  toleranceAt,
} from './index.ts';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

const fullLsd = timedDose(0, quantity(100, 'µg', 'lsd-base'));
const fullPsilocybin = timedDose(0, quantity(25, 'mg', 'psilocybin'));

function peak(of: (hours: number) => number): { readonly at: number; readonly height: number } {
  let best = { at: 0, height: 0 };
  for (let at = 0; at <= 12; at += 0.01) if (of(at) > best.height) best = { at, height: of(at) };
  return best;
}

function area(model: Kinetics, dose: typeof fullLsd): number {
  let sum = 0;
  for (let at = 0.005; at < 200; at += 0.01) sum += 0.01 * concentration(model, [dose], at);
  return sum;
}

test('100 µg of LSD peaks at 1.79 ng/mL after 1.72 h with an area of 13.0, as fitted to Holze 2019', () => {
  const { at, height } = peak((hours) => concentration(kinetics.lsd, [fullLsd], hours));
  near(at, 1.72, 0.02);
  near(height, 1.79, 0.01);
  near(area(kinetics.lsd, fullLsd), 13.0, 0.05);
});

test('25 mg of psilocybin peaks at 17 ng/mL of psilocin after 2 h with an area of 94', () => {
  const { at, height } = peak((hours) => concentration(kinetics.psilocybin, [fullPsilocybin], hours));
  near(at, 2.0, 0.05);
  near(height, 17.0, 0.1);
  near(area(kinetics.psilocybin, fullPsilocybin), 94, 0.6);
});

test('micro-doses of LSD are predicted at 0.09, 0.18 and 0.36 ng/mL', () => {
  for (const [dose, expected] of [
    [5, 0.09],
    [10, 0.18],
    [20, 0.36],
  ] as const) {
    const doses = [timedDose(0, quantity(dose, 'µg', 'lsd-base'))];
    near(peak((hours) => concentration(kinetics.lsd, doses, hours)).height, expected, 0.005);
  }
});

test('the effect of LSD peaks after the plasma does, near 2.5 h', () => {
  near(peak((hours) => effectSiteConcentration(kinetics.lsd, [fullLsd], hours)).at, 2.5, 0.15);
});

test('psilocin occupancy matches the predictions for 0.5 to 25 mg', () => {
  for (const [mg, percent] of [
    [0.5, 11],
    [1, 20],
    [2, 31],
    [3, 39],
    [5, 49],
    [25, 69],
  ] as const) {
    const doses = [timedDose(0, quantity(mg, 'mg', 'psilocybin'))];
    const { height } = peak((hours) => concentration(kinetics.psilocybin, doses, hours));
    near(psilocinOccupancyPercent(height), percent, 0.6);
  }
});

test('nothing is in the blood before the dose, and doses add up in any order', () => {
  assert.equal(concentration(kinetics.lsd, [fullLsd], 0), 0);
  assert.equal(concentration(kinetics.lsd, [fullLsd], -1), 0);
  const micrograms = fc.double({ min: 0, max: 500, noNaN: true });
  const atHours = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.record({ atHours, micrograms }), { maxLength: 6 }), atHours, (doses, hours) => {
      const together = concentration(kinetics.lsd, doses, hours);
      const apart = doses.reduce((sum, dose) => sum + concentration(kinetics.lsd, [dose], hours), 0);
      assert.ok(together >= 0 && Math.abs(together - apart) <= 1e-9 * (1 + apart));
      const site = effectSiteConcentration(kinetics.lsd, doses, hours);
      assert.ok(site >= 0 && Number.isFinite(site));
    }),
  );
});

test('equal rates do not divide by zero', () => {
  const equal: Kinetics = { ...kinetics.lsd, litres: 1, litresPerHour: 1, absorptionPerHour: 1, effectPerHour: 1 };
  const dose = { atHours: 0, micrograms: 1 };
  near(concentration(equal, [dose], 2), 2 * Math.exp(-2), 1e-4);
  near(effectSiteConcentration(equal, [dose], 2), (2 ** 2 / 2) * Math.exp(-2), 1e-3);
});

test('half the greatest effect is reached at EC50, and tolerance moves it', () => {
  assert.equal(effectFraction(kinetics.lsd, 1), 0.5);
  near(effectFraction(kinetics.lsd, 1, 0.5), 1 / 3, 1e-12);
  assert.equal(effectFraction(kinetics.lsd, 0), 0);
});

test('one full dose leaves tolerance of one half at 24 h, a tenth of it five days later', () => {
  for (const [model, dose] of [
    [kinetics.lsd, fullLsd],
    [kinetics.psilocybin, fullPsilocybin],
  ] as const) {
    const day = toleranceAt(model, [dose], 24);
    near(day, 0.5, 0.002);
    near(toleranceAt(model, [dose], 24 + 120) / day, 0.1, 0.02);
  }
});

test('daily micro-doses build up more tolerance than every third day', () => {
  const every = (days: number) =>
    Array.from({ length: Math.floor(27 / days) + 1 }, (_, i) =>
      timedDose(24 * days * i, quantity(10, 'µg', 'lsd-base')),
    );
  const daily = toleranceAt(kinetics.lsd, every(1), 27 * 24);
  const third = toleranceAt(kinetics.lsd, every(3), 27 * 24);
  assert.ok(daily > 2 * third && third > 0 && daily < 1, `${daily} and ${third}`);
  assert.equal(toleranceAt(kinetics.lsd, [], 24), 0);
});

test('people differ by the stated spread on the log scale', () => {
  const drawn = drawKinetics(kinetics.lsd, { normal: (mean, sd) => mean + sd });
  near(drawn.litres, 40 * Math.exp(0.25), 1e-9);
  near(drawn.litresPerHour, 7.7 * Math.exp(0.33), 1e-9);
});

test('impossible models, doses and tolerances are refused', () => {
  const refused = (error: unknown) => error instanceof PharmacologyError && error.code === 'bad-pharmacokinetics';
  assert.throws(() => concentration({ ...kinetics.lsd, litres: 0 }, [fullLsd], 1), refused);
  assert.throws(() => concentration(kinetics.lsd, [fullLsd], Number.NaN), refused);
  assert.throws(() => concentration(kinetics.lsd, [{ atHours: 0, micrograms: -1 }], 1), refused);
  assert.throws(() => effectFraction(kinetics.lsd, 1, 1), refused);
});
