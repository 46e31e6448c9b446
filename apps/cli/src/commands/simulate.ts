import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type {
  Estimator,
  PowerResult,
  SizeTried,
  Sweepable,
  SweepPoint,
  TrialOutcome,
  TrialsRequest,
} from '@limen/simulation';
import type { Arguments, Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { type Range, runOnCores } from '../simulation/pool.ts';
import { printPower, printSweep } from '../simulation/print.ts';
import { largestTrial, protocolWithoutErrors, requestOf, shardOf, sweepOf } from '../simulation/request.ts';
import { differences, headOf, missingOf, openState, readState, sameHead } from '../simulation/state.ts';
import type { Terminal } from '../terminal/terminal.ts';

const loaded = () => import('@limen/simulation');

export const simulate: Command = {
  name: 'simulate',
  summary: 'What could this study tell, if people guess as they do? Virtual trials of a protocol',
  usage: 'simulate PROTOCOL [--participants N] [--trials N] [--drug X] [--belief X]',
  takes: 1,
  options: {
    participants: { type: 'string', value: 'N', help: 'Participants per trial (default: the planned sample size)' },
    trials: { type: 'string', value: 'N', default: '200', help: 'Virtual trials' },
    endpoint: { type: 'string', value: 'ID', help: 'An endpoint of the protocol (default: the first primary one)' },
    drug: { type: 'string', value: 'X', default: '1', help: 'Multiplies what an active capsule adds by itself' },
    belief: { type: 'string', value: 'X', default: '1', help: 'Multiplies what believing it was active adds' },
    cue: { type: 'string', value: 'X', default: '1', help: 'Multiplies how well an active capsule can be felt' },
    settings: { type: 'string', value: 'FILE', help: 'A world of your own, as JSON; see docs/simulation.md' },
    seed: { type: 'string', value: 'TEXT', default: 'limen', help: 'The same seed gives the same numbers' },
    power: {
      type: 'string',
      value: 'X',
      help: 'Search the smallest trial that finds the effect with this probability',
    },
    by: {
      type: 'string',
      value: 'MODEL',
      default: 'guess',
      help: 'The search counts the model with the guess, or the one as planned: guess or planned',
    },
    sweep: { type: 'string', value: 'NAME=A:B:N', help: 'Change one thing in N steps from A to B, such as cue=0:2:5' },
    plot: { type: 'string', value: 'FILE', help: 'Draw the sweep, as SVG' },
    workers: { type: 'string', value: 'N', help: 'Threads (default: all cores)' },
    state: { type: 'string', value: 'FILE', help: 'Keep each trial in a file; run again, it goes on where it was' },
    shard: { type: 'string', value: 'I/N', help: 'Only the I-th of N parts; needs --state' },
  },
  examples: [
    { line: 'simulate protocols/self-blinding-2021.json', says: 'Effects and guessing as in the published trial' },
    {
      line: 'simulate protocols/self-blinding-2021.json --drug 0 --trials 500',
      says: 'No drug effect: how often does expectancy alone look like one?',
    },
    {
      line: 'simulate protocols/lsd-10ug-every-third-day.json --power 0.9 --drug 4',
      says: 'How many people find an effect four times as large?',
    },
    {
      line: 'simulate protocols/self-blinding-2021.json --sweep cue=0:2:5 --drug 0 --plot cue.svg',
      says: 'What does it do if active capsules are felt less, or more?',
    },
  ],
  async run(given, terminal) {
    const file = given.positionals[0];
    if (!file) throw new Failure('usage', 'Name the protocol file.', 'See: limen simulate --help');
    assertOneOf(given, ['power', 'sweep', 'shard']);
    assertOneOf(given, ['power', 'sweep', 'state']);
    const request = await requestOf(file, given);
    const run = runner(given, terminal);
    const power = given.text('power');
    const sweep = given.text('sweep');
    if (given.text('plot') !== undefined && sweep === undefined) {
      throw new Failure('usage', '--plot draws a sweep.', 'Add --sweep.');
    }
    if (power !== undefined) return searchSize(request, power, given, terminal, run);
    if (sweep !== undefined) return sweepThrough(request, sweep, given, terminal, run);
    return simulateOnce(request, given, terminal, run);
  },
};

type Run = (
  request: TrialsRequest,
  label: string,
  ranges: readonly Range[],
  keep?: (outcomes: readonly TrialOutcome[]) => void,
) => Promise<TrialOutcome[]>;

function assertOneOf(given: Arguments, names: readonly string[]): void {
  const used = names.filter((name) => given.text(name) !== undefined).map((name) => `--${name}`);
  if (used.length > 1) throw new Failure('usage', `${used.join(' and ')} do not go together.`);
}

function trialsOf(given: Arguments): number {
  return given.whole('trials', { min: 1, max: 1_000_000, otherwise: 200 });
}

function runner(given: Arguments, terminal: Terminal): Run {
  const workers = given.whole('workers', { min: 1, max: 1_024, otherwise: availableParallelism() });
  return async (request, label, ranges, keep) => {
    const found: TrialOutcome[] = [];
    const progress = terminal.progress(
      label,
      ranges.reduce((sum, { from, to }) => sum + to - from, 0),
    );
    await runOnCores(request, ranges, workers, (outcomes) => {
      keep?.(outcomes);
      found.push(...outcomes);
      progress.at(found.length);
    });
    progress.finish();
    return found;
  };
}

async function simulateOnce(request: TrialsRequest, given: Arguments, terminal: Terminal, run: Run): Promise<number> {
  const trials = trialsOf(given);
  const wanted = shardOf(given.text('shard'), trials);
  const file = given.text('state');
  if (file === undefined) {
    if (given.text('shard') !== undefined)
      throw new Failure('usage', 'A shard is kept in a file.', 'Add --state FILE.');
    return answer(request, await run(request, 'Virtual trials', [wanted]), terminal);
  }
  const { known, keeper } = openState(file, headOf(request, trials));
  const found = await run(request, 'Virtual trials', missingOf(wanted, known), keeper.keep).finally(keeper.close);
  const all = [...known, ...found];
  if (all.length === trials) return answer(request, all, terminal);
  terminal.result({ file, trials, known: all.length });
  if (!terminal.json) {
    terminal.print(`${file} holds ${all.length} of ${trials} trials.`);
    terminal.print('Run the other parts, then: limen simulate merge PROTOCOL FILE …');
  }
  return 0;
}

async function answer(request: TrialsRequest, outcomes: readonly TrialOutcome[], terminal: Terminal): Promise<number> {
  const { summariseTrials } = await loaded();
  const result = summariseTrials(request, outcomes);
  terminal.result(result);
  if (!terminal.json) printPower(result, terminal);
  return 0;
}

async function resultOf(request: TrialsRequest, label: string, given: Arguments, run: Run): Promise<PowerResult> {
  const { summariseTrials } = await loaded();
  return summariseTrials(request, await run(request, label, [{ from: 0, to: trialsOf(given) }]));
}

async function sweepThrough(
  request: TrialsRequest,
  text: string,
  given: Arguments,
  terminal: Terminal,
  run: Run,
): Promise<number> {
  const { sweepable, sweepFigure, worldWith } = await loaded();
  const { name, values } = sweepOf(text);
  if (!Object.hasOwn(sweepable, name)) {
    throw new Failure('usage', `“${name}” cannot be swept.`, `These can: ${Object.keys(sweepable).join(', ')}.`);
  }
  const points: SweepPoint[] = [];
  for (const value of values) {
    const changed = { ...request, ...worldWith(request, name as Sweepable, value) };
    points.push({ value, result: await resultOf(changed, `${name} ${value}`, given, run) });
  }
  const plot = given.text('plot');
  if (plot !== undefined) await writeFile(plot, sweepFigure(name as Sweepable, points));
  terminal.result({ sweep: name, points });
  if (!terminal.json) printSweep(name as Sweepable, points, terminal);
  if (plot !== undefined) terminal.remark(`Drawn: ${plot}`);
  return 0;
}

const estimators: Readonly<Record<string, Estimator>> = { guess: 'withGuess', planned: 'unadjusted' };
const mostSizes = 8;

async function searchSize(
  request: TrialsRequest,
  text: string,
  given: Arguments,
  terminal: Terminal,
  run: Run,
): Promise<number> {
  const target = Number(text);
  if (!(target > 0.05 && target < 1)) throw new Failure('usage', `--power takes a number such as 0.9, not “${text}”.`);
  const estimator = estimators[given.text('by') ?? ''];
  if (!estimator) throw new Failure('usage', `--by takes guess or planned, not “${given.text('by')}”.`);
  const { nextSize } = await loaded();
  const tried: (SizeTried & { readonly error: number })[] = [];
  const { alpha } = request.protocol.analysis;
  const step = request.protocol.arms.reduce((sum, { weight }) => sum + weight, 0);
  let size: number | null = request.participants;
  let last: PowerResult | null = null;
  while (size !== null && tried.length < mostSizes) {
    last = await resultOf({ ...request, participants: size }, `${size} participants`, given, run);
    // Where there are several levels, every one has to be found.
    const own = last.estimators.filter((one) => one.estimator === estimator);
    const weakest = own.reduce((least, one) => (one.rejected < least.rejected ? one : least));
    tried.push({
      participants: size,
      power: weakest.rejected,
      trials: Math.max(1, weakest.trials),
      error: weakest.rejectedError,
    });
    size = nextSize(tried, { target, alpha, step, largest: largestTrial });
  }
  const best = tried.at(-1);
  const reached = best !== undefined && best.power > target - 3 * Math.max(best.error, 0.01);
  terminal.result({ target, estimator, participants: reached ? best.participants : null, tried, result: last });
  if (terminal.json || !best || !last) return 0;
  terminal.print(terminal.bold(`${last.protocol}: ${last.endpoint}, sought: power ${target}`));
  for (const one of tried) {
    terminal.print(
      `${String(one.participants).padStart(7)} participants   ${(100 * one.power).toFixed(1)} % ± ${(100 * one.error).toFixed(1)}`,
    );
  }
  terminal.print();
  terminal.print(
    reached
      ? `About ${best.participants} participants are enough, if the world is as the settings say.`
      : `No trial of up to ${best.participants} participants reaches it in the world of the settings.`,
  );
  terminal.print(
    estimator === 'unadjusted'
      ? 'This counts what belief adds as if it were an effect.'
      : 'Counted by the model with the guess, so that belief alone is no success.',
  );
  return 0;
}

export const simulateMerge: Command = {
  name: 'simulate merge',
  summary: 'Puts the parts of a simulation together that were run apart',
  usage: 'simulate merge PROTOCOL FILE …',
  takes: 1_000,
  options: {},
  examples: [{ line: 'simulate merge protocol.json part-1.jsonl part-2.jsonl', says: 'Two halves, from two machines' }],
  async run(given, terminal) {
    const [document, first, ...others] = given.positionals;
    if (!document || !first) throw new Failure('usage', 'Name the protocol and the files to put together.');
    const protocol = await protocolWithoutErrors(document);
    const states = [first, ...others].map((file) => ({ file, ...readState(file) }));
    const { head } = states[0] as (typeof states)[number];
    const other = states.find((state) => !sameHead(state.head, head));
    if (other) {
      const what = differences(head, other.head);
      throw new Failure('state_of_another', `${other.file} and ${first} are of different simulations: ${what} differ.`);
    }
    const { endpoint, participants, seed, settings, trials } = head;
    const request = { protocol, ...(endpoint === null ? {} : { endpoint }), participants, seed, settings };
    if (!sameHead(headOf(request, trials), head)) {
      throw new Failure('state_of_another', `${document} is not the protocol that was simulated.`);
    }
    // The same trial from two files is the same trial.
    const byNumber = new Map(states.flatMap(({ outcomes }) => outcomes.map((one) => [one.trial, one] as const)));
    const missing = missingOf({ from: 0, to: trials }, [...byNumber.values()]);
    if (missing.length > 0) {
      const named = missing.slice(0, 5).map(({ from, to }) => (to - from === 1 ? `${from}` : `${from} to ${to - 1}`));
      throw new Failure(
        'trials_missing',
        `Of ${trials} trials these are missing: ${named.join(', ')}${missing.length > 5 ? ' and more' : ''}.`,
      );
    }
    return answer(request, [...byNumber.values()], terminal);
  },
};
