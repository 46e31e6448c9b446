import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkpointPublicKey } from './checkpoint.ts';
import { erasureType, headOf, withoutContent } from './entry.ts';
import {
  chain,
  checkpointsAfter,
  erasureOf,
  exampleArchive,
  exampleDraft,
  exampleKey,
  exampleRecord,
} from './example-record.ts';
import { verifyArchive } from './verify-archive.ts';

const record = exampleRecord();
const lines = exampleArchive(record);
const firstEntryLine = 1 + record.checkpoints.length;
const publicKeys = [checkpointPublicKey(exampleKey)];
const witnessed = record.checkpoints.map(({ checkpoint }) => checkpoint);
const entryLine = fc.integer({ min: firstEntryLine, max: lines.length - 1 });

test('an archive verifies from its text alone', () => {
  const report = verifyArchive(`${lines.join('\n')}\n`, { publicKeys, witnessed });
  assert.deepEqual(report.failures, []);
  assert.ok(report.ok);
  assert.deepEqual(
    report.checks.map(({ name, count }) => [name, count]),
    [
      ['format', 19],
      ['entries', 16],
      ['contents', 15],
      ['checkpoints', 2],
      ['history', 3],
      ['witnesses', 2],
    ],
  );
  assert.deepEqual([report.streams, report.entries, report.erased, report.uncovered], [3, 16, 1, 0]);
});

test('a host may lend its own SHA-256', () => {
  assert.ok(verifyArchive(lines, { digest: (text) => hash('sha256', text, 'hex') }).ok);
});

test('flipping one bit of every byte of every entry is detected and placed', () => {
  // A whole life in small: an entry, an entry whose payload is erased, the erasure. No signature to slow it down.
  const [kept, gone] = chain('alpha', [exampleDraft(1), exampleDraft(2)]);
  assert.ok(kept && gone);
  const draft = exampleDraft(3, { type: erasureType, payload: erasureOf([gone]) });
  const entries = [kept, withoutContent(gone), ...chain('alpha', [draft], headOf(gone))];
  const archive = exampleArchive({ entries, checkpoints: [] });
  assert.ok(verifyArchive(archive).ok);
  for (const [index, line] of archive.entries().drop(1)) {
    for (let place = 0; place < Buffer.byteLength(line); place += 1) {
      const text = flipped(line, place, (place + index) % 8);
      const report = verifyArchive(archive.with(index, text).join('\n'));
      assert.equal(report.failure?.line, index + 1, text);
    }
  }
});

test('flipping any bit of an entry of a larger archive is detected and placed', () => {
  fc.assert(
    fc.property(entryLine, fc.nat(), fc.integer({ min: 0, max: 7 }), (index, at, bit) => {
      const text = flipped(lines[index] ?? '', at, bit);
      const report = verifyArchive(lines.with(index, text).join('\n'), { publicKeys });
      assert.equal(report.failure?.line, index + 1, text);
    }),
    { numRuns: 60 },
  );
});

test('an altered field is reported with stream, entry and field', () => {
  const index = lines.findIndex((line) => line.includes('"seq":4,"stream":"beta"'));
  const report = verifyArchive(lines.with(index, (lines[index] ?? '').replace('"mood":31', '"mood":13')));
  assert.equal(report.failure?.code, 'contentAltered');
  assert.deepEqual(report.failure?.position, { stream: 'beta', seq: 4 });
  assert.deepEqual([report.failure?.line, report.failure?.field], [index + 1, 'content']);
  assert.equal(report.failures.length, 1);
});

test('flipping any bit of a checkpoint is detected', () => {
  const checkpointLine = fc.integer({ min: 1, max: firstEntryLine - 1 });
  fc.assert(
    fc.property(checkpointLine, fc.nat(), fc.integer({ min: 0, max: 7 }), (index, at, bit) => {
      assert.ok(!verifyArchive(lines.with(index, flipped(lines[index] ?? '', at, bit))).ok);
    }),
    { numRuns: 60 },
  );
});

test('the tail of a stream cannot be cut off behind a checkpoint', () => {
  for (const stream of ['alpha', 'beta', 'gamma']) {
    const last = lines.findLastIndex(
      (line) => line.includes(`"stream":"${stream}"`) && line.includes('"kind":"entry"'),
    );
    const manifest = (lines[0] ?? '').replace('"entries":16', '"entries":15');
    const report = verifyArchive(lines.toSpliced(last, 1).with(0, manifest), { publicKeys });
    assert.ok(report.failures.some(({ code, position }) => code === 'truncated' && position?.stream === stream));
  }
});

