/** What is drawn: arms with their ratio, and the procedure that draws them. */
import { RandomizationError } from './errors.ts';

export type Arm = {
  readonly id: string;
  /** Share of the allocation ratio, a whole number; 2 and 1 mean 2:1. */
  readonly weight: number;
};

export type Procedure =
  /** Every step independent, in the ratio of the weights. */
  | { readonly kind: 'complete' }
  /** Random orders of blocks in which every arm has its share; several sizes are drawn with equal chance. */
  | { readonly kind: 'permutedBlocks'; readonly sizes: readonly number[] }
  /** A fair draw except where an arm would get more than `tolerance` ahead (Soares & Wu 1983). */
  | { readonly kind: 'bigStick'; readonly tolerance: number }
  /** The emptiest slots have `favour` chances where the others have `against`; 2 and 1: p = 2/3 (Efron 1971). */
  | { readonly kind: 'biasedCoin'; readonly favour: number; readonly against: number }
  /** An urn that starts with `initial` balls of each and gains `added` of all others at a draw (Wei 1977). */
  | { readonly kind: 'urn'; readonly initial: number; readonly added: number }
  /** An urn of `blocks` balanced sets; a set comes back when all of it was drawn (Zhao & Weng 2011). */
  | { readonly kind: 'blockUrn'; readonly blocks: number }
  /** All orders of `size` within the tolerance that end balanced are equally likely (Berger et al. 2003). */
  | { readonly kind: 'maximal'; readonly tolerance: number; readonly size: number }
  /**
   * The arm that leaves the people of the same levels least apart has `favour` chances, all others together `against`;
   * 4 and 1: p = 0.8 (Pocock & Simon 1975).
   */
  | {
      readonly kind: 'minimisation';
      readonly factors: readonly { readonly id: string; readonly weight: number }[];
      readonly distance: 'range' | 'variance';
      readonly favour: number;
      readonly against: number;
    }
  /** One arm; `cycles` times a block in which treatment i has `block[i]` periods, in random order for each person. */
  | { readonly kind: 'nOf1'; readonly cycles: number; readonly block: readonly number[] }
  /** Households are drawn instead of people; whoever joins later has the household's arm. */
  | { readonly kind: 'households'; readonly of: ChainProcedure }
  /** Arms PL, HH and MD with equal chance, and the content of 4 dose weeks (Szigeti et al. 2021). */
  | { readonly kind: 'selfBlindingWeeks'; readonly weeks: 4 };

/** The procedures of people, each a chain of states. */
export type ChainProcedure = Exclude<Procedure, { kind: 'selfBlindingWeeks' | 'nOf1' | 'households' }>;
/** The procedures that are drawn arm by arm. */
export type StepwiseProcedure = Exclude<Procedure, { kind: 'selfBlindingWeeks' | 'nOf1' }>;
export type Minimisation = Extract<Procedure, { kind: 'minimisation' }>;
export type NOf1 = Extract<Procedure, { kind: 'nOf1' }>;

/** The default within every stratum. */
export const defaultProcedure: Procedure = { kind: 'bigStick', tolerance: 3 };

export const selfBlindingArms: readonly Arm[] = [
  { id: 'PL', weight: 1 },
  { id: 'HH', weight: 1 },
  { id: 'MD', weight: 1 },
];

const maxWeight = 1_000;
const maxBlockSize = 1_000;
const maxTolerance = 1_000;
const maxSlots = 64;
const maxShares = 100;
const maxFactors = 10;
const maxCycles = 50;
const maxTreatments = 6;
const maxPeriods = 12;
const maxMaximalSlots = 6;
const maxMaximalTolerance = 20;
const maxMaximalSize = 600;

/** Throws `RandomizationError` when arms and procedure cannot be drawn together. */
export function assertDesign(arms: readonly Arm[], procedure: Procedure): void {
  assertArms(arms);
  switch (procedure.kind) {
    case 'complete':
      return;
    case 'permutedBlocks':
      assertBlocks(reducedTotal(arms), procedure.sizes);
      return;
    case 'bigStick':
      if (!isWholeFromOneTo(procedure.tolerance, maxTolerance)) {
        throw new RandomizationError('bigStick.tolerance', `${procedure.tolerance}`);
      }
      if (reducedTotal(arms) > maxSlots) throw new RandomizationError('bigStick.ratio', `${reducedTotal(arms)}`);
      return;
    case 'biasedCoin':
      assertSlots(arms);
      assertChances(procedure, 'biasedCoin.chances');
      return;
    case 'urn':
      assertSlots(arms);
      if (!isWhole(procedure.initial, 0, maxShares) || !isWhole(procedure.added, 1, maxShares)) {
        throw new RandomizationError('urn.balls', `initial ${procedure.initial}, added ${procedure.added}`);
      }
      if (slotsOf(arms).length < 2) throw new RandomizationError('urn.arms');
      return;
    case 'blockUrn':
      if (!isWhole(procedure.blocks, 1, maxShares)) {
        throw new RandomizationError('blockUrn.blocks', `${procedure.blocks}`);
      }
      return;
    case 'maximal':
      assertMaximal(reducedTotal(arms), procedure);
      return;
    case 'minimisation':
      assertMinimisation(arms, procedure);
      return;
    case 'nOf1':
      assertNOf1(arms, procedure);
      return;
    case 'households':
      assertDesign(arms, procedure.of);
      return;
    case 'selfBlindingWeeks':
      if (procedure.weeks !== 4) throw new RandomizationError('selfBlinding.weeks', `${procedure.weeks}`);
      assertSelfBlindingArms(arms);
      return;
  }
}

