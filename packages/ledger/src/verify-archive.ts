/** The stand-alone verifier: takes an archive and needs nothing else, least of all the server that wrote it. */
import { type ArchiveManifest, checkpointLine, entryLine, manifestLine, type StoredCheckpoint } from './archive.ts';
import { type Checkpoint, checkpointHash, isCheckpoint, verifyCheckpoint, verifySuccession } from './checkpoint.ts';
import { isHash, isInstant, portableDigest } from './digest.ts';
import type { Entry } from './entry.ts';
import { type HeadSet, openHeadSet, type StreamHead } from './heads.ts';
import { openStudyCheck, type StudyCheck } from './verify-history.ts';
import { type LedgerFailure, measure, type VerifyOptions } from './verify-stream.ts';

export type ArchiveOptions = VerifyOptions & {
  /** Keys that may sign checkpoints. Without them a signature shows an undamaged checkpoint but not who made it. */
  readonly publicKeys?: readonly string[];
  /** Checkpoints kept outside the machine; the archive must contain each of them unchanged. */
  readonly witnessed?: readonly Checkpoint[];
};

export type ArchiveCheckName = 'format' | 'entries' | 'contents' | 'checkpoints' | 'history' | 'witnesses';

export type ArchiveCheck = {
  readonly name: ArchiveCheckName;
  readonly ok: boolean;
  /** How many things were checked. */
  readonly count: number;
  readonly failures: number;
};

export type ArchiveFailure = {
  readonly check: ArchiveCheckName;
  readonly code: string;
  /** Counted from 1; null when the fault is something that is not there. */
  readonly line: number | null;
  readonly position: { readonly stream: string; readonly seq: number } | null;
  readonly checkpoint: number | null;
  readonly field: string | null;
  readonly reason: string;
};

export type ArchiveReport = {
  readonly ok: boolean;
  readonly studyId: string | null;
  readonly checks: readonly ArchiveCheck[];
  readonly streams: number;
  readonly entries: number;
  readonly erased: number;
  readonly checkpoints: number;
  readonly lastCheckpoint: Checkpoint | null;
  /** Entries after the last checkpoint: chained, but their tail could be cut unseen. */
  readonly uncovered: number;
  /** The failure that comes first in the file. */
  readonly failure: ArchiveFailure | null;
  /** The first hundred. */
  readonly failures: readonly ArchiveFailure[];
};

export type ArchiveVerifier = {
  /** Takes the next line, without its line end. */
  line(text: string): void;
  finish(): ArchiveReport;
};

const maxFailuresKept = 100;

/** Verifies a whole archive: its text, or its lines. */
export function verifyArchive(archive: string | Iterable<string>, options: ArchiveOptions = {}): ArchiveReport {
  const verifier = openArchiveVerifier(options);
  for (const line of typeof archive === 'string' ? linesOf(archive) : archive) verifier.line(line);
  return verifier.finish();
}

