import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { integersFrom, seededDraws } from './draws.ts';
import { RandomizationError } from './errors.ts';

const seed = Uint8Array.from({ length: 32 }, (_, index) => index);

/** The documented message, built a second time with other tools. */
function expectedWords(studyId: string, stratum: string, purpose: string, index: number, counter: number): number[] {
  const framed = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const places = Buffer.alloc(8);
  places.writeUInt32BE(index, 0);
  places.writeUInt32BE(counter, 4);
  const texts = ['limen/randomization/v1', studyId, stratum, purpose].map(framed);
  const digest = createHmac('sha256', seed)
    .update(Buffer.concat([...texts, places]))
    .digest();
  return Array.from({ length: 8 }, (_, word) => digest.readUInt32BE(word * 4));
}

test('a draw is HMAC-SHA-256 of seed, study, stratum, purpose and index, word by word', () => {
  const draws = seededDraws(seed, 'étude-1', 'site A|female')('step', 41);
  const words = [0, 1, 2].flatMap((counter) => expectedWords('étude-1', 'site A|female', 'step', 41, counter));
  for (const word of words) assert.equal(draws.below(2 ** 32), word);
});

test('a word above the largest multiple of the bound is passed over, so no value is favoured', () => {
  const words = [2 ** 32 - 1, 2 ** 32 - 2, 7];
  // 2^32 = 3 · 1431655765 + 1: only the last word is refused.
  const draws = integersFrom(() => words.shift() ?? 0);
  assert.equal(draws.below(3), (2 ** 32 - 2) % 3);
  assert.equal(draws.below(3), 7 % 3);
});

test('names that run together do not share draws', () => {
  const text = fc.string({ maxLength: 6 });
  fc.assert(
    fc.property(text, text, text, text, (study, stratum, otherStudy, otherStratum) => {
      fc.pre(study !== '' && otherStudy !== '' && (study !== otherStudy || stratum !== otherStratum));
      fc.pre([study, stratum, otherStudy, otherStratum].every((name) => name.isWellFormed()));
      const [one, other] = [seededDraws(seed, study, stratum), seededDraws(seed, otherStudy, otherStratum)];
      assert.notDeepEqual(eightWords(one('step', 0)), eightWords(other('step', 0)));
    }),
  );
  const source = seededDraws(seed, 'study', 'stratum');
  assert.notDeepEqual(eightWords(source('step', 3)), eightWords(source('block', 3)));
});

test('a seed of any other length than 32 bytes is refused', () => {
  for (const length of [0, 16, 31, 33, 64]) {
    assert.throws(() => seededDraws(new Uint8Array(length), 'study', ''), hasCode('seed.length'));
  }
});

function eightWords(draws: { below(bound: number): number }): number[] {
  return Array.from({ length: 8 }, () => draws.below(2 ** 32));
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof RandomizationError && error.code === code;
}
