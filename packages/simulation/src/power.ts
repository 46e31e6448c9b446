/**
 * What a study could tell: many virtual trials, each analysed with and without the guess. The unadjusted estimate is
 * compared with what the capsule itself does, so the part that belief adds shows as bias.
 */
import type { Endpoint, ProtocolDocument } from '@limen/protocol';
import { bangIndex, differenceAtRate, fitLinearMixedModel, StatisticsError, smallStratum } from '@limen/statistics';
import type { Content } from './person.ts';
import type { Settings } from './settings.ts';
import { sampleCalendar, simulateTrialRows, type TrialRow } from './trial.ts';

export type PowerRequest = {
  readonly protocol: ProtocolDocument;
  /** An endpoint of the protocol; absent: the first primary one. */
  readonly endpoint?: string;
  readonly participants: number;
  readonly trials: number;
  readonly settings: Settings;
  readonly seed: string;
  readonly onTrial?: (done: number) => void;
};

export type EstimatorSummary = {
  readonly estimator: 'unadjusted' | 'withGuess';
  /** Trials in which the model could be fitted. */
  readonly trials: number;
  readonly mean: number;
  readonly bias: number;
  /** Monte-Carlo standard error of the bias. */
  readonly biasError: number;
  readonly empiricalSd: number;
  readonly meanStandardError: number;
  /** Share of trials with p below alpha, and its Monte-Carlo standard error. */
  readonly rejected: number;
  readonly rejectedError: number;
  /** Share of intervals that hold the drug's own effect, and its Monte-Carlo standard error. */
  readonly coverage: number;
  readonly coverageError: number;
};

export type PowerResult = {
  readonly protocol: string;
  readonly endpoint: string;
  readonly participants: number;
  readonly trials: number;
  readonly alpha: number;
  readonly seed: string;
  /** What an active capsule adds by itself, on the scale of the endpoint. */
  readonly drugEffect: number;
  readonly estimators: readonly EstimatorSummary[];
  /** The difference re-weighted to half of the guesses right; it has no test of its own. */
  readonly curveAtHalf: {
    readonly trials: number;
    readonly mean: number;
    readonly bias: number;
    readonly biasError: number;
    readonly empiricalSd: number;
  };
  readonly correctGuessRate: { readonly mean: number; readonly sd: number };
  readonly bang: { readonly active: number | null; readonly placebo: number | null };
  /** Share of trials in which a combination of content and guess has fewer rows than the adjusted estimates rest on. */
  readonly smallStratum: number;
};

/** One virtual trial, as small as it can be kept: what the summary is made of. */
export type TrialOutcome = {
  readonly trial: number;
  /** null where the model could not be fitted. */
  readonly unadjusted: Fitted | null;
  readonly withGuess: Fitted | null;
  /** Difference re-weighted to as many right as wrong guesses; null where a stratum is empty. */
  readonly atHalf: number | null;
  /** Right guesses as a share of those who guessed. */
  readonly correctGuessRate: number | null;
  readonly bang: { readonly active: number | null; readonly placebo: number | null };
  /** Rows of the rarest combination of content and guess. */
  readonly smallestStratum: number;
};

export type Fitted = {
  readonly estimate: number;
  readonly standardError: number;
  readonly p: number;
  readonly covers: boolean;
};

/** Everything that decides a trial: two requests alike in this give the same outcome for the same trial number. */
export type TrialsRequest = Omit<PowerRequest, 'trials' | 'onTrial'>;

/**
 * Trials `from` to before `to`. A trial hangs on the seed and its own number alone, so any shards, in any order and on any
 * number of processors, give the same outcomes.
 */
export function* runTrials(request: TrialsRequest, from: number, to: number): Generator<TrialOutcome> {
  const endpoint = endpointOf(request.protocol, request.endpoint);
  const truth = drugEffectOf(request.settings, endpoint);
  const calendar = sampleCalendar(request.protocol);
  for (let trial = from; trial < to; trial += 1) {
    const rows = simulateTrialRows({ ...request, endpoint, seed: `${request.seed}/${trial}` }, calendar);
    yield { trial, ...outcomeOf(rows, endpoint, truth) };
  }
}

/** The summary of trials 0 … n − 1, whatever order they come in. @throws RangeError when one is missing or comes twice */
export function summariseTrials(request: TrialsRequest, outcomes: readonly TrialOutcome[]): PowerResult {
  const endpoint = endpointOf(request.protocol, request.endpoint);
  const drugEffect = drugEffectOf(request.settings, endpoint);
  const { alpha } = request.protocol.analysis;
  const sorted = [...outcomes].sort((a, b) => a.trial - b.trial);
  const wrong = sorted.findIndex(({ trial }, index) => trial !== index);
  if (wrong >= 0) throw new RangeError(`Trial ${wrong} is missing, or another is there twice`);
  const present = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);
  const rates = present(sorted.map(({ correctGuessRate }) => correctGuessRate));
  const halves = present(sorted.map(({ atHalf }) => atHalf));
  const bang = (content: Content) => meanOrNull(present(sorted.map((one) => one.bang[content])));
  return {
    protocol: request.protocol.id,
    endpoint: endpoint.id,
    participants: request.participants,
    trials: sorted.length,
    alpha,
    seed: request.seed,
    drugEffect,
    estimators: [
      summarise('unadjusted', present(sorted.map(({ unadjusted }) => unadjusted)), drugEffect, alpha),
      summarise('withGuess', present(sorted.map((one) => one.withGuess)), drugEffect, alpha),
    ],
    curveAtHalf: {
      trials: halves.length,
      mean: mean(halves),
      bias: mean(halves) - drugEffect,
      biasError: sd(halves) / Math.sqrt(Math.max(1, halves.length)),
      empiricalSd: sd(halves),
    },
    correctGuessRate: { mean: mean(rates), sd: sd(rates) },
    bang: { active: bang('active'), placebo: bang('placebo') },
    smallStratum: mean(sorted.map(({ smallestStratum }) => (smallestStratum < smallStratum ? 1 : 0))),
  };
}

