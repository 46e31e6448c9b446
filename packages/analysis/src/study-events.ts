/** What the analysis reads of a participant's record, and the few events it needs from it. */
import { AnalysisError } from './errors.ts';

/** One entry of a participant's record: the event beside its place in the ledger, or in `data`. */
export type RecordedEvent = {
  readonly seq: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly eventId?: string;
  readonly data?: object;
};

export type StudyParticipant = {
  readonly participantId: string;
  readonly siteId: string;
  /** IANA name; read from the invitation where it is not given. */
  readonly timeZone?: string;
  readonly events: readonly RecordedEvent[];
};

/** Where a derived row comes from: positions in the participant's record. */
export type Source = { readonly seqs: readonly number[]; readonly eventIds: readonly string[] };

/** An event with fields that can be asked for by type; a field of another type is refused by name. */
export type EventFields = {
  readonly seq: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly source: Source;
  text(field: string): string;
  optionalText(field: string): string | null;
  number(field: string): number;
  flag(field: string): boolean;
  record(field: string): Readonly<Record<string, unknown>>;
  list(field: string): readonly unknown[];
  value(field: string): unknown;
};

/** @throws AnalysisError `event_malformed` when a field is asked for that is not there */
export function readEvent(event: RecordedEvent): EventFields {
  const fields: Readonly<Record<string, unknown>> = { ...(event.data ?? event) };
  const fail = (field: string): never => {
    throw new AnalysisError('event_malformed', `${event.type}, entry ${event.seq}: ${field}`);
  };
  const text = (field: string) => {
    const value = fields[field];
    return typeof value === 'string' ? value : fail(field);
  };
  return {
    seq: event.seq,
    type: event.type,
    recordedAt: event.recordedAt,
    source: { seqs: [event.seq], eventIds: event.eventId === undefined ? [] : [event.eventId] },
    text,
    optionalText: (field) => (fields[field] === null || fields[field] === undefined ? null : text(field)),
    number: (field) => {
      const value = fields[field];
      return typeof value === 'number' && Number.isFinite(value) ? value : fail(field);
    },
    flag: (field) => {
      const value = fields[field];
      return typeof value === 'boolean' ? value : fail(field);
    },
    record: (field) => (isRecord(fields[field]) ? fields[field] : fail(field)),
    list: (field) => {
      const value = fields[field];
      return Array.isArray(value) ? value : fail(field);
    },
    value: (field) => fields[field],
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function joinSources(...sources: readonly Source[]): Source {
  return {
    seqs: sources.flatMap((source) => source.seqs),
    eventIds: sources.flatMap((source) => source.eventIds),
  };
}
