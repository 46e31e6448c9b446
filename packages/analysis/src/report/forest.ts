/** All outcomes at a glance: the planned estimate and the estimate with the guess, side by side. */

import { html, type Markup } from '@limen/protocol';
import type { Outcome, Results, Term } from '../results.ts';
import type { FigureBlock } from './blocks.ts';
import { wrapAll } from './flow-diagram.ts';
import { at, digitsFor, fixed, interval, tickLabel, ticks } from './numbers.ts';
import { referenceLabel } from './words.ts';

type Row = {
  readonly label: string;
  readonly contrast: string;
  readonly unit: number;
  readonly planned: Term | null;
  readonly withGuess: Term | null;
};

const width = 720;
const left = 268;
const right = 704;
const rowHeight = 42;
const top = 46;

/** Rows of outcomes on one scale: each divided by the standard deviation of its values in the reference condition. */
export function forestFigure(results: Results): FigureBlock | null {
  const rows = results.outcomes.flatMap((outcome) => rowsOf(outcome, results));
  if (rows.length === 0) return null;
  const terms = rows.flatMap(({ planned, withGuess, unit }) =>
    [planned, withGuess].flatMap((term) => (term === null ? [] : [term.lower / unit, term.upper / unit])),
  );
  const low = Math.min(0, ...terms);
  const high = Math.max(0, ...terms);
  const margin = (high - low) * 0.04 || 1;
  const x = (value: number) => left + ((value - low + margin) / (high - low + 2 * margin)) * (right - left);
  const height = top + rows.length * rowHeight + 44;
  const axis = ticks(low, high, 6).map(
    (tick) =>
      html`<path class="grid" d="M${at(x(tick))} ${top - 8}V${height - 40}"/><text class="soft" x="${at(x(tick))}" y="${height - 22}" text-anchor="middle">${tickLabel(tick)}</text>`,
  );
  const drawing = html`${legend()}${axis}<path class="zero" d="M${at(x(0))} ${top - 8}V${height - 40}"/>${rows.map((row, index) => rowMarkup(row, top + index * rowHeight, x))}<text class="soft" x="${(left + right) / 2}" y="${height - 4}" text-anchor="middle">Difference in standard deviations of the reference rows</text>`;
  return {
    title: 'Differences between conditions, as planned and with the guess in the model',
    description: `${rows.length} outcomes, each with the planned estimate and the estimate with the guess, 95% intervals, in standard deviations of the reference condition.`,
    width,
    height,
    drawing,
    data: {
      columns: [
        { head: 'Outcome' },
        { head: 'Contrast', left: true },
        { head: 'SD' },
        { head: 'Planned' },
        { head: 'With the guess' },
      ],
      rows: rows.map((row) => [
        row.label,
        row.contrast,
        fixed(row.unit, 2),
        standardised(row.planned, row.unit),
        standardised(row.withGuess, row.unit),
      ]),
      note: 'Estimates and 95% intervals divided by the standard deviation (SD) of the reference rows. The scale serves the comparison of outcomes only.',
    },
  };
}

function rowsOf(outcome: Outcome, results: Results): Row[] {
  const reference = referenceLabel(outcome, results);
  const unit = outcome.groups.find(({ label }) => label === reference)?.sd ?? outcome.groups[0]?.sd ?? null;
  if (unit === null || !(unit > 0)) return [];
  return outcome.contrasts.map(({ label, unadjusted, withGuess }) => ({
    // Several contrasts of one outcome are told apart by what is compared.
    label: outcome.contrasts.length > 1 ? `${outcome.label}, ${label}` : outcome.label,
    contrast: `${label} − ${reference}`,
    unit,
    planned: unadjusted,
    withGuess,
  }));
}

function standardised(term: Term | null, unit: number): string {
  if (term === null) return 'not fitted';
  return `${fixed(term.estimate / unit, 2)} (${interval(term.lower / unit, term.upper / unit, 2)})`;
}

function legend(): Markup {
  return html`<rect class="active" x="${left}" y="9" width="10" height="10"/><text x="${left + 17}" y="18.5">as planned</text><circle class="placebo open mark" cx="${left + 120}" cy="14" r="5"/><text x="${left + 132}" y="18.5">with the guess in the model</text>`;
}

function rowMarkup(row: Row, y: number, x: (value: number) => number): Markup {
  const lines = wrapAll([row.label], left - 10).slice(0, 2);
  const texts = lines.map(
    (line, index) => html`<text x="4" y="${at(y + (lines.length === 1 ? 19 : 12) + index * 15)}">${line}</text>`,
  );
  return html`<path class="grid" d="M0 ${at(y + rowHeight - 6)}H${width}"/>${texts}${row.planned !== null && markMarkup(row.planned, row.unit, y + 9, x, 'planned')}${row.withGuess !== null && markMarkup(row.withGuess, row.unit, y + 24, x, 'guess')}
`;
}

function markMarkup(
  term: Term,
  unit: number,
  y: number,
  x: (value: number) => number,
  kind: 'planned' | 'guess',
): Markup {
  const [low, middle, high] = [x(term.lower / unit), x(term.estimate / unit), x(term.upper / unit)];
  const ink = kind === 'planned' ? 'active' : 'placebo';
  const mark =
    kind === 'planned'
      ? html`<rect class="active" x="${at(middle - 4.5)}" y="${at(y - 4.5)}" width="9" height="9"/>`
      : html`<circle class="placebo open mark" cx="${at(middle)}" cy="${at(y)}" r="4.6"/>`;
  return html`<path class="${ink} mark" d="M${at(low)} ${at(y)}H${at(high)}"/>${mark}`;
}

/** The estimates on their own scales. */
export function estimateCell(term: Term | null): string {
  if (term === null) return 'not fitted';
  const digits = digitsFor(term.standardError);
  return `${fixed(term.estimate, digits)} (${interval(term.lower, term.upper, digits)})`;
}
