/** The archive of a study, line by line: what the stand-alone verifier takes. Nothing is held but the heads. */
import { type ArchiveManifest, canonicalJson, type Entry, type StoredCheckpoint } from '@limen/ledger';
import { listCheckpoints } from '../data/checkpoints.ts';
import type { Database } from '../data/database.ts';
import { entryOf, readHeads, walkLedger } from '../data/ledger.ts';

const linesPerChunk = 200;

/**
 * Checkpoints are read before heads, so every checkpoint is covered by the entries that follow. Entries recorded
 * while the archive is being written are left out: each stream ends where its head was.
 */
export async function* renderStudyArchive(
  database: Database,
  studyId: string,
  exportedAt: string,
): AsyncGenerator<string, void, undefined> {
  const checkpoints = await listCheckpoints(database, studyId);
  const heads = new Map((await readHeads(database, studyId)).map(({ stream, seq }) => [stream, seq]));
  const entries = [...heads.values()].reduce((sum, seq) => sum + seq, 0);
  const manifest: ArchiveManifest = {
    kind: 'archive',
    format: 'limen-archive',
    version: 1,
    studyId,
    exportedAt,
    checkpoints: checkpoints.length,
    entries,
  };
  let chunk = `${canonicalJson(manifest)}\n`;
  for (const stored of checkpoints) chunk += `${checkpointText(stored)}\n`;
  let held = 0;
  for await (const row of walkLedger(database, studyId)) {
    if (row.seq > (heads.get(row.stream) ?? 0)) continue;
    chunk += `${entryText(entryOf(row))}\n`;
    held += 1;
    if (held < linesPerChunk) continue;
    yield chunk;
    chunk = '';
    held = 0;
  }
  if (chunk !== '') yield chunk;
}

function checkpointText({ checkpoint, moved }: StoredCheckpoint): string {
  return canonicalJson({ kind: 'checkpoint', checkpoint, moved });
}

function entryText(entry: Entry): string {
  return canonicalJson({ kind: 'entry', ...entry });
}
