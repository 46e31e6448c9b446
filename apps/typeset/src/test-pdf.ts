/** How tests look at a PDF: through poppler's programs, where the machine has them, and through a reader of QR codes. */
import { spawnSync } from 'node:child_process';
import jsqr from 'jsqr';

/** For `it(…, { skip })`: a reason to leave a test out, or false. */
export const withoutPoppler = spawnSync('pdftoppm', ['-v']).error === undefined ? false : 'poppler is not installed';

function poppler(program: string, args: readonly string[], pdf: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { input: pdf, maxBuffer: 200_000_000 });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout;
}

/** The text of every page. */
export const pagesOf = (pdf: Uint8Array): readonly string[] =>
  poppler('pdftotext', ['-layout', '-', '-'], pdf).toString().split('\f').slice(0, -1);

/** A word and where it stands, in points from the top left corner. */
export interface Word {
  readonly page: number;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function wordsOf(pdf: Uint8Array): readonly Word[] {
  const xml = poppler('pdftotext', ['-bbox', '-', '-'], pdf).toString();
  const pages = xml.split('<page ').slice(1);
  const word = /<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<\/word>/g;
  return pages.flatMap((page, index) =>
    [...page.matchAll(word)].map(([, left, top, right, bottom, text = '']) => ({
      page: index,
      text,
      left: Number(left),
      top: Number(top),
      right: Number(right),
      bottom: Number(bottom),
    })),
  );
}

/** Grey values, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** @param page from 1 */
export function pictureOf(pdf: Uint8Array, page: number, dotsPerInch: number): Picture {
  const args = ['-gray', '-r', String(dotsPerInch), '-f', String(page), '-l', String(page), '-'];
  const pgm = poppler('pdftoppm', args, pdf);
  const [head = '', width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString('latin1', 0, 40)) ?? [];
  return { width: Number(width), height: Number(height), grey: pgm.subarray(head.length) };
}

export function cut(picture: Picture, left: number, top: number, width: number, height: number): Picture {
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * picture.width + left;
    grey.set(picture.grey.subarray(start, start + width), y * width);
  }
  return { width, height, grey };
}

/** What a QR code in the picture says. */
export function readQr({ width, height, grey }: Picture): string | undefined {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (const [index, value] of grey.entries()) pixels.set([value, value, value, 255], index * 4);
  return jsqr.default(pixels, width, height)?.data;
}
