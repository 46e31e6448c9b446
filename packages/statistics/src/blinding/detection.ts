/**
 * From which dose on do people notice? logit P(noticed) = α + β dose, and the dose at which a share p notices,
 * x_p = (logit p − α) / β, with Fieller's interval (Fieller 1954, JRSS B 16:175) and that of the profile likelihood. Either may be open
 * where β is not clear.
 */
import { normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { fitGeneralisedModel, type GeneralisedModel } from '../generalised/fit.ts';
import { observationsOf } from '../generalised/observations.ts';
import { type Data, modelFrame } from '../model-frame/frame.ts';
import { profileInterval } from './detection-profile.ts';

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
  /** By profile likelihood, as wide as the data ask on each side; null where it is open. */
  readonly profile: { readonly lower: number | null; readonly upper: number | null };
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
  const formula = repeated ? 'noticed ~ dose + (1 | participant)' : 'noticed ~ dose';
  const data = {
    noticed: answers.map(({ noticed }) => (noticed ? 1 : 0)),
    dose: answers.map((one) => one.dose),
    participant: answers.map(({ participant }) => participant ?? null),
  };
  const model = fitGeneralisedModel({ formula, data, family: 'binomial', level });
  const alpha = model.terms[0]?.estimate as number;
  const beta = model.terms[1]?.estimate as number;
  if (!(beta > 0)) throw new StatisticsError('no_slope', 'dose');
  const wanted = Math.log(share / (1 - share));
  const dose = (wanted - alpha) / beta;
  const v = (i: number, j: number) => model.covariance[i]?.[j] as number;
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const profile = profileOf(model, { formula, data }, dose, wanted, z2);
  const answer = (lower: number | null, upper: number | null) => ({ dose, lower, upper, profile, model });
  // (α + β x − wanted)² ≤ z² (v₀₀ + 2 x v₀₁ + x² v₁₁): a x² + 2 b x + c ≤ 0.
  const a = beta * beta - z2 * v(1, 1);
  const b = beta * (alpha - wanted) - z2 * v(0, 1);
  const c = (alpha - wanted) ** 2 - z2 * v(0, 0);
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  if (a > 0) return answer((-b - root) / a, (-b + root) / a);
  // The slope may be zero: what is left is a ray, or the whole line.
  if (b * b - a * c <= 0) return answer(null, null);
  const ends = [(-b + root) / a, (-b - root) / a].sort((one, other) => one - other) as [number, number];
  return dose >= ends[1] ? answer(ends[1], null) : answer(null, ends[0]);
}

/** Nodes of the quadrature, as the model has them where its likelihood asks for no more. */
const nodes = 25;

function profileOf(
  model: GeneralisedModel,
  { formula, data }: { readonly formula: string; readonly data: Data },
  threshold: number,
  wanted: number,
  critical: number,
): DetectionThreshold['profile'] {
  const frame = modelFrame(formula, data);
  const { observations } = observationsOf(frame, 'binomial');
  const mixed = model.random !== null && !model.random.singular;
  const doses = frame.fixed.find(({ name }) => name === 'dose')?.values as Float64Array;
  const slope = model.terms[1]?.estimate as number;
  const [lower, upper] = profileInterval(
    {
      observations: mixed
        ? observations
        : { ...observations, randomIntercept: false, groups: Array.from(frame.y, (_, i) => Int32Array.of(i)) },
      start: mixed ? Float64Array.of(slope, model.random?.standardDeviation ?? 0) : Float64Array.of(slope),
      ...{ doses, wanted, threshold, nodes },
    },
    critical,
  );
  return { lower, upper };
}
