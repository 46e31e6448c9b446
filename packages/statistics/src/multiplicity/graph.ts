/** Sequentially rejective graphs (Bretz, Maurer, Brannath & Posch 2009, Stat. Med. 28:586, algorithms 1 and 2). */
export type Graph = {
  /** Share of α each hypothesis starts with; sum at most 1. */
  readonly weights: readonly number[];
  /** Share of its α that hypothesis i hands to j when rejected; zero diagonal, rows sum to at most 1. */
  readonly transitions: readonly (readonly number[])[];
};

const slack = 1e-12;

/** Adjusted p-values, one per hypothesis: the least α at which the graph rejects it; 1 where no α would. */
export function graphAdjustedPValues(graph: Graph, p: readonly number[]): number[] {
  assertGraph(graph, p);
  const w = graph.weights.slice();
  let g = graph.transitions.map((row) => row.slice());
  const left = new Set(p.keys());
  const adjusted = p.map(() => 1);
  let most = 0;
  while (left.size > 0) {
    const needs = (j: number) =>
      (w[j] as number) > 0 ? (p[j] as number) / (w[j] as number) : Number.POSITIVE_INFINITY;
    const next = [...left].reduce((best, j) => (needs(j) < needs(best) ? j : best));
    if (needs(next) === Number.POSITIVE_INFINITY) break;
    most = Math.max(most, needs(next));
    adjusted[next] = Math.min(1, most);
    left.delete(next);
    for (const k of left) w[k] = (w[k] as number) + (w[next] as number) * edge(g, next, k);
    g = withoutNode(g, next, left);
  }
  return adjusted;
}

function edge(g: readonly (readonly number[])[], from: number, to: number): number {
  return g[from]?.[to] ?? 0;
}

/** g_lk ← (g_lk + g_lj g_jk) / (1 − g_lj g_jl), where l ≠ k remain and g_lj g_jl < 1; otherwise 0. */
function withoutNode(g: readonly (readonly number[])[], j: number, left: ReadonlySet<number>): number[][] {
  return g.map((row, l) =>
    row.map((_, k) => {
      const loop = edge(g, l, j) * edge(g, j, l);
      if (l === k || !left.has(l) || !left.has(k) || loop >= 1) return 0;
      return (edge(g, l, k) + edge(g, l, j) * edge(g, j, k)) / (1 - loop);
    }),
  );
}

function assertGraph({ weights, transitions }: Graph, p: readonly number[]): void {
  const m = p.length;
  if (weights.length !== m || transitions.length !== m || transitions.some((row) => row.length !== m)) {
    throw new RangeError(`${m} hypotheses need ${m} weights and ${m} × ${m} transitions`);
  }
  if (p.some((one) => !(one >= 0 && one <= 1))) throw new RangeError('A p-value lies between 0 and 1');
  const shares = (row: readonly number[]) =>
    row.every((one) => one >= 0) && row.reduce((sum, one) => sum + one, 0) <= 1 + slack;
  if (!shares(weights)) throw new RangeError('Weights are from 0 and sum to at most 1');
  transitions.forEach((row, i) => {
    if (!shares(row) || row[i] !== 0) {
      throw new RangeError(`Transitions of hypothesis ${i + 1} are from 0, sum to at most 1, and none leads to itself`);
    }
  });
}