/** Verifies an archive line by line, for files larger than memory: only heads and checkpointed positions are kept. */
export function openArchiveVerifier(options: ArchiveOptions = {}): ArchiveVerifier {
  const tally = openTally();
  const digest = options.digest ?? portableDigest;
  const heads: HeadSet = openHeadSet();
  const hashes = new Map<number, string>();
  let manifest: ArchiveManifest | null = null;
  let study: StudyCheck = openStudyCheck('', options);
  let lastCheckpoint: Checkpoint | null = null;
  let [line, checkpoints, entries] = [0, 0, 0];

  const readCheckpoint = (text: string, record: StoredCheckpoint, studyId: string) => {
    const at = { line, checkpoint: record.checkpoint.number };
    checkpoints += 1;
    tally.count('checkpoints');
    if (entries > 0) tally.fail('format', 'order', at, 'A checkpoint stands behind an entry.');
    if (checkpointLine(record) !== text)
      tally.fail('format', 'notCanonical', at, `Line ${line} is not canonical JSON.`);
    const sound = verifySuccession(studyId, lastCheckpoint, record.checkpoint, options.publicKeys);
    if (!sound.ok) tally.fail('checkpoints', sound.code, at, sound.reason);
    const fault = moveHeads(heads, record) ?? rootFault(heads, record.checkpoint);
    if (fault !== null) tally.fail('checkpoints', 'root', at, fault);
    // Heads that the root does not prove state nothing about the entries.
    else for (const head of record.moved) study.anchor(head);
    hashes.set(record.checkpoint.number, checkpointHash(record.checkpoint));
    lastCheckpoint = record.checkpoint;
  };

  const readEntry = (text: string, entry: Entry) => {
    entries += 1;
    tally.count('entries');
    const measured = measure(entry, digest);
    const failure = study.accept(entry, measured);
    if (measured.payloadText !== null) tally.count('contents');
    if (failure !== null) return tally.failEntry(failure, line);
    if (entryLine(entry, measured.headerText, measured.payloadText) === text) return;
    const { stream, seq } = entry.header;
    tally.fail('format', 'notCanonical', { line, position: { stream, seq } }, `Line ${line} is not canonical JSON.`);
  };

  return {
    line(text) {
      line += 1;
      if (text === '') return;
      tally.count('format');
      const record = parseLine(text);
      if (line === 1 && isManifest(record)) {
        manifest = record;
        study = openStudyCheck(record.studyId, options);
        if (manifestLine(record) !== text)
          tally.fail('format', 'notCanonical', { line }, 'Line 1 is not canonical JSON.');
      } else if (manifest === null) {
        if (line === 1) tally.fail('format', 'manifest', { line }, 'The first line is not the manifest of an archive.');
      } else if (isEntryRecord(record)) readEntry(text, record);
      else if (isCheckpointRecord(record)) readCheckpoint(text, record, manifest.studyId);
      else {
        const reason = `Line ${line} is neither a checkpoint nor an entry.`;
        tally.fail('format', 'unreadable', { line, position: positionIn(text) }, reason);
      }
    },
    finish() {
      for (const failure of study.close()) tally.failEntry(failure, null);
      if (line === 0) tally.fail('format', 'manifest', { line: null }, 'The archive is empty.');
      if (manifest !== null) {
        tally.compareCount('entries', manifest.entries, entries);
        tally.compareCount('checkpoints', manifest.checkpoints, checkpoints);
      }
      if (lastCheckpoint !== null) tally.count('history', heads.summary().streams);
      for (const witnessed of options.witnessed ?? []) meetWitness(tally, witnessed, hashes, options.publicKeys);
      return {
        ...tally.report(),
        studyId: manifest?.studyId ?? null,
        streams: study.streams(),
        entries,
        erased: study.erased(),
        checkpoints,
        lastCheckpoint,
        uncovered: Math.max(0, entries - (lastCheckpoint?.entries ?? 0)),
      };
    },
  };
}

type Place = Partial<Pick<ArchiveFailure, 'line' | 'position' | 'checkpoint' | 'field'>>;

function openTally() {
  const names: readonly ArchiveCheckName[] = ['format', 'entries', 'contents', 'checkpoints', 'history', 'witnesses'];
  const counts = new Map(names.map((name) => [name, { count: 0, failures: 0 }]));
  const failures: ArchiveFailure[] = [];
  const of = (name: ArchiveCheckName) => counts.get(name) ?? { count: 0, failures: 0 };

  const fail = (check: ArchiveCheckName, code: string, place: Place, reason: string) => {
    of(check).failures += 1;
    if (failures.length >= maxFailuresKept) return;
    failures.push({ check, code, line: null, position: null, checkpoint: null, field: null, ...place, reason });
  };

  return {
    fail,
    count(name: ArchiveCheckName, by = 1) {
      of(name).count += by;
    },
    failEntry(failure: LedgerFailure, line: number | null) {
      const { code, position, field, reason } = failure;
      fail(checkOf(failure), code, { line, position, field }, reason);
    },
    compareCount(what: 'entries' | 'checkpoints', stated: number, found: number) {
      if (stated === found) return;
      fail('format', 'count', { field: what }, `The manifest states ${stated} ${what}; the archive holds ${found}.`);
    },
    report() {
      const checks = names.map((name) => ({ name, ok: of(name).failures === 0, ...of(name) }));
      return { ok: checks.every((check) => check.ok), checks, failure: failures[0] ?? null, failures };
    },
  };
}

