/** The CONSORT flow diagram: screened, randomised, and one column per arm. */

import { html, type Markup } from '@limen/protocol';
import type { Flow } from '../results.ts';
import type { FigureBlock } from './blocks.ts';
import { at, count } from './numbers.ts';

const width = 720;
const lineHeight = 17;
const padding = 9;

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly lines: readonly string[] };

export function flowFigure(flow: Flow): FigureBlock {
  const top: Box = { x: 40, y: 10, width: 280, lines: [`Assessed for eligibility: ${flow.screened}`] };
  const reasons = flow.exclusions.map(({ reason, participants }) => `${reason}: ${participants}`);
  const excluded: Box = {
    x: 380,
    y: 10,
    width: 330,
    lines: wrapAll([`Not randomised: ${flow.excluded}`, ...reasons], 330),
  };
  const randomisedY = Math.max(bottom(top), bottom(excluded)) + 26;
  const randomised: Box = { x: 40, y: randomisedY, width: 280, lines: [`Randomised: ${flow.randomised}`] };
  const armsY = bottom(randomised) + 34;
  const columns = armColumns(flow, armsY);
  const height = Math.max(...columns.map(({ boxes }) => bottom(boxes.at(-1) ?? randomised)), bottom(randomised)) + 12;
  const drawing = html`${link([180, bottom(top)], [180, randomised.y])}${elbow(180, 320, 380, (top.y + bottom(top)) / 2)}
${box(top)}${box(excluded)}${box(randomised)}${columns.map((column) => columnMarkup(column, bottom(randomised)))}`;
  return {
    title: 'Flow of participants',
    description: describe(flow),
    width,
    height,
    drawing,
    data: {
      columns: [{ head: 'Step' }, ...flow.arms.map(({ label }) => ({ head: label }))],
      rows: [
        ['Allocated', ...flow.arms.map(({ allocated }) => allocated)],
        ['Took at least one capsule', ...flow.arms.map(({ received }) => received)],
        ['Took none', ...flow.arms.map(({ notReceived }) => notReceived)],
        ['Discontinued', ...flow.arms.map((arm) => lost(arm))],
        ['Neither completed nor discontinued', ...flow.arms.map(({ stillIn }) => stillIn)],
        ['Completed', ...flow.arms.map(({ completed }) => completed)],
        ['Analysed in the first primary outcome', ...flow.arms.map(({ analysed }) => analysed)],
      ],
      note: `${count(flow.screened, 'person', 'people')} assessed, ${flow.excluded} not randomised, ${flow.randomised} randomised.`,
    },
  };
}

function describe(flow: Flow): string {
  const arms = flow.arms.map(
    (arm) =>
      `${arm.label}: ${arm.allocated} allocated, ${arm.received} took a capsule, ${lost(arm)} discontinued, ${arm.completed} completed, ${arm.analysed} analysed`,
  );
  return `${flow.screened} assessed, ${flow.excluded} not randomised, ${flow.randomised} randomised. ${arms.join('. ')}.`;
}

function lost(arm: Flow['arms'][number]): number {
  return arm.discontinued.reduce((sum, { participants }) => sum + participants, 0);
}

type ColumnBoxes = { readonly boxes: readonly Box[] };

/** Boxes of one row start at the same height in every arm. */
function armColumns(flow: Flow, y: number): ColumnBoxes[] {
  const gap = 16;
  const each = (width - 20 - gap * (flow.arms.length - 1)) / Math.max(1, flow.arms.length);
  const texts = flow.arms.map((arm) => [
    wrapAll(
      [arm.label, `Allocated: ${arm.allocated}`, `Took a capsule: ${arm.received}`, `Took none: ${arm.notReceived}`],
      each,
    ),
    wrapAll(
      [`Discontinued: ${lost(arm)}`, ...arm.discontinued.map((one) => `${one.reason}: ${one.participants}`)],
      each,
    ),
    wrapAll(
      [
        `Completed: ${arm.completed}`,
        ...(arm.stillIn > 0 ? [`Neither completed nor left: ${arm.stillIn}`] : []),
        `Analysed: ${arm.analysed}`,
      ],
      each,
    ),
  ]);
  const heights = [0, 1, 2].map((row) => Math.max(0, ...texts.map((own) => heightOf(own[row] ?? []))));
  return texts.map((own, column) => {
    let top = y;
    const boxes = own.map((lines, row): Box => {
      const made = { x: 10 + column * (each + gap), y: top, width: each, lines };
      top += (heights[row] ?? 0) + 26;
      return made;
    });
    return { boxes };
  });
}

function columnMarkup({ boxes }: ColumnBoxes, from: number): Markup {
  const [first] = boxes;
  if (first === undefined) return html``;
  const middle = first.x + first.width / 2;
  const links = boxes.slice(1).map((one, index) => {
    const above = boxes[index];
    return above === undefined ? null : link([middle, bottom(above)], [middle, one.y]);
  });
  const joint = from + 17;
  return html`<path class="link" d="M180 ${at(from)}V${at(joint)}H${at(middle)}V${at(first.y)}"/>${links}${boxes.map(box)}`;
}

function box({ x, y, width: wide, lines }: Box): Markup {
  const texts = lines.map(
    (line, index) =>
      html`<text x="${at(x + 10)}" y="${at(y + padding + 12 + index * lineHeight)}"${index === 0 && html` class="strong"`}>${line}</text>`,
  );
  return html`<rect class="box" x="${at(x)}" y="${at(y)}" width="${at(wide)}" height="${at(heightOf(lines))}" rx="3"/>${texts}
`;
}

function heightOf(lines: readonly string[]): number {
  return lines.length * lineHeight + 2 * padding - 2;
}

function bottom(one: Box): number {
  return one.y + heightOf(one.lines);
}

function link([x1, y1]: [number, number], [x2, y2]: [number, number]): Markup {
  return html`<path class="link" d="M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}"/>`;
}

function elbow(fromX: number, edge: number, toX: number, y: number): Markup {
  return html`<path class="link" d="M${at(Math.max(fromX, edge))} ${at(y)}H${at(toX)}"/>`;
}

/** Breaks lines at spaces where they would leave the box; about 6.6 units a character. */
export function wrapAll(lines: readonly string[], boxWidth: number): string[] {
  const most = Math.max(8, Math.floor((boxWidth - 20) / 6.6));
  return lines.flatMap((line) => wrap(line.slice(0, 240), most));
}

function wrap(line: string, most: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/\s+/)) {
    const pieces = word.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? [''];
    for (const piece of pieces) {
      if (current !== '' && current.length + 1 + piece.length > most) {
        lines.push(current);
        current = '';
      }
      current = current === '' ? piece : `${current} ${piece}`;
    }
  }
  return [...lines, current];
}
