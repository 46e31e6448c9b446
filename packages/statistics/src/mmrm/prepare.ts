/**
 * From rows to what the likelihood needs. At every visit t the design of those seen there is factored, X_t = S_t R_t
 * with S_t orthonormal; participants with the same group and the same visits share one matrix of cross-products of
 * their stacked (S_1, …, S_T), so that a likelihood costs per pattern of visits and not per participant. Stacked
 * coefficients are γ = Rβ; R = QT gives coordinates δ = Tβ in which the design is orthonormal.
 */
import { StatisticsError } from '../errors.ts';
import { at, column, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import { qr, solveUpper } from '../linear-algebra/qr.ts';
import { type Coding, type DesignColumn, factor } from '../model-frame/design.ts';
import { type Cell, type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';

export type MmrmDesign = {
  /** Fixed effects, without random terms: `change ~ baseline * visit + arm * visit`. */
  readonly formula: string;
  readonly data: Data;
  readonly reference?: Readonly<Record<string, string>>;
  /** Coding by factor; treatment coding where none is given. */
  readonly coding?: Readonly<Record<string, Coding>>;
  /** Column of the participant. */
  readonly subject: string;
  /** Column of the visit; texts in the order of `visits` or by code unit, numbers ascending (days for the spatial one). */
  readonly visit: string;
  readonly visits?: readonly string[];
  /** Column whose levels have covariances of their own. */
  readonly group?: string;
};

export type Pattern = {
  readonly group: number;
  readonly subjects: number;
  /** Visits seen, ascending, length k. */
  readonly visits: Int32Array;
  /** Stacked column of each local one, length Q, and its position among the visits of the pattern. */
  readonly stacked: Int32Array;
  readonly position: Int32Array;
  /** First local column of each position, k + 1 long. */
  readonly starts: Int32Array;
  /** Σ s sᵀ over participants, Q × Q. */
  readonly xx: Float64Array;
  /** Rows by participant, then visit. */
  readonly rows: Int32Array;
};

/** Arrays that a fit works in; one fit at a time, so they are made once. */
export type Scratch = {
  /** q × q and q. */
  readonly stacked: Float64Array;
  readonly right: Float64Array;
  /** By group, T(T + 1)/2 squared: second derivatives in the elements of Σ. */
  readonly bends: readonly Float64Array[];
  readonly fishers: readonly Float64Array[];
  /** T × T. */
  readonly square: Float64Array;
  readonly residual: Float64Array;
  readonly spread: Float64Array;
  readonly half: Float64Array;
  readonly mx: Float64Array;
  readonly mm: Float64Array;
  readonly u: Float64Array;
  /** q × T. */
  readonly forward: Float64Array;
};

function scratchOf(q: number, visits: number, groups: number): Scratch {
  const elements = (visits * (visits + 1)) / 2;
  const pairs = () => Array.from({ length: groups }, () => new Float64Array(elements * elements));
  const square = () => new Float64Array(visits * visits);
  return {
    ...{ stacked: new Float64Array(q * q), right: new Float64Array(q), forward: new Float64Array(q * visits) },
    ...{ bends: pairs(), fishers: pairs() },
    ...{ square: square(), residual: square(), spread: square(), half: square() },
    ...{ mx: square(), mm: square(), u: square() },
  };
}

export type Prepared = {
  readonly frame: ModelFrame;
  readonly rows: number;
  readonly p: number;
  /** Stacked columns over all visits. */
  readonly q: number;
  readonly visits: readonly string[];
  readonly times: Float64Array;
  readonly groups: readonly string[];
  readonly subjects: readonly string[];
  readonly subjectOf: Int32Array;
  readonly patterns: readonly Pattern[];
  /** Visit of each row, and its design: r numbers from `offsets[visit]` on, in `local` at row × widest. */
  readonly visitOf: Int32Array;
  readonly offsets: Int32Array;
  readonly local: Float64Array;
  readonly widest: number;
  /** q × p with orthonormal columns; null where it is the identity. */
  readonly basis: Float64Array | null;
  /** β = back δ, p × p. */
  readonly back: Matrix;
  readonly scratch: Scratch;
  /** log |T|: what the coordinates add to log |XᵀV⁻¹X| / 2. */
  readonly logBasis: number;
};

export function prepareDesign(request: MmrmDesign): Prepared {
  const also = [request.subject, request.visit, ...(request.group === undefined ? [] : [request.group])];
  const frame = modelFrame(request.formula, request.data, request.reference, request.coding, also);
  if (frame.random.length > 0) {
    throw new StatisticsError('formula_syntax', `${request.formula}: visits are modelled by their covariance alone`);
  }
  const p = frame.fixed.length;
  const rows = frame.rowsUsed;
  if (rows <= p) throw new StatisticsError('too_few_rows', `${rows} rows, ${p} coefficients`);
  const subject = factor(request.subject, frame.cells(request.subject));
  const { visits, times, codes: visitOf } = visitsOf(request, frame.cells(request.visit));
  const group =
    request.group === undefined
      ? { levels: ['all'], codes: new Int32Array(rows) }
      : factor(request.group, frame.cells(request.group));
  const design = factorVisits(frame, visitOf, visits.length);
  const patterns = patternsOf(subject, visitOf, visits, group.codes, design, request);
  return {
    ...{ frame, rows, p, visits, times, visitOf, patterns, ...design },
    ...{ groups: group.levels, subjects: subject.levels, subjectOf: subject.codes },
    ...coordinates(frame, design.stackedDesign),
    scratch: scratchOf(design.q, visits.length, group.levels.length),
  };
}

function visitsOf(request: MmrmDesign, cells: readonly Cell[]) {
  const numeric = cells.every((cell) => typeof cell === 'number');
  const seen = new Set(cells.map(String));
  const levels = numeric
    ? [...seen].sort((a, b) => Number(a) - Number(b))
    : (request.visits ?? [...seen].sort()).filter((level) => seen.has(level));
  const place = new Map(levels.map((level, index) => [level, index]));
  const unknown = [...seen].find((level) => !place.has(level));
  if (unknown !== undefined) throw new StatisticsError('unknown_reference', `${request.visit}: ${unknown}`);
  if (levels.length < 2) throw new StatisticsError('one_level_factor', `${request.visit}: only ${levels[0]}`);
  return {
    visits: levels,
    times: Float64Array.from(levels, (level, index) => (numeric ? Number(level) : index)),
    codes: Int32Array.from(cells, (cell) => place.get(String(cell)) as number),
  };
}

/** X_t = S_t R_t at every visit; columns that are nothing but zero there, as most interactions with visit are, are left out of the work. */
function factorVisits(frame: ModelFrame, visitOf: Int32Array, visits: number) {
  const p = frame.fixed.length;
  const byVisit = Array.from({ length: visits }, () => [] as number[]);
  visitOf.forEach((visit, row) => {
    byVisit[visit]?.push(row);
  });
  const factored = byVisit.map((rows) => {
    const present = frame.fixed.flatMap(({ values }, j) => (rows.some((row) => values[row] !== 0) ? [j] : []));
    const x = zeros(rows.length, present.length);
    present.forEach((j, place) => {
      const { values } = frame.fixed[j] as DesignColumn;
      const own = column(x, place);
      for (let i = 0; i < rows.length; i += 1) own[i] = values[rows[i] as number] as number;
    });
    const { q } = qr(x, 1e-9);
    return { rows, q, r: multiply(transpose(q), x), present };
  });
  const widest = Math.max(...factored.map(({ q }) => q.columns));
  const local = new Float64Array(visitOf.length * widest);
  const offsets = new Int32Array(visits + 1);
  factored.forEach(({ rows, q }, visit) => {
    offsets[visit + 1] = (offsets[visit] as number) + q.columns;
    rows.forEach((row, i) => {
      for (let c = 0; c < q.columns; c += 1) local[row * widest + c] = at(q, i, c);
    });
  });
  const q = offsets[visits] as number;
  const stackedDesign = zeros(q, p);
  factored.forEach(({ r, present }, visit) => {
    present.forEach((j, place) => {
      stackedDesign.values.set(column(r, place), j * q + (offsets[visit] as number));
    });
  });
  return { local, offsets, widest, q, stackedDesign };
}

function coordinates(frame: ModelFrame, stackedDesign: Matrix) {
  const { rows: q, columns: p } = stackedDesign;
  const factored = qr(stackedDesign);
  if (factored.dependent.length > 0) {
    const names = factored.dependent.map((j) => frame.fixed[j]?.name);
    throw new StatisticsError('rank_deficient', names.join(', '));
  }
  let logBasis = 0;
  for (let j = 0; j < p; j += 1) logBasis += Math.log(at(factored.r, j, j));
  const square = q === p;
  const unit = zeros(p, p);
  for (let j = 0; j < p; j += 1) unit.values[j + j * p] = 1;
  const back = solveUpper(factored.r, square ? transpose(factored.q) : unit);
  return { basis: square ? null : factored.q.values, back, logBasis };
}

type Factored = ReturnType<typeof factorVisits>;

function patternsOf(
  subject: { readonly levels: readonly string[]; readonly codes: Int32Array },
  visitOf: Int32Array,
  visits: readonly string[],
  groupOf: Int32Array,
  design: Factored,
  request: MmrmDesign,
): Pattern[] {
  const rowsOf = Array.from({ length: subject.levels.length }, () => [] as number[]);
  subject.codes.forEach((code, row) => {
    rowsOf[code]?.push(row);
  });
  const found = new Map<string, { group: number; visits: Int32Array; rows: number[] }>();
  rowsOf.forEach((rows, code) => {
    rows.sort((a, b) => (visitOf[a] as number) - (visitOf[b] as number));
    const seen = new Int32Array(rows.length);
    let twice = -1;
    for (let i = 0; i < seen.length; i += 1) {
      seen[i] = visitOf[rows[i] as number] as number;
      if (i > 0 && seen[i] === seen[i - 1]) twice = i;
    }
    const name = subject.levels[code];
    if (twice > 0) throw new StatisticsError('duplicate_visit', `${name}, ${visits[seen[twice] as number]}`);
    const group = groupOf[rows[0] as number] as number;
    if (rows.some((row) => groupOf[row] !== group)) {
      throw new StatisticsError('changing_group', `${name}, ${request.group}`);
    }
    const key = `${group}:${seen.join()}`;
    const own = found.get(key) ?? { group, visits: seen, rows: [] };
    for (const row of rows) own.rows.push(row);
    found.set(key, own);
  });
  return [...found.values()].map((one) => summarise(one, design));
}

function summarise(one: { group: number; visits: Int32Array; rows: number[] }, design: Factored): Pattern {
  const { offsets, local, widest } = design;
  const { group, visits } = one;
  const k = visits.length;
  const stacked: number[] = [];
  const position: number[] = [];
  const within: number[] = [];
  visits.forEach((visit, a) => {
    const from = offsets[visit] as number;
    for (let c = from; c < (offsets[visit + 1] as number); c += 1) {
      stacked.push(c);
      position.push(a);
      within.push(c - from);
    }
  });
  const size = stacked.length;
  const starts = Int32Array.from({ length: k + 1 }, (_, a) => position.findIndex((own) => own >= a));
  starts[k] = size;
  for (let a = k - 1; a >= 0; a -= 1) if ((starts[a] as number) < 0) starts[a] = starts[a + 1] as number;
  const xx = new Float64Array(size * size);
  const s = new Float64Array(size);
  const rows = Int32Array.from(one.rows);
  for (let from = 0; from < rows.length; from += k) {
    for (let i = 0; i < size; i += 1) {
      s[i] = local[(rows[from + (position[i] as number)] as number) * widest + (within[i] as number)] as number;
    }
    for (let j = 0; j < size; j += 1) {
      const sj = s[j] as number;
      if (sj === 0) continue;
      for (let i = 0; i < size; i += 1) xx[i + j * size] = (xx[i + j * size] as number) + (s[i] as number) * sj;
    }
  }
  return {
    ...{ group, visits, starts, xx, rows, subjects: rows.length / k },
    stacked: Int32Array.from(stacked),
    position: Int32Array.from(position),
  };
}
