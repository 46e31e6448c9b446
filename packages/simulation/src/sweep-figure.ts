/** Shares against what was changed, as vector graphics with a text alternative. */
import type { PowerResult } from './power.ts';
import type { Sweepable } from './sweep.ts';
import { sweepable } from './sweep.ts';

export type SweepPoint = { readonly value: number; readonly result: PowerResult };

const size = { width: 640, height: 400, left: 64, right: 24, top: 56, bottom: 56 };
const series = [
  { estimator: 'unadjusted', label: 'As planned', colour: '#b3541e', dash: '' },
  { estimator: 'withGuess', label: 'With the guess in the model', colour: '#1f5a7a', dash: '6 4' },
] as const;

const number = (value: number) => String(Math.round(value * 100) / 100);
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Of the first level against the reference; bars are two Monte-Carlo standard errors to each side. */
export function sweepFigure(name: Sweepable, points: readonly SweepPoint[]): string {
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const plotWidth = size.width - size.left - size.right;
  const plotHeight = size.height - size.top - size.bottom;
  const x = (value: number) => size.left + (high > low ? (value - low) / (high - low) : 0.5) * plotWidth;
  const y = (share: number) => size.top + (1 - share) * plotHeight;
  const at = (left: number, top: number) => `${number(left)},${number(top)}`;
  const first = points[0]?.result;
  const title = escaped(`${first?.protocol}: ${first?.endpoint}`);
  const drawn = series.map(({ estimator, label, colour, dash }, place) => {
    const own = points.flatMap(({ value, result }) => {
      const found = result.estimators.find((one) => one.estimator === estimator);
      return found ? [{ value, share: found.rejected, error: 2 * found.rejectedError }] : [];
    });
    const line = own.map(({ value, share }) => at(x(value), y(share))).join(' ');
    const marks = own.map(({ value, share, error }) => {
      const [from, to] = [y(Math.max(0, share - error)), y(Math.min(1, share + error))].map(number);
      const middle = number(x(value));
      return `<line x1="${middle}" x2="${middle}" y1="${from}" y2="${to}"/><circle cx="${middle}" cy="${number(y(share))}" r="3.5" fill="${colour}"/>`;
    });
    const top = 24 + place * 16;
    return `<g stroke="${colour}" stroke-width="2" fill="none"><polyline stroke-dasharray="${dash}" points="${line}"/>${marks.join('')}<line x1="${size.width - 220}" x2="${size.width - 192}" y1="${top}" y2="${top}" stroke-dasharray="${dash}"/></g><text x="${size.width - 186}" y="${top + 4}">${label}</text>`;
  });
  const shares = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${size.left}" x2="${size.width - size.right}" y1="${number(y(share))}" y2="${number(y(share))}" stroke="#d5d9dc"/><text x="${size.left - 8}" y="${number(y(share) + 4)}" text-anchor="end">${100 * share} %</text>`,
  );
  const ticks = values.map(
    (value) => `<text x="${number(x(value))}" y="${size.height - 32}" text-anchor="middle">${number(value)}</text>`,
  );
  const told = points.map(({ value, result }) => {
    const said = series.map(({ estimator, label }) => {
      const found = result.estimators.find((one) => one.estimator === estimator);
      return `${label.toLowerCase()} ${number(100 * (found?.rejected ?? 0))} %`;
    });
    return `${number(value)}: ${said.join(', ')}`;
  });
  const alpha = first?.alpha ?? 0.05;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="12" fill="#20262a"><title id="title">${title}</title><desc id="desc">Share of ${first?.trials} trials with p below ${alpha}, by ${name}. ${told.join('; ')}.</desc><rect width="100%" height="100%" fill="#fff"/><text x="16" y="24" font-weight="600">${title}</text><text x="16" y="42">Trials with p below ${alpha}</text>${shares.join('')}${ticks.join('')}<text x="${size.left + plotWidth / 2}" y="${size.height - 10}" text-anchor="middle">${name}: ${sweepable[name]}</text><line x1="${size.left}" x2="${size.width - size.right}" y1="${number(y(alpha))}" y2="${number(y(alpha))}" stroke="#20262a" stroke-dasharray="2 3"/>${drawn.join('')}</svg>\n`;
}