export function simulatePower({ trials, onTrial, ...request }: PowerRequest): PowerResult {
  const outcomes: TrialOutcome[] = [];
  for (const outcome of runTrials(request, 0, trials)) {
    outcomes.push(outcome);
    onTrial?.(outcomes.length);
  }
  return summariseTrials(request, outcomes);
}

function outcomeOf(rows: readonly TrialRow[], endpoint: Endpoint, truth: number): Omit<TrialOutcome, 'trial'> {
  const of = (condition: Content, guess?: TrialRow['guess']) =>
    rows.filter((row) => row.condition === condition && (guess === undefined || row.guess === guess)).length;
  const bangOf = (content: Content) => {
    const [all, unsure] = [of(content), of(content, 'unsure')];
    const correct = of(content, content);
    return all === 0 ? null : bangIndex({ correct, wrong: all - correct - unsure, unsure }).index;
  };
  const strata = (['active', 'placebo'] as const).flatMap((condition) =>
    (['active', 'placebo'] as const).map((guess) => of(condition, guess)),
  );
  const sure = strata.reduce((sum, count) => sum + count, 0);
  const bothThere = of('active') > 0 && of('placebo') > 0 && sure > 0;
  return {
    unadjusted: fit(rows, endpoint, false, truth),
    withGuess: fit(rows, endpoint, true, truth),
    atHalf: bothThere ? differenceAtRate(rows, 0.5) : null,
    correctGuessRate: sure === 0 ? null : (of('active', 'active') + of('placebo', 'placebo')) / sure,
    bang: { active: bangOf('active'), placebo: bangOf('placebo') },
    smallestStratum: Math.min(...strata),
  };
}

function drugEffectOf(settings: Settings, { score }: Endpoint): number {
  return settings.ratings[score]?.drug ?? 0;
}

function endpointOf(protocol: ProtocolDocument, wanted: string | undefined): Endpoint {
  const { endpoints } = protocol.analysis;
  const found = wanted ? endpoints.find((one) => one.id === wanted) : endpoints.find((one) => one.level === 'primary');
  if (!found) {
    const known = endpoints.map((one) => one.id).join(', ');
    throw new RangeError(
      wanted ? `No endpoint “${wanted}”; there are: ${known}` : 'The protocol has no primary endpoint',
    );
  }
  return found;
}

const columns = [
  'value',
  'condition',
  'guess',
  'participant',
  'day',
  'week',
  'baseline',
  'expectation',
  'age',
  'sex',
] as const;

/** The endpoint's own model, or the same with the guess in it. */
function fit(rows: readonly TrialRow[], endpoint: Endpoint, guess: boolean, truth: number): Fitted | null {
  const kept = guess ? rows.filter((row) => row.guess !== 'unsure') : rows;
  const hasGuess = /\bguess\b/.test(endpoint.model);
  try {
    const model = fitLinearMixedModel({
      formula: guess && !hasGuess ? endpoint.model.replace('~', '~ guess +') : endpoint.model,
      data: {
        ...Object.fromEntries(columns.map((name) => [name, kept.map((row) => row[name])])),
        site: kept.map(() => 'site'),
      },
      reference: { condition: 'placebo', guess: 'placebo' },
    });
    const term = model.terms.find((one) => one.term.startsWith('condition'));
    if (!term || !model.converged) return null;
    return {
      estimate: term.estimate,
      standardError: term.standardError,
      p: term.p,
      covers: term.lower <= truth && truth <= term.upper,
    };
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    // A trial whose model cannot be fitted is counted as such: the summary says how many could.
    return null;
  }
}

function summarise(
  estimator: EstimatorSummary['estimator'],
  fits: readonly Fitted[],
  truth: number,
  alpha: number,
): EstimatorSummary {
  const estimates = fits.map((one) => one.estimate);
  const rejected = mean(fits.map((one) => (one.p < alpha ? 1 : 0)));
  const coverage = mean(fits.map((one) => (one.covers ? 1 : 0)));
  const error = (share: number) => Math.sqrt((share * (1 - share)) / Math.max(1, fits.length));
  return {
    estimator,
    trials: fits.length,
    mean: mean(estimates),
    bias: mean(estimates) - truth,
    biasError: sd(estimates) / Math.sqrt(Math.max(1, fits.length)),
    empiricalSd: sd(estimates),
    meanStandardError: mean(fits.map((one) => one.standardError)),
    rejected,
    rejectedError: error(rejected),
    coverage,
    coverageError: error(coverage),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

function sd(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
