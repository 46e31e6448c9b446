/** What an arm's capsules are to hold, as far as the document fixes it. */
import type { Arm, ProtocolDocument } from './document.ts';

type Steps = Extract<Arm['content'], { kind: 'steps' }>['steps'];

/**
 * Intervention of capsule `doseNumber` (from 1); `undefined` where the allocation procedure draws it, or where no step
 * has begun yet.
 */
export function plannedIntervention({ content }: Pick<Arm, 'content'>, doseNumber: number): string | undefined {
  switch (content.kind) {
    case 'constant':
      return content.intervention;
    case 'drawn':
    case 'cycles':
      return undefined;
    case 'steps':
      return stepAt(content.steps, doseNumber)?.intervention;
    default:
      return content satisfies never;
  }
}

function stepAt(steps: Steps, doseNumber: number): Steps[number] | undefined {
  return steps
    .filter(({ fromDose }) => fromDose <= doseNumber)
    .reduce<Steps[number] | undefined>(
      (latest, step) => (latest === undefined || step.fromDose >= latest.fromDose ? step : latest),
      undefined,
    );
}

/** Every intervention an arm's capsules can hold, in document order, each once. */
export function interventionsOfArm({ content }: Pick<Arm, 'content'>): string[] {
  switch (content.kind) {
    case 'constant':
      return [content.intervention];
    case 'drawn':
      return [content.active, content.placebo];
    case 'cycles':
      return [...new Set(content.treatments)];
    case 'steps':
      return [...new Set(content.steps.map(({ intervention }) => intervention))];
    default:
      return content satisfies never;
  }
}

/** True if every capsule the arm can hold has the role of placebo. */
export function isPlaceboArm(protocol: ProtocolDocument, arm: Pick<Arm, 'content'>): boolean {
  const roles = new Map(protocol.interventions.map(({ id, role }) => [id, role]));
  return interventionsOfArm(arm).every((id) => roles.get(id) === 'placebo');
}
