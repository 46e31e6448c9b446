/** The level of a person on every factor of the allocation, told from what is known before it. */
import type { Factor, ProtocolDocument } from './document.ts';

export type FactorInput = {
  readonly siteId: string;
  /** By item id of the screening instrument. */
  readonly answers: Readonly<Record<string, unknown>>;
};

export type FactorLevels =
  | { readonly ok: true; readonly levels: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly missing: Factor };

/** The factors that the procedure looks at, in its order. */
export function factorsInUse({ randomisation }: Pick<ProtocolDocument, 'randomisation'>): Factor[] {
  const { procedure, factors = [] } = randomisation;
  const drawn = procedure.kind === 'households' ? procedure.of : procedure;
  if (drawn.kind !== 'minimisation') return [];
  return drawn.factors.flatMap(({ id }) => factors.find((factor) => factor.id === id) ?? []);
}

/** Levels by factor id, of the factors in use; `missing`: the first without an answer that has a level. */
export function levelsOf(protocol: Pick<ProtocolDocument, 'randomisation'>, input: FactorInput): FactorLevels {
  const levels: Record<string, string> = {};
  for (const factor of factorsInUse(protocol)) {
    const level = levelOf(factor, input);
    if (level === null) return { ok: false, missing: factor };
    levels[factor.id] = level;
  }
  return { ok: true, levels };
}

function levelOf({ from }: Factor, { siteId, answers }: FactorInput): string | null {
  switch (from.kind) {
    case 'site':
      return siteId === '' ? null : siteId;
    case 'choice': {
      const given = answers[from.item];
      const answer = typeof given === 'number' ? String(given) : given;
      if (typeof answer !== 'string' || answer === '') return null;
      if (from.groups === undefined) return answer;
      return from.groups.find((group) => group.answers.includes(answer))?.label ?? null;
    }
    case 'number': {
      const answer = answers[from.item];
      if (typeof answer !== 'number' || !Number.isFinite(answer)) return null;
      return cutNames(from.cuts)[from.cuts.filter((cut) => cut <= answer).length] ?? null;
    }
  }
}

/** Under the first cut, from each to the next, and from the last on. */
export function cutNames(cuts: readonly number[]): string[] {
  return [...cuts, null].map((cut, index) => {
    const from = cuts[index - 1];
    if (from === undefined) return `under ${cut}`;
    return cut === null ? `${from} and over` : `${from} to under ${cut}`;
  });
}
