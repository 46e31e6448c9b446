/** From a seed to the allocations of a stratum: (seed, study, stratum, step) decides everything. */
import type { Arm, Procedure } from './design.ts';
import { assertIndex, seededDraws } from './draws.ts';
import { RandomizationError } from './errors.ts';
import type { Participant } from './people.ts';
import type { DoseWeek, SelfBlindingArm } from './self-blinding.ts';
import { type Allocation, drawSelfBlinding, follow, openWalk, remembers, type Walk } from './walk.ts';

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
  /** Everybody of the stratum so far, the first first, and then the one to allocate; for procedures that look at people. */
  readonly people?: readonly Participant[];
};

/**
 * The allocation of one step. Asked again, it answers the same.
 * Time grows with the step for procedures that remember (big stick, blocks), as they are followed from step 0.
 */
export function allocate(request: AllocationRequest): Allocation {
  const { step, history, people, procedure } = request;
  assertIndex(step);
  if (history !== undefined) assertHistoryFits(request, history);
  const from = history === undefined && !remembers(procedure) ? step : 0;
  let walk = openWalk(request, sourceOf(request), from);
  for (let earlier = from; earlier < step; earlier += 1) {
    const { allocation, after } = walk(people?.[earlier]);
    if (history !== undefined && history[earlier] !== allocation.arm) {
      throw new RandomizationError('history.differs', `step ${earlier}`);
    }
    walk = after;
  }
  return walk(people?.[step]).allocation;
}

/** The allocations of a stratum from step 0, one after another; see `Walk`. */
export function walkStratum(design: StratumDesign): Walk {
  return openWalk(design, sourceOf(design));
}

function sourceOf({ seed, studyId, stratum }: Pick<StratumDesign, 'seed' | 'studyId' | 'stratum'>) {
  return seededDraws(seed, studyId, stratum);
}

function assertHistoryFits({ arms, step }: AllocationRequest, history: readonly string[]): void {
  const known = new Set(arms.map((arm) => arm.id));
  const unknown = history.find((arm) => !known.has(arm));
  if (unknown !== undefined) throw new RandomizationError('arms.unknown', unknown);
  if (history.length !== step) {
    throw new RandomizationError('history.differs', `${history.length} arms before step ${step}`);
  }
}

/** The allocations of a stratum from step 0 on: of these people, or without end where nobody is looked at. */
export function allocations(
  design: StratumDesign,
  people: Iterable<Participant> = anybody(),
): Generator<Allocation, void, undefined> {
  return follow(walkStratum(design), people);
}

function* anybody(): Generator<Participant, never, undefined> {
  for (;;) yield {};
}

/** The week schedule of one participant of the self-blinding design. */
export function selfBlindingSchedule(request: Omit<AllocationRequest, 'arms' | 'procedure' | 'history' | 'people'>): {
  readonly arm: SelfBlindingArm;
  readonly weeks: readonly DoseWeek[];
} {
  assertIndex(request.step);
  const { arm, sequence } = drawSelfBlinding(sourceOf(request), request.step);
  return { arm, weeks: sequence };
}
