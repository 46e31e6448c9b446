/** Trials as a person might make them: for tests, load runs and virtual trials. */
import { spanIsOver } from './spatial-span.ts';
import { taskPlan } from './tasks.ts';
import { type TaskKind, type Trial, writeTrials } from './trial.ts';

type RandomSource = { uniform(): number; normal(mean: number, sd: number): number };

/** Usual times in ms and shares of right answers; round numbers, no norms. */
const usual: Readonly<Record<TaskKind, { readonly ms: number; readonly right: number; readonly most: number }>> = {
  vigilance: { ms: 300, right: 0.97, most: 55 },
  digitSymbol: { ms: 1_500, right: 0.96, most: 60 },
  stroop: { ms: 800, right: 0.95, most: 72 },
  nBack: { ms: 600, right: 0.85, most: 54 },
  spatialSpan: { ms: 4_000, right: 0.7, most: 17 },
  alternateUses: { ms: 10_000, right: 1, most: 8 },
  divergentAssociation: { ms: 15_000, right: 1, most: 10 },
};

const typing = new Set<TaskKind>(['alternateUses', 'divergentAssociation']);

export function simulateTrials(kind: TaskKind, random: RandomSource): string {
  const { ms, right, most } = usual[kind];
  const plan = taskPlan(kind, String(random.uniform()));
  const shown = typing.has(kind)
    ? Array.from({ length: most }, (_, at) => plan[at % plan.length])
    : plan.slice(0, most);
  const trials: Trial[] = [];
  for (const stimulus of shown) {
    if (stimulus === undefined || (kind === 'spatialSpan' && spanIsOver(trials))) break;
    const time = Math.max(150, random.normal(ms, ms / 5));
    const isRight = random.uniform() < right;
    if (typing.has(kind)) trials.push({ ...stimulus, response: `idea${trials.length + 1}`, ms: time });
    else if (kind === 'nBack') {
      const answers = (stimulus.expected !== null) === isRight;
      trials.push({ ...stimulus, response: answers ? 'match' : null, ms: answers ? time : null });
    } else trials.push({ ...stimulus, response: isRight ? stimulus.expected : 'other', ms: time });
  }
  return writeTrials(trials);
}
