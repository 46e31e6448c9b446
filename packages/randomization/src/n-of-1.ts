/**
 * Trials in one person: cycles in which every treatment has its periods, in random order within each cycle, drawn for
 * every participant alone (Guyatt et al. 1986, N Engl J Med 314:889; CENT 2015, BMJ 350:h1738).
 */
import type { NOf1 } from './design.ts';
import type { Draws } from './draws.ts';
import { shuffled } from './self-blinding.ts';

/** The treatment of every period, by its place in `block`. */
export function drawPeriods({ cycles, block }: NOf1, draws: Draws): readonly number[] {
  const one = block.flatMap((periods, treatment) => Array<number>(periods).fill(treatment));
  return Array.from({ length: cycles }, () => shuffled(one, draws)).flat();
}

/** How many orders of periods there are; every one is equally likely. */
export function countOfPeriodOrders({ cycles, block }: Pick<NOf1, 'cycles' | 'block'>): bigint {
  const periods = block.reduce((sum, count) => sum + count, 0);
  const orders = block.reduce((left, count) => left / factorial(count), factorial(periods));
  return orders ** BigInt(cycles);
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}
