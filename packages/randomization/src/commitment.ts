/**
 * Commit and reveal: a hash published before the first enrolment binds protocol, design and seed; with the seed revealed
 * anyone draws every allocation again and compares.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { allocations } from './allocate.ts';
import { type Arm, assertDesign, type Procedure } from './design.ts';
import { assertIndex, assertSeed, framed } from './draws.ts';
import { RandomizationError } from './errors.ts';
import type { Participant } from './people.ts';
import type { Allocation } from './walk.ts';

export type CommittedDesign = {
  /** SHA-256 of the protocol document, 64 lower-case hexadecimal digits. */
  readonly protocolHash: string;
  readonly studyId: string;
  readonly arms: readonly Arm[];
  readonly procedure: Procedure;
  readonly seed: Uint8Array;
};

/** With what the procedure looked at, as it was recorded at the draw. */
export type RecordedAllocation = Allocation & Participant & { readonly stratum: string; readonly step: number };

export type AllocationDifference = {
  /** Place in the list of recorded allocations; its length when an allocation is missing. */
  readonly index: number;
  readonly stratum: string;
  readonly step: number;
  readonly expected: string;
  readonly found: string;
};

export type AllocationVerification =
  | { readonly ok: true; readonly count: number }
  | { readonly ok: false; readonly reason: 'commitment'; readonly expected: string; readonly found: string }
  | {
      readonly ok: false;
      readonly reason: 'arm' | 'sequence' | 'repeatedStep' | 'missingStep';
      readonly firstDifference: AllocationDifference;
    };

/** The hash to publish before the first enrolment: 64 hexadecimal digits. It tells nothing about the 32-byte seed. */
export function commitment(design: CommittedDesign): string {
  assertSeed(design.seed);
  assertDesign(design.arms, design.procedure);
  if (design.studyId === '') throw new RandomizationError('study.empty');
  if (!/^[0-9a-f]{64}$/.test(design.protocolHash)) throw new RandomizationError('protocolHash.malformed');
  const parts = [
    'limen/randomization/v1/commitment',
    design.protocolHash,
    design.studyId,
    design.procedure.kind,
    ...parametersOf(design.procedure),
    'arms',
    ...design.arms.flatMap((arm) => [arm.id, String(arm.weight)]),
  ];
  return bytesToHex(sha256(concatBytes(...parts.map(framed), design.seed)));
}

/**
 * Draws every recorded allocation again. Every stratum must hold the steps 0, 1, 2 … once each, in any order:
 * a step left out would hide a participant.
 */
export function verifyAllocations(
  claim: CommittedDesign & { readonly commitment: string; readonly allocations: readonly RecordedAllocation[] },
): AllocationVerification {
  const expected = commitment(claim);
  if (expected !== claim.commitment) return { ok: false, reason: 'commitment', expected, found: claim.commitment };
  const strata = drawAgain(claim);
  const seen = new Map<string, Set<number>>();
  for (const [index, recorded] of claim.allocations.entries()) {
    const { stratum, step } = recorded;
    const steps = seen.get(stratum) ?? new Set();
    const place = { index, stratum, step };
    if (steps.has(step)) {
      return differs('repeatedStep', place, 'one allocation of this step', 'a second one');
    }
    const drawn = strata.get(stratum)?.[step];
    if (drawn === undefined) return differs('missingStep', place, 'steps without a gap', `step ${step}`);
    if (drawn.arm !== recorded.arm) return differs('arm', place, drawn.arm, recorded.arm);
    const [due, found] = [describeSequence(drawn), describeSequence(recorded)];
    if (due !== found) return differs('sequence', place, due, found);
    seen.set(stratum, steps.add(step));
  }
  return { ok: true, count: claim.allocations.length };
}

/** The steps of each stratum up to its first gap; a larger step then stands behind one. */
function drawAgain(claim: CommittedDesign & { readonly allocations: readonly RecordedAllocation[] }) {
  const strata = new Map<string, Map<number, Participant>>();
  for (const { stratum, step, levels, household } of claim.allocations) {
    assertIndex(step);
    const steps = strata.get(stratum) ?? new Map<number, Participant>();
    strata.set(stratum, steps);
    if (!steps.has(step)) steps.set(step, { ...(levels ? { levels } : {}), ...(household ? { household } : {}) });
  }
  return new Map(
    [...strata].map(([stratum, steps]) => [stratum, [...allocations({ ...claim, stratum }, inOrder(steps))]] as const),
  );
}

function* inOrder(steps: ReadonlyMap<number, Participant>): Generator<Participant, void, undefined> {
  for (let step = 0; ; step += 1) {
    const person = steps.get(step);
    if (person === undefined) return;
    yield person;
  }
}

function differs(
  reason: 'arm' | 'sequence' | 'repeatedStep' | 'missingStep',
  place: { index: number; stratum: string; step: number },
  expected: string,
  found: string,
): AllocationVerification {
  return { ok: false, reason, firstDifference: { ...place, expected, found } };
}

function describeSequence(allocation: Allocation): string {
  if (allocation.periods !== undefined) return `periods ${allocation.periods.map((one) => one + 1).join('-')}`;
  const weeks = allocation.sequence ?? [];
  if (weeks.length === 0) return 'none';
  return weeks
    .map(
      ({ week, type, variant, days }) => `${week} ${type} ${variant} ${days.mon}-${days.tue}-${days.thu}-${days.fri}`,
    )
    .join('; ');
}

function parametersOf(procedure: Procedure): readonly string[] {
  switch (procedure.kind) {
    case 'complete':
      return [];
    case 'permutedBlocks':
      return procedure.sizes.map(String);
    case 'bigStick':
      return [String(procedure.tolerance)];
    case 'biasedCoin':
      return [String(procedure.favour), String(procedure.against)];
    case 'urn':
      return [String(procedure.initial), String(procedure.added)];
    case 'blockUrn':
      return [String(procedure.blocks)];
    case 'maximal':
      return [String(procedure.tolerance), String(procedure.size)];
    case 'minimisation':
      return [
        procedure.distance,
        String(procedure.favour),
        String(procedure.against),
        ...procedure.factors.flatMap(({ id, weight }) => [id, String(weight)]),
      ];
    case 'nOf1':
      return [procedure.cycles, ...procedure.block].map(String);
    case 'households':
      return [procedure.of.kind, ...parametersOf(procedure.of)];
    case 'selfBlindingWeeks':
      return [String(procedure.weeks)];
  }
}
