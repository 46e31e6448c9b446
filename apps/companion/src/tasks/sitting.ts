/** One sitting of a task: its stimuli in order, by jsPsych, until they end, time is over, or the person stops. */
import type { Stimulus, Trial } from '@limen/instruments';
import { initJsPsych, ParameterType } from 'jspsych';
import type { Kind } from './kinds.ts';
import { type Answered, ignoreLift } from './stage.ts';

type Shown = { readonly stimulus: Stimulus; readonly take: (element: HTMLElement) => Promise<Answered> };

/** A trial of jsPsych that leaves drawing and timing to the task. */
class TaskTrial {
  static readonly info = {
    name: 'limen-task',
    version: '1.0.0',
    parameters: { shown: { type: ParameterType.OBJECT, default: undefined } },
    data: {},
  } as const;

  private readonly jsPsych: ReturnType<typeof initJsPsych>;

  constructor(jsPsych: ReturnType<typeof initJsPsych>) {
    this.jsPsych = jsPsych;
  }

  trial(element: HTMLElement, { shown }: { shown: Shown }): void {
    shown.take(element).then(
      (answered) => this.jsPsych.finishTrial({ ...answered }),
      // Stopped, or out of time: what was on the screen is not counted.
      () => this.jsPsych.finishTrial({ left: true }),
    );
  }
}

export class TimeOver extends Error {
  override readonly name = 'TimeOver';
}

export type Sitting = {
  readonly kind: Kind;
  readonly plan: readonly Stimulus[];
  readonly practice: boolean;
  readonly element: HTMLElement;
  /** Aborted by the person. */
  readonly signal: AbortSignal;
  readonly onTrial: (trial: Trial) => void;
};

/** Resolves when nothing is left to show; trials are told one by one. */
export async function sit({ kind, plan, practice, element, signal, onTrial }: Sitting): Promise<void> {
  const timer = new AbortController();
  const limit = practice || kind.limitMs === undefined ? null : kind.limitMs;
  const timeout = limit === null ? undefined : setTimeout(() => timer.abort(new TimeOver()), limit);
  const over = AbortSignal.any([signal, timer.signal]);
  const own = plan.filter((stimulus) => stimulus.practice === practice);
  const trials: Trial[] = [];
  let ended = false;
  const jsPsych = initJsPsych({ display_element: element });
  const node = (stimulus: Stimulus) => ({
    timeline: [
      {
        type: TaskTrial,
        shown: {
          stimulus,
          take: (stage: HTMLElement) => kind.trial({ element: stage, signal: over, stopped: signal }, stimulus, plan),
        },
        on_finish: (data: Partial<Answered> & { left?: boolean }) => {
          if (data.left === true) {
            ended = true;
            return;
          }
          const trial: Trial = { ...stimulus, response: data.response ?? null, ms: data.ms ?? null };
          if (kind.repeats && trial.response === null) ended = true;
          else {
            trials.push(trial);
            onTrial(trial);
            ended ||= kind.over?.(trials) ?? false;
          }
        },
      },
    ],
    conditional_function: () => !ended && !over.aborted,
    ...(kind.repeats ? { loop_function: () => !ended && !over.aborted } : {}),
  });
  try {
    await jsPsych.run(own.map(node));
  } finally {
    clearTimeout(timeout);
    ignoreLift();
    element.replaceChildren();
  }
}
