/**
 * Multiple imputation and its relatives for outcomes over J visits, arm by arm. The distribution of each arm is drawn anew for every imputation from
 * a bootstrap sample of its participants (approximate Bayesian draws: Little & Rubin 2002, section 10.2.3; Wolbers et al. 2022, Pharm. Stat. 21:1246), fitted by
 * EM; what was not seen is drawn by the rule; the analyses are pooled by Rubin's rules with Barnard and Rubin's degrees of freedom.
 */
import { StatisticsError } from '../errors.ts';
import { findRoot } from '../optimise/brent.ts';
import { philox, type Random } from '../random/philox.ts';
import { fitMultivariateNormal } from './em.ts';
import { jackknife } from './jackknife.ts';
import { type CompletedEstimate, type PooledEstimate, poolEstimates } from './pool.ts';
import {
  type ArmDistribution,
  type ImputationRule,
  type ImputedParticipant,
  imputeByReference,
} from './reference-based.ts';

/** A participant with every visit filled. */
export type CompletedParticipant = {
  readonly participant: string;
  readonly arm: string;
  readonly values: readonly number[];
};

export type MultipleImputationRequest = {
  /** A baseline that everybody has can be the first visit: it then tells of the others. */
  readonly participants: readonly ImputedParticipant[];
  readonly reference: string;
  readonly rule: ImputationRule;
  /** Added to each imputed value of an arm, in units of the outcome. */
  readonly delta?: Readonly<Record<string, number>>;
  /** Default 100. */
  readonly imputations?: number;
  readonly seed: string;
  /** The analysis of complete data, such as a comparison at the last visit. */
  readonly analyse: (completed: readonly CompletedParticipant[]) => CompletedEstimate;
  /** Degrees of freedom of the analysis had nothing been missing. */
  readonly completeDf: number;
};

/** @throws StatisticsError of the imputation and of `poolEstimates`; `too_few_rows` naming an arm too small to be drawn from */
export function multipleImputation(request: MultipleImputationRequest): PooledEstimate {
  const { analyse, completeDf, delta = {} } = request;
  return poolEstimates(
    imputed(request).map((completed) => analyse(shifted(completed, request.participants, delta))),
    completeDf,
  );
}

/** Completed data before any delta; the same for every delta, so that estimates move smoothly with it. */
function imputed(request: MultipleImputationRequest): CompletedParticipant[][] {
  const { participants, reference, rule, imputations = 100, seed } = request;
  const byArm = Map.groupBy(participants, ({ arm }) => arm);
  return Array.from({ length: imputations }, (_, i) => {
    const random = philox(seed, `imputation ${i}`);
    const arms = Object.fromEntries(
      [...byArm].map(([arm, own]) => [arm, drawnDistribution(arm, own, random.fork(arm))]),
    );
    return joined(
      participants,
      imputeByReference({ participants, arms, reference, rule, random: random.fork('values') }),
    );
  });
}

const joined = (
  participants: readonly ImputedParticipant[],
  values: readonly (readonly number[])[],
): CompletedParticipant[] =>
  participants.map(({ participant, arm }, place) => ({ participant, arm, values: values[place] as readonly number[] }));

function shifted(
  completed: readonly CompletedParticipant[],
  seen: readonly ImputedParticipant[],
  delta: Readonly<Record<string, number>>,
): CompletedParticipant[] {
  return completed.map((one, place) => {
    const shift = delta[one.arm] ?? 0;
    if (shift === 0) return one;
    const values = one.values.map((value, visit) => (seen[place]?.values[visit] === null ? value + shift : value));
    return { ...one, values };
  });
}

/** Bootstrap samples in which a pair of visits is never seen together are drawn again. */
const mostTries = 100;

function drawnDistribution(arm: string, own: readonly ImputedParticipant[], random: Random): ArmDistribution {
  for (let round = 0; ; round += 1) {
    const sample = own.map(() => random.choice(own).values);
    try {
      return fitMultivariateNormal(sample);
    } catch (error) {
      if (!(error instanceof StatisticsError)) throw error;
      if (round === mostTries) throw new StatisticsError('too_few_rows', `${arm}: ${error.message}`);
    }
  }
}

export type TippingPoint = {
  /** The shift of the active arm's imputed values at which p reaches alpha; null where none up to `furthest` does. */
  readonly delta: number | null;
  readonly at: PooledEstimate | null;
  /** With no shift. */
  readonly start: PooledEstimate;
};

/**
 * How much worse the unseen outcomes of an arm must have been than the rule says for the result to lose its significance.
 * @param furthest the largest shift worth trying, with the sign that speaks against the arm
 * @throws StatisticsError as `multipleImputation`; RangeError where alpha is no probability or `furthest` is 0
 */
export function tippingPoint(
  request: Omit<MultipleImputationRequest, 'delta'>,
  { arm, furthest, alpha = 0.05 }: { readonly arm: string; readonly furthest: number; readonly alpha?: number },
): TippingPoint {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`A probability between 0 and 1 is needed, not ${alpha}`);
  if (!(Number.isFinite(furthest) && furthest !== 0))
    throw new RangeError(`A shift other than 0 is needed, not ${furthest}`);
  const { participants, analyse, completeDf } = request;
  const completed = imputed(request);
  const under = (delta: number) =>
    poolEstimates(
      completed.map((one) => analyse(shifted(one, participants, { [arm]: delta }))),
      completeDf,
    );
  const start = under(0);
  if (start.p >= alpha) return { delta: 0, at: start, start };
  const side = Math.sign(start.estimate);
  // Beyond the point where the estimate turns round, p falls again: what is sought lies before.
  const signed = (delta: number) => {
    const { estimate, p } = under(delta);
    return Math.sign(estimate) === side ? alpha - p : alpha - 1;
  };
  if (signed(furthest) > 0) return { delta: null, at: null, start };
  const delta = findRoot(signed, 0, furthest, { tolerance: 1e-6 * Math.abs(furthest) });
  return { delta, at: under(delta), start };
}

export type ConditionalMeanRequest = Omit<
  MultipleImputationRequest,
  'imputations' | 'seed' | 'completeDf' | 'analyse'
> & {
  readonly analyse: (completed: readonly CompletedParticipant[]) => number;
};

/**
 * One imputation at the conditional means, and the jackknife over participants for its error (Wolbers et al. 2022): no draws, and an error
 * that is right for reference-based rules, where Rubin's is too large.
 * @throws StatisticsError of EM and of the imputation
 */
export function conditionalMeanImputation(request: ConditionalMeanRequest): {
  readonly estimate: number;
  readonly standardError: number;
} {
  const { participants, reference, rule, delta, analyse } = request;
  return jackknife(participants.length, (places) => {
    const own = places.map((place) => participants[place] as ImputedParticipant);
    const arms = Object.fromEntries(
      [...Map.groupBy(own, ({ arm }) => arm)].map(([arm, people]) => [
        arm,
        fitMultivariateNormal(people.map(({ values }) => values)),
      ]),
    );
    return analyse(
      joined(own, imputeByReference({ participants: own, arms, reference, rule, ...(delta ? { delta } : {}) })),
    );
  });
}
