/** A small study record for the tests of this package. Not part of the front door. */
import type { StoredCheckpoint } from './archive.ts';
import { renderArchive } from './archive.ts';
import type { Json } from './canonical.ts';
import { type Checkpoint, takeCheckpoint } from './checkpoint.ts';
import { portableDigest } from './digest.ts';
import {
  appendEntry,
  type Draft,
  type Entry,
  erasureType,
  genesisHead,
  type Head,
  headOf,
  withoutContent,
} from './entry.ts';
import { openHeadSet } from './heads.ts';

export const exampleStudy = 'study-7f3a';
export const exampleKey = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const startMs = Date.UTC(2026, 2, 1, 8);

export function exampleTime(second: number): string {
  return new Date(startMs + second * 1_000).toISOString();
}

export function exampleDraft(number: number, change: Partial<Draft> = {}): Draft {
  return {
    eventId: `event-${number}`,
    type: 'answers.submitted',
    recordedAt: exampleTime(number),
    actor: { id: 'person-1', role: 'participant' },
    cause: number % 2 === 0 ? null : `command-${number}`,
    payload: { answers: { mood: number, note: `día ${number}` }, late: false },
    salt: portableDigest(`salt ${number}`),
    ...change,
  };
}

export function chain(stream: string, drafts: readonly Draft[], start?: Head): Entry[] {
  let head = start ?? genesisHead(exampleStudy, stream);
  return drafts.map((draft) => {
    const appended = appendEntry(head, draft);
    head = appended.head;
    return appended.entry;
  });
}

export function erasureOf(entries: readonly Entry[]): Json {
  return { erased: entries.map(({ header: { seq, eventId } }) => ({ seq, eventId })), reason: 'request of the person' };
}

export type ExampleRecord = { readonly entries: readonly Entry[]; readonly checkpoints: readonly StoredCheckpoint[] };

/** Three streams of 4, 5 and 6 entries written in turn, the second entry of the last erased; two checkpoints. */
export function exampleRecord(): ExampleRecord {
  const streams = ['alpha', 'beta', 'gamma'].map((stream, index) =>
    chain(
      stream,
      Array.from({ length: 4 + index }, (_, place) => exampleDraft(10 * place + index)),
    ),
  );
  const [alpha = [], beta = [], gamma = []] = streams;
  const erased = gamma.slice(1, 2);
  const last = gamma.at(-1);
  const erasure = exampleDraft(99, { type: erasureType, payload: erasureOf(erased), cause: null });
  const closing = last === undefined ? [] : [appendEntry(headOf(last), erasure).entry];
  const gammaErased = gamma.map((entry) => (erased.includes(entry) ? withoutContent(entry) : entry));
  const early = [alpha, beta, gammaErased].flatMap((entries) => entries.slice(0, 3));
  const late = [alpha, beta, gammaErased].flatMap((entries) => entries.slice(3)).concat(closing);
  return { entries: [...early, ...late], checkpoints: checkpointsAfter([early, late]) };
}

/** One checkpoint after each part of the record. */
export function checkpointsAfter(parts: readonly (readonly Entry[])[], secretKey = exampleKey): StoredCheckpoint[] {
  const heads = openHeadSet();
  let previous: Checkpoint | null = null;
  return parts.map((entries, index) => {
    const names = new Set(entries.map(({ header }) => header.stream));
    for (const { header, hash } of entries) heads.move({ stream: header.stream, seq: header.seq, hash });
    const takenAt = exampleTime(200 + index);
    previous = takeCheckpoint({ studyId: exampleStudy, previous, takenAt, summary: heads.summary(), secretKey });
    return { checkpoint: previous, moved: heads.list().filter(({ stream }) => names.has(stream)) };
  });
}

export function exampleArchive({ entries, checkpoints }: ExampleRecord): string[] {
  return renderArchive({
    studyId: exampleStudy,
    exportedAt: exampleTime(300),
    checkpoints: { count: checkpoints.length, all: checkpoints },
    entries: { count: entries.length, all: entries },
  }).toArray();
}
