import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { commitPayload, type Entry, entryHash, erasureType, type Header, headOf, withoutContent } from './entry.ts';
import { chain, erasureOf, exampleDraft, exampleStudy } from './example-record.ts';
import { verifyStream } from './verify-stream.ts';

const stream = { studyId: exampleStudy, stream: 'alpha' };
const drafts = Array.from({ length: 12 }, (_, index) => exampleDraft(index + 1));
const entries = chain('alpha', drafts);
const place = fc.nat(entries.length - 1);

function entryAt(index: number, from: readonly Entry[] = entries): Entry {
  const entry = from[index];
  assert.ok(entry !== undefined);
  return entry;
}

test('a whole chain verifies, with the portable and with a native SHA-256', () => {
  const whole = { ok: true, count: 12, erased: 0, head: headOf(entryAt(11)) };
  assert.deepEqual(verifyStream(stream, entries), whole);
  assert.deepEqual(verifyStream(stream, entries, { digest: (text) => hash('sha256', text, 'hex') }), whole);
});

test('a stream without entries verifies', () => {
  const verification = verifyStream(stream, []);
  assert.ok(verification.ok && verification.count === 0 && verification.head.seq === 0);
});

test('any changed character of any stored field is detected at its entry', () => {
  const texts = ['studyId', 'stream', 'eventId', 'type', 'recordedAt', 'cause', 'commitment', 'previous'] as const;
  const change = fc.record({
    index: place,
    field: fc.constantFrom(...texts),
    at: fc.nat(),
    shift: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(change, ({ index, field, at, shift }) => {
      const entry = entryAt(index);
      const text = entry.header[field];
      fc.pre(text !== null);
      const header = { ...entry.header, [field]: withChangedCharacter(text, at, shift) };
      assertFoundAt(entries.with(index, { ...entry, header }), index);
    }),
    { numRuns: 400 },
  );
});

test('a changed number, actor, hash, salt or payload is detected at its entry', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 60 }), fc.nat(), (index, shift, at) => {
      const entry = entryAt(index);
      const { header, content } = entry;
      assert.ok(content !== null);
      const actor = (change: Partial<Header['actor']>) => ({
        ...entry,
        header: { ...header, actor: { ...header.actor, ...change } },
      });
      const altered: Entry[] = [
        { ...entry, header: { ...header, seq: header.seq + shift } },
        { ...entry, header: { ...header, cause: header.cause === null ? 'x' : null } },
        actor({ id: withChangedCharacter(header.actor.id, at, shift) }),
        actor({ role: withChangedCharacter(header.actor.role, at, shift) }),
        { ...entry, hash: withChangedCharacter(entry.hash, at, shift) },
        { ...entry, content: { ...content, salt: withChangedCharacter(content.salt, at, shift) } },
        { ...entry, content: { ...content, payload: { ...Object(content.payload), late: true } } },
      ];
      for (const each of altered) assertFoundAt(entries.with(index, each), index);
    }),
  );
});

test('an altered entry that was hashed anew breaks the chain at the next one', () => {
  const entry = entryAt(4);
  const header = { ...entry.header, eventId: 'event-forged' };
  const verification = verifyStream(stream, entries.with(4, { ...entry, header, hash: entryHash(header) }));
  assert.ok(!verification.ok);
  assert.deepEqual([verification.code, verification.field, verification.position.seq], ['broken', 'previous', 6]);
});

test('the failing field is named', () => {
  const entry = entryAt(3);
  const { header, content } = entry;
  assert.ok(content !== null);
  const found = (altered: Entry) => {
    const verification = verifyStream(stream, entries.with(3, altered));
    return verification.ok ? null : verification.field;
  };
  assert.equal(found({ ...entry, header: { ...header, studyId: 'other' } }), 'studyId');
  assert.equal(found({ ...entry, header: { ...header, stream: 'other' } }), 'stream');
  assert.equal(found({ ...entry, header: { ...header, seq: 8 } }), 'seq');
  assert.equal(found({ ...entry, header: { ...header, previous: '0'.repeat(64) } }), 'previous');
  assert.equal(found({ ...entry, header: { ...header, commitment: '0'.repeat(64) } }), 'commitment');
  assert.equal(found({ ...entry, header: { ...header, recordedAt: 'yesterday' } }), 'recordedAt');
  assert.equal(found({ ...entry, content: { ...content, payload: 'no' } }), 'content');
  assert.equal(found({ ...entry, hash: '0'.repeat(64) }), 'hash');
});

