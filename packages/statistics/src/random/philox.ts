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
  const block = new Uint32Array(4);
  fillBlock(block, counter[0] ?? 0, counter[1] ?? 0, counter[2] ?? 0, counter[3] ?? 0, key[0] ?? 0, key[1] ?? 0);
  return [...block] as [number, number, number, number];
}

/** The same into four words that are there already: streams are drawn from in inner loops. */
function fillBlock(block: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  let [x0, x1, x2, x3, y0, y1] = [c0 | 0, c1 | 0, c2 | 0, c3 | 0, k0 | 0, k1 | 0];
  for (let round = 0; round < rounds; round += 1) {
    const high0 = highWord(multiplier0, x0);
    const high1 = highWord(multiplier1, x2);
    const low0 = Math.imul(multiplier0, x0);
    const low1 = Math.imul(multiplier1, x2);
    x0 = high1 ^ x1 ^ y0;
    x1 = low1;
    x2 = high0 ^ x3 ^ y1;
    x3 = low0;
    y0 = (y0 + weyl0) | 0;
    y1 = (y1 + weyl1) | 0;
  }
  block[0] = x0;
  block[1] = x1;
  block[2] = x2;
  block[3] = x3;
}

/** High word of the 64-bit product of two 32-bit words, as a signed word. */
function highWord(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  // Products and sums stay below 2^32, so that whole words hold them whatever their sign.
  const middle1 = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const middle2 = (Math.imul(aLow, bHigh) + (middle1 & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle1 >>> 16) + (middle2 >>> 16)) | 0;
}

/**
 * A stream of random numbers. Everything in it is made of exact arithmetic, so a seed gives the same bits in every
 * browser and on every processor.
 * @param seed any text, bytes or whole number; each kind has its own streams
 * @param stream names the stream; streams of one seed are independent
 */
export function philox(seed: string | Uint8Array | bigint, stream = ''): Random {
  return streamOf(followed(nothing, `${textOf(seed)}${separator}${escaped(stream)}`));
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

function streamOf(name: Digest): Random {
  const [k0, k1, c2, c3] = philoxBlock([name.a, name.b, name.c, name.d], [name.length, name.a]);
  const block = new Uint32Array(4);
  let blocks = 0;
  let used = 4;

  function word(): number {
    if (used === 4) {
      fillBlock(block, blocks >>> 0, Math.floor(blocks / 2 ** 32), c2, c3, k0, k1);
      blocks += 1;
      used = 0;
    }
    used += 1;
    return block[used - 1] as number;
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
    fork: (label) => streamOf(followed(name, `${branch}${escaped(label)}`)),
  };
}

/** 128 bits of a text: four rounds of FNV-1a with different offsets, to be mixed by Philox itself. Not cryptographic. */
type Digest = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly length: number;
};

const nothing: Digest = { a: 0x811c9dc5, b: 0x01000193, c: 0x9e3779b9, d: 0xbb67ae85, length: 0 };

/** The digest of a text and one more behind it. */
function followed({ a, b, c, d, length }: Digest, text: string): Digest {
  let [w, x, y, z] = [a | 0, b | 0, c | 0, d | 0];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    w = mixed(w, unit);
    x = mixed(x, unit);
    y = mixed(y, unit);
    z = mixed(z, unit);
  }
  return { a: w >>> 0, b: x >>> 0, c: y >>> 0, d: z >>> 0, length: length + text.length };
}

function mixed(hash: number, unit: number): number {
  const next = Math.imul(hash ^ unit, 0x01000193);
  return next ^ (next >>> 15);
}
