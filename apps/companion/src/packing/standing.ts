/** Where packing and envelopes stand on this phone: what the server knows and what waits to be sent. */
import type { CommandOf } from '@limen/conduct';
import type { Today } from '../server/answers.ts';
import type { Waiting } from '../storage/outbox.ts';

export type Packing = NonNullable<Today['packing']>;
export type Step = Packing['done'][number];
export type Week = Packing['weeks'][number];

export const steps: readonly Step[] = ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'];

function unsent<T extends Waiting['command']['type']>(entries: readonly Waiting[], type: T): CommandOf<T>[] {
  return entries.flatMap(({ command, refusal }) =>
    command.type === type && refusal === null ? [command as CommandOf<T>] : [],
  );
}

export function stepsDone(packing: Packing, entries: readonly Waiting[]): readonly Step[] {
  const waiting = unsent(entries, 'recordPacking').map(({ step }) => step);
  return steps.filter((step) => packing.done.includes(step) || waiting.includes(step));
}

export function openedIn(week: Week, entries: readonly Waiting[]): readonly string[] {
  const waiting = unsent(entries, 'openEnvelope').filter((command) => command.week === week.week);
  return [...new Set([...week.opened, ...waiting.map(({ envelope }) => envelope)])];
}

export function leftoversChecked(packing: Packing, entries: readonly Waiting[]): boolean {
  return packing.leftoversChecked || unsent(entries, 'checkLeftovers').length > 0;
}

const dayMs = 86_400_000;
/** An envelope may be looked for from this many days before its first capsule. */
const daysBefore = 2;

/** The dose week whose envelope is in use or comes next; null before the first and after the last. */
export function weekAt(weeks: readonly Week[], date: string): Week | null {
  const day = Date.parse(date) + daysBefore * dayMs;
  const begun = weeks.findLast(({ from }) => from !== '' && Date.parse(from) <= day);
  return begun !== undefined && date <= lastDay(begun, weeks) ? begun : null;
}

/** Of a week, the day before the next one may be looked for; of the last, its last capsule day. */
function lastDay(week: Week, weeks: readonly Week[]): string {
  const next = weeks.find((one) => one.week === week.week + 1);
  return next === undefined ? week.until : next.from;
}

/** After the last capsule day the leftovers are looked at. */
export const isOver = (weeks: readonly Week[], date: string): boolean =>
  weeks.length > 0 && date > (weeks.at(-1)?.until ?? '');

export type Verdict = 'thisOne' | 'again' | 'another' | 'unknown';

/** What a scanned envelope is for this week. Of any other of one's own the answer is the same, whichever it is. */
export function verdictOn(
  token: string | null,
  { weeks, leftovers }: Packing,
  week: Week,
  opened: readonly string[],
): Verdict {
  if (token === null) return 'unknown';
  if (opened.includes(token)) return 'again';
  if (token === week.envelope) return 'thisOne';
  return leftovers.includes(token) || weeks.some(({ envelope }) => envelope === token) ? 'another' : 'unknown';
}

/** What to write on an envelope when the eight are sorted. */
export function placeOf(token: string | null, { weeks, leftovers }: Packing): string | null {
  const week = weeks.find(({ envelope }) => envelope === token);
  if (week !== undefined) return `week ${week.week}`;
  return token !== null && leftovers.includes(token) ? 'leftover' : null;
}