test('entries left out, repeated or exchanged are detected where the order breaks', () => {
  fc.assert(
    fc.property(place, place, (one, other) => {
      fc.pre(one < other);
      const [first, second] = [entryAt(one), entryAt(other)];
      assertFoundAt(entries.with(one, second).with(other, first), one);
      assertFoundAt(entries.toSpliced(other, 0, first), other);
      assertFoundAt(entries.toSpliced(one, 1), one);
    }),
  );
});

test('a chain whose time runs backwards is reported', () => {
  const late = exampleDraft(2, { recordedAt: '2026-03-02T00:00:00.000Z' });
  const [first, second] = chain('alpha', [exampleDraft(1), late]);
  assert.ok(first && second);
  // Appended to a head that hides its time, as a faulty server might.
  const [third] = chain('alpha', [exampleDraft(3)], { ...headOf(second), recordedAt: null });
  assert.ok(third);
  const verification = verifyStream(stream, [first, second, third]);
  assert.ok(!verification.ok && verification.code === 'backwards' && verification.position.seq === 3);
});

test('a payload properly erased leaves the chain valid', () => {
  fc.assert(
    fc.property(fc.uniqueArray(place, { minLength: 1 }), (indices) => {
      const gone = indices.map((index) => entryAt(index));
      const declared = exampleDraft(50, { type: erasureType, payload: erasureOf(gone) });
      const [erasure] = chain('alpha', [declared], headOf(entryAt(11)));
      assert.ok(erasure);
      const remaining = entries.map((entry) => (gone.includes(entry) ? withoutContent(entry) : entry));
      const verification = verifyStream(stream, [...remaining, erasure]);
      assert.ok(verification.ok && verification.erased === gone.length && verification.count === 13);
    }),
  );
});

test('a payload that is gone without an erasure is reported at its entry', () => {
  fc.assert(
    fc.property(place, (index) => {
      const verification = verifyStream(stream, entries.with(index, withoutContent(entryAt(index))));
      assert.ok(!verification.ok && verification.code === 'contentMissing' && verification.position.seq === index + 1);
    }),
  );
});

test('an erasure must name the event whose payload is gone', () => {
  const payload = { erased: [{ seq: 3, eventId: 'event-4' }] };
  const [erasure] = chain('alpha', [exampleDraft(50, { type: erasureType, payload })], headOf(entryAt(11)));
  assert.ok(erasure);
  const verification = verifyStream(stream, [...entries.with(2, withoutContent(entryAt(2))), erasure]);
  assert.ok(!verification.ok && verification.code === 'erasureMismatch' && verification.position.seq === 13);
});

test('an erasure that names nothing, or what comes after it, is reported', () => {
  const [first] = entries;
  assert.ok(first !== undefined);
  for (const payload of [{}, { erased: [] }, { erased: [{ seq: 1, eventId: 'event-1' }] }]) {
    // Made by hand, since appending refuses it.
    const salt = first.content?.salt ?? '';
    const header = { ...first.header, type: erasureType, commitment: commitPayload(payload, salt) };
    const verification = verifyStream(stream, [{ header, hash: entryHash(header), content: { salt, payload } }]);
    assert.ok(!verification.ok && verification.code === 'erasureMalformed' && verification.position.seq === 1);
  }
});

test('a copy with headers only verifies when that is what was asked for', () => {
  const headers = entries.map((entry) => ({ ...entry, content: null }));
  assert.ok(verifyStream(stream, headers, { contents: 'withheld' }).ok);
  assert.ok(!verifyStream(stream, headers).ok);
});

test('the chain of another stream does not pass for this one', () => {
  const verification = verifyStream({ ...stream, stream: 'beta' }, entries);
  assert.ok(!verification.ok && verification.position.seq === 1 && verification.field === 'stream');
});

function assertFoundAt(altered: readonly Entry[], index: number): void {
  const verification = verifyStream(stream, altered);
  assert.ok(!verification.ok);
  assert.deepEqual(verification.position, { stream: 'alpha', seq: index + 1 });
}

function withChangedCharacter(text: string, at: number, shift: number): string {
  const index = at % text.length;
  const changed = String.fromCharCode(33 + ((text.charCodeAt(index) - 33 + shift) % 94));
  return text.slice(0, index) + changed + text.slice(index + 1);
}
