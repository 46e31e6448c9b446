import { readFile } from 'node:fs/promises';
import type { PowerResult } from '@limen/simulation';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import type { Terminal } from '../terminal/terminal.ts';

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
    seed: { type: 'string', value: 'TEXT', default: 'limen', help: 'The same seed gives the same numbers' },
  },
  examples: [
    { line: 'simulate protocols/self-blinding-2021.json', says: 'Effects and guessing as in the published trial' },
    {
      line: 'simulate protocols/self-blinding-2021.json --drug 0 --trials 500',
      says: 'No drug effect: how often does expectancy alone look like one?',
    },
  ],
  async run(given, terminal) {
    const file = given.positionals[0];
    if (!file) throw new Failure('usage', 'Name the protocol file.', 'See: limen simulate --help');
    // Loaded when it runs, so that help and faults of use are answered at once.
    const { findings, parseProtocol } = await import('@limen/protocol');
    const { scaleEffects, selfBlinding2021, simulatePower } = await import('@limen/simulation');
    const parsed = parseProtocol(await readFile(file, 'utf8'));
    if (!parsed.ok) {
      const first = parsed.problems[0];
      throw new Failure(
        'protocol_invalid',
        `${file}:${first?.line ?? 1}:${first?.column ?? 1} ${first?.message ?? ''}`,
        `See: limen protocol check ${file}`,
      );
    }
    const { protocol } = parsed;
    const error = findings(protocol).find((finding) => finding.severity === 'error');
    if (error)
      throw new Failure('protocol_invalid', `${error.path}: ${error.message}`, `See: limen protocol check ${file}`);
    const endpoint = given.text('endpoint');
    const endpoints = protocol.analysis.endpoints.map(({ id }) => id);
    if (endpoint !== undefined && !endpoints.includes(endpoint)) {
      throw new Failure(
        'endpoint_not_found',
        `The protocol has no endpoint “${endpoint}”.`,
        `It has: ${endpoints.join(', ')}.`,
      );
    }
    const trials = given.whole('trials', { min: 1, max: 100_000, otherwise: 200 });
    const scaled = scaleEffects(selfBlinding2021, {
      drug: factor(given.text('drug'), 'drug'),
      belief: factor(given.text('belief'), 'belief'),
    });
    const settings = { ...scaled, cueStrength: scaled.cueStrength * factor(given.text('cue'), 'cue') };
    const progress = terminal.progress('Virtual trials', trials);
    const result = simulatePower({
      protocol,
      ...(endpoint ? { endpoint } : {}),
      participants: given.whole('participants', {
        min: 4,
        max: 100_000,
        otherwise: protocol.population.plannedSampleSize,
      }),
      trials,
      settings,
      seed: given.text('seed') ?? 'limen',
      onTrial: (done) => progress.at(done),
    });
    progress.finish();
    terminal.result(result);
    if (!terminal.json) print(result, terminal);
    return 0;
  },
};

function factor(text: string | undefined, name: string): number {
  const value = Number(text ?? '1');
  if (!Number.isFinite(value) || value < 0 || value > 100) {
    throw new Failure('usage', `--${name} takes a number from 0 to 100, not “${text}”.`);
  }
  return value;
}

const names = { unadjusted: 'As planned', withGuess: 'With the guess in the model' } as const;

function print(result: PowerResult, terminal: Terminal): void {
  const number = (value: number) => value.toFixed(2).padStart(7);
  const share = (value: number, error: number) =>
    `${(100 * value).toFixed(1).padStart(5)} % ± ${(100 * error).toFixed(1)}`;
  terminal.print(
    terminal.bold(
      `${result.protocol}: ${result.endpoint}, ${result.participants} participants, ${result.trials} trials`,
    ),
  );
  terminal.print(
    `The capsule itself adds ${result.drugEffect.toFixed(2)}; ${(100 * result.correctGuessRate.mean).toFixed(1)} % of guesses are right.`,
  );
  terminal.print();
  terminal.print(`${''.padEnd(29)}estimate   bias     SD   p < ${result.alpha}          interval holds the truth`);
  for (const one of result.estimators) {
    terminal.print(
      `${names[one.estimator].padEnd(29)}${number(one.mean)} ${number(one.bias)} ${number(one.empiricalSd)}   ${share(one.rejected, one.rejectedError)}   ${share(one.coverage, one.coverageError)}`,
    );
  }
  const failed = result.trials - Math.min(...result.estimators.map((one) => one.trials));
  if (failed > 0) terminal.print(`${failed} trials could not be fitted and are left out.`);
  terminal.print();
  terminal.print(
    '± is the Monte-Carlo standard error. The guess is post-treatment: a model with it can be biased either way.',
  );
}
