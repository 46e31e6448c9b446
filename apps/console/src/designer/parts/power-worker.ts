/** Virtual trials beside the page, so that the form stays quick. */
import { type PowerResult, runTrials, summariseTrials, type TrialOutcome, type TrialsRequest } from '@limen/simulation';

export type PowerQuestion = { readonly worlds: readonly TrialsRequest[]; readonly trials: number };
export type PowerAnswer =
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly kind: 'results'; readonly results: readonly PowerResult[] }
  | { readonly kind: 'failed'; readonly message: string };

const say = (answer: PowerAnswer) => postMessage(answer);

addEventListener('message', ({ data }: MessageEvent<PowerQuestion>) => {
  const { worlds, trials } = data;
  try {
    const results = worlds.map((world, index) => {
      const outcomes: TrialOutcome[] = [];
      for (const outcome of runTrials(world, 0, trials)) {
        outcomes.push(outcome);
        say({ kind: 'progress', done: index * trials + outcomes.length, of: worlds.length * trials });
      }
      return summariseTrials(world, outcomes);
    });
    say({ kind: 'results', results });
  } catch (error) {
    say({ kind: 'failed', message: (error as Error).message });
  }
});
