/**
 * Effects of single people from a mixed model: β + b_i of a term that is fixed and random, drawn in towards the mean by how little is known
 * of the person. The error is that of predicting β + b_i, with β estimated (Henderson 1975, Biometrics 31:423):
 *
 *   Var(β̂ + b̂_i − β − b_i) = (c − K_i)' Var(β̂) (c − K_i) + Var(b_i | y, β),  K_i = (D Z_i' V_i⁻¹ X_i)' for the term,
 *
 * at the variances as estimated, as lme4 and SAS take them.
 */
import { normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import { at, fromRows, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { MixedModel } from '../mixed-model/fit.ts';
import type { RandomPart } from '../model-frame/frame.ts';

export type IndividualEffect = {
  /** Level of the grouping: the participant. */
  readonly level: string;
  /** In units of the coefficient. */
  readonly estimate: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  /** What the person's own rows would say without the others, drawn in: 0 nothing of it is believed, 1 all of it. */
  readonly reliability: number;
};

/**
 * @param term name of the coefficient, such as `conditionMD`, random in the model's one grouping
 * @param level coverage of the normal intervals; default 0.95
 * @throws StatisticsError `unknown_column` where the term is not both fixed and random, `too_many_effects` with several groupings
 */
export function individualEffects(model: MixedModel, term: string, level = 0.95): IndividualEffect[] {
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const groupings = Object.keys(model.groupings);
  if (groupings.length !== 1) throw new StatisticsError('too_many_effects', groupings.join(', '));
  const components = model.varianceComponents;
  const place = components.findIndex((one) => one.term === term);
  const coefficient = model.terms.findIndex((one) => one.term === term);
  if (place < 0 || coefficient < 0) throw new StatisticsError('unknown_column', term);
  const beta = model.terms[coefficient]?.estimate as number;
  const d = covarianceOf(components);
  const reach = normalQuantile((1 + level) / 2);
  const prior = at(d, place, place);
  const columns = randomColumns(model.frame.random);
  const rowsOf = Map.groupBy(model.frame.y.keys(), (row) => (model.frame.random[0] as RandomPart).of[row] as number);
  const levels = model.frame.random[0]?.levels ?? [];
  const known = new Map(model.groupEffects.map((one) => [one.level, one]));
  return levels.map((name, code) => {
    const effect = known.get(name);
    if (!effect) throw new StatisticsError('unknown_column', name);
    const rows = rowsOf.get(code) ?? [];
    const left = model.terms.map((_, j) => (j === coefficient ? 1 : 0));
    const told = toldBy(model, rows, columns, d)[place] as readonly number[];
    const apart = left.map((one, j) => one - (told[j] as number));
    const fixed = apart.reduce(
      (sum, one, i) =>
        sum + apart.reduce((all, other, j) => all + one * other * (model.covariance[i]?.[j] as number), 0),
      0,
    );
    const conditional = effect.covariance[place]?.[place] as number;
    const standardError = Math.sqrt(fixed + conditional);
    const estimate = beta + (effect.effects[place] as number);
    return {
      level: name,
      ...{ estimate, standardError, lower: estimate - reach * standardError, upper: estimate + reach * standardError },
      reliability: prior > 0 ? Math.max(0, 1 - conditional / prior) : 0,
    };
  });
}

function covarianceOf(components: MixedModel['varianceComponents']): Matrix {
  const q = components.length;
  const d = zeros(q, q);
  components.forEach(({ sd, correlations }, i) => {
    d.values[i + i * q] = sd * sd;
    correlations.forEach((correlation, j) => {
      // Correlations are told within a term of the formula; terms are independent.
      const other = i - correlations.length + j;
      const value = correlation * sd * (components[other]?.sd as number);
      d.values[i + other * q] = value;
      d.values[other + i * q] = value;
    });
  });
  return d;
}

const randomColumns = (parts: readonly RandomPart[]) => parts.flatMap(({ columns }) => columns);

/** D Z' V⁻¹ X of the rows of one person: q rows of p numbers. */
function toldBy(
  { frame, residualVariance }: MixedModel,
  rows: readonly number[],
  columns: RandomPart['columns'],
  d: Matrix,
): number[][] {
  const pick = (of: readonly { readonly values: ArrayLike<number> }[]) =>
    fromRows(rows.map((row) => of.map(({ values }) => values[row] as number)));
  const z = pick(columns);
  const x = pick(frame.fixed);
  const v = multiply(multiply(z, d), transpose(z));
  for (let i = 0; i < v.rows; i += 1) v.values[i + i * v.rows] = at(v, i, i) + residualVariance;
  const factor = cholesky(v);
  if (!factor) throw new StatisticsError('not_positive_definite', 'the responses of one person');
  const told = multiply(multiply(d, transpose(z)), solveCholesky(factor, x));
  return Array.from({ length: told.rows }, (_, i) => Array.from({ length: told.columns }, (__, j) => at(told, i, j)));
}
