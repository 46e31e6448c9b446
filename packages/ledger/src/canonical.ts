/**
 * Canonical JSON (RFC 8785, JCS): one text for one value, so that a hash of the text is a hash of the value.
 * Keys are sorted by UTF-16 code units, numbers are written as ECMAScript writes them, nothing else is escaped than must be.
 */
import { LedgerError } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const maxDepth = 64;

/** The canonical text of a value. Throws `LedgerError` `canonical.*` for what JSON cannot hold exactly. */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeText(value);
    case 'number':
      if (!Number.isFinite(value)) throw new LedgerError('canonical.number', String(value));
      return Object.is(value, -0) ? '0' : String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= maxDepth) throw new LedgerError('canonical.depth');
      return Array.isArray(value) ? writeList(value, depth) : writeObject(value, depth);
    default:
      throw new LedgerError('canonical.type', typeof value);
  }
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw new LedgerError('canonical.text');
  return JSON.stringify(text);
}

function writeList(list: readonly unknown[], depth: number): string {
  let text = '[';
  // By index, not by map: a hole in a sparse list must be refused, not skipped.
  for (let index = 0; index < list.length; index += 1) {
    text += `${index === 0 ? '' : ','}${write(list[index], depth + 1)}`;
  }
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null)
    throw new LedgerError('canonical.type', 'not a plain object');
  if (Object.getOwnPropertySymbols(object).length > 0) throw new LedgerError('canonical.type', 'symbol');
  const fields: readonly [string, unknown][] = Object.entries(object);
  let text = '{';
  for (const [key, value] of inOrder(fields)) {
    text += `${text.length === 1 ? '' : ','}${writeText(key)}:${write(value, depth + 1)}`;
  }
  return `${text}}`;
}

/** Sorting is skipped for the usual case of fields that are in order already. */
function inOrder(fields: readonly [string, unknown][]): readonly [string, unknown][] {
  for (let index = 1; index < fields.length; index += 1) {
    const [before, after] = [fields[index - 1], fields[index]];
    if (before !== undefined && after !== undefined && before[0] > after[0]) {
      return fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
    }
  }
  return fields;
}
