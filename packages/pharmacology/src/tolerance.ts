/**
 * A model assumption, not a measured law: a tolerance state T in [0, 1] that rises with the share of the greatest
 * effect and decays with a half-life of 1.5 days.
 *
 *   dT/dt = kin O(t) (1 - T) - kout T,   O = Ce/(EC50 + Ce) without tolerance
 *
 * kout = ln 2 / 36 h, so 90 % is gone after 5 days without a dose; kin is set so that one full dose gives T = 0.5 at
 * 24 h. Both facts: Buchborn 2016 (substantial tolerance at 24 h, reversed by 5 days' abstinence).
 */
import { effectFraction, effectSiteConcentration, type Kinetics, type TimedDose } from './kinetics.ts';

export const tolerancePerHour = { out: Math.LN2 / 36 } as const;

/** Gain per hour, by analyte, at 100 µg LSD base or 25 mg psilocybin; the test beside this file re-derives them. */
export const toleranceGainPerHour = { 'lsd-base': 0.1614, psilocin: 0.1225 } as const;

const stepHours = 0.25;

/** T at `hours`, starting from none before the first dose. Heun's method, steps of a quarter of an hour. */
export function toleranceAt(
  model: Kinetics,
  doses: readonly TimedDose[],
  hours: number,
  gainPerHour: number = toleranceGainPerHour[model.analyte],
): number {
  const before = doses.filter((dose) => dose.atHours < hours);
  if (before.length === 0) return 0;
  const start = Math.min(...before.map((dose) => dose.atHours));
  const steps = Math.ceil((hours - start) / stepHours);
  const h = (hours - start) / steps;
  const drive = (t: number): number =>
    gainPerHour * effectFraction({ ...model, hill: 1 }, effectSiteConcentration(model, before, t));
  const slope = (input: number, state: number): number => input * (1 - state) - tolerancePerHour.out * state;
  let state = 0;
  let input = drive(start);
  for (let step = 0; step < steps; step++) {
    const next = drive(start + (step + 1) * h);
    const first = slope(input, state);
    state += (h / 2) * (first + slope(next, state + h * first));
    input = next;
  }
  return Math.min(1, Math.max(0, state));
}
