/** What two worlds, one in which the drug does something and one in which it does nothing, let a study tell, in plain words. */
import type { Estimator, EstimatorSummary, PowerResult } from './power.ts';

export type Verdict = {
  /** `blind`: belief alone seldom looks like an effect; `leaning`: more often than the test allows; `misleading`: as a rule. */
  readonly kind: 'blind' | 'leaning' | 'misleading';
  readonly sentences: readonly string[];
};

const percent = (share: number) => `${Math.round(100 * share)} %`;
const weakest = (result: PowerResult, estimator: Estimator): EstimatorSummary | undefined =>
  result.estimators
    .filter((one) => one.estimator === estimator)
    .reduce<EstimatorSummary | undefined>(
      (least, one) => (least && least.rejected <= one.rejected ? least : one),
      undefined,
    );
const loudest = (result: PowerResult): EstimatorSummary | undefined =>
  result.estimators
    .filter(({ estimator }) => estimator === 'unadjusted')
    .reduce<EstimatorSummary | undefined>(
      (most, one) => (most && most.rejected >= one.rejected ? most : one),
      undefined,
    );

/** @param nothing the same world without an effect of the drug; beliefs as they are */
export function verdictOf(works: PowerResult, nothing: PowerResult): Verdict {
  const alarm = loudest(nothing);
  const planned = weakest(works, 'unadjusted');
  const guess = weakest(works, 'withGuess');
  const above = alarm ? alarm.rejected - nothing.alpha : 0;
  const kind =
    above > 0.25 ? 'misleading' : alarm && above > 3 * Math.max(alarm.rejectedError, 0.01) ? 'leaning' : 'blind';
  const sentences = [
    `${percent(works.correctGuessRate.mean)} of guesses would be right.`,
    ...(alarm
      ? [
          `If the capsule did nothing, the planned analysis would find a difference in ${percent(alarm.rejected)} of trials; ${percent(nothing.alpha)} is what its test allows.`,
        ]
      : []),
    ...(planned && guess
      ? [
          `If the capsule itself added ${round(planned.truth)}, the planned analysis would find a difference in ${percent(planned.rejected)} of trials and estimate ${round(planned.mean)}; with the guess in the model, ${percent(guess.rejected)} and ${round(guess.mean)}.`,
        ]
      : []),
    ...(works.smallStratum > 0.2
      ? [`In ${percent(works.smallStratum)} of trials too few people guess wrong for estimates that use the guess.`]
      : []),
    {
      blind: 'A difference that this study finds would seldom be belief alone.',
      leaning: 'A difference that this study finds could be belief alone more often than its test says.',
      misleading: 'A difference that this study finds would tell little: belief alone makes it as well.',
    }[kind],
  ];
  return { kind, sentences };
}

const round = (value: number) => (Math.abs(value) < 0.005 ? '0' : value.toFixed(Math.abs(value) < 10 ? 2 : 1));