/** Arms with their weights divided by the greatest common divisor: 4:2 becomes 2:1. */
export function reduceRatio(arms: readonly Arm[]): readonly Arm[] {
  const divisor = arms.reduce((divided, arm) => greatestCommonDivisor(divided, arm.weight), 0);
  return arms.map((arm) => ({ id: arm.id, weight: arm.weight / divisor }));
}

/** Arm ids, each as often as its reduced weight: 2:1 becomes a, a, b. */
export function slotsOf(arms: readonly Arm[]): readonly string[] {
  return reduceRatio(arms).flatMap((arm) => Array<string>(arm.weight).fill(arm.id));
}

function assertArms(arms: readonly Arm[]): void {
  if (arms.length < 1) throw new RandomizationError('arms.tooFew', `${arms.length}`);
  const seen = new Set<string>();
  for (const arm of arms) {
    if (arm.id === '') throw new RandomizationError('arms.emptyId');
    if (!arm.id.isWellFormed()) throw new RandomizationError('text.malformed');
    if (seen.has(arm.id)) throw new RandomizationError('arms.duplicate', arm.id);
    if (!isWholeFromOneTo(arm.weight, maxWeight))
      throw new RandomizationError('arms.weight', `${arm.id}: ${arm.weight}`);
    seen.add(arm.id);
  }
}

function assertBlocks(total: number, sizes: readonly number[]): void {
  if (sizes.length === 0) throw new RandomizationError('blocks.none');
  if (new Set(sizes).size !== sizes.length) throw new RandomizationError('blocks.duplicate', sizes.join(', '));
  for (const size of sizes) {
    if (!isWholeFromOneTo(size, maxBlockSize) || size % total !== 0) {
      throw new RandomizationError('blocks.size', `size ${size}, weights in total ${total}`);
    }
  }
}

function assertSlots(arms: readonly Arm[]): void {
  if (reducedTotal(arms) > maxSlots) throw new RandomizationError('slots.tooMany', `${reducedTotal(arms)}`);
}

/** Without a chance against, the next arm would be known to whoever knows the counts. */
function assertChances(
  { favour, against }: { readonly favour: number; readonly against: number },
  code: 'biasedCoin.chances' | 'minimisation.chances',
): void {
  if (!isWhole(against, 1, maxShares) || !isWhole(favour, against + 1, maxShares)) {
    throw new RandomizationError(code, `${favour} against ${against}`);
  }
}

function assertMinimisation(arms: readonly Arm[], procedure: Minimisation): void {
  const { factors, distance } = procedure;
  assertSlots(arms);
  assertChances(procedure, 'minimisation.chances');
  if (distance !== 'range' && distance !== 'variance') throw new RandomizationError('minimisation.distance', distance);
  const ids = factors.map(({ id }) => id);
  if (!isWhole(factors.length, 1, maxFactors) || new Set(ids).size !== ids.length || ids.includes('')) {
    throw new RandomizationError('minimisation.factors', ids.join(', '));
  }
  for (const { id, weight } of factors) {
    if (!id.isWellFormed()) throw new RandomizationError('text.malformed');
    if (!isWhole(weight, 1, maxShares)) throw new RandomizationError('minimisation.weight', `${id}: ${weight}`);
  }
}

function assertNOf1(arms: readonly Arm[], { cycles, block }: NOf1): void {
  if (arms.length !== 1) throw new RandomizationError('nOf1.arms', `${arms.length}`);
  if (!isWhole(cycles, 1, maxCycles)) throw new RandomizationError('nOf1.cycles', `${cycles}`);
  const periods = block.reduce((sum, count) => sum + count, 0);
  if (
    !isWhole(block.length, 2, maxTreatments) ||
    !isWhole(periods, 2, maxPeriods) ||
    block.some((count) => !isWhole(count, 1, maxPeriods))
  ) {
    throw new RandomizationError('nOf1.block', block.join(', '));
  }
}

function assertMaximal(slots: number, { tolerance, size }: Extract<Procedure, { kind: 'maximal' }>): void {
  if (slots > maxMaximalSlots) throw new RandomizationError('maximal.ratio', `${slots}`);
  if (!isWhole(tolerance, 1, maxMaximalTolerance)) throw new RandomizationError('maximal.tolerance', `${tolerance}`);
  if (!isWhole(size, slots, maxMaximalSize) || size % slots !== 0) {
    throw new RandomizationError('maximal.size', `size ${size}, weights in total ${slots}`);
  }
}

function assertSelfBlindingArms(arms: readonly Arm[]): void {
  const ids = arms.map((arm) => arm.id).sort();
  const equal = arms.every((arm) => arm.weight === arms[0]?.weight);
  if (ids.join() !== 'HH,MD,PL' || !equal) throw new RandomizationError('selfBlinding.arms', ids.join(', '));
}

function reducedTotal(arms: readonly Arm[]): number {
  return slotsOf(arms).length;
}

function isWholeFromOneTo(value: number, most: number): boolean {
  return isWhole(value, 1, most);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
