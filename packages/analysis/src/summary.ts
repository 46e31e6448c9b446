/** The handful of lines that tell a result on a terminal. */
import { isPossible } from './possible.ts';
import { count, fixed, percent } from './report/numbers.ts';
import { blindingVerdict, headline, outcomeSentences } from './report/words.ts';
import type { GuessTable, Results, StudyPart } from './results.ts';

/** One sentence a line: flow, adherence, adverse events, estimate with and without the guess, blinding, verification. */
export function summary(results: Results): string[] {
  const { study } = results;
  return [
    ...(results.dummy ? ['DRY RUN on a dummy allocation: no number below means anything.'] : []),
    ...(study === null
      ? [`${count(results.participants, 'participant')}, ${count(results.outcomes.length, 'outcome')}`]
      : conductLines(study)),
    ...headline(results).flatMap((outcome) => outcomeSentences(outcome, results)),
    ...results.blinding.flatMap((series) => {
      const verdict = blindingVerdict(series, results);
      const first = series.timePoints[0];
      return [`${series.label}. ${verdict.headline}${first === undefined ? '' : ` ${indexWords(first, results)}`}`];
    }),
    ...(study === null ? [] : [study.randomisation.finding]),
  ];
}

function conductLines({ flow, exposure, adverseEvents }: StudyPart): string[] {
  const { due, taken } = exposure.overall;
  const completed = flow.arms.reduce((sum, arm) => sum + arm.completed, 0);
  const analysed = flow.arms.reduce((sum, arm) => sum + arm.analysed, 0);
  return [
    `Screened ${flow.screened}, randomised ${flow.randomised}, completed ${completed}, analysed ${analysed}`,
    `Capsules taken: ${taken} of ${due} due${due > 0 ? ` (${percent(taken / due)})` : ''}`,
    `Adverse events: ${adverseEvents.total}, serious ${adverseEvents.serious}`,
  ];
}

function indexWords({ label, bang, james, correct }: GuessTable, results: Results): string {
  const parts = [
    isPossible(correct) ? `${percent(correct.value)} right` : null,
    isPossible(bang.active) ? `Bang ${results.labels.active} ${fixed(bang.active.value, 2)}` : null,
    isPossible(bang.placebo) ? `Bang ${results.labels.placebo} ${fixed(bang.placebo.value, 2)}` : null,
    isPossible(james) ? `James ${fixed(james.value, 2)}` : null,
  ];
  return `At ${label}: ${parts.filter((part) => part !== null).join(', ')}.`;
}
