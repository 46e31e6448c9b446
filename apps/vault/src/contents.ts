/** From an allocation to what each capsule holds, by dose number. */
import { type Allocation, type Arm, capsuleDays, type Procedure } from '@limen/randomization';
import type { CreateStudyRequest } from './protocol.ts';

export type Design = Pick<CreateStudyRequest, 'procedure' | 'stratifyBy' | 'capsules'> & {
  readonly arms: readonly DesignArm[];
};
type DesignArm = Pick<CreateStudyRequest['arms'][number], 'id' | 'weight' | 'content'>;

/** The self-blinding procedure names its arms in capitals. */
export function randomisedArms(design: Design): Arm[] {
  const capital = design.procedure.kind === 'selfBlindingWeeks';
  return design.arms.map(({ id, weight }) => ({ id: capital ? id.toUpperCase() : id, weight }));
}

export function procedureOf(design: Design): Procedure {
  return design.procedure;
}

/** Intervention ids, the first capsule first. Throws when the design cannot hold the allocation. */
export function contentsOf(design: Design, allocation: Allocation): string[] {
  const arm = design.arms.find(({ id }) => id.toUpperCase() === allocation.arm.toUpperCase());
  if (!arm) throw new RangeError('The allocation names an arm that the design does not have');
  const drawn = design.arms.find(({ content }) => content.kind === 'drawn')?.content;
  if (!allocation.sequence) {
    if (arm.content.kind === 'steps') return contentsOfSteps(arm.content.steps, design.capsules);
    if (arm.content.kind !== 'constant') throw new RangeError('The arm’s content needs a procedure that draws it');
    const { intervention } = arm.content;
    return Array.from({ length: design.capsules }, () => intervention);
  }
  const { content } = arm;
  if (content.kind === 'steps') throw new RangeError('The procedure draws what the arm’s content has fixed by steps');
  const placebo = content.kind === 'drawn' ? content.placebo : content.intervention;
  const active =
    content.kind === 'drawn' ? content.active : drawn?.kind === 'drawn' ? drawn.active : content.intervention;
  const contents = allocation.sequence.flatMap(({ days }) =>
    capsuleDays.map((day) => (days[day] === 'MD' ? active : placebo)),
  );
  if (contents.length !== design.capsules)
    throw new RangeError('The drawn weeks do not have as many capsules as the kit');
  return contents;
}

/** Each capsule holds what the last step begun by then says. */
function contentsOfSteps(steps: readonly { fromDose: number; intervention: string }[], capsules: number): string[] {
  const rising = steps.toSorted((a, b) => a.fromDose - b.fromDose);
  return Array.from({ length: capsules }, (_, index) => {
    const step = rising.findLast(({ fromDose }) => fromDose <= index + 1);
    if (step === undefined) throw new RangeError('The arm’s steps begin after its first capsule');
    return step.intervention;
  });
}
