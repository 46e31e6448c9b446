/** What the capsules of one participant hold, by dose number: the world's side of the allocation. */
import { type Calendar, type ProtocolDocument, plannedIntervention } from '@limen/protocol';
import { type Allocation, allocate, allocations, type Arm as RandomisedArm } from '@limen/randomization';
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

export function contentsOf(protocol: ProtocolDocument, allocation: Allocation, calendar: Calendar): Content[] {
  const arm = protocol.arms.find((candidate) => candidate.id.toUpperCase() === allocation.arm.toUpperCase());
  if (!arm) throw new RangeError(`The protocol has no arm ${allocation.arm}`);
  const doses = calendar.occurrences.filter((occurrence) => occurrence.kind === 'dose');
  if (allocation.sequence) {
    const drawn = allocation.sequence.flatMap((week) => Object.values(week.days));
    return doses.map((_, index) => (drawn[index] === 'MD' ? 'active' : 'placebo'));
  }
  const roles = new Map(protocol.interventions.map(({ id, role }) => [id, role]));
  return doses.map((_, index) => roles.get(plannedIntervention(arm, index + 1) ?? '') ?? 'placebo');
}
