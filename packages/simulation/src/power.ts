/**
 * What a study could tell: many virtual trials, each analysed with and without the guess. Estimates are compared with what
 * the capsules themselves do, so the part that belief adds shows as bias.
 */
import { columns, fitModel, guessLevels, levelsOf, withGuessIn } from '@limen/analysis';
import type { Endpoint, ProtocolDocument } from '@limen/protocol';
import { bangIndex, differenceAtRate, type GuessedValue, smallStratum } from '@limen/statistics';
import { endpointOf } from './endpoint.ts';
import type { Content } from './person.ts';
import type { Settings } from './settings.ts';
import { mean, meanOrNull, sd } from './spread.ts';
import { type Frame, prepareTrials, type TrialRow, trialRows } from './trial.ts';

/** Everything that decides a trial: two requests alike in this give the same outcome for the same trial number. */
export type TrialsRequest = {
  readonly protocol: ProtocolDocument;
  /** An endpoint of the protocol; absent: the first primary one. */
  readonly endpoint?: string;
  readonly participants: number;
  readonly settings: Settings;
  readonly seed: string;
  /** Which models are fitted; absent: both. */
  readonly estimators?: readonly Estimator[];
};

export type PowerRequest = TrialsRequest & {
  readonly trials: number;
  readonly onTrial?: (done: number) => void;
};

export type Estimator = 'unadjusted' | 'withGuess';

export type EstimatorSummary = {
  readonly estimator: Estimator;
  /** Level of the condition, against the reference. */
  readonly level: string;
  readonly label: string;
  /** Trials in which the model could be fitted. */
  readonly trials: number;
  /** What the capsules of the level add by themselves beyond those of the reference: mean over the trials. */
  readonly truth: number;
  readonly mean: number;
  readonly bias: number;
  /** Monte-Carlo standard error of the bias. */
  readonly biasError: number;
  readonly empiricalSd: number;
  readonly meanStandardError: number;
  /** Share of trials with p below alpha, and its Monte-Carlo standard error. */
  readonly rejected: number;
  readonly rejectedError: number;
  /** Share of 95 % intervals that hold the truth, and its Monte-Carlo standard error. */
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
  /** By level, and for each level as planned and with the guess in the model. */
  readonly estimators: readonly EstimatorSummary[];
  /** The difference of active and placebo re-weighted to half of the guesses right; it has no test of its own. */
  readonly curveAtHalf: {
    readonly trials: number;
    readonly truth: number;
    readonly mean: number;
    readonly bias: number;
    readonly biasError: number;
    readonly empiricalSd: number;
  };
  readonly correctGuessRate: { readonly mean: number; readonly sd: number };
  readonly bang: { readonly active: number | null; readonly placebo: number | null };
  /** Share of trials in which a combination of content and guess has fewer rows than the adjusted estimates rest on. */
  readonly smallStratum: number;
  /** Why models could not be fitted, with the number of trials. */
  readonly failures: Readonly<Record<string, number>>;
};

export type Fitted = {
  readonly estimate: number;
  readonly standardError: number;
  readonly p: number;
  readonly covers: boolean;
};

/** One virtual trial, as small as it can be kept: what the summary is made of. */
export type TrialOutcome = {
  readonly trial: number;
  readonly levels: readonly {
    readonly level: string;
    readonly truth: number;
    /** null where the model could not be fitted. */
    readonly unadjusted: Fitted | null;
    readonly withGuess: Fitted | null;
  }[];
  /** Difference re-weighted to as many right as wrong guesses, and its truth; null where a stratum is empty. */
  readonly atHalf: { readonly estimate: number; readonly truth: number } | null;
  /** Right guesses as a share of those who guessed. */
  readonly correctGuessRate: number | null;
  readonly bang: { readonly active: number | null; readonly placebo: number | null };
  /** Rows of the rarest combination of content and guess. */
  readonly smallestStratum: number;
  /** Codes of models that could not be fitted. */
  readonly failed: readonly string[];
};

/**
 * Trials `from` to before `to`. A trial hangs on the seed and its own number alone, so any shards, in any order and on any
 * number of processors, give the same outcomes.
 */