function checkOf(failure: LedgerFailure): ArchiveCheckName {
  switch (failure.code) {
    case 'contentAltered':
    case 'contentMissing':
    case 'erasureMalformed':
    case 'erasureMismatch':
      return 'contents';
    case 'truncated':
    case 'rewritten':
      return 'history';
    default:
      return 'entries';
  }
}

function meetWitness(
  tally: ReturnType<typeof openTally>,
  witnessed: Checkpoint,
  hashes: ReadonlyMap<number, string>,
  publicKeys: readonly string[] | undefined,
): void {
  tally.count('witnesses');
  const at = { checkpoint: witnessed.number };
  const alone = verifyCheckpoint(witnessed, publicKeys);
  if (!alone.ok) {
    tally.fail('witnesses', alone.code, at, `Kept outside: ${alone.reason}`);
    return;
  }
  const inside = hashes.get(witnessed.number);
  if (inside === alone.hash) return;
  const reason =
    inside === undefined
      ? `The archive lacks checkpoint ${witnessed.number}, which was kept outside.`
      : `Checkpoint ${witnessed.number} of the archive is not the one kept outside: history was written anew.`;
  tally.fail('witnesses', inside === undefined ? 'missing' : 'forked', at, reason);
}

function moveHeads(heads: HeadSet, { checkpoint, moved }: StoredCheckpoint): string | null {
  let before = '';
  for (const head of moved) {
    const known = heads.get(head.stream);
    if (head.stream <= before || (known !== undefined && head.seq <= known.seq)) {
      return `Checkpoint ${checkpoint.number} lists stream ${head.stream} out of order or moved back.`;
    }
    before = head.stream;
    heads.move(head);
  }
  return null;
}

function rootFault(heads: HeadSet, checkpoint: Checkpoint): string | null {
  const { root, streams, entries } = heads.summary();
  const fits = root === checkpoint.root && streams === checkpoint.streams && entries === checkpoint.entries;
  return fits ? null : `The heads listed up to checkpoint ${checkpoint.number} are not those under its root.`;
}

function* linesOf(text: string): Generator<string, void, undefined> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    yield end === -1 ? text.slice(from) : text.slice(from, end);
    from = end === -1 ? text.length : end + 1;
  }
}

function parseLine(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Where an unreadable line says it stands, for the person who has to look. */
function positionIn(text: string): { stream: string; seq: number } | null {
  const found = /"seq":(\d{1,15}),"stream":"([^"\\]*)"/.exec(text);
  return found === null ? null : { stream: found[2] ?? '', seq: Number(found[1]) };
}

function isManifest(record: unknown): record is ArchiveManifest {
  if (!isRecord(record)) return false;
  const { kind, format, version, studyId, exportedAt, checkpoints, entries } = record;
  const isText = typeof studyId === 'string' && studyId !== '' && studyId.isWellFormed() && isInstant(exportedAt);
  const counted = Number.isSafeInteger(checkpoints) && Number.isSafeInteger(entries);
  return kind === 'archive' && format === 'limen-archive' && version === 1 && isText && counted;
}

/** Only the kind is looked at here; the fields of an entry are checked where it is measured. */
function isEntryRecord(record: unknown): record is Entry {
  return isRecord(record) && record.kind === 'entry';
}

function isCheckpointRecord(record: unknown): record is StoredCheckpoint {
  if (!isRecord(record) || record.kind !== 'checkpoint' || !isCheckpoint(record.checkpoint)) return false;
  return Array.isArray(record.moved) && record.moved.every(isStreamHead);
}

function isStreamHead(value: unknown): value is StreamHead {
  if (!isRecord(value) || typeof value.stream !== 'string' || value.stream === '' || !isHash(value.hash)) return false;
  return value.stream.isWellFormed() && Number.isSafeInteger(value.seq) && Number(value.seq) >= 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
