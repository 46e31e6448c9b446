/** Fast words for simulation and resampling only: xoshiro128** (Blackman & Vigna 2021), its state drawn from the seed. */
import { type Draws, integersFrom, seededDraws } from './draws.ts';

export function simulatedDraws(seed: Uint8Array, purpose: string): Draws {
  const first = seededDraws(seed, purpose, '')('step', 0);
  let [a, b, c, d] = [first.below(2 ** 32), first.below(2 ** 32), first.below(2 ** 32), first.below(2 ** 32) | 1];
  return integersFrom(() => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  });
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
