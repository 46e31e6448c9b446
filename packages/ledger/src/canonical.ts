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
      if (Array.isArray(value)) return writeList(value, depth);
      if (!isPlain(value)) throw new LedgerError('canonical.type', 'not a plain object');
      return writeObject(value, depth);
    default:
      throw new LedgerError('canonical.type', typeof value);
  }
}

/** Printable ASCII without quotation mark and backslash: written as it stands. */
const plainText = /^[ !#-[\]-~]*$/;

/** The canonical text of a text. */
export function writeText(text: string): string {
  if (plainText.test(text)) return `"${text}"`;
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

function writeObject(object: Readonly<Record<string, unknown>>, depth: number): string {
  let text = '{';
  for (const key of keysInOrder(object)) {
    text += `${text.length === 1 ? '' : ','}${writeText(key)}:${write(object[key], depth + 1)}`;
  }
  return `${text}}`;
}

/** A plain object has all it holds in enumerable text keys of its own; of anything else a part would be lost. */
function isPlain(object: object): object is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(object);
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(object).length === 0;
}

/** Sorting is skipped for the usual case of keys that are in order already. */
function keysInOrder(object: object): readonly string[] {
  const keys = Object.keys(object);
  let before = '';
  for (const key of keys) {
    if (key < before) return keys.sort();
    before = key;
  }
  return keys;
}
