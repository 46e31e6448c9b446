/**
 * Numbers that decide what a task shows: the same for the same text, in every browser. sfc32 (Doty-Humphrey, PractRand), seeded by four
 * rounds of FNV-1a. Good enough to shuffle stimuli; nothing secret hangs on it.
 */
export type Draws = {
  /** A whole number from 0 to bound − 1. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
  /** A copy in another order. */
  shuffled<T>(items: readonly T[]): T[];
};

const warmUp = 16;

export function drawsOf(text: string): Draws {
  let [a, b, c, counter] = [0x811c9dc5, 0x9e3779b9, 0xbb67ae85, 1].map((offset) => hash(text, offset)) as [
    number,
    number,
    number,
    number,
  ];
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < warmUp; round += 1) word();
  const below = (bound: number): number => {
    const accepted = 2 ** 32 - (2 ** 32 % bound);
    let drawn = word();
    while (drawn >= accepted) drawn = word();
    return drawn % bound;
  };
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    shuffled: (items) => {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [order[last], order[other]] = [order[other] as (typeof items)[number], order[last] as (typeof items)[number]];
      }
      return order;
    },
  };
}

function hash(text: string, offset: number): number {
  let value = offset | 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    value ^= value >>> 15;
  }
  return value;
}
