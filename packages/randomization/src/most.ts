/**
 * The most participants an arm can have, whatever is drawn. Whoever keeps at least so many kits of every arm never runs
 * out of one arm alone, and an answer "out of stock" that follows from these bounds tells nothing about the allocation.
 */
import { type Arm, assertDesign, type Procedure, reduceRatio } from './design.ts';
import { assertIndex } from './draws.ts';
import { at } from './state.ts';

/**
 * The greatest number of participants every arm can have after `steps` allocations of one stratum, in the order of the
 * arms. Exact: some draw of the procedure reaches each number, none exceeds it. Strata add up.
 * @throws RandomizationError `step.invalid`, or a fault of the design
 */
export function mostOf(
  { arms, procedure }: { readonly arms: readonly Arm[]; readonly procedure: Procedure },
  steps: number,
): number[] {
  assertDesign(arms, procedure);
  assertIndex(steps);
  const weights = reduceRatio(arms).map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight === total ? steps : mostOfArm(procedure, { weight, total }, steps)));
}

/** An arm of `weight` slots among `total`; there is another arm. */
type Share = { readonly weight: number; readonly total: number };

function mostOfArm(procedure: Procedure, share: Share, steps: number): number {
  switch (procedure.kind) {
    case 'complete':
    case 'biasedCoin':
    case 'minimisation':
    case 'nOf1':
    case 'selfBlindingWeeks':
    // Everybody can be of one household.
    case 'households':
      return steps;
    case 'urn':
      // Without balls of its own an arm of one slot is not drawn twice before another one was.
      return procedure.initial === 0 && share.weight === 1 && steps > 1 ? steps - 1 : steps;
    case 'permutedBlocks':
      return mostOfBlocks(procedure.sizes, share, steps);
    case 'bigStick':
      return mostWithin(procedure.tolerance, share, steps);
    case 'blockUrn':
      return mostWithin(procedure.blocks, share, steps);
    case 'maximal':
      return mostOfOrders(procedure, share, steps);
  }
}

/**
 * An arm may have `ahead` more of each of its slots than the slots of the others that are behind. The others hold k each
 * as few as the steps allow; what is left over goes to them as long as it raises no further whole k.
 */
function mostWithin(ahead: number, { weight, total }: Share, steps: number): number {
  const free = weight * ahead;
  if (steps <= free) return steps;
  const whole = Math.floor((steps - free) / total);
  const left = steps - free - whole * total;
  return free + weight * whole + Math.max(0, left - (total - weight));
}

/** An order ends balanced, so no slot passes its share of it; then the next order begins. */
function mostOfOrders({ tolerance, size }: { tolerance: number; size: number }, share: Share, steps: number): number {
  const perOrder = (share.weight * size) / share.total;
  const [orders, begun] = [Math.floor(steps / size), steps % size];
  return orders * perOrder + Math.min(mostWithin(tolerance, share, begun), perOrder);
}

/** Whole blocks give the ratio; the block that is open may have begun with all of the arm. */
function mostOfBlocks(sizes: readonly number[], { weight, total }: Share, steps: number): number {
  const canEnd = endsOfBlocks(sizes, steps);
  let most = 0;
  for (const size of sizes) {
    for (let closed = Math.max(0, steps - size); closed <= steps; closed += 1) {
      if (!canEnd[closed]) continue;
      most = Math.max(most, (closed * weight) / total + Math.min(steps - closed, (size * weight) / total));
    }
  }
  return most;
}

/** After how many steps a block can end: the sums of sizes up to `steps`. */
function endsOfBlocks(sizes: readonly number[], steps: number): readonly boolean[] {
  const canEnd = [true];
  for (let end = 1; end <= steps; end += 1) {
    canEnd.push(sizes.some((size) => size <= end && at(canEnd, end - size)));
  }
  return canEnd;
}
