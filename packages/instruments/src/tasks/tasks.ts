/** Every task: what it shows, and what its trials come to. */
import { digitSymbolMeasures, digitSymbolPlan } from './digit-symbol.ts';
import type { Draws } from './draws.ts';
import { drawsOf } from './draws.ts';
import { nBackMeasures, nBackPlan } from './n-back.ts';
import { spatialSpanMeasures, spatialSpanPlan } from './spatial-span.ts';
import { stroopMeasures, stroopPlan } from './stroop.ts';
import { readTrials, type Stimulus, type TaskKind, type Trial } from './trial.ts';
import { vigilanceMeasures, vigilancePlan } from './vigilance.ts';
import {
  alternateUsesMeasures,
  alternateUsesPlan,
  divergentAssociationMeasures,
  divergentAssociationPlan,
} from './words.ts';

type Task = {
  readonly plan: (draws: Draws) => Stimulus[];
  /** By name; null where the trials do not tell. */
  readonly measures: (trials: readonly Trial[]) => Readonly<Record<string, number | null>>;
};

const tasks: Readonly<Record<TaskKind, Task>> = {
  vigilance: { plan: vigilancePlan, measures: vigilanceMeasures },
  digitSymbol: { plan: digitSymbolPlan, measures: digitSymbolMeasures },
  stroop: { plan: stroopPlan, measures: stroopMeasures },
  nBack: { plan: nBackPlan, measures: nBackMeasures },
  spatialSpan: { plan: spatialSpanPlan, measures: spatialSpanMeasures },
  alternateUses: { plan: alternateUsesPlan, measures: alternateUsesMeasures },
  divergentAssociation: { plan: divergentAssociationPlan, measures: divergentAssociationMeasures },
};

/** What one sitting shows: another form for every seed, the same form for the same one. */
export function taskPlan(kind: TaskKind, seed: string): Stimulus[] {
  return tasks[kind].plan(drawsOf(`${kind}/${seed}`));
}

/** A measure of the trials written in a text; null where they do not tell. */
export function taskMeasure(kind: TaskKind, text: string, measure: string): number | null {
  const trials = readTrials(text);
  return trials === null ? null : (tasks[kind].measures(trials)[measure] ?? null);
}
