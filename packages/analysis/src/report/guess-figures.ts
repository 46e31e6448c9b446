/** Pictures of guessing: what was guessed by what was taken, the indices over time, and the guess-rate curve. */

import { html, type Markup, type Part } from '@limen/protocol';
import { isPossible } from '../possible.ts';
import type { Cell, Curve, GuessSeries, Outcome, Results } from '../results.ts';
import type { FigureBlock } from './blocks.ts';
import { at, digitsFor, fixed, interval, percent, tickLabel, ticks } from './numbers.ts';

const cells: readonly Cell[] = ['active', 'placebo', 'unsure'];
const cellWords = { active: 'guessed active', placebo: 'guessed placebo', unsure: 'did not know' } as const;

/** Columns as wide as the conditions are large, split by what was guessed. */
export function mosaicFigure(series: GuessSeries, results: Results): FigureBlock {
  const { counts } = series.overall;
  const totals = {
    active: cells.reduce((sum, cell) => sum + counts.active[cell], 0),
    placebo: cells.reduce((sum, cell) => sum + counts.placebo[cell], 0),
  };
  const all = Math.max(1, totals.active + totals.placebo);
  const area = { x: 10, y: 34, width: 500, height: 150 };
  const activeWidth = (totals.active / all) * (area.width - 8);
  const columns = [
    { role: 'active' as const, x: area.x, width: activeWidth },
    { role: 'placebo' as const, x: area.x + activeWidth + 8, width: area.width - 8 - activeWidth },
  ];
  const drawing = columns.map(({ role, x, width }) => {
    let y = area.y;
    const blocks = cells.map((cell): Part => {
      const share = totals[role] === 0 ? 0 : counts[role][cell] / totals[role];
      const height = share * area.height;
      if (height === 0) return null;
      const ink = cell === 'unsure' ? 'bar-soft' : cell;
      const middle = y + height / 2 + 4;
      const made = html`<rect class="${ink}" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(Math.max(0, height - 2))}"/>${height > 18 && width > 60 && html`<text class="${cell === 'unsure' ? '' : 'on'}" x="${at(x + 8)}" y="${at(middle)}">${counts[role][cell]} (${percent(share)})</text>`}`;
      y += height;
      return made;
    });
    return html`<text class="strong" x="${at(x)}" y="24">${results.labels[role]}: ${totals[role]}</text>${blocks}`;
  });
  const legend = cells.map(
    (cell, index) =>
      html`<rect class="${cell === 'unsure' ? 'bar-soft' : cell}" x="536" y="${44 + index * 26}" width="14" height="14"/><text x="558" y="${55.5 + index * 26}">${cellWords[cell]}</text>`,
  );
  return {
    title: `${series.label}: what was guessed, by what had been taken (all time points)`,
    description: `With ${results.labels.active}: ${sentence(counts.active)}. With ${results.labels.placebo}: ${sentence(counts.placebo)}.`,
    width: 720,
    height: 192,
    drawing: html`${drawing}${legend}`,
    data: {
      columns: [{ head: 'Taken' }, ...cells.map((cell) => ({ head: cellWords[cell] })), { head: 'Sum' }],
      rows: (['active', 'placebo'] as const).map((role) => [
        results.labels[role],
        ...cells.map((cell) => counts[role][cell]),
        totals[role],
      ]),
    },
  };
}

function sentence(counts: Readonly<Record<Cell, number>>): string {
  return cells.map((cell) => `${counts[cell]} ${cellWords[cell]}`).join(', ');
}

/** Bang's index per condition and the James index at every time point, with 90% intervals. */
export function indicesFigure(series: GuessSeries, results: Results): FigureBlock | null {
  const points = series.timePoints;
  if (points.length === 0) return null;
  const panelHeight = 170;
  const [left, right] = [56, 704];
  const step = (right - left) / points.length;
  const middle = (index: number) => left + (index + 0.5) * step;
  const bangY = (value: number) => 34 + ((1 - value) / 2) * panelHeight;
  const jamesTop = 34 + panelHeight + 62;
  const jamesY = (value: number) => jamesTop + (1 - value) * 110;
  const bangAxis = [-1, -0.5, 0, 0.5, 1].map((tick) => gridLine(bangY(tick), tick, left, right, tick === 0));
  const jamesAxis = [0, 0.5, 1].map((tick) => gridLine(jamesY(tick), tick, left, right, tick === 0.5));
  const marks = points.map(({ bang, james }, index) => {
    const x = middle(index);
    return html`${isPossible(bang.active) && pointMark(x - 10, bangY, bang.active, 'active')}${isPossible(bang.placebo) && pointMark(x + 10, bangY, bang.placebo, 'placebo')}${isPossible(james) && pointMark(x, jamesY, james, 'active')}`;
  });
  const height = jamesTop + 110 + 40;
  const names = points.map(
    ({ label }, index) =>
      html`<text class="soft" x="${at(middle(index))}" y="${height - 10}" text-anchor="middle">${label}</text>`,
  );
  const titles = html`<text class="strong" x="4" y="16">Bang index</text><circle class="active" cx="110" cy="12" r="4.6"/><text x="120" y="16">${results.labels.active}</text><circle class="placebo open mark" cx="${140 + results.labels.active.length * 7}" cy="12" r="4.6"/><text x="${151 + results.labels.active.length * 7}" y="16">${results.labels.placebo}</text><text class="strong" x="4" y="${jamesTop - 16}">James index</text>`;
  return {
    title: `${series.label}: blinding indices over time, with 90% intervals`,
    description:
      'Bang index: 0 is chance, 1 all right, −1 all wrong. James index: 0.5 is chance, 0 all right, 1 nobody knows.',
    width: 720,
    height,
    drawing: html`${titles}${bangAxis}${jamesAxis}${marks}${names}`,
    data: {
      columns: [
        { head: 'Time point' },
        { head: `Bang, ${results.labels.active}` },
        { head: `Bang, ${results.labels.placebo}` },
        { head: 'James' },
      ],
      rows: points.map(({ label, bang, james }) => [
        label,
        indexCell(bang.active),
        indexCell(bang.placebo),
        indexCell(james),
      ]),
      note: 'Index with standard error and 90% interval.',
    },
  };
}

