/** Reading a JSON body: strict UTF-8, no lone surrogates, no NUL, no prototype keys, bounded depth. */
import { problemOf } from './problem.ts';

/** Documents are whole protocols; everything else is one act of one person. */
export const bodyLimits = { bytes: 1_000_000, documentBytes: 8_500_000, depth: 40 } as const;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function parseBody(bytes: Buffer): unknown {
  const text = decode(bytes);
  if (text.includes('"__proto__"')) throw malformed('A field may not be named __proto__.');
  if (depthOf(text) > bodyLimits.depth) throw malformed(`Nesting is limited to ${bodyLimits.depth} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw problemOf('malformed_json');
  }
  // Escapes are the only way in for texts that PostgreSQL and the ledger cannot hold.
  if (text.includes('\\u')) assertTexts(value);
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

function malformed(detail: string) {
  return problemOf('malformed_json', { detail });
}

/** Depth of brackets outside of texts; counted before parsing, which would recurse. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let place = 0; place < text.length; place += 1) {
    const character = text.charCodeAt(place);
    if (character === 0x22) place = endOfText(text, place);
    else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (character === 0x7d || character === 0x5d) depth -= 1;
  }
  return deepest;
}

/** The place of the quotation mark that ends the text beginning at `start`. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function assertTexts(value: unknown): void {
  if (typeof value === 'string') assertText(value);
  else if (Array.isArray(value)) value.forEach(assertTexts);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      if (name === '__proto__') throw malformed('A field may not be named __proto__.');
      assertText(name);
      assertTexts(field);
    }
  }
}

export function assertText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw malformed('A text holds a character that cannot be stored.');
}
