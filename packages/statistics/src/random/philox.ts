/**
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, SC '11). A stream is (seed, name); the
 * n-th number of a stream depends on nothing else, so streams are independent of the order in which they are used.
 */
import { normalFromUniform } from '../distributions/normal.ts';
import { portableLog } from './portable-log.ts';

export type Random = {
  /** Uniform on the open interval (0, 1), in steps of 2⁻⁵². */
  uniform(): number;
  /** By inversion: one uniform each, so two streams that differ in one draw stay in step. */
  normal(mean: number, sd: number): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  bernoulli(probability: number): boolean;
  /** Exponential with the given rate; mean 1 / rate. */
  exponential(rate: number): number;
  choice<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** An independent stream, named below this one. */
  fork(label: string): Random;
};

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** One block: four 32-bit words from a 128-bit counter and a 64-bit key. */
export function philoxBlock(counter: readonly number[], key: readonly number[]): [number, number, number, number] {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  let [k0 = 0, k1 = 0] = key;
  for (let round = 0; round < rounds; round += 1) {
    const [high0, low0] = wideProduct(multiplier0, c0);
    const [high1, low1] = wideProduct(multiplier1, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** High and low words of the 64-bit product of two 32-bit words. */
function wideProduct(a: number, b: number): [number, number] {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const low = aLow * bLow;
  const middle1 = aHigh * bLow + (low >>> 16);
  const middle2 = aLow * bHigh + (middle1 & 0xffff);
  const high = aHigh * bHigh + Math.floor(middle1 / 0x10000) + (middle2 >>> 16);
  return [high >>> 0, Math.imul(a, b) >>> 0];
}

/**
 * A stream of random numbers. Everything in it is made of exact arithmetic, so a seed gives the same bits in every
 * browser and on every processor.
 * @param seed any text, bytes or whole number; each kind has its own streams
 * @param stream names the stream; streams of one seed are independent
 */
export function philox(seed: string | Uint8Array | bigint, stream = ''): Random {
  return streamOf(textOf(seed), escaped(stream));
}

const separator = '\u0000';
const branch = '\u0001';

/** Seeds and names are joined by two control characters, which are doubled where they occur in one. */
function escaped(text: string): string {
  return text.replaceAll(separator, `${separator}${separator}.`).replaceAll(branch, `${branch}${branch}.`);
}

function textOf(seed: string | Uint8Array | bigint): string {
  if (typeof seed === 'string') return escaped(seed);
  if (typeof seed === 'bigint') return `${branch}integer:${seed}`;
  return `${branch}bytes:${Array.from(seed, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function streamOf(seed: string, stream: string): Random {
  const [k0, k1, c2, c3] = digest(`${seed}${separator}${stream}`);
  const key = [k0, k1] as const;
  let block: readonly number[] = [];
  let blocks = 0;
  let used = 4;

  function word(): number {
    if (used === 4) {
      block = philoxBlock([blocks >>> 0, Math.floor(blocks / 2 ** 32), c2, c3], key);
      blocks += 1;
      used = 0;
    }
    used += 1;
    return block[used - 1] ?? 0;
  }

  function uniform(): number {
    const high = word() >>> 5;
    const low = word() >>> 6;
    // 52 bits and a half step, so that neither 0 nor 1 can come up after rounding.
    return (high * 2 ** 25 + (low >>> 1) + 0.5) / 2 ** 52;
  }

  function integer(low: number, high: number): number {
    const span = high - low + 1;
    if (!(Number.isSafeInteger(low) && Number.isSafeInteger(high) && span >= 1 && span <= 2 ** 48)) {
      throw new RangeError(`Two whole numbers in order are needed, not ${low} and ${high}`);
    }
    return low + Math.floor(uniform() * span);
  }

  return {
    uniform,
    normal: (mean, sd) => mean + sd * normalFromUniform(uniform(), portableLog),
    integer,
    bernoulli: (probability) => {
      if (!(probability >= 0 && probability <= 1)) throw new RangeError(`Not a probability: ${probability}`);
      return uniform() < probability;
    },
    exponential: (rate) => {
      if (!(rate > 0)) throw new RangeError(`A rate above 0 is needed, not ${rate}`);
      return -portableLog(uniform()) / rate;
    },
    choice: (items) => {
      if (items.length === 0) throw new RangeError('Nothing to choose from');
      return items[integer(0, items.length - 1)] as (typeof items)[number];
    },
    shuffle: (items) => {
      // Durstenfeld 1964, CACM 7:420.
      const order = [...items];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = integer(0, last);
        const kept = order[last] as (typeof items)[number];
        order[last] = order[other] as (typeof items)[number];
        order[other] = kept;
      }
      return order;
    },
    fork: (label) => streamOf(seed, `${stream}${branch}${escaped(label)}`),
  };
}

/** 128 bits of a text: four rounds of FNV-1a with different offsets, then mixed by Philox itself. Not cryptographic. */
function digest(text: string): [number, number, number, number] {
  const words = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0xbb67ae85].map((offset) => {
    let hash = offset;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
      hash = (hash ^ (hash >>> 15)) >>> 0;
    }
    return hash >>> 0;
  });
  const key = [text.length, words[0] ?? 0];
  return philoxBlock(words, key);
}
