/**
 * Imputation by reference (Carpenter, Roger & Kenward 2013, J. Biopharm. Stat. 23:1352). Outcomes of a participant over J visits are
 * multivariate normal with the mean of the arm and a covariance per arm or common. After a participant left, the mean of the visits not seen is
 *
 *   MAR  that of the own arm
 *   J2R  jump to reference: that of the reference arm at visits not seen, of the own arm at visits seen
 *   CR   copy reference: that of the reference arm at all visits
 *   CIR  copy increments: the own arm's at the last visit seen, plus the reference arm's changes from there
 *
 * and the values are drawn, or taken at their mean, given those seen. `delta` is added to every imputed visit of the arms named.
 */
import { StatisticsError } from '../errors.ts';
import { cholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { Random } from '../random/philox.ts';

export type ImputationRule = 'MAR' | 'J2R' | 'CR' | 'CIR';

/** What the outcomes of one arm are drawn from: mean of each of J visits, covariance J × J. */
export type ArmDistribution = { readonly mean: readonly number[]; readonly covariance: Matrix };

export type ImputedParticipant = {
  readonly participant: string;
  readonly arm: string;
  /** One entry per visit; null is missing. */
  readonly values: readonly (number | null)[];
};

export type ImputationRequest = {
  readonly participants: readonly ImputedParticipant[];
  readonly arms: Readonly<Record<string, ArmDistribution>>;
  readonly reference: string;
  readonly rule: ImputationRule;
  /** Added to each imputed value of an arm, in units of the outcome. */
  readonly delta?: Readonly<Record<string, number>>;
  /** Draws around the conditional mean; without it the conditional mean itself. */
  readonly random?: Random;
};

/**
 * Completed values, participants in their order. Gaps before the last visit seen are imputed under MAR under every rule.
 * @throws StatisticsError `empty_condition` for an arm without distribution, `draw_length` for another number of visits, `non_finite`,
 *   `not_converged` where a covariance is not positive definite
 */
export function imputeByReference(request: ImputationRequest): readonly (readonly number[])[] {
  const { arms, reference, rule, delta = {}, random } = request;
  const base = armOf(arms, reference);
  return request.participants.map(({ participant, arm, values }) => {
    const own = armOf(arms, arm);
    if (values.length !== own.mean.length || base.mean.length !== own.mean.length) {
      throw new StatisticsError('draw_length', participant);
    }
    if (values.some((value) => value !== null && !Number.isFinite(value)))
      throw new StatisticsError('non_finite', participant);
    const last = values.findLastIndex((value) => value !== null);
    const shift = delta[arm] ?? 0;
    const early = completed(values, last + 1, own.mean, own.covariance, random, participant);
    const mean = meanUnder(rule, own.mean, base.mean, last);
    const covariance =
      rule === 'MAR' || arm === reference ? own.covariance : joined(own.covariance, base.covariance, last, participant);
    const late = completed(early, values.length, mean, covariance, random, participant);
    return late.map((value, visit) => (value as number) + (values[visit] === null ? shift : 0));
  });
}

function armOf(arms: Readonly<Record<string, ArmDistribution>>, name: string): ArmDistribution {
  const arm = Object.hasOwn(arms, name) ? arms[name] : undefined;
  if (!arm) throw new StatisticsError('empty_condition', name);
  return arm;
}

function meanUnder(
  rule: ImputationRule,
  own: readonly number[],
  base: readonly number[],
  last: number,
): readonly number[] {
  if (rule === 'MAR') return own;
  if (rule === 'CR') return base;
  if (rule === 'J2R') return own.map((mean, visit) => (visit <= last ? mean : (base[visit] as number)));
  // Who was never seen has no increment to start from: the reference arm throughout.
  if (last < 0) return base;
  const apart = (own[last] as number) - (base[last] as number);
  return own.map((mean, visit) => (visit <= last ? mean : (base[visit] as number) + apart));
}

/**
 * The covariance whose visits seen vary as in the own arm, and whose later visits depend on them, and vary around that, as in the
 * reference arm (Carpenter, Roger & Kenward 2013, section 4): Σ₁₁ = A₁₁, Σ₂₁ = R₂₁R₁₁⁻¹A₁₁, Σ₂₂ = R₂₂ − R₂₁R₁₁⁻¹(R₁₁ − A₁₁)R₁₁⁻¹R₁₂.
 */
function joined(own: Matrix, base: Matrix, last: number, participant: string): Matrix {
  const seen = Array.from({ length: last + 1 }, (_, visit) => visit);
  const later = Array.from({ length: own.rows - seen.length }, (_, visit) => seen.length + visit);
  if (seen.length === 0 || later.length === 0) return base;
  const a = block(own, seen, seen);
  const slope = transpose(regression(base, seen, later, participant));
  const cross = multiply(slope, a);
  const explained = multiply(multiply(slope, block(base, seen, seen)), transpose(slope));
  const put = multiply(cross, transpose(slope));
  const made = zeros(own.rows, own.rows);
  for (const i of seen) for (const j of seen) made.values[i + j * own.rows] = at(own, i, j);
  later.forEach((i, r) => {
    seen.forEach((j, c) => {
      made.values[i + j * own.rows] = at(cross, r, c);
      made.values[j + i * own.rows] = at(cross, r, c);
    });
    later.forEach((j, c) => {
      made.values[i + j * own.rows] = at(base, i, j) - at(explained, r, c) + at(put, r, c);
    });
  });
  return made;
}

/** Values before visit `until` that are missing, drawn or set to their mean given the others before it. */
function completed(
  values: readonly (number | null)[],
  until: number,
  mean: readonly number[],
  covariance: Matrix,
  random: Random | undefined,
  participant: string,
): (number | null)[] {
  const seen = values.flatMap((value, visit) => (value !== null && visit < until ? [visit] : []));
  const gaps = values.flatMap((value, visit) => (value === null && visit < until ? [visit] : []));
  if (gaps.length === 0) return [...values];
  const coefficients = regression(covariance, seen, gaps, participant);
  const left = seen.map((visit) => (values[visit] as number) - (mean[visit] as number));
  const filled = [...values];
  const spread = random && residualFactor(covariance, seen, gaps, coefficients, participant);
  const noise = gaps.map(() => random?.normal(0, 1) ?? 0);
  gaps.forEach((visit, g) => {
    let value = mean[visit] as number;
    left.forEach((apart, s) => {
      value += at(coefficients, s, g) * apart;
    });
    if (spread) for (let k = 0; k <= g; k += 1) value += at(spread, g, k) * (noise[k] as number);
    filled[visit] = value;
  });
  return filled;
}

/** Σ_seen⁻¹ Σ_seen,gaps: |seen| × |gaps|. */
function regression(covariance: Matrix, seen: readonly number[], gaps: readonly number[], participant: string): Matrix {
  const factor = cholesky(block(covariance, seen, seen));
  if (!factor) throw new StatisticsError('not_converged', `${participant}: the covariance is not positive definite`);
  return solveCholesky(factor, block(covariance, seen, gaps));
}

function residualFactor(
  covariance: Matrix,
  seen: readonly number[],
  gaps: readonly number[],
  coefficients: Matrix,
  participant: string,
): Matrix {
  const left = block(covariance, gaps, gaps);
  const explained = multiply(transpose(coefficients), block(covariance, seen, gaps));
  const factor = cholesky({ ...left, values: left.values.map((value, k) => value - (explained.values[k] as number)) });
  if (!factor) throw new StatisticsError('not_converged', `${participant}: the covariance is not positive definite`);
  return factor;
}

function block(of: Matrix, rows: readonly number[], columns: readonly number[]): Matrix {
  const made = zeros(rows.length, columns.length);
  rows.forEach((i, r) => {
    columns.forEach((j, c) => {
      made.values[r + c * rows.length] = at(of, i, j);
    });
  });
  return made;
}
