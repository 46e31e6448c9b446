/**
 * The archive of a study's record: lines of canonical JSON (NDJSON, UTF-8, LF). First the manifest, then the checkpoints
 * from the first, each with the heads that moved since the one before, then the entries; entries of a stream in order.
 */
import { canonicalJson, type Json } from './canonical.ts';
import { type Checkpoint, checkpointFields } from './checkpoint.ts';
import { type Entry, headerText } from './entry.ts';
import type { StreamHead } from './heads.ts';

/** A label, not a proof: counts that show a file cut short. What is true is in checkpoints and entries. */
export type ArchiveManifest = {
  readonly kind: 'archive';
  readonly format: 'limen-archive';
  readonly version: 1;
  readonly studyId: string;
  readonly exportedAt: string;
  readonly checkpoints: number;
  readonly entries: number;
};

export type StoredCheckpoint = {
  readonly checkpoint: Checkpoint;
  /** Heads that are new or further than at the checkpoint before, ordered by stream. */
  readonly moved: readonly StreamHead[];
};

export type Archive = {
  readonly studyId: string;
  readonly exportedAt: string;
  readonly checkpoints: { readonly count: number; readonly all: Iterable<StoredCheckpoint> };
  readonly entries: { readonly count: number; readonly all: Iterable<Entry> };
};

/** The lines of an archive, without line ends. */
export function* renderArchive(archive: Archive): Generator<string, void, undefined> {
  const { studyId, exportedAt } = archive;
  const manifest: ArchiveManifest = {
    kind: 'archive',
    format: 'limen-archive',
    version: 1,
    studyId,
    exportedAt,
    checkpoints: archive.checkpoints.count,
    entries: archive.entries.count,
  };
  yield manifestLine(manifest);
  for (const stored of archive.checkpoints.all) yield checkpointLine(stored);
  for (const entry of archive.entries.all) yield renderEntry(entry);
}

/** The lines are made from the known fields only: a line with anything more differs from them. */
export function manifestLine(manifest: ArchiveManifest): string {
  const { kind, format, version, studyId, exportedAt, checkpoints, entries } = manifest;
  return canonicalJson({ kind, format, version, studyId, exportedAt, checkpoints, entries });
}

export function checkpointLine({ checkpoint, moved }: StoredCheckpoint): string {
  return canonicalJson({
    kind: 'checkpoint',
    checkpoint: checkpointFields(checkpoint),
    moved: moved.map(({ stream, seq, hash }) => ({ stream, seq, hash })),
  });
}

function renderEntry(entry: Entry): string {
  const payload: Json | undefined = entry.content?.payload;
  return entryLine(entry, headerText(entry.header), payload === undefined ? null : canonicalJson(payload));
}

/** Canonical JSON of an entry whose parts are canonical texts already. */
export function entryLine(entry: Entry, header: string, payload: string | null): string {
  const content =
    entry.content === null ? 'null' : `{"payload":${payload},"salt":${JSON.stringify(entry.content.salt)}}`;
  return `{"content":${content},"hash":${JSON.stringify(entry.hash)},"header":${header},"kind":"entry"}`;
}
