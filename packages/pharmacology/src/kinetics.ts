/**
 * One-compartment kinetics with first-order absorption, doses added by superposition.
 * Symbols: D dose (µg), V = V/F (L), CL = CL/F (L/h), ka and ke = CL/V (1/h), C concentration (µg/L = ng/mL),
 * Ce effect-site concentration, ke0 its rate (1/h). Linearity: shown for LSD 25-200 µg and psilocybin 15-30 mg.
 */
import { PharmacologyError } from './errors.ts';
import type { Evidence } from './fact.ts';
import { convertUnit, type Quantity, toBaseEquivalent } from './quantity.ts';

export type Kinetics = {
  readonly analyte: 'lsd-base' | 'psilocin';
  readonly litres: number;
  readonly litresPerHour: number;
  readonly absorptionPerHour: number;
  readonly effectPerHour: number;
  /** Concentration of half the greatest effect, ng/mL. */
  readonly ec50: number;
  /** Steepness of the effect curve; unknown, 1 to 2. */
  readonly hill: number;
  /** Standard deviations between people, on the log scale. */
  readonly logSd: { readonly litres: number; readonly litresPerHour: number; readonly absorptionPerHour: number };
  readonly source: string;
  readonly evidence: Evidence;
};

export const kinetics = {
  lsd: {
    analyte: 'lsd-base',
    litres: 40,
    litresPerHour: 7.7,
    absorptionPerHour: 1.3,
    effectPerHour: 1.8,
    ec50: 1.0,
    hill: 1,
    logSd: { litres: 0.25, litresPerHour: 0.33, absorptionPerHour: 0.4 },
    source: 'Fitted to Holze 2019, 100 µg by mouth: peak 1.7 ng/mL at 1.7 h, half-life 3.6 h, AUC 13 ng h/mL',
    evidence: 'computed',
  },
  psilocybin: {
    analyte: 'psilocin',
    litres: 443,
    litresPerHour: 192,
    absorptionPerHour: 0.57,
    effectPerHour: 2,
    ec50: 1.97,
    hill: 1,
    logSd: { litres: 0.3, litresPerHour: 0.3, absorptionPerHour: 0.4 },
    source: 'Fitted to Holze 2023, 25 mg by mouth: peak 17 ng/mL psilocin at 2 h; effect rate and EC50 from memory',
    evidence: 'computed',
  },
} as const satisfies Readonly<Record<string, Kinetics>>;

/** A dose of the analyte (LSD base, or psilocin) in µg at an hour on any common clock. */
export type TimedDose = { readonly atHours: number; readonly micrograms: number };

/** Any exact form as a dose of the analyte: 25 mg psilocybin is 17,965 µg psilocin. */
export function timedDose(atHours: number, dose: Quantity): TimedDose {
  return { atHours, micrograms: convertUnit(toBaseEquivalent(dose), 'µg').value };
}

/** Plasma concentration, ng/mL, at `hours`. @throws PharmacologyError `bad-pharmacokinetics` */
export function concentration(model: Kinetics, doses: readonly TimedDose[], hours: number): number {
  assertModel(model, hours);
  const ke = model.litresPerHour / model.litres;
  const ka = apart(model.absorptionPerHour, [ke]);
  return superpose(doses, hours, (micrograms, t) => {
    return ((micrograms / model.litres) * ka * (Math.exp(-ke * t) - Math.exp(-ka * t))) / (ka - ke);
  });
}

/** Effect-site concentration, ng/mL: dCe/dt = ke0 (C - Ce), in closed form. */
export function effectSiteConcentration(model: Kinetics, doses: readonly TimedDose[], hours: number): number {
  assertModel(model, hours);
  const ke = model.litresPerHour / model.litres;
  const ka = apart(model.absorptionPerHour, [ke]);
  const ke0 = apart(model.effectPerHour, [ke, ka]);
  return superpose(doses, hours, (micrograms, t) => {
    const sum =
      Math.exp(-ke * t) / ((ka - ke) * (ke0 - ke)) +
      Math.exp(-ka * t) / ((ke - ka) * (ke0 - ka)) +
      Math.exp(-ke0 * t) / ((ke - ke0) * (ka - ke0));
    return Math.max(0, (micrograms / model.litres) * ka * ke0 * sum);
  });
}

/** Share of the greatest effect, 0 to 1: E = Ce^h / (EC50^h + Ce^h); tolerance raises EC50 to EC50/(1 - T). */
export function effectFraction(model: Kinetics, effectSite: number, tolerance = 0): number {
  if (!(tolerance >= 0 && tolerance < 1) || !(effectSite >= 0)) {
    throw new PharmacologyError('bad-pharmacokinetics', `Effect at ${effectSite} ng/mL with tolerance ${tolerance}.`);
  }
  const x = (effectSite / (model.ec50 / (1 - tolerance))) ** model.hill;
  return x / (1 + x);
}

/** 5-HT2A occupancy by psilocin, per cent: 76.6 C / (1.97 + C), C in ng/mL. PET, n = 8; constants from memory. */
export const psilocinOccupancyPercent = (nanogramsPerMillilitre: number): number =>
  (76.6 * nanogramsPerMillilitre) / (1.97 + nanogramsPerMillilitre);

export type NormalSource = { normal(mean: number, sd: number): number };

/** One person's kinetics: log-normal about the model. Body weight is not a predictor. */
export function drawKinetics(model: Kinetics, random: NormalSource): Kinetics {
  return {
    ...model,
    litres: model.litres * Math.exp(random.normal(0, model.logSd.litres)),
    litresPerHour: model.litresPerHour * Math.exp(random.normal(0, model.logSd.litresPerHour)),
    absorptionPerHour: model.absorptionPerHour * Math.exp(random.normal(0, model.logSd.absorptionPerHour)),
  };
}

function superpose(doses: readonly TimedDose[], hours: number, one: (micrograms: number, t: number) => number): number {
  let total = 0;
  for (const dose of doses) {
    if (!Number.isFinite(dose.atHours) || !(dose.micrograms >= 0)) {
      throw new PharmacologyError('bad-pharmacokinetics', `A dose of ${dose.micrograms} µg at ${dose.atHours} h.`);
    }
    if (hours > dose.atHours) total += one(dose.micrograms, hours - dose.atHours);
  }
  return total;
}

function assertModel(model: Kinetics, hours: number): void {
  const positive = [
    model.litres,
    model.litresPerHour,
    model.absorptionPerHour,
    model.effectPerHour,
    model.ec50,
    model.hill,
  ];
  if (!Number.isFinite(hours) || positive.some((x) => !(x > 0 && Number.isFinite(x)))) {
    throw new PharmacologyError('bad-pharmacokinetics', `Model of ${model.analyte} at ${hours} h.`);
  }
}

/** Equal rates divide by zero in the closed forms; a relative shift of 1e-5 changes results below the sixth digit. */
function apart(rate: number, others: readonly number[]): number {
  const clashes = others.some((other) => Math.abs(rate - other) < 1e-5 * other);
  return clashes ? apart(rate * (1 + 2e-5), others) : rate;
}
