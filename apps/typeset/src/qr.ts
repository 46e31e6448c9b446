/** QR codes (ISO/IEC 18004) as SVG: drawn by the templates, read back by a camera. */
import { encode } from 'uqr';
import { TypesetError } from './errors.ts';

/** Modules of quiet zone on each side; the standard asks for four. */
const QUIET = 4;
const LONGEST = 300;

/** `M` restores about 15 % of damage, which a creased label needs. */
export function qrSvg(text: string): string {
  if (text.length === 0 || text.length > LONGEST)
    throw new TypesetError('bad_input', `A QR code holds 1 to ${LONGEST} characters, this one ${text.length}.`);
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const runs = data.flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  const side = size + 2 * QUIET;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-QUIET} ${-QUIET} ${side} ${side}"><path d="${runs.join('')}"/></svg>`;
}

/** Dark modules of a row, neighbours joined so that no printer draws a gap between them. */
function runsOf(row: readonly boolean[]): [start: number, length: number][] {
  const runs: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1);
    if (!dark) continue;
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  }
  return runs;
}
