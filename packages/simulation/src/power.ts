/**
 * What a study could tell: many virtual trials, each analysed with and without the guess. The unadjusted estimate is
 * compared with what the capsule itself does, so the part that belief adds shows as bias.
 */
import type { Endpoint, ProtocolDocument } from '@limen/protocol';
import { bangIndex, fitLinearMixedModel } from '@limen/statistics';
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
  readonly correctGuessRate: { readonly mean: number; readonly sd: number };
  readonly bang: { readonly active: number | null; readonly placebo: number | null };
};

type Fitted = {
  readonly estimate: number;
  readonly standardError: number;
  readonly p: number;
  readonly covers: boolean;
};

export function simulatePower(request: PowerRequest): PowerResult {
  const endpoint = endpointOf(request.protocol, request.endpoint);
  const drugEffect = request.settings.ratings[endpoint.score]?.drug ?? 0;
  const { alpha } = request.protocol.analysis;
  const calendar = sampleCalendar(request.protocol);
  const unadjusted: Fitted[] = [];
  const withGuess: Fitted[] = [];
  const rates: number[] = [];
  const bang = { active: [] as number[], placebo: [] as number[] };
  for (let trial = 0; trial < request.trials; trial += 1) {
    const rows = simulateTrialRows({ ...request, endpoint, seed: `${request.seed}/${trial}` }, calendar);
    keep(unadjusted, fit(rows, endpoint, false, drugEffect));
    keep(withGuess, fit(rows, endpoint, true, drugEffect));
    const sure = rows.filter((row) => row.guess !== 'unsure');
    if (sure.length > 0) rates.push(sure.filter((row) => row.guess === row.condition).length / sure.length);
    for (const content of ['active', 'placebo'] as const) {
      const own = rows.filter((row) => row.condition === content);
      if (own.length === 0) continue;
      const correct = own.filter((row) => row.guess === content).length;
      const unsure = own.filter((row) => row.guess === 'unsure').length;
      bang[content].push(bangIndex({ correct, wrong: own.length - correct - unsure, unsure }).index);
    }
    request.onTrial?.(trial + 1);
  }
  return {
    protocol: request.protocol.id,
    endpoint: endpoint.id,
    participants: request.participants,
    trials: request.trials,
    alpha,
    seed: request.seed,
    drugEffect,
    estimators: [
      summarise('unadjusted', unadjusted, drugEffect, alpha),
      summarise('withGuess', withGuess, drugEffect, alpha),
    ],
    correctGuessRate: { mean: mean(rates), sd: sd(rates) },
    bang: { active: meanOrNull(bang.active), placebo: meanOrNull(bang.placebo) },
  };
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

function fit(rows: readonly TrialRow[], endpoint: Endpoint, guess: boolean, truth: number): Fitted | null {
  const grouped = endpoint.contrast === 'arm' ? '' : ' + (1 | participant)';
  const formula = `value ~ condition${guess ? ' + guess' : ''} + expectation${grouped}`;
  const kept = guess ? rows.filter((row) => row.guess !== 'unsure') : rows;
  const column = <K extends keyof TrialRow>(key: K) => kept.map((row) => row[key]);
  try {
    const model = fitLinearMixedModel({
      formula,
      data: {
        value: column('value'),
        condition: column('condition'),
        guess: column('guess'),
        expectation: column('expectation'),
        participant: column('participant'),
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
  } catch {
    // A trial whose model cannot be fitted is counted as such: the summary says how many could.
    return null;
  }
}

function keep(list: Fitted[], fitted: Fitted | null): void {
  if (fitted) list.push(fitted);
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
