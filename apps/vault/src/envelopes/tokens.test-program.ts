/**
 * Whether tokens on micro-dose envelopes look different from tokens on placebo envelopes: Pearson's chi-square of each
 * of the 128 bits against the content, and against an even coin.
 *
 *     node apps/vault/src/envelopes/tokens.test-program.ts 1000000
 */
import { envelopeCount, envelopesOf, selfBlindingSchedule } from '@limen/randomization';
import { tokenBytesOf } from './tokens.ts';

const bits = 128;

export type Comparison = {
  readonly tokens: number;
  /** Sum over the bits of chi-square with one degree of freedom each: 128 expected, standard deviation 16. */
  readonly againstContent: number;
  readonly againstCoin: number;
  /** The largest of the 256 single values. */
  readonly largest: number;
};

export function compareTokens(wanted: number, seedByte = 5): Comparison {
  const seed = new Uint8Array(32).fill(seedByte);
  const key = new Uint8Array(32).fill(seedByte + 1);
  const ones = { active: new Float64Array(bits), placebo: new Float64Array(bits) };
  const counts = { active: 0, placebo: 0 };
  for (let step = 0; counts.active + counts.placebo < wanted; step += 1) {
    const participantId = `P${step}`;
    const { weeks } = selfBlindingSchedule({ seed, studyId: 'study', stratum: 'all', step });
    for (const { slot, variant } of envelopesOf(weeks, { seed, studyId: 'study', participantId })) {
      const content = variant === null ? 'placebo' : 'active';
      counts[content] += 1;
      addBits(ones[content], tokenBytesOf(key, 'study', participantId, slot));
    }
  }
  return { tokens: counts.active + counts.placebo, ...chiSquares(ones, counts) };
}

function addBits(sums: Float64Array, bytes: Uint8Array): void {
  for (let bit = 0; bit < bits; bit += 1) sums[bit] = (sums[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
}

function chiSquares(
  ones: Record<'active' | 'placebo', Float64Array>,
  { active: a, placebo: p }: Record<'active' | 'placebo', number>,
): Omit<Comparison, 'tokens'> {
  let [againstContent, againstCoin, largest] = [0, 0, 0];
  for (let bit = 0; bit < bits; bit += 1) {
    const [inActive, inPlacebo] = [ones.active[bit] ?? 0, ones.placebo[bit] ?? 0];
    const all = inActive + inPlacebo;
    const cross = inActive * (p - inPlacebo) - inPlacebo * (a - inActive);
    const content = (cross ** 2 * (a + p)) / (a * p * all * (a + p - all));
    const coin = (2 * all - (a + p)) ** 2 / (a + p);
    againstContent += content;
    againstCoin += coin;
    largest = Math.max(largest, content, coin);
  }
  return { againstContent, againstCoin, largest };
}

if (import.meta.main) {
  const wanted = Number(process.argv[2] ?? envelopeCount * 1_000);
  process.stdout.write(`${JSON.stringify(compareTokens(wanted))}\n`);
}
