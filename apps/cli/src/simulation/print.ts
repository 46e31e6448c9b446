/** What a simulation found, as text for a terminal. */
import type { Estimator, EstimatorSummary, PowerResult, Sweepable, SweepPoint } from '@limen/simulation';
import type { Terminal } from '../terminal/terminal.ts';

const names: Readonly<Record<Estimator, string>> = {
  unadjusted: 'As planned',
  withGuess: 'With the guess in the model',
};

const number = (value: number) => value.toFixed(2).padStart(7);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const share = (value: number, error: number) =>
  `${(100 * value).toFixed(1).padStart(5)} % ± ${(100 * error).toFixed(1)}`;

export function printPower(result: PowerResult, terminal: Terminal): void {
  terminal.print(
    terminal.bold(
      `${result.protocol}: ${result.endpoint}, ${result.participants} participants, ${result.trials} trials`,
    ),
  );
  const bang = (content: 'active' | 'placebo') => result.bang[content]?.toFixed(2) ?? '-';
  terminal.print(
    `${percent(result.correctGuessRate.mean)} of guesses are right (Bang: active ${bang('active')}, placebo ${bang('placebo')}).`,
  );
  for (const [level, own] of Map.groupBy(result.estimators, (one) => one.level))
    printLevel(level, own, result, terminal);
  const { curveAtHalf, smallStratum, failures } = result;
  terminal.print();
  if (curveAtHalf.trials > 0) {
    terminal.print(
      `Re-weighted to half of the guesses right, the difference is ${curveAtHalf.mean.toFixed(2)}, off by ${curveAtHalf.bias.toFixed(2)} ± ${curveAtHalf.biasError.toFixed(2)}.`,
    );
  }
  if (smallStratum > 0) {
    terminal.print(
      `In ${percent(smallStratum)} of trials a combination of capsule and guess has too few rows for estimates that use the guess.`,
    );
  }
  for (const [code, trials] of Object.entries(failures)) {
    terminal.print(`${trials} trials had a model that could not be fitted and is left out: ${code}.`);
  }
  terminal.print();
  terminal.print(
    '± is the Monte-Carlo standard error. The guess is post-treatment: a model with it can be biased either way.',
  );
}

function printLevel(level: string, own: readonly EstimatorSummary[], { alpha }: PowerResult, terminal: Terminal): void {
  const [first] = own;
  if (!first) return;
  terminal.print();
  terminal.print(`${first.label} (${level}): its capsules themselves add ${first.truth.toFixed(2)}`);
  terminal.print(`${''.padEnd(29)}estimate   bias     SD   p < ${alpha}          interval holds the truth`);
  for (const one of own) {
    terminal.print(
      `${names[one.estimator].padEnd(29)}${number(one.mean)} ${number(one.bias)} ${number(one.empiricalSd)}   ${share(one.rejected, one.rejectedError)}   ${share(one.coverage, one.coverageError)}`,
    );
  }
}

export function printSweep(name: Sweepable, points: readonly SweepPoint[], terminal: Terminal): void {
  const first = points[0]?.result;
  terminal.print(terminal.bold(`${first?.protocol}: ${first?.endpoint}, ${first?.trials} trials each`));
  terminal.print();
  terminal.print(`${name.padStart(13)}   guesses right   p < ${first?.alpha} as planned   with the guess`);
  for (const { value, result } of points) {
    const of = (estimator: Estimator) => {
      const found = result.estimators.find((one) => one.estimator === estimator);
      return found ? share(found.rejected, found.rejectedError) : '-';
    };
    const right = percent(result.correctGuessRate.mean).padStart(13);
    terminal.print(`${String(value).padStart(13)}   ${right}   ${of('unadjusted').padStart(19)}   ${of('withGuess')}`);
  }
}
