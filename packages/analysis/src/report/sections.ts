/** The chapters that every report has: summary, outcomes, blinding. */

import { html, idOf, type Markup, type Part } from '@limen/protocol';
import { isPossible } from '../possible.ts';
import type {
  Contrast,
  FittedModel,
  GuessSeries,
  GuessTable,
  ModelResult,
  Outcome,
  Results,
  StudyPart,
} from '../results.ts';
import type { Blocks } from './blocks.ts';
import { tableMarkup } from './blocks.ts';
import { estimateCell, forestFigure } from './forest.ts';
import { sensitivityMarkup, subgroupsMarkup } from './further-analyses.ts';
import { curveFigure, indexCell, indicesFigure, mosaicFigure } from './guess-figures.ts';
import { confidenceMarkup, detectionMarkup, expectancyMarkup, nobodyAsked, overTimeMarkup } from './guess-sections.ts';
import { count, digitsFor, fixed, interval, percent, pValue } from './numbers.ts';
import { dosesMarkup, individualsMarkup, respondersMarkup } from './person-sections.ts';
import { blindingVerdict, guessCaveats, headline, outcomeSentences } from './words.ts';

export type Section = { readonly id: string; readonly title: string; readonly body: Markup };

export function summarySection(results: Results): Section {
  const shown = headline(results);
  const primary = shown.some(({ level }) => level === 'primary');
  const sentences = shown.flatMap((outcome) => outcomeSentences(outcome, results));
  const body = html`${!primary && results.outcomes.length > 1 && html`<p class="note">No outcome was marked as primary; the first of ${results.outcomes.length} outcomes stands here as an example.</p>`}${sentences.map((sentence) => html`<p class="lede">${sentence}</p>`)}${results.study !== null && html`<p>${safetySentence(results.study)}</p>`}${results.blinding.map((series) => verdictMarkup(series, results))}${results.blinding.length > 0 && html`<p class="note">${guessCaveats.slice(0, 2).join(' ')}</p>`}`;
  return { id: 'summary', title: 'In plain words', body };
}

function safetySentence({ adverseEvents, exposure }: StudyPart): string {
  const { due, taken } = exposure.overall;
  const share = due === 0 ? '' : ` (${percent(taken / due)})`;
  const capsules = `${taken} of ${due} capsules due were taken${share}.`;
  const { total, serious, participants } = adverseEvents;
  if (total === 0) return `${capsules} No adverse event was reported.`;
  const verb = total === 1 ? 'was' : 'were';
  return `${capsules} ${count(total, 'adverse event')} ${verb} reported by ${count(participants, 'person', 'people')}; serious: ${serious}.`;
}

function verdictMarkup(series: GuessSeries, results: Results): Markup {
  const verdict = blindingVerdict(series, results);
  return html`<div class="verdict${verdict.held === false && ' warn'}"><h3>Blinding: ${series.label}</h3><p>${verdict.headline}</p>${verdict.sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>`;
}

export function outcomesSection(results: Results, blocks: Blocks): Section {
  const forest = forestFigure(results);
  const adjusted = results.outcomes.some(({ adjustedP }) => adjustedP !== null);
  const body = html`${forest !== null && blocks.figure(forest)}${blocks.table(estimatesTable(results, adjusted))}${results.outcomes.map((outcome) => outcomeMarkup(outcome, results))}`;
  return { id: 'outcomes', title: 'Outcomes', body };
}

