/** What the capsules of one participant hold, by dose number: the world's side of the allocation. */
import { type Arm, type Calendar, type ProtocolDocument, plannedIntervention } from '@limen/protocol';
import { type Allocation, allocate, allocations, capsuleDays, type Arm as RandomisedArm } from '@limen/randomization';
import type { Content } from './person.ts';

/** The self-blinding procedure names its arms in capitals; documents use lower case. */
export function randomisedArms(protocol: ProtocolDocument): RandomisedArm[] {
  const capital = protocol.randomisation.procedure.kind === 'selfBlindingWeeks';
  return protocol.arms.map((arm) => ({ id: capital ? arm.id.toUpperCase() : arm.id, weight: arm.weight }));
}

export function drawAllocation(
  protocol: ProtocolDocument,
  seed: Uint8Array,
  stratum: string,
  step: number,
): Allocation {
  return allocate({
    seed,
    studyId: protocol.id,
    stratum,
    step,
    arms: randomisedArms(protocol),
    procedure: protocol.randomisation.procedure,
  });
}

/** The first `count` of one stratum, drawn in one walk. */
export function drawAllocations(protocol: ProtocolDocument, seed: Uint8Array, count: number): Allocation[] {
  const { procedure } = protocol.randomisation;
  return allocations({ seed, studyId: protocol.id, stratum: 'all', arms: randomisedArms(protocol), procedure })
    .take(count)
    .toArray();
}

/** @throws RangeError when the protocol does not have the arm */
export function armOf(protocol: ProtocolDocument, allocation: Pick<Allocation, 'arm'>): Arm {
  const arm = protocol.arms.find((candidate) => candidate.id.toUpperCase() === allocation.arm.toUpperCase());
  if (!arm) throw new RangeError(`The protocol has no arm ${allocation.arm}`);
  return arm;
}

/** Intervention ids, the first capsule first. @param doses how many capsules the calendar has */
export function interventionsOf(
  protocol: ProtocolDocument,
  allocation: Allocation,
  doses: number,
  arm = armOf(protocol, allocation),
): string[] {
  const { reference } = protocol.analysis;
  const held = drawn(protocol, arm, allocation);
  return Array.from({ length: doses }, (_, index) => held?.[index] ?? plannedIntervention(arm, index + 1) ?? reference);
}

/** What chance decided capsule by capsule; undefined where the arm alone says it. */
function drawn(protocol: ProtocolDocument, { content }: Arm, allocation: Allocation): string[] | undefined {
  if (allocation.sequence) {
    const packed = protocol.arms.map((arm) => arm.content).find(({ kind }) => kind === 'drawn');
    const active = packed?.kind === 'drawn' ? packed.active : undefined;
    const placebo = packed?.kind === 'drawn' ? packed.placebo : protocol.analysis.reference;
    const own = content.kind === 'constant' ? content.intervention : undefined;
    return allocation.sequence.flatMap(({ days }) =>
      capsuleDays.map((day) => (days[day] === 'MD' ? (active ?? own ?? placebo) : placebo)),
    );
  }
  if (content.kind !== 'cycles') return undefined;
  return (allocation.periods ?? []).flatMap((treatment) =>
    Array.from({ length: content.capsulesPerPeriod }, () => content.treatments[treatment] as string),
  );
}

function dosesOf({ occurrences }: Calendar): number {
  return occurrences.filter(({ kind }) => kind === 'dose').length;
}

export function contentsOf(protocol: ProtocolDocument, allocation: Allocation, calendar: Calendar): Content[] {
  const roles = new Map(protocol.interventions.map(({ id, role }) => [id, role]));
  return interventionsOf(protocol, allocation, dosesOf(calendar)).map((id) => roles.get(id) ?? 'placebo');
}
