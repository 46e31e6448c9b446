/**
 * Random integers that anyone who knows the seed can draw again.
 *
 * Word i of a draw is taken from HMAC-SHA-256(seed, message ‖ counter), where the message names purpose, study, stratum
 * and index with a length before every text, so no two draws share a message. Integers are cut from 32-bit words by
 * rejection: every value below the bound has exactly the same number of words, hence no modulo bias. A rejected word is
 * followed by the next word of the same draw; a draw itself is never repeated.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { RandomizationError } from './errors.ts';

/** What an index counts: allocations of a stratum, or blocks of a stratum. */
export type Purpose = 'step' | 'block';

export type Draws = {
  /** A whole number from 0 to bound − 1, all equally likely. 1 <= bound <= 2^32. */
  below(bound: number): number;
  /** The same for bounds of any size from 1 on; up to 2^32 it draws what `below` draws. */
  belowBig(bound: bigint): bigint;
};

/** Opens the draws of one index. The same arguments always open the same draws. */
export type DrawSource = (purpose: Purpose, index: number) => Draws;

const domain = 'limen/randomization/v1';
const wordsPerDigest = 8;
const twoTo32 = 2 ** 32;
const seedBytes = 32;
const maxIndex = 1_000_000;

export function seededDraws(seed: Uint8Array, studyId: string, stratum: string): DrawSource {
  assertSeed(seed);
  if (studyId === '') throw new RandomizationError('study.empty');
  const keyed = hmac.create(sha256, seed).update(concatBytes(framed(domain), framed(studyId), framed(stratum)));
  const framedPurpose = { step: framed('step'), block: framed('block') } satisfies Record<Purpose, Uint8Array>;
  return (purpose, index) => {
    assertIndex(index);
    const own = framedPurpose[purpose];
    const message = new Uint8Array(own.length + 8);
    message.set(own);
    const view = new DataView(message.buffer);
    view.setUint32(own.length, index);
    return integersFrom(
      wordsOf((counter) => {
        view.setUint32(own.length + 4, counter);
        return keyed.clone().update(message).digest();
      }),
    );
  };
}

/** Integers by rejection from a stream of uniform 32-bit words. */
export function integersFrom(nextWord: () => number): Draws {
  const below = (bound: number) => {
    const accepted = twoTo32 - (twoTo32 % bound);
    let word = nextWord();
    while (word >= accepted) word = nextWord();
    return word % bound;
  };
  return {
    below,
    belowBig(bound) {
      if (bound <= BigInt(twoTo32)) return BigInt(below(Number(bound)));
      const words = Math.ceil(bound.toString(2).length / 32);
      const all = 1n << BigInt(32 * words);
      const accepted = all - (all % bound);
      for (;;) {
        let drawn = 0n;
        for (let word = 0; word < words; word += 1) drawn = (drawn << 32n) | BigInt(nextWord());
        if (drawn < accepted) return drawn % bound;
      }
    },
  };
}

/** Text as bytes with its length in front, so that joined fields cannot be read in two ways. */
export function framed(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new RandomizationError('text.malformed');
  const bytes = utf8ToBytes(text);
  return concatBytes(bigEndian(bytes.length), bytes);
}

export function assertSeed(seed: Uint8Array): void {
  if (seed.length !== seedBytes) throw new RandomizationError('seed.length', `${seed.length} bytes`);
}

export function assertIndex(index: number): void {
  if (!Number.isInteger(index) || index < 0 || index > maxIndex)
    throw new RandomizationError('step.invalid', `${index}`);
}

function wordsOf(digestOf: (counter: number) => Uint8Array): () => number {
  let digest = digestOf(0);
  let used = 0;
  return () => {
    if (used > 0 && used % wordsPerDigest === 0) digest = digestOf(used / wordsPerDigest);
    const word = new DataView(digest.buffer, digest.byteOffset).getUint32((used % wordsPerDigest) * 4);
    used += 1;
    return word;
  };
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
