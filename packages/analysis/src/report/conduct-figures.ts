/** Enrolment by month and capsules taken by week. */

import { html } from '@limen/protocol';
import type { Exposure, Flow } from '../results.ts';
import type { FigureBlock } from './blocks.ts';
import { at, percent, tickLabel, ticks } from './numbers.ts';

type Bar = { readonly name: string; readonly value: number; readonly note: string };

export function enrolmentFigure(flow: Flow): FigureBlock | null {
  if (flow.enrolment.length === 0) return null;
  let sum = 0;
  const months = flow.enrolment.map(({ month, randomised }) => {
    sum += randomised;
    return { month, randomised, sum };
  });
  const bars = months.map(({ month, randomised }) => ({ name: month, value: randomised, note: String(randomised) }));
  return {
    ...barDrawing(bars, Math.max(...bars.map(({ value }) => value)), (tick) => tickLabel(tick)),
    title: 'Participants randomised, by month',
    description: bars.map(({ name, value }) => `${name}: ${value}`).join(', '),
    data: {
      columns: [{ head: 'Month' }, { head: 'Randomised' }, { head: 'In all' }],
      rows: months.map((row) => [row.month, row.randomised, row.sum]),
    },
  };
}

export function adherenceFigure(exposure: Exposure): FigureBlock | null {
  if (exposure.weeks.length === 0) return null;
  const bars = exposure.weeks.map(({ week, due, taken }) => ({
    name: `week ${week}`,
    value: due === 0 ? 0 : taken / due,
    note: percent(due === 0 ? 0 : taken / due),
  }));
  return {
    ...barDrawing(bars, 1, (tick) => percent(tick)),
    title: 'Capsules taken, of those due, by study week',
    description: bars.map(({ name, note }) => `${name}: ${note}`).join(', '),
    data: {
      columns: [{ head: 'Study week' }, { head: 'Due' }, { head: 'Taken' }, { head: 'Share' }],
      rows: exposure.weeks.map(({ week, due, taken }, index) => [week, due, taken, bars[index]?.note ?? '']),
    },
  };
}

function barDrawing(bars: readonly Bar[], most: number, label: (tick: number) => string) {
  const [left, right, top, bottom] = [52, 706, 14, 150];
  const step = (right - left) / bars.length;
  const y = (value: number) => bottom - (value / (most || 1)) * (bottom - top - 14);
  const every = Math.ceil(bars.length / 10);
  const grid = ticks(0, most, 4).map(
    (tick) =>
      html`<path class="grid" d="M${left} ${at(y(tick))}H${right}"/><text class="soft" x="${left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${label(tick)}</text>`,
  );
  const drawn = bars.map(({ name, value, note }, index) => {
    const x = left + index * step;
    const wide = Math.min(64, step * 0.72);
    const middle = x + step / 2;
    return html`<rect class="active" x="${at(middle - wide / 2)}" y="${at(y(value))}" width="${at(wide)}" height="${at(bottom - y(value))}"/>${bars.length <= 16 && html`<text x="${at(middle)}" y="${at(y(value) - 5)}" text-anchor="middle">${note}</text>`}${index % every === 0 && html`<text class="soft" x="${at(middle)}" y="${bottom + 18}" text-anchor="middle">${name}</text>`}`;
  });
  return { width: 720, height: 176, drawing: html`${grid}${drawn}` };
}
