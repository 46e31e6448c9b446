/** From a seed to the allocations of a stratum: (seed, study, stratum, step) decides everything. */
import { chainOf } from './chain.ts';
import { type Arm, assertDesign, type Procedure, slotsOf } from './design.ts';
import { assertIndex, type DrawSource, seededDraws } from './draws.ts';
import { RandomizationError } from './errors.ts';
import { type DoseWeek, drawSelfBlindingWeeks, type SelfBlindingArm, shuffled } from './self-blinding.ts';
import { at, type Chain } from './state.ts';

export type Allocation = {
  readonly arm: string;
  /** Content of the dose weeks; only of procedures that draw one. */
  readonly sequence?: readonly DoseWeek[];
};

/** Everything that decides the allocations of one stratum. */
export type StratumDesign = {
  /** 32 secret bytes. */
  readonly seed: Uint8Array;
  readonly studyId: string;
  readonly stratum: string;
  readonly arms: readonly Arm[];
  readonly procedure: Procedure;
};

export type AllocationRequest = StratumDesign & {
  /** How many allocations the stratum has had before. */
  readonly step: number;
  /** Arms allocated so far, in order. Given, they are compared with the seed's and a difference refuses the draw. */
  readonly history?: readonly string[];
};

/**
 * The allocation of one step. Asked again, it answers the same.
 * Time grows with the step for procedures that remember (big stick, blocks), as they are followed from step 0.
 */
export function allocate(request: AllocationRequest): Allocation {
  const { step, history } = request;
  assertIndex(step);
  const walk = openWalk(request, seededDraws(request.seed, request.studyId, request.stratum));
  if (history !== undefined) assertHistoryFits(request, history);
  if (history === undefined && !remembers(request.procedure)) return walk(step);
  for (let earlier = 0; earlier < step; earlier += 1) {
    const { arm } = walk(earlier);
    if (history !== undefined && history[earlier] !== arm) {
      throw new RandomizationError('history.differs', `step ${earlier}`);
    }
  }
  return walk(step);
}

function assertHistoryFits({ arms, step }: AllocationRequest, history: readonly string[]): void {
  const known = new Set(arms.map((arm) => arm.id));
  const unknown = history.find((arm) => !known.has(arm));
  if (unknown !== undefined) throw new RandomizationError('arms.unknown', unknown);
  if (history.length !== step) {
    throw new RandomizationError('history.differs', `${history.length} arms before step ${step}`);
  }
}

/** The allocations of a stratum from step 0 on, without end. */
export function* allocations(design: StratumDesign): Generator<Allocation, never, undefined> {
  const walk = openWalk(design, seededDraws(design.seed, design.studyId, design.stratum));
  for (let step = 0; ; step += 1) yield walk(step);
}

/** The week schedule of one participant of the self-blinding design. */
export function selfBlindingSchedule(request: Omit<AllocationRequest, 'arms' | 'procedure' | 'history'>): {
  readonly arm: SelfBlindingArm;
  readonly weeks: readonly DoseWeek[];
} {
  assertIndex(request.step);
  return drawSelfBlinding(seededDraws(request.seed, request.studyId, request.stratum), request.step);
}

/** Answers the allocation of a step. Procedures that remember must be walked from 0 without gaps. */
export type Walk = (step: number) => Allocation;

export function openWalk(design: Pick<StratumDesign, 'arms' | 'procedure'>, source: DrawSource): Walk {
  const { arms, procedure } = design;
  assertDesign(arms, procedure);
  switch (procedure.kind) {
    case 'permutedBlocks':
      return walkBlocks(slotsOf(arms), procedure.sizes, source);
    case 'selfBlindingWeeks':
      return (step) => {
        const { arm, weeks } = drawSelfBlinding(source, step);
        return { arm, sequence: weeks };
      };
    default:
      return walkChain(arms, chainOf(arms, procedure), source);
  }
}

function remembers(procedure: Procedure): boolean {
  return procedure.kind !== 'complete' && procedure.kind !== 'selfBlindingWeeks';
}

function walkChain(arms: readonly Arm[], chain: Chain, source: DrawSource): Walk {
  let state = chain.start;
  return (step) => {
    const moves = chain.moves(state);
    const total = moves.reduce((sum, { share }) => sum + share, 0n);
    let left = source('step', step).belowBig(total);
    for (const { arm, share, to } of moves) {
      if (left < share) {
        state = to;
        return { arm: at(arms, arm).id };
      }
      left -= share;
    }
    throw new RangeError('the moves of a state have no share');
  };
}

function walkBlocks(slots: readonly string[], sizes: readonly number[], source: DrawSource): Walk {
  let block: readonly string[] = [];
  let blocks = 0;
  let used = 0;
  return () => {
    if (used === block.length) {
      const draws = source('block', blocks);
      const size = at(sizes, draws.below(sizes.length));
      block = shuffled(
        Array.from({ length: size }, (_, place) => at(slots, place % slots.length)),
        draws,
      );
      blocks += 1;
      used = 0;
    }
    used += 1;
    return { arm: at(block, used - 1) };
  };
}

function drawSelfBlinding(source: DrawSource, step: number): { arm: SelfBlindingArm; weeks: readonly DoseWeek[] } {
  const draws = source('step', step);
  const arm = at(['PL', 'HH', 'MD'] as const, draws.below(3));
  return { arm, weeks: drawSelfBlindingWeeks(arm, draws) };
}
