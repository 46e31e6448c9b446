/**
 * The blinded-appearance panel: people who know nothing else are handed one active and one placebo capsule and must say
 * which is the active one. By chance half of them are right.
 */
import { betaQuantile, binomialProbability, bisect } from './distributions.ts';
import { PharmacologyError } from './errors.ts';
import type { Interval } from './fact.ts';

/** People on a panel, each asked once. */
export const panelSize = 20;

export type AppearancePanel = {
  readonly people: number;
  readonly correct: number;
  /** Share of right answers with its exact 95 % interval. */
  readonly share: number;
  readonly interval: Interval;
  /** The interval holds one half: no difference was shown, which is not the same as none being there. */
  readonly passes: boolean;
  readonly power: PanelPower;
  readonly explanation: string;
};

export type PanelPower = {
  /** The fewest right answers above half that show a difference. */
  readonly needed: number;
  /** If nobody could tell, the chance that the panel fails all the same. */
  readonly falseAlarm: number;
  /** The share of right answers that this panel finds with a chance of 80 %, and of 95 %; lower ones it mostly misses. */
  readonly found80: number;
  readonly found95: number;
};

const alpha = 0.05;

/**
 * Clopper and Pearson 1934: exact limits of a proportion, two-sided 95 %.
 * @throws PharmacologyError `bad-panel`
 */
export function exactInterval(correct: number, people: number): Interval {
  if (!Number.isInteger(people) || people < 1 || !Number.isInteger(correct) || correct < 0 || correct > people) {
    throw new PharmacologyError('bad-panel', `${correct} right answers of ${people} people.`);
  }
  return {
    lower: correct === 0 ? 0 : betaQuantile(alpha / 2, correct, people - correct + 1),
    upper: correct === people ? 1 : betaQuantile(1 - alpha / 2, correct + 1, people - correct),
  };
}

/**
 * Judges a panel. Fewer right answers than chance also shows a difference: consistently wrong people can tell.
 *
 *     appearancePanel(14, 20).passes // true: 46 to 88 %
 *     appearancePanel(15, 20).passes // false: 51 to 91 %
 *
 * @throws PharmacologyError `bad-panel`
 */
export function appearancePanel(correct: number, people: number): AppearancePanel {
  const interval = exactInterval(correct, people);
  const passes = interval.lower <= 0.5 && interval.upper >= 0.5;
  const power = panelPower(people);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return {
    ...{ people, correct, share: correct / people, interval, passes, power },
    explanation:
      `${correct} of ${people} named the active capsule (${percent(interval.lower)} to ${percent(interval.upper)}, ` +
      `exact 95 % interval): ${passes ? 'no difference shown' : 'people can tell them apart'}. A panel of ${people} ` +
      `finds, four times in five, people who are right ${percent(power.found80)} of the time; those who are right ` +
      `less often it mostly misses.`,
  };
}

/** The chance that a panel fails where each person is right with probability `rate`. */
export function chanceOfFailing(people: number, rate: number): number {
  return chanceOf(failingCounts(people), people, rate);
}

/**
 * What a panel of this size can show at all. Twenty people: 15 right answers are needed, and people who are right 70 %
 * of the time pass unnoticed in 58 panels of 100.
 * @throws PharmacologyError `bad-panel` where even unanimity shows nothing (fewer than 6 people)
 */
export function panelPower(people: number): PanelPower {
  let needed = Math.ceil(people / 2);
  while (needed <= people && exactInterval(needed, people).lower <= 0.5) needed += 1;
  if (needed > people) throw new PharmacologyError('bad-panel', `${people} people can show nothing.`);
  const failing = failingCounts(people);
  const chance = (rate: number): number => chanceOf(failing, people, rate);
  const found = (power: number): number => bisect((rate) => chance(rate) >= power, 0.5, 1);
  return { needed, falseAlarm: chance(0.5), found80: found(0.8), found95: found(0.95) };
}

function failingCounts(people: number): number[] {
  return Array.from({ length: people + 1 }, (_, correct) => correct).filter((correct) => {
    const { lower, upper } = exactInterval(correct, people);
    return lower > 0.5 || upper < 0.5;
  });
}

const chanceOf = (counts: readonly number[], people: number, rate: number): number =>
  counts.reduce((sum, correct) => sum + binomialProbability(correct, people, rate), 0);