test('lines left out, repeated or exchanged within a stream are detected without any checkpoint', () => {
  const bare = exampleArchive({ ...record, checkpoints: [] });
  const streamOf = (index: number) => /"stream":"(\w+)"/.exec(bare[index] ?? '')?.[1];
  const line = fc.integer({ min: 1, max: bare.length - 1 });
  fc.assert(
    fc.property(line, line, (one, other) => {
      assert.ok(!verifyArchive(bare.toSpliced(one, 1)).ok);
      assert.ok(!verifyArchive(bare.toSpliced(other, 0, bare[one] ?? '')).ok);
      fc.pre(one !== other && streamOf(one) === streamOf(other));
      assert.ok(!verifyArchive(bare.with(one, bare[other] ?? '').with(other, bare[one] ?? '')).ok);
    }),
  );
});

test('streams may be mixed in any way that keeps their order', () => {
  const entries = record.entries.toSorted(
    (a, b) => a.header.stream.localeCompare(b.header.stream) || a.header.seq - b.header.seq,
  );
  assert.ok(verifyArchive(exampleArchive({ ...record, entries })).ok);
});

test('a server that rewrites history and signs it anew is caught by a checkpoint kept outside', () => {
  const forgedEntries = chain('alpha', [exampleDraft(0, { payload: 'nothing happened' })]);
  const forged = exampleArchive({ entries: forgedEntries, checkpoints: checkpointsAfter([forgedEntries]) });
  assert.ok(verifyArchive(forged, { publicKeys }).ok, 'consistent in itself');
  const report = verifyArchive(forged, { publicKeys, witnessed });
  assert.deepEqual(
    report.failures.map(({ check, code, checkpoint }) => [check, code, checkpoint]),
    [
      ['witnesses', 'forked', 1],
      ['witnesses', 'missing', 2],
    ],
  );
});

test('a rewritten stream is placed when the checkpoints were left as they are', () => {
  const rewritten = chain(
    'alpha',
    Array.from({ length: 4 }, (_, place) => exampleDraft(10 * place, { payload: place })),
  );
  const others = record.entries.filter(({ header }) => header.stream !== 'alpha');
  const report = verifyArchive(exampleArchive({ ...record, entries: [...rewritten, ...others] }), { publicKeys });
  assert.equal(report.failure?.code, 'rewritten');
  assert.deepEqual(report.failure?.position, { stream: 'alpha', seq: 3 });
});

test('a payload removed without an erasure is reported', () => {
  const [first] = record.entries;
  assert.ok(first !== undefined);
  const report = verifyArchive(
    exampleArchive({ ...record, entries: record.entries.with(0, { ...first, content: null }) }),
  );
  assert.deepEqual([report.failure?.code, report.failure?.position], ['contentMissing', { stream: 'alpha', seq: 1 }]);
});

test('anything slipped into a line is detected even where no hash covers it', () => {
  for (const index of lines.keys()) {
    const report = verifyArchive(lines.with(index, (lines[index] ?? '').replace(/\}$/, ',"note":1}')));
    assert.equal(report.failure?.line, index + 1);
    assert.equal(report.failure?.code, 'notCanonical');
  }
});

test('an entry that no checkpoint covers is counted as such', () => {
  const [firstCheckpoint] = record.checkpoints;
  assert.ok(firstCheckpoint !== undefined);
  const report = verifyArchive(exampleArchive({ ...record, checkpoints: [firstCheckpoint] }));
  assert.ok(report.ok);
  assert.equal(report.uncovered, 7);
});

test('what is not an archive is refused and not read', () => {
  for (const text of ['', '{}', 'not JSON', 'null', '[]', lines.slice(1).join('\n')]) {
    const report = verifyArchive(text);
    assert.ok(!report.ok);
    assert.equal(report.failure?.code, 'manifest');
  }
});

test('unsound lines never stop the verifier', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('entry', 'checkpoint'), (value, kind) => {
      const parts = [
        { kind, header: value, hash: value, content: value },
        { kind, checkpoint: value, moved: value },
      ];
      const unsound = [JSON.stringify(value), ...parts.map((part) => JSON.stringify(part))];
      const report = verifyArchive([lines[0] ?? '', lines.at(-1) ?? '', ...unsound]);
      assert.ok(!report.ok);
    }),
  );
});

function flipped(line: string, at: number, bit: number): string {
  const bytes = Buffer.from(line);
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  return bytes.toString('utf8');
}
