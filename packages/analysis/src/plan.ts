/** How an endpoint of the plan is compared: the names its model uses, and the levels of its condition. */
import { type Endpoint, interventionsOfArm, isPlaceboArm, type ProtocolDocument } from '@limen/protocol';
import type { Columns, OutcomeSpec } from './outcome-spec.ts';

export const columns: Columns = {
  value: 'value',
  condition: 'condition',
  guess: 'guess',
  participant: 'participant',
  timePoint: 'timePoint',
};

export const guessLevels: OutcomeSpec['guessLevels'] = { active: 'active', placebo: 'placebo', unsure: 'unsure' };

/** Levels of the condition, the reference first: arms for a contrast of arms, interventions otherwise. */
export function levelsOf(protocol: ProtocolDocument, { contrast }: Pick<Endpoint, 'contrast'>): OutcomeSpec['levels'] {
  return contrast === 'arm' ? armLevels(protocol) : interventionLevels(protocol);
}

function interventionLevels(protocol: ProtocolDocument): OutcomeSpec['levels'] {
  const { reference } = protocol.analysis;
  const levels = protocol.interventions.map(({ id, label }) => ({ level: id, label }));
  return referenceFirst(levels, reference);
}

/** The reference arm is the one whose capsules all hold the reference, or steps of placebo that include it. */
function armLevels(protocol: ProtocolDocument): OutcomeSpec['levels'] {
  const { reference } = protocol.analysis;
  const levels = protocol.arms.map(({ id, label }) => ({ level: id, label }));
  const arm =
    protocol.arms.find(({ content }) => content.kind === 'constant' && content.intervention === reference) ??
    protocol.arms.find((one) => isPlaceboArm(protocol, one) && interventionsOfArm(one).includes(reference));
  return referenceFirst(levels, arm?.id);
}

function referenceFirst(levels: OutcomeSpec['levels'], reference: string | undefined): OutcomeSpec['levels'] {
  return [...levels.filter(({ level }) => level === reference), ...levels.filter(({ level }) => level !== reference)];
}
