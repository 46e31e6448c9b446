/** Is the database what was recorded? Chains, heads and checkpoints by the stand-alone verifier, then the replay. */
import { canonicalJson, openArchiveVerifier } from '@limen/ledger';
import { listCheckpoints } from '../data/checkpoints.ts';
import { type Database, openDatabase } from '../data/database.ts';
import { entryOf, listLedgerStudyIds, readHeads, walkLedger } from '../data/ledger.ts';
import type { LedgerTable } from '../data/schema.ts';
import { nativeDigest } from './chain.ts';
import { type ReplayReport, replayDatabase } from './replay.ts';

export type DatabaseFault = {
  readonly studyId: string;
  readonly code: string;
  readonly stream: string | null;
  readonly seq: number | null;
  readonly checkpoint: number | null;
  readonly field: string | null;
  readonly reason: string;
};

export type DatabaseReport = {
  readonly ok: boolean;
  readonly studies: number;
  readonly streams: number;
  readonly entries: number;
  readonly checkpoints: number;
  readonly faults: readonly DatabaseFault[];
  readonly replay: ReplayReport;
};

/** `publicKeys`: the keys that may sign checkpoints; without them a checkpoint shows that it is whole, not who made it. */
export async function verifyDatabase(
  databaseUrl: string,
  options: { publicKeys?: readonly string[] } = {},
): Promise<DatabaseReport> {
  const database = openDatabase(databaseUrl, { connections: 2 });
  try {
    const faults: DatabaseFault[] = [];
    const sums = { studies: 0, streams: 0, entries: 0, checkpoints: 0 };
    for (const studyId of await listLedgerStudyIds(database)) {
      const counted = await verifyStudy(database, studyId, options.publicKeys, faults);
      sums.studies += 1;
      sums.streams += counted.streams;
      sums.entries += counted.entries;
      sums.checkpoints += counted.checkpoints;
    }
    const replay = await replayDatabase(database);
    return { ok: faults.length === 0 && replay.ok, ...sums, faults, replay };
  } finally {
    await database.close();
  }
}

async function verifyStudy(
  database: Database,
  studyId: string,
  publicKeys: readonly string[] | undefined,
  faults: DatabaseFault[],
) {
  const checkpoints = await listCheckpoints(database, studyId);
  const heads = new Map((await readHeads(database, studyId)).map((head) => [head.stream, head]));
  const entries = [...heads.values()].reduce((sum, { seq }) => sum + seq, 0);
  const verifier = openArchiveVerifier(
    publicKeys === undefined ? { digest: nativeDigest } : { digest: nativeDigest, publicKeys },
  );
  const exportedAt = checkpoints.at(-1)?.checkpoint.takenAt ?? '1970-01-01T00:00:00.000Z';
  const counts = { checkpoints: checkpoints.length, entries };
  const manifest = { kind: 'archive', format: 'limen-archive', version: 1, studyId, exportedAt, ...counts };
  verifier.line(canonicalJson(manifest));
  for (const stored of checkpoints) verifier.line(canonicalJson({ kind: 'checkpoint', ...stored }));
  const last = new Map<string, LedgerTable>();
  for await (const row of walkLedger(database, studyId)) {
    const head = heads.get(row.stream);
    // Recorded while this runs: the head read before does not know it yet.
    if (head !== undefined && row.seq > head.seq && (await hasMovedOn(database, studyId, row))) continue;
    if (row.payload !== null && !isCanonical(row.payload)) faults.push(payloadFault(row));
    verifier.line(canonicalJson({ kind: 'entry', ...entryOf(row) }));
    last.set(row.stream, row);
  }
  const report = verifier.finish();
  for (const { code, position, checkpoint, field, reason } of report.failures) {
    const place = { stream: position?.stream ?? null, seq: position?.seq ?? null };
    faults.push({ studyId, code, ...place, checkpoint, field, reason });
  }
  for (const [stream, { seq, hash: headHash }] of heads) {
    const entry = last.get(stream);
    if (entry?.seq === seq && entry.hash === headHash) continue;
    const reason = `The head of stream ${stream} is not its last entry.`;
    faults.push({ studyId, code: 'head', stream, seq, checkpoint: null, field: 'hash', reason });
  }
  for (const [stream, { seq }] of last) {
    if (heads.has(stream)) continue;
    const reason = `Stream ${stream} has entries but no head.`;
    faults.push({ studyId, code: 'head', stream, seq, checkpoint: null, field: null, reason });
  }
  return { streams: report.streams, entries: report.entries, checkpoints: report.checkpoints };
}

async function hasMovedOn(database: Database, studyId: string, row: LedgerTable): Promise<boolean> {
  const heads = await readHeads(database, studyId);
  return heads.some(({ stream, seq }) => stream === row.stream && seq >= row.seq);
}

/** The stored text itself is part of the record: another spelling of the same value is an alteration too. */
function isCanonical(payload: string): boolean {
  try {
    return canonicalJson(JSON.parse(payload)) === payload;
  } catch {
    return false;
  }
}

function payloadFault(row: LedgerTable): DatabaseFault {
  const reason = `Entry ${row.seq} of stream ${row.stream}: the stored payload is not canonical JSON.`;
  const place = { studyId: row.study_id, stream: row.stream, seq: row.seq };
  return { ...place, code: 'payloadText', checkpoint: null, field: 'content', reason };
}
