/**
 * How an entry gets from a phone into the record exactly once, whatever the network does: what the phone sends, what an
 * answer means for the entry, and what counts as the same entry said twice. App and server use the same words.
 */
import type { Command, DeviceTime } from './command.ts';

/** What an entry is, without the moment of sending: a resend from the outbox is the same content. */
export function contentOf(command: object): object {
  const { device, ...rest } = command as { readonly device?: DeviceTime };
  if (device === undefined) return rest;
  const { sentAt: _, ...moment } = device;
  return { ...rest, device: moment };
}

/**
 * A command id that is known gives its first answer again for the same content. Another content under the id of an
 * entry is kept beside the first, under an id of its own, which it has for good.
 */
export function besideId(commandId: string, contentHash: string): string {
  return `${commandId}#${contentHash.slice(0, 16)}`;
}

/** When the person did it and where, by the phone's clock. */
export type EntryTime = { readonly occurredAt: string; readonly timeZone: string };

/** The command as it goes out now: the server measures the clock by `sentAt`. */
export function commandToSend<C extends Command>(command: C, when: EntryTime, sentAt: string): C {
  const { occurredAt, timeZone } = when;
  return { ...command, device: { occurredAt, sentAt, timeZone } };
}

/** What a refusal says to the phone. */
export type Answered = { readonly status: number; readonly code: string; readonly kept?: boolean | undefined };

export type Fate =
  /** Not accepted, but kept by the server and shown to the study team. */
  | 'keptForTeam'
  /** Said before in another way: nothing is left to do. */
  | 'saidBefore'
  /** The person must look at it. */
  | 'refused'
  /** The personal code is needed again; the entry stays. */
  | 'signIn'
  /** The server is busy or away; the entry stays, and so does everything after it. */
  | 'later'
  /** The server stumbles over this one: the entry stays and the next may go first. */
  | 'stepAside';

/** After this many faults of the server over one entry, the ones behind it are no longer held up. */
export const faultsBeforeStepAside = 5;

const saidBefore = new Set(['already_screened', 'already_consented', 'already_withdrawn']);
const busy = new Set([408, 425, 429, 503]);

/**
 * What a sending that brought no receipt means for the entry.
 * @param refusal null where the server could not be reached or did not answer with a problem document
 * @param faults earlier sendings of the entry that the server answered with a fault of its own
 */
export function fateOf(refusal: Answered | null, faults: number): Fate {
  if (refusal === null) return 'later';
  if (refusal.kept === true) return 'keptForTeam';
  if (refusal.status === 401) return 'signIn';
  if (busy.has(refusal.status)) return 'later';
  if (refusal.status >= 500) return faults + 1 >= faultsBeforeStepAside ? 'stepAside' : 'later';
  return saidBefore.has(refusal.code) ? 'saidBefore' : 'refused';
}

const staying: ReadonlySet<Fate> = new Set(['refused', 'signIn', 'later', 'stepAside']);

/** Whether the entry stays on the phone. */
export const stays = (fate: Fate): boolean => staying.has(fate);
