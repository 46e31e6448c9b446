/** Where the next page begins: opaque to callers, checked when it comes back. */
import { z } from 'zod';
import { problemOf } from '../server/problem.ts';

const instant = z.iso.datetime({ precision: 3 });
const word = z.string().min(1).max(64);
const seq = z.number().int().min(0).max(2_147_483_647);

export const placeCursor = z.tuple([instant, word]);
export const ledgerCursor = z.tuple([instant, word, seq]);
export const seqCursor = z.tuple([seq]);

export function writeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(parts.join('|')).toString('base64url');
}

export function readCursor<S extends z.ZodType>(text: string | undefined, shape: S): z.output<S> | null {
  if (text === undefined) return null;
  const parts = Buffer.from(text, 'base64url')
    .toString('utf8')
    .split('|')
    .map((part) => (/^\d{1,10}$/.test(part) ? Number(part) : part));
  const result = shape.safeParse(parts);
  if (!result.success)
    throw problemOf('invalid_input', { path: 'query.after', detail: 'This page mark is not one of ours.' });
  return result.data;
}

/** One row more is read than shown: it says whether there is a next page. */
export function cutPage<Row>(rows: readonly Row[], limit: number, mark: (row: Row) => string): [Row[], string | null] {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return [shown, rows.length > limit && last !== undefined ? mark(last) : null];
}
