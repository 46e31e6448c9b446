/** How a planted leak changes an answer: by address, by participant, as JSON or as lines. */

import type { Reply } from '../http.ts';
import type { Asked, Knows, Leak } from '../leak.ts';

type Json = Record<string, unknown>;

/** The participant an address is about; null: none, or one that was not drawn into the first arm. */
export function firstArmIn(path: string, knows: Knows): string | null {
  const id = /\/participants\/([0-9A-Z]{10})(\/|\?|$)/.exec(path)?.[1];
  return id !== undefined && knows(id) === true ? id : null;
}

/** Where a participant of the first arm is asked for at an address that ends so, the answer is changed. */
export function ofFirstArm(ending: RegExp, change: (reply: Reply) => Reply): NonNullable<Leak['study']> {
  return (reply, { path }, knows) =>
    ending.test(path) && reply.status === 200 && firstArmIn(path, knows) ? change(reply) : reply;
}

/** Answers at an address that ends so are changed with all one knows of everybody. */
export function ofEverybody(
  ending: RegExp,
  change: (reply: Reply, knows: Knows, asked: Asked) => Reply,
): NonNullable<Leak['study']> {
  return (reply, asked, knows) =>
    ending.test(asked.path) && reply.status === 200 ? change(reply, knows, asked) : reply;
}

export const withJson = (reply: Reply, change: (json: Json) => Json): Reply => ({
  ...reply,
  body: JSON.stringify(change(JSON.parse(reply.body) as Json)),
});

export const withHeader = (reply: Reply, header: string): Reply => ({ ...reply, headers: [...reply.headers, header] });

/** The same, with those of the first arm before all others. */
export function firstArmFirst<T>(items: readonly T[], idOf: (item: T) => string, knows: Knows): T[] {
  const key = (item: T) => (knows(idOf(item)) === true ? 0 : 1);
  return items.toSorted((a, b) => key(a) - key(b));
}

/** The lines of a table with a head, changed. */
export function withRows(reply: Reply, change: (rows: readonly string[], head: string) => readonly string[]): Reply {
  const [head = '', ...rows] = reply.body.trimEnd().split('\r\n');
  return { ...reply, body: `${change(rows, head).join('\r\n')}\r\n` };
}
