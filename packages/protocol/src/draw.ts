/**
 * A small deterministic generator for drawn days. It decides which days are used, never what a capsule holds, so it
 * needs to be reproducible, not secret.
 *
 * Key text -> 32-bit FNV-1a over its UTF-16 code units (both bytes of each) -> mulberry32 stream -> u in [0, 1).
 */
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

function hashKey(key: string): number {
  let hash = fnvOffset;
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), fnvPrime);
    hash = Math.imul(hash ^ (unit >>> 8), fnvPrime);
  }
  return hash >>> 0;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` of `items`, every subset equally likely; the same key gives the same subset. Order is that of `items`. */
export function drawSubset<T>(items: readonly T[], count: number, key: string): T[] {
  const uniform = mulberry32(hashKey(key));
  const chosen: T[] = [];
  let open = Math.min(count, items.length);
  // Selection sampling (Knuth, TAOCP 3.4.2, algorithm S).
  items.forEach((item, index) => {
    if (uniform() * (items.length - index) < open) {
      chosen.push(item);
      open -= 1;
    }
  });
  return chosen;
}