function estimatesTable(results: Results, adjusted: boolean) {
  const rows = results.outcomes.flatMap((outcome): Part[][] => {
    const tag = html`${outcome.label} <span class="tag">${outcome.level}</span>`;
    const holm = adjusted ? [outcome.adjustedP === null ? '' : pValue(outcome.adjustedP)] : [];
    const adjustedOf = ({ adjustedP }: Contrast, index: number): Part[] => {
      if (!adjusted) return [];
      return adjustedP === undefined ? (index === 0 ? holm : ['']) : [pValue(adjustedP)];
    };
    if (outcome.contrasts.length === 0) return [[tag, '', outcome.rows, 'not fitted', '', ...holm, 'not fitted']];
    return outcome.contrasts.map((contrast, index) => [
      tag,
      contrast.label,
      outcome.unadjusted.rows,
      estimateCell(contrast.unadjusted),
      contrast.unadjusted === null ? '' : pValue(contrast.unadjusted.p),
      ...adjustedOf(contrast, index),
      estimateCell(contrast.withGuess),
    ]);
  });
  return {
    title: 'Difference from the reference condition, as planned and with the guess in the model',
    columns: [
      { head: 'Outcome' },
      { head: 'Contrast', left: true },
      { head: 'Rows' },
      { head: 'As planned (95% interval)' },
      { head: 'p' },
      ...(adjusted ? [{ head: 'p, adjusted' }] : []),
      { head: 'With the guess (95% interval)' },
    ],
    rows,
    note: adjusted
      ? results.study?.multiplicity === undefined
        ? 'p of the primary outcomes also after Holm’s adjustment for their number; other p-values are not adjusted.'
        : 'p of the plan’s family of tests also adjusted as the methods say; other p-values are not adjusted.'
      : 'p-values are not adjusted for the number of outcomes.',
  };
}

/** Everything behind one outcome, folded away. */
function outcomeMarkup(outcome: Outcome, results: Results): Markup {
  const left = outcome.leftOut.map(({ reason, rows }) => `${count(rows, 'row')} left out: ${reason}`);
  const notes = [...outcome.notes, ...left];
  const groups = tableMarkup(
    {
      columns: [{ head: 'Condition' }, { head: 'Rows' }, { head: 'Mean' }, { head: 'SD' }],
      rows: outcome.groups.map(({ label, rows, mean, sd }) => [
        label,
        rows,
        fixed(mean, 2),
        sd === null ? '' : fixed(sd, 2),
      ]),
    },
    html`Observed values; ${count(outcome.rows, 'row')} of ${count(outcome.participants, 'participant')}`,
    `Observed values of ${outcome.label}`,
  );
  return html`<details id="outcome-${idOf(outcome.id)}"><summary>${outcome.label}: models, means and strata</summary>${groups}${modelMarkup(outcome, 'As planned', outcome.unadjusted)}${outcome.sameRows !== null && modelMarkup(outcome, 'As planned, rows with a guess', outcome.sameRows)}${modelMarkup(outcome, 'With the guess', outcome.withGuess)}${outcome.perProtocol !== null && modelMarkup(outcome, 'As planned, per-protocol set', outcome.perProtocol)}${strataMarkup(outcome, results)}${curveSentence(outcome)}${sensitivityMarkup(outcome)}${subgroupsMarkup(outcome)}${respondersMarkup(outcome)}${individualsMarkup(outcome)}${dosesMarkup(outcome)}${notes.length > 0 && html`<ul class="note">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}</details>
