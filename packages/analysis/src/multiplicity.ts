/** The plan's family of tests: every level of every endpoint of it, adjusted together by the method the plan names. */
import type { ProtocolDocument } from '@limen/protocol';
import { adjustPValues, dunnettUpper, graphAdjustedPValues } from '@limen/statistics';
import { adjustPrimaries } from './outcome.ts';
import { levelsOf } from './plan.ts';
import type { Outcome } from './results.ts';

type Test = { readonly outcome: string; readonly level: string; readonly p: number };
type Family = NonNullable<ProtocolDocument['analysis']['multiplicity']>;

/**
 * Adds adjusted p-values of the planned models. Without a family the plan's several primary endpoints are adjusted by Holm.
 * A test that could not be done counts as p = 1, so that nothing is gained by it.
 */
export function adjustFamily(protocol: ProtocolDocument, outcomes: readonly Outcome[]): Outcome[] {
  const family = protocol.analysis.multiplicity;
  if (family === undefined) return adjustPrimaries(outcomes);
  if (family.method === 'oneComparison') return [...outcomes];
  const members = family.endpoints.flatMap((id) => outcomes.find((outcome) => outcome.id === id) ?? []);
  const tests = family.method === 'graph' ? firstTests(members) : members.flatMap((one) => testsOf(protocol, one));
  const adjusted =
    family.method === 'dunnett'
      ? members.flatMap((one) => dunnett(one, testsOf(protocol, one)))
      : adjust(family, tests);
  const found = (outcome: string, level: string) =>
    adjusted[tests.findIndex((test) => test.outcome === outcome && test.level === level)] ?? null;
  return outcomes.map((outcome) => {
    const contrasts = outcome.contrasts.map((contrast) => {
      const adjustedP = found(outcome.id, contrast.level);
      return adjustedP === null ? contrast : { ...contrast, adjustedP };
    });
    return { ...outcome, contrasts, adjustedP: contrasts[0]?.adjustedP ?? null };
  });
}

function testsOf(protocol: ProtocolDocument, { id, contrasts }: Outcome): Test[] {
  const endpoint = protocol.analysis.endpoints.find((one) => one.id === id);
  const levels = endpoint === undefined ? [] : levelsOf(protocol, endpoint).slice(1);
  const order =
    protocol.analysis.multiplicity?.method === 'dunnett'
      ? levels
      : [...levels].sort((a, b) => doseOf(protocol, b.level) - doseOf(protocol, a.level));
  return order.map(({ level }) => {
    const fitted = contrasts.find((contrast) => contrast.level === level)?.unadjusted;
    return { outcome: id, level, p: fitted?.p ?? 1 };
  });
}

function firstTests(members: readonly Outcome[]): Test[] {
  return members.map(({ id, contrasts: [first] }) => ({
    outcome: id,
    level: first?.level ?? '',
    p: first?.unadjusted?.p ?? 1,
  }));
}

function adjust(family: Family, tests: readonly Test[]): number[] {
  const p = tests.map((test) => test.p);
  switch (family.method) {
    case 'oneComparison':
    case 'dunnett':
      return p;
    case 'holm':
    case 'hochberg':
      return adjustPValues(p, family.method);
    case 'falseDiscoveryRate':
      return adjustPValues(p, 'benjamini-hochberg');
    case 'gatekeeping': {
      // In fixed order, each at the full level, until the first that is not shown: the largest p so far.
      let most = 0;
      return p.map((one) => {
        most = Math.max(most, one);
        return most;
      });
    }
    case 'graph':
      return family.graph === undefined ? p.map(() => 1) : graphAdjustedPValues(family.graph, p);
  }
}

/** Dunnett (1955) within one outcome: λ = √(n / (n + n₀)), exact for independent means of equal variance. */
function dunnett({ contrasts, groups }: Outcome, tests: readonly Test[]): number[] {
  const rows = (level: string) => groups.find((group) => group.level === level)?.rows ?? 0;
  const levels = new Set(tests.map(({ level }) => level));
  const control = groups.find(({ level }) => !levels.has(level))?.rows ?? 0;
  const loadings = tests.map(({ level }) => Math.sqrt(rows(level) / Math.max(1, rows(level) + control)));
  return tests.map(({ level }) => {
    const term = contrasts.find((contrast) => contrast.level === level)?.unadjusted;
    return term ? dunnettUpper(Math.abs(term.t), loadings, term.df) : 1;
  });
}

/** Largest amount of a level, so that gatekeeping goes from the highest dose down; 0 where it has none. */
function doseOf(protocol: ProtocolDocument, level: string): number {
  const amounts = protocol.interventions.find(({ id }) => id === level)?.substances ?? [];
  return amounts.reduce((most, { dose }) => Math.max(most, dose.max), 0);
}
