/** Differences between people, effects over doses, and who left when. */
import { html, type Markup, type Part } from '@limen/protocol';
import { isPossible } from '../possible.ts';
import type { DropOut, Outcome, Possible, Term } from '../results.ts';
import { type Blocks, tableMarkup } from './blocks.ts';
import { dropOutFigure } from './drop-out-figure.ts';
import { digitsFor, fixed, interval, percent, pValue } from './numbers.ts';

export function individualsMarkup({ individuals = [], label }: Outcome): Markup | null {
  if (individuals.length === 0) return null;
  const parts = individuals.map(({ level: name, label: level, participants, effects }) => {
    if (!isPossible(effects))
      return html`<p>Effects of single people, ${level}: not possible. ${effects.notPossible}</p>`;
    const { mean, between, prediction, people } = effects;
    const words = `${level}, ${participants} people who had both: mean effect ${fixed(mean.estimate, 2)} (${interval(mean.lower, mean.upper, 2)}). Between people the effect varies with a standard deviation of ${fixed(between.sd, 2)} (${interval(between.lower, between.upper, 2)}), p ${pValue(between.p)} that it does not vary.`;
    const next =
      prediction === null
        ? ''
        : ` A further person’s effect is expected from ${fixed(prediction.lower, 2)} to ${fixed(prediction.upper, 2)}.`;
    const rows = people.map((own): Part[] => [
      own.participant,
      `${fixed(own.estimate, 2)} (${interval(own.lower, own.upper, 2)})`,
      fixed(own.drawnIn, 2),
      percent(own.believed),
    ]);
    const columns = ['Person', 'Own difference (95% interval)', 'Drawn in', 'Share believed'].map((head) => ({ head }));
    const title = `Effects of single people: ${label}, ${name}`;
    return html`<p>${words}${next}</p>${tableMarkup({ columns, rows }, html`Effects of single people, ${level}`, title)}`;
  });
  return html`${parts}<p class="note">Each person as a trial of one; together by random effects (Zucker et al. 1997), the variance between people by REML with its Q-profile interval. “Drawn in” is nearer to the mean the less is known of the person.</p>`;
}

/** Who changed by more than error of measurement. */
export function respondersMarkup({ responders, label }: Outcome): Markup | null {
  if (responders === undefined) return null;
  if (!isPossible(responders))
    return html`<p class="note">Reliable change: not computed. ${responders.notPossible}</p>`;
  const { arms, differences, threshold, source } = responders;
  const rows = arms.map(({ level, label: arm, participants, improved, worsened, share }): Part[] => {
    const gained = differences.find((one) => one.level === level);
    return [
      arm,
      participants,
      isPossible(share)
        ? `${improved} (${percent(share.value, 1)}; ${interval(100 * share.lower, 100 * share.upper, 0)})`
        : String(improved),
      worsened,
      gained === undefined
        ? ''
        : `${fixed(100 * gained.value, 1)} (${interval(100 * gained.lower, 100 * gained.upper, 1)})`,
    ];
  });
  const columns = [
    { head: 'Arm' },
    { head: 'People' },
    { head: 'Improved (95% interval)' },
    { head: 'Worsened' },
    { head: 'Difference in improved, percentage points (95% interval)' },
  ];
  return html`${tableMarkup({ columns, rows }, html`Reliable change: more than ${fixed(threshold, 2)} from baseline to the last value`, `Reliable change: ${label}`)}<p class="note">Jacobson and Truax 1991. ${source} Shares with Wilson’s interval, differences with Newcombe’s.</p>`;
}

export function dosesMarkup({ doses, label }: Outcome): Markup | null {
  if (doses === undefined) return null;
  const { response, tolerance } = doses;
  const rows: Part[][] = [
    ...(response === null ? [] : [[`per ${response.unit}`, 'all doses', ...slopeCells(response.slope)]]),
    ...tolerance.map(({ label: level, slope }) => ['difference, per capsule taken', level, ...slopeCells(slope)]),
  ];
  const columns = [{ head: 'Change' }, { head: 'Of', left: true }, { head: 'Slope (95% interval)' }, { head: 'p' }];
  return html`${tableMarkup({ columns, rows }, html`Over doses: response and tolerance`, `Over doses: ${label}`)}<p class="note">Exploratory: with the random terms of the plan alone, a p of a slope over capsules can be too small.</p>`;
}

function slopeCells(slope: Possible<Term>): Part[] {
  if (!isPossible(slope)) return [`not possible: ${slope.notPossible}`, ''];
  const digits = digitsFor(slope.standardError);
  return [`${fixed(slope.estimate, digits)} (${interval(slope.lower, slope.upper, digits)})`, pValue(slope.p)];
}

export function dropOutMarkup({ arms, logRank, hazards, lastDay }: DropOut, blocks: Blocks): Markup {
  const ratios = isPossible(hazards)
    ? hazards.ratios.map(
        ({ label, estimate, lower, upper, p }) =>
          `${label}: hazard ratio ${fixed(estimate, 2)} (${interval(lower, upper, 2)}), p ${pValue(p)}`,
      )
    : [`hazard ratio not possible: ${hazards.notPossible}`];
  const test = isPossible(logRank)
    ? `log-rank p ${pValue(logRank.p)}`
    : `log-rank not possible: ${logRank.notPossible}`;
  const figure = dropOutFigure({ arms, logRank, hazards, lastDay });
  return html`${figure !== null && blocks.figure(figure)}${blocks.table({
    title: 'Time to leaving dosing or the study',
    columns: ['Arm', 'Participants', 'Left', 'Study day', 'At risk', 'Still in (95% interval)'].map((head) => ({
      head,
    })),
    rows: arms.flatMap(({ label, participants, left, steps }): Part[][] =>
      steps.length === 0
        ? [[label, participants, left, '', '', '']]
        : steps.map(({ day, atRisk, stayed, lower, upper }) => [
            ...[label, participants, left, day, atRisk],
            `${percent(stayed, 1)} (${percent(lower, 1)} to ${percent(upper, 1)})`,
          ]),
    ),
    note: `Kaplan and Meier, a row for every day on which somebody left; ${[test, ...ratios].join('; ')}.`,
  })}`;
}
