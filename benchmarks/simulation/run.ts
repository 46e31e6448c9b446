/**
 * 10,000 virtual trials of 200 people at 8 visits, each analysed by an unstructured model for repeated measures with Satterthwaite's degrees
 * of freedom, on two threads; and the same seeds on one thread for a part of them.
 *
 *     node benchmarks/simulation/run.ts [--trials N] [--with-guess]
 *
 * `--with-guess` counts what the command does: every trial is analysed a second time with the guess in the model.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runOnCores } from '@limen/cli';
import { findings, type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { selfBlinding2021, summariseTrials, type TrialOutcome, type TrialsRequest } from '@limen/simulation';

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '10000' }, 'with-guess': { type: 'boolean', default: false } },
});
const trials = Number(values.trials);

/** The library's every-third-day trial, with eight weekly-like visits and a repeated-measures plan. */
function eightVisits(): ProtocolDocument {
  const file = join(import.meta.dirname, '..', '..', 'protocols', 'lsd-10ug-every-third-day.json');
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const visits = document.activities.find(({ id }: { id: string }) => id === 'weekly-safety');
  visits.on = { kind: 'days', days: [5, 10, 15, 20, 25, 30, 35, 40] };
  const [endpoint] = document.analysis.endpoints;
  Object.assign(endpoint, {
    activity: 'weekly-safety',
    score: 'total',
    better: 'lower',
    model: 'value ~ condition * visit + baseline * visit',
    repeated: { covariance: 'unstructured', df: 'satterthwaite' },
  });
  document.analysis.endpoints = [endpoint];
  document.objectives = document.objectives.map((one: object) => ({ ...one, endpoints: [] }));
  const parsed = parseProtocol(JSON.stringify(document));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const wrong = findings(parsed.protocol).find(
    ({ severity, path }) => severity === 'error' && path.includes('analysis.endpoints'),
  );
  if (wrong) throw new Error(wrong.message);
  return parsed.protocol;
}

const request: TrialsRequest = {
  protocol: eightVisits(),
  participants: 200,
  settings: selfBlinding2021,
  seed: 'benchmark',
  estimators: values['with-guess'] ? ['unadjusted', 'withGuess'] : ['unadjusted'],
};

async function timed(workers: number, to: number): Promise<{ seconds: number; outcomes: TrialOutcome[] }> {
  const outcomes: TrialOutcome[] = [];
  const began = performance.now();
  await runOnCores(request, [{ from: 0, to }], workers, (some) => {
    outcomes.push(...some);
  });
  return { seconds: (performance.now() - began) / 1000, outcomes };
}

const print = (line: string) => process.stdout.write(`${line}\n`);
print(
  `${availableParallelism()} cores, load ${loadavg()
    .map((one) => one.toFixed(2))
    .join(' ')}`,
);
const all = await timed(2, trials);
const result = summariseTrials(request, all.outcomes);
const [planned] = result.estimators;
print(
  `${trials} trials on 2 threads: ${all.seconds.toFixed(1)} s, ${((2000 * all.seconds) / trials).toFixed(2)} ms a trial and thread`,
);
print(`limit 60 s for 10,000: ${all.seconds * (10_000 / trials) < 60 ? 'held' : 'not held'}`);
print(`fitted ${planned?.trials}, p below ${result.alpha} in ${(100 * (planned?.rejected ?? 0)).toFixed(1)} %`);
const part = Math.min(trials, 200);
const alone = await timed(1, part);
const sorted = (outcomes: readonly TrialOutcome[]) => [...outcomes].sort((a, b) => a.trial - b.trial).slice(0, part);
const same = JSON.stringify(sorted(alone.outcomes)) === JSON.stringify(sorted(all.outcomes));
print(`the first ${part} on one thread: ${same ? 'the same to the bit' : 'different'}`);
if (!same) process.exitCode = 1;
