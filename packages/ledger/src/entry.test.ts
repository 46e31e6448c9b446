import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical.ts';
import {
  appendEntry,
  commitPayload,
  type Draft,
  entryHash,
  erasureType,
  genesisHash,
  genesisHead,
  headerText,
  withoutContent,
} from './entry.ts';
import { LedgerError, type LedgerErrorCode, ledgerErrors } from './errors.ts';
import { chain, exampleDraft, exampleStudy } from './example-record.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const start = genesisHead(exampleStudy, 'alpha');

test('an entry is chained to the hash before it, the first to a hash of study and stream', () => {
  const [first, second] = chain('alpha', [exampleDraft(1), exampleDraft(2)]);
  assert.equal(
    first?.header.previous,
    sha256(`limen/ledger/v1/genesis\n{"stream":"alpha","studyId":"${exampleStudy}"}`),
  );
  assert.equal(second?.header.previous, first?.hash);
  assert.deepEqual([first?.header.seq, second?.header.seq], [1, 2]);
});

test('every hash can be made again with sha256sum', () => {
  const [entry] = chain('alpha', [exampleDraft(1)]);
  assert.ok(entry?.content);
  const { salt, payload } = entry.content;
  assert.equal(entry.hash, sha256(`limen/ledger/v1/entry\n${canonicalJson(entry.header)}`));
  assert.equal(entry.header.commitment, sha256(`limen/ledger/v1/commitment\n${salt}\n${canonicalJson(payload)}`));
  assert.equal(entryHash(entry.header), entryHash(entry.header, sha256));
});

test('the text that is hashed is the canonical JSON of the header', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(text, text, text, text, fc.option(text), fc.nat(), (stream, eventId, id, role, cause, seq) => {
      const [entry] = chain('alpha', [exampleDraft(1)]);
      assert.ok(entry);
      const header = { ...entry.header, stream, eventId, actor: { id, role }, cause, seq };
      assert.equal(headerText(header), canonicalJson(header));
    }),
  );
});

test('study and stream cannot be mistaken for one another', () => {
  assert.notEqual(genesisHash('a', 'bc'), genesisHash('ab', 'c'));
  assert.notEqual(genesisHash('a', 'b'), genesisHash('b', 'a'));
});

test('the same payload under another salt has another commitment', () => {
  const commitments = [1, 2, 3].map((number) => commitPayload('yes', sha256(`salt ${number}`)));
  assert.equal(new Set(commitments).size, 3);
});

test('a clock set back by at most 2 seconds is tolerated', () => {
  const { head } = appendEntry(start, exampleDraft(1, { recordedAt: '2026-03-29T01:00:02.000Z' }));
  appendEntry(head, exampleDraft(2, { recordedAt: '2026-03-29T01:00:00.000Z' }));
  assert.throws(
    () => appendEntry(head, exampleDraft(2, { recordedAt: '2026-03-29T00:59:59.999Z' })),
    hasCode('time.backwards'),
  );
});

const refused: readonly [LedgerErrorCode, Partial<Draft>][] = [
  ['salt.malformed', { salt: 'ab' }],
  ['salt.malformed', { salt: 'AB'.repeat(32) }],
  ['text.empty', { eventId: '' }],
  ['text.empty', { actor: { id: '', role: 'system' } }],
  ['text.empty', { cause: '' }],
  ['canonical.text', { type: '\udfff' }],
  ['canonical.number', { payload: { dose: Number.POSITIVE_INFINITY } }],
  ['time.malformed', { recordedAt: '2026-03-01T09:30:00+01:00' }],
  ['time.malformed', { recordedAt: '2026-13-01T09:30:00Z' }],
  ['erasure.malformed', { type: erasureType, payload: { erased: [] } }],
  ['erasure.malformed', { type: erasureType, payload: { erased: [{ seq: 1 }] } }],
  ['erasure.malformed', { type: erasureType, payload: { erased: [{ seq: 9, eventId: 'event-9' }] } }],
];

for (const [code, change] of refused) {
  test(`a draft with ${JSON.stringify(change)} is refused as ${code}`, () => {
    assert.throws(() => appendEntry(start, exampleDraft(1, change)), hasCode(code));
  });
}

test('an unsound head is refused', () => {
  assert.throws(() => appendEntry({ ...start, hash: 'none' }, exampleDraft(1)), hasCode('hash.malformed'));
  assert.throws(() => appendEntry({ ...start, seq: -1 }, exampleDraft(1)), hasCode('seq.invalid'));
  assert.throws(() => genesisHead('', 'alpha'), hasCode('text.empty'));
});

test('an erasure cannot be erased', () => {
  const payload = { erased: [{ seq: 1, eventId: 'event-1' }] };
  const [, erasure] = chain('alpha', [exampleDraft(1), exampleDraft(2, { type: erasureType, payload })]);
  assert.ok(erasure);
  assert.throws(() => withoutContent(erasure), hasCode('erasure.forbidden'));
});

test('every refusal says what to do in a sentence', () => {
  for (const sentence of Object.values(ledgerErrors)) assert.match(sentence, /^[A-Z].+\.$/);
});

function hasCode(code: string) {
  return (error: unknown) => error instanceof LedgerError && error.code === code;
}