export function indexCell(index: GuessSeries['overall']['james']): string {
  if (!isPossible(index)) return 'none';
  return `${fixed(index.value, 3)} (SE ${fixed(index.standardError, 3)}; ${interval(index.lower, index.upper, 2)})`;
}

function gridLine(y: number, tick: number, left: number, right: number, chance: boolean): Markup {
  return html`<path class="${chance ? 'zero' : 'grid'}" d="M${left} ${at(y)}H${right}"/><text class="soft" x="${left - 8}" y="${at(y + 4)}" text-anchor="end">${tickLabel(tick)}</text>`;
}

function pointMark(
  x: number,
  y: (value: number) => number,
  estimate: { value: number; lower: number; upper: number },
  ink: 'active' | 'placebo',
): Markup {
  const open = ink === 'placebo' ? ' open mark' : '';
  return html`<path class="${ink} mark" d="M${at(x)} ${at(y(Math.max(-1, estimate.lower)))}V${at(y(Math.min(1, estimate.upper)))}"/><circle class="${ink}${open}" cx="${at(x)}" cy="${at(y(estimate.value))}" r="4.6"/>`;
}

/** The difference between conditions against the correct-guess rate, with its band. */
export function curveFigure(outcome: Outcome, curve: Extract<Curve, { status: 'drawn' }>): FigureBlock {
  const values = curve.points.flatMap(({ difference, lower, upper }) => [
    difference,
    lower ?? difference,
    upper ?? difference,
  ]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const [left, right, top, bottom] = [64, 700, 16, 262];
  const x = (rate: number) => left + rate * (right - left);
  const y = (value: number) => bottom - ((value - low) / (high - low || 1)) * (bottom - top);
  const line = curve.points
    .map(({ rate, difference }, index) => `${index === 0 ? 'M' : 'L'}${at(x(rate))} ${at(y(difference))}`)
    .join('');
  const banded = curve.points.filter(({ lower, upper }) => lower !== null && upper !== null);
  const upperEdge = banded.map(({ rate, upper }) => `${at(x(rate))} ${at(y(upper ?? 0))}`);
  const lowerEdge = banded.map(({ rate, lower }) => `${at(x(rate))} ${at(y(lower ?? 0))}`).reverse();
  const rates = [0, 0.25, 0.5, 0.75, 1].map(
    (rate) => html`<text class="soft" x="${at(x(rate))}" y="282" text-anchor="middle">${percent(rate)}</text>`,
  );
  const grid = ticks(low, high, 6).map((tick) => gridLine(y(tick), tick, left, right, tick === 0));
  const observed = html`<path class="zero" d="M${at(x(curve.observedRate))} ${top}V${bottom}"/><circle class="placebo open mark" cx="${at(x(curve.observedRate))}" cy="${at(y(differenceAt(curve)))}" r="5"/>`;
  const half =
    curve.atHalf === null
      ? null
      : html`<rect class="active" x="${at(x(0.5) - 5)}" y="${at(y(curve.atHalf.difference) - 5)}" width="10" height="10"/>`;
  const digits = digitsFor((high - low) / 10);
  return {
    title: `${outcome.label}: difference as it would be at other rates of right guesses`,
    description: `Observed rate ${percent(curve.observedRate, 1)}, raw difference ${fixed(curve.observedDifference, digits)}; at 50% ${curve.atHalf === null ? 'not defined' : fixed(curve.atHalf.difference, digits)}. Square: guesses right half the time. Circle: the observed rate.`,
    width: 720,
    height: 312,
    drawing: html`${grid}${rates}${banded.length > 1 && html`<path class="band" d="M${[...upperEdge, ...lowerEdge].join('L')}Z"/>`}<path class="curve" d="${line}"/>${observed}${half}<text class="soft" x="${(left + right) / 2}" y="304" text-anchor="middle">Share of right guesses; square: one half, circle: as observed</text>`,
    data: {
      columns: [{ head: 'Right guesses' }, { head: 'Difference' }, { head: '95% band' }],
      rows: curve.points.map(({ rate, difference, lower, upper }) => [
        percent(rate),
        fixed(difference, digits),
        lower === null || upper === null ? 'too few resamples' : interval(lower, upper, digits),
      ]),
      note: `Band: percentiles of ${curve.resamples} draws of participants with replacement.`,
    },
  };
}

/** Height of the curve at the observed rate: between its neighbours, which is exact to what a drawing shows. */
function differenceAt(curve: Extract<Curve, { status: 'drawn' }>): number {
  const after = curve.points.find(({ rate }) => rate >= curve.observedRate);
  const before = curve.points.findLast(({ rate }) => rate <= curve.observedRate);
  if (after === undefined || before === undefined) return curve.observedDifference;
  if (after.rate === before.rate) return after.difference;
  const share = (curve.observedRate - before.rate) / (after.rate - before.rate);
  return before.difference + share * (after.difference - before.difference);
}