export function* runTrials(request: TrialsRequest, from: number, to: number): Generator<TrialOutcome> {
  const frame = prepareTrials({ ...request, endpoint: endpointOf(request.protocol, request.endpoint) });
  for (let trial = from; trial < to; trial += 1) {
    const rows = trialRows(frame, request.participants, `${request.seed}/${trial}`);
    yield { trial, ...outcomeOf(frame, rows, request.estimators ?? bothEstimators) };
  }
}

/** The summary of trials 0 … n − 1, whatever order they come in. @throws RangeError when one is missing or comes twice */
export function summariseTrials(request: TrialsRequest, outcomes: readonly TrialOutcome[]): PowerResult {
  const endpoint = endpointOf(request.protocol, request.endpoint);
  const { alpha } = request.protocol.analysis;
  const sorted = [...outcomes].sort((a, b) => a.trial - b.trial);
  const wrong = sorted.findIndex(({ trial }, index) => trial !== index);
  if (wrong >= 0) throw new RangeError(`Trial ${wrong} is missing, or another is there twice`);
  const rates = present(sorted.map(({ correctGuessRate }) => correctGuessRate));
  const bang = (content: Content) => meanOrNull(present(sorted.map((one) => one.bang[content])));
  const failures: Record<string, number> = {};
  for (const { failed } of sorted) for (const code of new Set(failed)) failures[code] = (failures[code] ?? 0) + 1;
  return {
    protocol: request.protocol.id,
    endpoint: endpoint.id,
    participants: request.participants,
    trials: sorted.length,
    alpha,
    seed: request.seed,
    estimators: levelsOf(request.protocol, endpoint)
      .slice(1)
      .flatMap((level) => summariseLevel(level, sorted, alpha)),
    curveAtHalf: summariseCurve(present(sorted.map(({ atHalf }) => atHalf))),
    correctGuessRate: { mean: mean(rates), sd: sd(rates) },
    bang: { active: bang('active'), placebo: bang('placebo') },
    smallStratum: mean(sorted.map(({ smallestStratum }) => (smallestStratum < smallStratum ? 1 : 0))),
    failures,
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

const bothEstimators: readonly Estimator[] = ['unadjusted', 'withGuess'];

function outcomeOf(
  frame: Frame,
  rows: readonly TrialRow[],
  estimators: readonly Estimator[],
): Omit<TrialOutcome, 'trial'> {
  const counts = { active: { active: 0, placebo: 0, unsure: 0 }, placebo: { active: 0, placebo: 0, unsure: 0 } };
  for (const { role, guess } of rows) if (guess !== null) counts[role][guess] += 1;
  const bangOf = (content: Content) => {
    const { active, placebo, unsure } = counts[content];
    const correct = content === 'active' ? active : placebo;
    const wrong = content === 'active' ? placebo : active;
    return correct + wrong + unsure === 0 ? null : bangIndex({ correct, wrong, unsure }).index;
  };
  const { active, placebo } = counts;
  const strata = [active.active, active.placebo, placebo.active, placebo.placebo];
  const sure = strata.reduce((sum, count) => sum + count, 0);
  return {
    ...levelOutcomes(frame, rows, estimators),
    atHalf: atHalfOf(rows),
    correctGuessRate: sure === 0 ? null : (active.active + placebo.placebo) / sure,
    bang: { active: bangOf('active'), placebo: bangOf('placebo') },
    smallestStratum: Math.min(...strata),
  };
}

function atHalfOf(rows: readonly TrialRow[]): TrialOutcome['atHalf'] {
  const guessed = rows.flatMap(({ value, role, guess }): GuessedValue[] =>
    guess === null ? [] : [{ value, condition: role, guess }],
  );
  const sure = guessed.some(({ guess }) => guess !== 'unsure');
  const both = (['active', 'placebo'] as const).every((role) => guessed.some(({ condition }) => condition === role));
  const estimate = both && sure ? differenceAtRate(guessed, 0.5) : null;
  return estimate === null
    ? null
    : { estimate, truth: plannedOf(rows, 'role', 'active') - plannedOf(rows, 'role', 'placebo') };
}

/** Mean of what the capsules were meant to add, over the rows of one level or role. */
function plannedOf(rows: readonly TrialRow[], of: 'role' | 'condition', value: string): number {
  return mean(rows.flatMap((row) => (row[of] === value ? [row.planned] : [])));
}

/** Every level against the reference, by the endpoint's own model and by the same with the guess in it. */
function levelOutcomes(
  { protocol, endpoint }: Frame,
  rows: readonly TrialRow[],
  estimators: readonly Estimator[],
): Pick<TrialOutcome, 'levels' | 'failed'> {
  const levels = levelsOf(protocol, endpoint);
  const { repeated } = endpoint;
  const counted = rowsThatCount(rows, repeated);
  const reference = plannedOf(counted, 'condition', levels[0]?.level ?? '');
  const only = (term: string) => term.startsWith(columns.condition) && !term.includes(':');
  const spec = { columns, levels, guessLevels, ...(repeated === undefined ? {} : { repeated }), only };
  const fit = (formula: string) => fitModel(spec, formula, rows);
  const formulas = { unadjusted: endpoint.model, withGuess: withGuessIn(endpoint.model, columns) };
  const fits = new Map(estimators.map((estimator) => [estimator, fit(formulas[estimator])]));
  const failed = [...fits.values()].flatMap((one) => {
    if (one.status === 'failed') return [one.code];
    return one.converged ? [] : ['not_converged'];
  });
  return {
    failed,
    levels: levels.slice(1).map(({ level }) => {
      const truth = plannedOf(counted, 'condition', level) - reference;
      const of = (estimator: Estimator): Fitted | null => {
        const model = fits.get(estimator);
        if (model?.status !== 'fitted' || !model.converged) return null;
        const term = model.terms.find((one) => one.term === `${columns.condition}${level}`);
        if (!term) return null;
        const { estimate, standardError, p, lower, upper } = term;
        return { estimate, standardError, p, covers: lower <= truth && truth <= upper };
      };
      return { level, truth, unadjusted: of('unadjusted'), withGuess: of('withGuess') };
    }),
  };
}

/** Of a plan for repeated measures, the rows of the visit at which conditions are compared. */
function rowsThatCount(rows: readonly TrialRow[], repeated: Endpoint['repeated']): readonly TrialRow[] {
  if (repeated === undefined) return rows;
  const dayOf = ({ covariates }: TrialRow) => Number(covariates.day);
  const at = repeated.effectAtDay ?? rows.reduce((latest, row) => Math.max(latest, dayOf(row)), 0);
  return rows.filter((row) => dayOf(row) === at);
}

const present = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);

function summariseCurve(
  found: readonly { readonly estimate: number; readonly truth: number }[],
): PowerResult['curveAtHalf'] {
  const estimates = found.map(({ estimate }) => estimate);
  const off = found.map(({ estimate, truth }) => estimate - truth);
  return {
    trials: found.length,
    truth: mean(found.map(({ truth }) => truth)),
    mean: mean(estimates),
    bias: mean(off),
    biasError: sd(off) / Math.sqrt(Math.max(1, off.length)),
    empiricalSd: sd(estimates),
  };
}

function summariseLevel(
  { level, label }: { readonly level: string; readonly label: string },
  trials: readonly TrialOutcome[],
  alpha: number,
): EstimatorSummary[] {
  const own = trials.flatMap(({ levels }) => levels.filter((one) => one.level === level));
  return (['unadjusted', 'withGuess'] as const).map((estimator) => {
    const fits = own.flatMap(({ truth, [estimator]: fit }) => (fit ? [{ ...fit, truth }] : []));
    const off = fits.map(({ estimate, truth }) => estimate - truth);
    const rejected = mean(fits.map((one) => (one.p < alpha ? 1 : 0)));
    const coverage = mean(fits.map((one) => (one.covers ? 1 : 0)));
    const error = (share: number) => Math.sqrt((share * (1 - share)) / Math.max(1, fits.length));
    return {
      estimator,
      level,
      label,
      trials: fits.length,
      truth: mean(fits.map(({ truth }) => truth)),
      mean: mean(fits.map(({ estimate }) => estimate)),
      bias: mean(off),
      biasError: sd(off) / Math.sqrt(Math.max(1, off.length)),
      empiricalSd: sd(fits.map(({ estimate }) => estimate)),
      meanStandardError: mean(fits.map((one) => one.standardError)),
      rejected,
      rejectedError: error(rejected),
      coverage,
      coverageError: error(coverage),
    };
  });
}
