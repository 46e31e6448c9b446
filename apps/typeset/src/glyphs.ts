/** Which characters can be printed: a missing one would come out as an empty box, on a label that somebody trusts. */
import { TypesetError } from './errors.ts';

/** Sorted ranges of code points, both ends included. */
export type Coverage = readonly (readonly [first: number, last: number])[];

/** What all fonts have. Each is given as typst tells it: lengths of runs, missing and present by turns, from U+0000. */
export function commonCoverage(fonts: readonly (readonly number[])[]): Coverage {
  return fonts.map(rangesOf).reduce(intersection);
}

function rangesOf(runs: readonly number[]): Coverage {
  const ranges: [number, number][] = [];
  let at = 0;
  for (const [index, length] of runs.entries()) {
    if (index % 2 === 1) ranges.push([at, at + length - 1]);
    at += length;
  }
  return ranges;
}

const intersection = (left: Coverage, right: Coverage): Coverage =>
  left.flatMap(([first, last]) =>
    right
      .filter((one) => one[0] <= last && one[1] >= first)
      .map((one): [number, number] => [Math.max(first, one[0]), Math.min(last, one[1])]),
  );

/** Refuses texts with a character that the fonts lack. Line breaks are layout, not glyphs. */
export function assertPrintable(coverage: Coverage, data: unknown): void {
  const missing = new Set<string>();
  for (const text of textsOf(data)) {
    for (const character of text) {
      if (character !== '\n' && !isCovered(coverage, character.codePointAt(0) ?? 0)) missing.add(character);
    }
  }
  if (missing.size === 0) return;
  const shown = [...missing].slice(0, 10).map((one) => `${JSON.stringify(one)} (U+${hex(one)})`);
  throw new TypesetError('missing_glyph', `Write without ${shown.join(', ')}.`);
}

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

function isCovered(coverage: Coverage, codePoint: number): boolean {
  return codePoint >= 0x20 && coverage.some(([first, last]) => first <= codePoint && codePoint <= last);
}

function textsOf(data: unknown): readonly string[] {
  if (typeof data === 'string') return [data];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(textsOf);
}
