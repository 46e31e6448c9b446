/** Bytes of a file as text: UTF-8, or UTF-16 that says so. Anything else would be read as other letters than were written. */
import { InterchangeError } from './errors.ts';

/** Of the Encoding standard (WHATWG): in every browser and in Node. */
declare const TextDecoder: new (label: string, options?: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** @throws InterchangeError `csv_not_text`, or `csv_encoding` naming the first line that cannot be read */
export function textOf(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.includes(0)) throw new InterchangeError('csv_not_text');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InterchangeError(
      'csv_encoding',
      `line ${lineOfFault(bytes, encoding)} holds a letter of another encoding`,
    );
  }
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function lineOfFault(bytes: Uint8Array, encoding: string): number {
  const lines = new TextDecoder(encoding).decode(bytes).split('\n');
  return lines.findIndex((line) => line.includes('\uFFFD')) + 1;
}