`;
}

function repeatedWords({ repeated }: FittedModel): string {
  if (repeated === undefined) return '';
  const at = repeated.effectAt === null ? 'over all visits' : `at ${repeated.effectAt}`;
  return ` Mixed model for repeated measures, covariance over visits: ${repeated.covariance}; ${repeated.visits.length} visits, conditions compared ${at}; degrees of freedom ${repeated.df}.`;
}

function modelMarkup(outcome: Outcome, name: string, model: ModelResult): Markup {
  if (model.status === 'failed') {
    return html`<p>${name}, <code>${model.formula}</code>: could not be fitted. ${model.message} <span class="tag">${model.code}</span></p>`;
  }
  const rows = model.terms.map((term): Part[] => {
    const digits = digitsFor(term.standardError);
    return [
      term.term,
      fixed(term.estimate, digits),
      fixed(term.standardError, digits),
      fixed(term.df, 1),
      fixed(term.t, 2),
      pValue(term.p),
      interval(term.lower, term.upper, digits),
    ];
  });
  const variance = model.variance.map(
    ({ group, name: term, variance: value }) => `${group} ${term} ${fixed(value, 3)}`,
  );
  const fit = [...variance, `residual ${fixed(model.residualVariance, 3)}`].join(', ');
  return html`${tableMarkup(
    {
      columns: ['Term', 'Estimate', 'SE', 'df', 't', 'p', '95% interval'].map((head) => ({ head })),
      rows,
    },
    html`${name}: <code>${model.formula}</code>`,
    `${name}: ${outcome.label}`,
  )}<p class="note">${count(model.rows, 'row')}, ${count(model.participants, 'participant')}${model.rowsDropped > 0 && `, ${count(model.rowsDropped, 'row')} with a missing value not used`}. Variances: ${fit}. ${model.variance.length > 0 ? 'REML criterion' : 'Criterion'} ${fixed(model.criterion, 3)}${model.singular && '; singular fit'}.${repeatedWords(model)}</p>`;
}

function strataMarkup(outcome: Outcome, results: Results): Markup {
  const { counts, means, tooSmall } = outcome.strata;
  const cell = (role: 'active' | 'placebo', guess: 'active' | 'placebo' | 'unsure') => {
    const mean = means[role][guess];
    return mean === null ? '0' : `${counts[role][guess]}; mean ${fixed(mean, 2)}`;
  };
  return html`${tableMarkup(
    {
      columns: [{ head: 'Taken' }, { head: 'Guessed active' }, { head: 'Guessed placebo' }, { head: 'Did not know' }],
      rows: (['active', 'placebo'] as const).map((role) => [
        results.labels[role],
        cell(role, 'active'),
        cell(role, 'placebo'),
        cell(role, 'unsure'),
      ]),
    },
    html`Rows and means by what was taken and what was guessed${tooSmall && ' (smallest below 15)'}`,
    `Strata of ${outcome.label}`,
  )}`;
}

function curveSentence({ curve }: Outcome): Markup {
  if (curve.status === 'notDrawn') return html`<p class="note">No guess-rate curve: ${curve.reason}</p>`;
  if (curve.atHalf === null)
    return html`<p class="note">With guesses right half the time the difference is not defined, since a combination of condition and guess is empty.</p>`;
  const { difference, lower, upper } = curve.atHalf;
  const digits = lower === null || upper === null ? 2 : digitsFor((upper - lower) / 4);
  const band = lower === null || upper === null ? '' : ` (95% band ${interval(lower, upper, digits)})`;
  return html`<p class="note">Raw difference ${fixed(curve.observedDifference, digits)} at ${percent(curve.observedRate, 1)} right guesses; re-weighted to one half: ${fixed(difference, digits)}${band}.</p>`;
}

export function blindingSection(results: Results, blocks: Blocks): Section {
  const drawn = headline(results).flatMap((outcome) =>
    outcome.curve.status === 'drawn' ? [{ outcome, curve: outcome.curve }] : [],
  );
  // In the order of the page, since figures are numbered as they are made.
  const series = results.blinding.map((one) => seriesMarkup(one, results, blocks));
  const curves = drawn.map(({ outcome, curve }) => blocks.figure(curveFigure(outcome, curve)));
  const body = html`<p>How far people could tell what they had taken, and what that does to the outcomes.</p>${isWithoutGuesses(results) && nobodyAsked}${series}<h3>If people had guessed right more often, or less</h3>${curves.length > 0 ? html`<p>Rows are re-weighted so that a given share of guesses is right. At the share observed the curve is the raw difference.</p>${curves}` : noCurve(headline(results))}${results.outcomes.length > 0 && html`<h3>Expectation</h3>${expectedWords(results)}${expectancyMarkup(headline(results), blocks)}`}<h3>How to read this chapter</h3><ul>${guessCaveats.map((caveat) => html`<li>${caveat}</li>`)}</ul>`;
  return { id: 'blinding', title: 'Blinding and expectation', body };
}

function noCurve(outcomes: readonly Outcome[]): Markup {
  const reasons = outcomes.flatMap(({ label, curve }) =>
    curve.status === 'notDrawn' ? [`${label}: ${curve.reason}`] : [],
  );
  return html`<p class="note">No guess-rate curve can be drawn. ${reasons.join(' ')}</p>`;
}

function isWithoutGuesses({ blinding, outcomes }: Results): boolean {
  const counted = outcomes.flatMap(({ strata: { counts } }) => [counts.active, counts.placebo]);
  const inOutcomes = counted.some(({ active, placebo, unsure }) => active + placebo + unsure > 0);
  return !inOutcomes && blinding.every(({ overall }) => overall.guesses === 0);
}

/** What people expected before their first capsule, by arm; the table stands with the participants. */
function expectedWords({ study }: Results): Markup {
  if (study === null) return html`<p class="note">What people expected beforehand is not in the table.</p>`;
  const { expectancy } = study;
  if (expectancy.answered === 0) return html`<p class="note">Nobody was asked beforehand what they expected.</p>`;
  const arms = expectancy.arms.map(({ label, rows, mean }) => `${label} ${fixed(mean, 1)} (${rows})`);
  return html`<p>Expectation before the first capsule, mean of 100 by arm: ${arms.join('; ')}.</p>`;
}

function seriesMarkup(series: GuessSeries, results: Results, blocks: Blocks): Markup {
  if (series.overall.guesses === 0) return html`<h3>${series.label}</h3><p>No guesses were given.</p>`;
  const indices = indicesFigure(series, results);
  return html`<h3>${series.label}</h3><p>The guess was about ${series.about}. All time points together: ${rateWords(series.overall)}. Guesses of one person at several time points are not independent: intervals per time point are those of the indices’ authors, intervals over all of them come from drawing people.</p>${blocks.figure(mosaicFigure(series, results))}${indices !== null && blocks.figure(indices)}${blocks.table(guessTableBlock(series, results))}${overTimeMarkup(series, results, blocks)}${confidenceMarkup(series, results, blocks)}${series.cues.length > 0 ? blocks.table(cuesTable(series, results)) : html`<p class="note">No cues were named.</p>`}${detectionMarkup(series, blocks)}`;
}

function rateWords({ correct, informedRate }: GuessTable): string {
  if (!isPossible(correct)) return correct.notPossible;
  return `${correct.correct} of ${correct.sure} sure guesses were right (${percent(correct.value, 1)}); naming always the commoner kind gives ${percent(informedRate, 1)}`;
}

function guessTableBlock(series: GuessSeries, results: Results) {
  const share = (value: GuessTable['sensitivity']) =>
    isPossible(value) ? `${percent(value.value, 1)} (${interval(100 * value.lower, 100 * value.upper, 0)})` : 'none';
  return {
    title: `${series.label}: guesses and indices per time point`,
    columns: [
      { head: 'Time point' },
      { head: 'Guesses' },
      { head: 'Right, of sure' },
      { head: `Right with ${results.labels.active}` },
      { head: `Right with ${results.labels.placebo}` },
      { head: 'Bang, active' },
      { head: 'Bang, placebo' },
      { head: 'James' },
    ],
    rows: series.timePoints.map((table): Part[] => [
      table.label,
      table.guesses,
      share(table.correct),
      share(table.sensitivity),
      share(table.specificity),
      indexCell(table.bang.active),
      indexCell(table.bang.placebo),
      indexCell(table.james),
    ]),
    note: `${severalWords(series)}Shares with Wilson’s 95% interval in percent. Indices with standard error (SE) and two-sided 90% interval, whose ends are the one-sided 95% limits of the authors.`,
  };
}

function severalWords({ timePoints }: GuessSeries): string {
  if (timePoints.every(({ guesses, participants }) => guesses === participants)) return '';
  return 'Some people guessed more than once within a time point, so its intervals are narrower than they should be. ';
}

function cuesTable(series: GuessSeries, results: Results) {
  return {
    title: `${series.label}: what people say the guess rests on`,
    columns: [{ head: 'Cue' }, { head: results.labels.active }, { head: results.labels.placebo }],
    rows: series.cues.map(({ cue, active, placebo }): Part[] => [cueWords(cue), active, placebo]),
  };
}

/** `sideEffects` reads “side effects”. */
function cueWords(cue: string): string {
  return cue.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
