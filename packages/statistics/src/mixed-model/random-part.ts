/** What θ says about the groups, brought back to the columns of the data: variances, correlations, group effects. */
import { at, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import { solveUpper } from '../linear-algebra/qr.ts';
import { type Block, relativeCovariance } from './blocks.ts';
import type { Profile } from './deviance.ts';
import { innerCovariance, solveDesign } from './information.ts';
import type { Reduction } from './reduction.ts';

export type VarianceComponent = {
  readonly group: string;
  readonly term: string;
  readonly variance: number;
  readonly sd: number;
  /** With the components before it of the same random term, in order; 0 where one of the two does not vary. */
  readonly correlations: readonly number[];
};

export type GroupEffects = {
  readonly group: string;
  readonly level: string;
  /** Predicted effects (BLUPs), in the order of the variance components of the grouping. */
  readonly effects: readonly number[];
  /** Their covariance given the data, θ and β, row by row (lme4's condVar). */
  readonly covariance: readonly (readonly number[])[];
};

export function varianceComponents(
  { blocks }: Reduction,
  lambdas: readonly Matrix[],
  residualVariance: number,
): VarianceComponent[] {
  return blocks.flatMap(({ group, columns, rz }, block) => {
    const covariance = relativeCovariance(solveUpper(rz, lambdas[block] as Matrix));
    return columns.map((term, i) => {
      const variance = at(covariance, i, i) * residualVariance;
      const correlations = Array.from({ length: i }, (_, j) => {
        const product = Math.sqrt(at(covariance, i, i) * at(covariance, j, j));
        return product > 0 ? Math.max(-1, Math.min(1, at(covariance, i, j) / product)) : 0;
      });
      return { group, term, variance, sd: Math.sqrt(variance), correlations };
    });
  });
}

/** Effects b̃ and their covariance in the coordinates of the reduction, for one level of a grouping. */
type Predicted = { readonly b: Float64Array; readonly covariance: Matrix };

/** BLUPs of every level of every grouping, in the order of the formula. */
export function groupEffects(
  reduction: Reduction,
  lambdas: readonly Matrix[],
  here: Profile,
  residualVariance: number,
): GroupEffects[] {
  const { blocks, scale } = reduction;
  const v = coefficients(reduction, here);
  const inner = innerEffects(reduction, lambdas.map(relativeCovariance), here, v);
  const groups = [...new Set(blocks.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const own = blocks.flatMap((block, index) => (block.group === group ? [{ block, index }] : []));
    const isInner = reduction.inner.some(({ block }) => blocks[block]?.group === group);
    const back = backOf(own.map(({ block }) => block));
    const levels = own[0]?.block.levels ?? [];
    return levels.map((level, code): GroupEffects => {
      const places = own.flatMap(({ block: { q }, index }) => {
        const from = reduction.outerBlocks.find(({ block }) => block === index)?.from ?? 0;
        return Array.from({ length: q }, (_, k) => from + code * q + k);
      });
      const { b, covariance } = isInner ? (inner[code] as Predicted) : outerEffects(here, v, places);
      const effects = multiply(back, { rows: b.length, columns: 1, values: b }).values;
      const turned = multiply(back, multiply(covariance, transpose(back)));
      return {
        ...{ group, level, effects: Array.from(effects, (value) => value * scale) },
        covariance: Array.from({ length: turned.rows }, (_, i) =>
          Array.from({ length: turned.rows }, (__, j) => at(turned, i, j) * residualVariance),
        ),
      };
    });
  });
}

/** R_z⁻¹ of the blocks of one grouping, side by side. */
function backOf(blocks: readonly Block[]): Matrix {
  const q = blocks.reduce((sum, block) => sum + block.q, 0);
  const made = zeros(q, q);
  let from = 0;
  for (const { q: own, rz } of blocks) {
    const unit = zeros(own, own);
    for (let k = 0; k < own; k += 1) unit.values[k + k * own] = 1;
    const inverse = solveUpper(rz, unit);
    for (let j = 0; j < own; j += 1) {
      for (let i = 0; i < own; i += 1) made.values[from + i + (from + j) * q] = at(inverse, i, j);
    }
    from += own;
  }
  return made;
}

/** (−b̃ of the outer effects, −β, 1): what a row of cross-products is multiplied by to leave the residual. */
function coefficients({ width, outer, p }: Reduction, { beta, information }: Profile): Float64Array {
  const v = new Float64Array(width);
  for (let j = 0; j < p; j += 1) v[outer + j] = -(beta[j] as number);
  v[width - 1] = 1;
  if (!information.outer) return v;
  const { nf } = information.outer;
  for (let i = 0; i < outer; i += 1) {
    let sum = 0;
    for (let j = 0; j <= p; j += 1) sum += at(nf, i, j) * (v[outer + j] as number);
    v[i] = -sum;
  }
  return v;
}

function outerEffects({ information }: Profile, v: Float64Array, places: readonly number[]): Predicted {
  const n = information.outer?.n as Matrix;
  const covariance = zeros(places.length, places.length);
  places.forEach((i, r) => {
    places.forEach((j, c) => {
      covariance.values[r + c * places.length] = at(n, i, j);
    });
  });
  return { b: Float64Array.from(places, (place) => -(v[place] as number)), covariance };
}

/** b̃ = N Bv, with covariance N + N B_o N_o B_oᵀ N of the outer columns B_o. */
function innerEffects(reduction: Reduction, ds: readonly Matrix[], here: Profile, v: Float64Array): Predicted[] {
  const { q, levels, designs, outer } = reduction;
  const d = innerCovariance(reduction, ds);
  const made = new Array<Predicted>(levels);
  for (const design of designs) {
    const { columns, b } = design;
    const w = columns.length;
    const n: Matrix = { rows: q, columns: q, values: solveDesign(design.a, d).n };
    const beside = [...columns.keys()].filter((j) => (columns[j] as number) < outer);
    design.levels.forEach((level, index) => {
      const own: Matrix = { rows: q, columns: w, values: b.subarray(index * q * w, (index + 1) * q * w) };
      const left = new Float64Array(q);
      for (let j = 0; j < w; j += 1) {
        const factor = v[columns[j] as number] as number;
        for (let i = 0; i < q; i += 1) left[i] = (left[i] as number) + at(own, i, j) * factor;
      }
      made[level] = {
        b: multiply(n, { rows: q, columns: 1, values: left }).values,
        covariance: beside.length > 0 ? widened(n, own, beside, columns, here.information.outer?.n as Matrix) : n,
      };
    });
  }
  return made;
}

function widened(n: Matrix, b: Matrix, beside: readonly number[], columns: Int32Array, outer: Matrix): Matrix {
  const q = n.rows;
  const bo = zeros(q, beside.length);
  const no = zeros(beside.length, beside.length);
  beside.forEach((j, c) => {
    for (let i = 0; i < q; i += 1) bo.values[i + c * q] = at(b, i, j);
    beside.forEach((k, r) => {
      no.values[r + c * beside.length] = at(outer, columns[k] as number, columns[j] as number);
    });
  });
  const nb = multiply(n, bo);
  const more = multiply(nb, multiply(no, transpose(nb)));
  return { ...n, values: n.values.map((value, k) => value + (more.values[k] as number)) };
}
