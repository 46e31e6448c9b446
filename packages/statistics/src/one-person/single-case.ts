/**
 * Randomisation tests of single cases: treatments of occasions were drawn at random, so the draw is what the difference is compared with
 * (Edgington & Onghena 2007, Randomization Tests, chapters 11 and 12). Several people are tested together by the mean of their differences.
 */
import { StatisticsError } from '../errors.ts';
import type { Random } from '../random/philox.ts';

export type SingleCase = {
  readonly participant: string;
  /** One per occasion; null was not measured and is left out under every draw. */
  readonly values: readonly (number | null)[];
  readonly treatments: readonly string[];
  /** Every sequence of treatments that could have been drawn, each as likely: an exact test. Or a draw of one, by the trial's procedure. */
  readonly draws: readonly (readonly string[])[] | ((random: Random) => readonly string[]);
};

export type SingleCaseRequest = {
  readonly cases: readonly SingleCase[];
  readonly active: string;
  readonly control: string;
  readonly random: Random;
  /** Where sequences are drawn, or are too many together; default 5000. */
  readonly samples?: number;
};

export type SingleCaseTest = {
  /** Mean over people of the difference of means, active less control. */
  readonly difference: number;
  readonly byPerson: readonly { readonly participant: string; readonly difference: number }[];
  /** Two-sided. */
  readonly p: number;
  /** All sequences were gone through; otherwise (1 + as extreme) / (1 + samples). */
  readonly exact: boolean;
  readonly sequences: number;
};

const rounding = 1e-9;

/** @throws StatisticsError `empty_condition` naming who lacks a treatment, `draw_length`, `non_finite`, `too_few_rows` without cases */
export function singleCaseTest(request: SingleCaseRequest): SingleCaseTest {
  const { cases, random, samples = 5000 } = request;
  if (cases.length === 0) throw new StatisticsError('too_few_rows', 'no cases');
  const differenceOf = (one: SingleCase, treatments: readonly string[]) => difference(one, treatments, request);
  const byPerson = cases.map((one) => {
    const own = differenceOf(one, one.treatments);
    if (own === null) throw new StatisticsError('empty_condition', one.participant);
    return { participant: one.participant, difference: own };
  });
  const observed = byPerson.reduce((sum, one) => sum + one.difference, 0) / cases.length;
  const atLeast = (found: number) => Math.abs(found) >= Math.abs(observed) * (1 - rounding);
  const listed = cases.map(({ draws }) => (typeof draws === 'function' ? null : draws));
  const together = listed.reduce((product, draws) => product * (draws?.length ?? Number.POSITIVE_INFINITY), 1);
  if (together <= samples) {
    const sums = cases.reduce<number[]>(
      (all, one, i) => {
        // A sequence that leaves a treatment without values has no difference: it could not have been tested.
        const own = (listed[i] ?? []).flatMap((treatments) => differenceOf(one, treatments) ?? []);
        return all.flatMap((sum) => own.map((value) => sum + value));
      },
      [0],
    );
    const extreme = sums.filter((sum) => atLeast(sum / cases.length)).length;
    return { difference: observed, byPerson, p: extreme / sums.length, exact: true, sequences: sums.length };
  }
  let extreme = 1;
  for (let sample = 0; sample < samples; sample += 1) {
    const own = random.fork(`sequence ${sample}`);
    const sum = cases.reduce((all, one) => all + drawnDifference(one, own.fork(one.participant), differenceOf), 0);
    if (atLeast(sum / cases.length)) extreme += 1;
  }
  return { difference: observed, byPerson, p: extreme / (1 + samples), exact: false, sequences: samples };
}

const mostTries = 1000;

function drawnDifference(
  one: SingleCase,
  random: Random,
  differenceOf: (one: SingleCase, treatments: readonly string[]) => number | null,
): number {
  const { draws } = one;
  for (let round = 0; round < mostTries; round += 1) {
    const found = differenceOf(one, typeof draws === 'function' ? draws(random) : random.choice(draws));
    if (found !== null) return found;
  }
  throw new StatisticsError('empty_condition', `${one.participant}: no sequence drawn has both treatments`);
}

function difference(
  { participant, values }: SingleCase,
  treatments: readonly string[],
  { active, control }: Pick<SingleCaseRequest, 'active' | 'control'>,
): number | null {
  if (treatments.length !== values.length) throw new StatisticsError('draw_length', participant);
  const sums = { active: 0, control: 0 };
  const counts = { active: 0, control: 0 };
  values.forEach((value, occasion) => {
    if (value === null) return;
    if (!Number.isFinite(value)) throw new StatisticsError('non_finite', `${participant}, occasion ${occasion + 1}`);
    const arm = treatments[occasion] === active ? 'active' : treatments[occasion] === control ? 'control' : null;
    if (arm === null) return;
    sums[arm] += value;
    counts[arm] += 1;
  });
  if (counts.active === 0 || counts.control === 0) return null;
  return sums.active / counts.active - sums.control / counts.control;
}
