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

type Content = DesignArm['content'];

/** Intervention ids, the first capsule first. Throws when the design cannot hold the allocation. */
export function contentsOf(design: Design, allocation: Allocation): string[] {
  const arm = design.arms.find(({ id }) => id.toUpperCase() === allocation.arm.toUpperCase());
  if (!arm) throw new RangeError('The allocation names an arm that the design does not have');
  const contents = capsulesOf(design, arm.content, allocation);
  if (contents.length !== design.capsules)
    throw new RangeError('What was drawn does not have as many capsules as the kit');
  return contents;
}

function capsulesOf(design: Design, content: Content, { sequence, periods }: Allocation): string[] {
  if (sequence) return contentsOfWeeks(design, content, sequence);
  switch (content.kind) {
    case 'constant':
      return Array.from({ length: design.capsules }, () => content.intervention);
    case 'steps':
      return contentsOfSteps(content.steps, design.capsules);
    case 'cycles':
      return contentsOfPeriods(content, periods ?? []);
    case 'drawn':
      throw new RangeError('The arm’s content needs a procedure that draws it');
  }
}

function contentsOfPeriods(content: Extract<Content, { kind: 'cycles' }>, periods: readonly number[]): string[] {
  return periods.flatMap((treatment) => {
    const held = content.treatments[treatment];
    if (held === undefined) throw new RangeError('A period was drawn for a treatment that the arm does not have');
    return Array.from({ length: content.capsulesPerPeriod }, () => held);
  });
}

function contentsOfWeeks(design: Design, content: Content, sequence: NonNullable<Allocation['sequence']>): string[] {
  if (content.kind === 'steps' || content.kind === 'cycles')
    throw new RangeError('The procedure draws what the arm’s content has fixed by steps');
  const drawn = design.arms.find((arm) => arm.content.kind === 'drawn')?.content;
  const placebo = content.kind === 'drawn' ? content.placebo : content.intervention;
  const active =
    content.kind === 'drawn' ? content.active : drawn?.kind === 'drawn' ? drawn.active : content.intervention;
  return sequence.flatMap(({ days }) => capsuleDays.map((day) => (days[day] === 'MD' ? active : placebo)));
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
