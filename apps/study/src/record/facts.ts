/** Events as the ledger holds them: the type in the header, the facts in the payload. */
import type { Event } from '@limen/conduct';
import type { Json } from '@limen/ledger';

/** Facts this server adds to a participant's stream; they do not bear on any decision about the participant. */
export type ServerEvent =
  | { type: 'signal.acknowledged'; signalId: string; disposition: string }
  /** A new personal code took the place of the one before; neither is in the record. */
  | { type: 'personalCode.renewed'; reason: string }
  /** Stands for an entry whose content was erased: it counts, and says nothing. */
  | { type: 'entry.erased' };

export type ParticipantEvent = Event | ServerEvent;

/** The payload of an event: its fields without the type, without what is undefined. */
export function payloadOf(event: { readonly type: string }): Json {
  const { type: _, ...facts } = event;
  return withoutUndefined(facts);
}

/** The event of a ledger row. */
export function eventOf(type: string, payload: Record<string, unknown>): ParticipantEvent {
  return { ...payload, type } as unknown as ParticipantEvent;
}

function withoutUndefined(value: unknown): Json {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value as Json;
  const kept: [string, Json][] = [];
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) kept.push([name, withoutUndefined(field)]);
  }
  return Object.fromEntries(kept);
}
