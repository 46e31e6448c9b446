/** The share of people still in the study over its days, by arm, with how many are left to tell. */
import { html } from '@limen/protocol';
import type { DropOut } from '../results.ts';
import type { FigureBlock } from './blocks.ts';
import { at, percent } from './numbers.ts';

const [left, right, top, bottom] = [120, 700, 34, 190];
const lineHeight = 18;
/** Told by their strokes, not by colour alone. */
const strokes = ['', '7 4', '2 3', '10 3 2 3'];

/** Null where nobody was randomised. */
export function dropOutFigure({ arms, lastDay }: DropOut): FigureBlock | null {
  const drawn = arms.filter(({ participants }) => participants > 0);
  if (drawn.length === 0) return null;
  const x = (day: number) => left + ((right - left) * (day - 1)) / Math.max(1, lastDay - 1);
  const y = (share: number) => bottom - (bottom - top) * share;
  const days = drawn[0]?.atRisk.map(({ day }) => day) ?? [];
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`<path class="grid" d="M${left} ${at(y(share))}H${right}"/><text class="soft" x="${left - 8}" y="${at(y(share) + 4)}" text-anchor="end">${percent(share)}</text>`,
  );
  const axis = days.map(
    (day) =>
      html`<text class="soft" x="${at(x(day))}" y="${bottom + lineHeight}" text-anchor="middle">day ${day}</text>`,
  );
  const curves = drawn.map(({ label, steps, atRisk }, index) => {
    const path = steps.reduce((so, { day, stayed }) => `${so}H${at(x(day))}V${at(y(stayed))}`, `M${left} ${at(y(1))}`);
    const dash = strokes[index % strokes.length] ?? '';
    const keyAt = left + index * 190;
    const row = bottom + (index + 3) * lineHeight;
    const risk = atRisk.map(
      ({ day, people }) => html`<text x="${at(x(day))}" y="${row}" text-anchor="middle">${people}</text>`,
    );
    return html`<path d="${path}H${right}" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="${dash}"/><path d="M${keyAt} 14h26" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="${dash}"/><text x="${keyAt + 32}" y="18">${label}</text><text class="soft" x="${left - 20}" y="${row}" text-anchor="end">${label.slice(0, 14)}</text>${risk}`;
  });
  const said = drawn.map(({ label, participants, left: gone }) => `${label}: ${gone} of ${participants} left`);
  return {
    title: 'Share of people still in the study, by arm, with the number followed below',
    description: said.join('; '),
    width: 720,
    height: bottom + (drawn.length + 3) * lineHeight,
    drawing: html`${grid}${axis}<text class="soft" x="${left - 20}" y="${bottom + 2 * lineHeight}" text-anchor="end">followed</text>${curves}`,
    data: {
      columns: [{ head: 'Arm' }, ...days.map((day) => ({ head: `Followed on day ${day}` })), { head: 'Left' }],
      rows: drawn.map(({ label, atRisk, left: gone }) => [label, ...atRisk.map(({ people }) => people), gone]),
    },
  };
}
