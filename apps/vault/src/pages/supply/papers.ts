/** PDF of the supply: labels, slips, packing lists, registers, certificates. */
import type { Answer } from '../route.ts';

/** In Chromium and on a printer alike; the file's name says no more than the title of the page it came from. */
export function pdf(file: Uint8Array, name: string): Answer {
  return { file, name: `${name}.pdf`, type: 'application/pdf' };
}

/** The vault's pages are in English, so are its papers. */
export const printing = (printedAt: string) => ({ language: 'en', printedAt });
export const paper = 'a4' as const;
