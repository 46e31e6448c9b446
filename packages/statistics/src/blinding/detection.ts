/**
 * From which dose on do people notice? logit P(noticed) = α + β dose, and the dose at which a share p notices,
 * x_p = (logit p − α) / β, with Fieller's interval (Fieller 1954, JRSS B 16:175), which may be open where β is not clear.
 */
import { normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { fitGeneralisedModel, type GeneralisedModel } from '../generalised/fit.ts';

export type DoseAnswer = {
  /** In the unit in which the threshold is wanted; zero for placebo. */
  readonly dose: number;
  readonly noticed: boolean;
  /** With several answers a person, a random intercept by participant; the threshold is then that of the median person. */
  readonly participant?: string;
};

export type DetectionThreshold = {
  /** Dose at which the share of people notices. */
  readonly dose: number;
  /** Null where the interval is open on that side: the data do not bound the threshold. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly model: GeneralisedModel;
};

/**
 * @param options.share noticed at the threshold, default 0.5
 * @throws StatisticsError of the model; `not_converged` where answers separate by dose, `no_slope` where people do not notice higher
 *   doses more often
 */
export function detectionThreshold(
  answers: readonly DoseAnswer[],
  options: { readonly share?: number; readonly level?: number } = {},
): DetectionThreshold {
  const { share = 0.5, level = 0.95 } = options;
  if (!(share > 0 && share < 1)) throw new RangeError(`A share between 0 and 1 is needed, not ${share}`);
  const named = answers.filter(({ participant }) => participant !== undefined);
  const repeated = new Set(named.map(({ participant }) => participant)).size < named.length;
  if (repeated && named.length < answers.length) throw new StatisticsError('unknown_column', 'participant');
  const model = fitGeneralisedModel({
    formula: repeated ? 'noticed ~ dose + (1 | participant)' : 'noticed ~ dose',
    data: {
      noticed: answers.map(({ noticed }) => (noticed ? 1 : 0)),
      dose: answers.map(({ dose }) => dose),
      participant: answers.map(({ participant }) => participant ?? null),
    },
    family: 'binomial',
    level,
  });
  const alpha = model.terms[0]?.estimate as number;
  const beta = model.terms[1]?.estimate as number;
  if (!(beta > 0)) throw new StatisticsError('no_slope', 'dose');
  const wanted = Math.log(share / (1 - share));
  const dose = (wanted - alpha) / beta;
  const v = (i: number, j: number) => model.covariance[i]?.[j] as number;
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  // (α + β x − wanted)² ≤ z² (v₀₀ + 2 x v₀₁ + x² v₁₁): a x² + 2 b x + c ≤ 0.
  const a = beta * beta - z2 * v(1, 1);
  const b = beta * (alpha - wanted) - z2 * v(0, 1);
  const c = (alpha - wanted) ** 2 - z2 * v(0, 0);
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  if (a > 0) return { dose, lower: (-b - root) / a, upper: (-b + root) / a, model };
  // The slope may be zero: what is left is a ray, or the whole line.
  if (b * b - a * c <= 0) return { dose, lower: null, upper: null, model };
  const ends = [(-b + root) / a, (-b - root) / a].sort((one, other) => one - other) as [number, number];
  return dose >= ends[1] ? { dose, lower: ends[1], upper: null, model } : { dose, lower: null, upper: ends[0], model };
}
