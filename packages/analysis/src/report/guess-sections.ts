/** What the blinding chapter says of one series of guesses beside its tables per time point. */
import { html, type Markup, type Part } from '@limen/protocol';
import { isPossible } from '../possible.ts';
import type { ClusteredIndex, ExpectancySplit, GuessSeries, Outcome, Results } from '../results.ts';
import type { Blocks } from './blocks.ts';
import { indexCell } from './guess-figures.ts';
import { digitsFor, fixed, interval, percent, pValue } from './numbers.ts';

const clustered = (one: ClusteredIndex | null): string =>
  one === null ? 'none' : `${fixed(one.index, 2)} (${interval(one.lower, one.upper, 2)})`;

/** Indices of all time points together, and whether people found out as the study went on. */
export function overTimeMarkup({ overTime, timePoints, label }: GuessSeries, results: Results, blocks: Blocks): Part {
  if (overTime === null) return null;
  const { overall, change } = overTime;
  const row = (name: string, one: ClusteredIndex | null, gone: ClusteredIndex | null): Part[] =>
    timePoints.length < 2 ? [name, clustered(one)] : [name, clustered(one), clustered(gone)];
  return blocks.table({
    title: `${label}: indices of all time points together`,
    columns: [
      { head: 'Index' },
      { head: 'All time points (90% interval)' },
      ...(timePoints.length < 2 ? [] : [{ head: 'Last less first (90% interval)' }]),
    ],
    rows: [
      row(`Bang, ${results.labels.active}`, overall.active, change.active),
      row(`Bang, ${results.labels.placebo}`, overall.placebo, change.placebo),
      row('James', overall.james, change.james),
    ],
    note: 'Intervals are percentiles of 1,000 draws of people with all their guesses. Bang’s index rises, James’s falls, where people find out.',
  });
}

export function confidenceMarkup(
  { label, confidence, byConfidence, graded }: GuessSeries,
  results: Results,
  blocks: Blocks,
): Part {
  const { correct, wrong } = confidence;
  if (byConfidence.length === 0) {
    return html`<p class="note">People were not asked how sure they were, so nothing can be said of confidence.</p>`;
  }
  const means =
    correct !== null &&
    wrong !== null &&
    html`<p>Mean confidence was ${fixed(correct.mean, 0)} of 100 in right guesses (${correct.guesses}) and ${fixed(wrong.mean, 0)} in wrong ones (${wrong.guesses}). Where blinding holds, the two are alike.</p>`;
  const table = blocks.table({
    title: `${label}: how many were right, by how sure they were`,
    columns: [{ head: 'Confidence' }, { head: 'Guesses' }, { head: 'Right (95% interval)' }],
    rows: byConfidence.map(({ from, to, guesses, correct: share }): Part[] => [
      `${from} to ${to}`,
      guesses,
      isPossible(share) ? `${percent(share.value, 1)} (${interval(100 * share.lower, 100 * share.upper, 0)})` : 'none',
    ]),
  });
  const bang =
    graded !== null &&
    html`<p>Bang’s index with a confidence of 50 or more counted as strong and less as half (2 × 5): ${results.labels.active} ${indexCell(graded.active)}, ${results.labels.placebo} ${indexCell(graded.placebo)}.</p>`;
  return html`${means}${table}${bang}`;
}

export function detectionMarkup({ label, doses, detection }: GuessSeries, blocks: Blocks): Part {
  if (detection === null) {
    return html`<p class="note">No threshold of detection: it needs guesses about capsules of at least two different doses.</p>`;
  }
  const unit = isPossible(detection) ? ` (${detection.unit})` : '';
  const table = blocks.table({
    title: `${label}: guesses by dose`,
    columns: [{ head: `Dose${unit}` }, { head: 'Guesses' }, { head: 'Said active' }],
    rows: doses.map(({ dose, guesses, active }): Part[] => [
      dose,
      guesses,
      `${active} (${percent(active / guesses, 1)})`,
    ]),
  });
  return html`${table}<p>${detectionWords(detection)}</p>`;
}

function detectionWords(detection: NonNullable<GuessSeries['detection']>): string {
  if (!isPossible(detection)) return `No threshold of detection: ${detection.notPossible}`;
  const { dose, unit, lower, upper, profile } = detection;
  const end = (value: number | null) => (value === null ? 'open' : fixed(value, 2));
  const open =
    lower === null || upper === null ? ' The data do not bound it on the open side; it is no number to plan with.' : '';
  return `Half of the guesses say active from ${fixed(dose, 2)} ${unit} on (Fieller’s 95% interval ${end(lower)} to ${end(upper)}, by profile likelihood ${end(profile.lower)} to ${end(profile.upper)}).${open}`;
}

/** Outcomes with one row a person: what belief adds by the model of activated expectancy bias. */
export function expectancyMarkup(outcomes: readonly Outcome[], blocks: Blocks): Part {
  const [first] = outcomes;
  if (first === undefined) return null;
  const split = outcomes.flatMap((outcome) =>
    isPossible(outcome.expectancy) ? [{ outcome, found: outcome.expectancy }] : [],
  );
  if (split.length === 0) {
    const { expectancy } = first;
    return html`<p class="note">What belief adds by itself is not estimated. ${isPossible(expectancy) ? '' : expectancy.notPossible}</p>`;
  }
  return blocks.table({
    title: 'What the capsule does, and what believing in it adds (activated expectancy bias)',
    columns: [
      { head: 'Outcome' },
      { head: 'Rows' },
      { head: 'Capsule (95% interval)' },
      { head: 'p' },
      { head: 'Belief (95% interval)' },
      { head: 'p' },
      { head: 'p of additivity' },
    ],
    rows: split.map(({ outcome, found }): Part[] => [
      outcome.label,
      found.rows,
      termCell(found.directEffect),
      pValue(found.directEffect.p),
      termCell(found.expectancy),
      pValue(found.expectancy.p),
      pValue(found.additivityP),
    ]),
    note: 'Means of the four combinations of condition and guess, under Y = N + T D + G A (Szigeti et al. 2023). The guess comes after treatment: what makes people both guess and fare well counts as belief. A small p of additivity says that the model does not fit.',
  });
}

function termCell({ value, standardError, lower, upper }: ExpectancySplit['expectancy']): string {
  const digits = digitsFor(standardError);
  return `${fixed(value, digits)} (${interval(lower, upper, digits)})`;
}

/** A chapter without guesses still says what that means. */
export const nobodyAsked: Markup = html`<div class="verdict warn"><h3>Nothing is known of the blinding</h3><p>The study has no guesses: people were not asked what they thought they had taken. Whether they could tell, and how much of any difference is expectation, cannot be said from these data.</p></div>`;
