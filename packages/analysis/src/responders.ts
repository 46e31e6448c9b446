/**
 * Who changed by more than error of measurement, from baseline to the last value, by arm: shares with Wilson's interval, their
 * difference with Newcombe's (1998, Stat Med 17:873, method 10).
 */
import type { ReliableThreshold } from '@limen/protocol';
import { proportion } from './blinding.ts';
import type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
import { possible } from './possible.ts';
import type { Estimate, Responders } from './results.ts';

type Verdict = 'improved' | 'worsened' | 'unchanged';

/** Null where arms are not compared, the score has no better side, or nobody has a baseline. */
export function respondersOf(spec: OutcomeSpec, reliable: ReliableThreshold | null): Responders | null {
  const { better } = spec;
  if (better === null) return null;
  if (reliable === null)
    return { notPossible: 'The score has no published reliability, so a reliable change is not defined.' };
  const last = new Map<string, AnalysisRow>();
  for (const row of spec.rows) {
    const known = last.get(row.participant);
    if (known === undefined || dayOf(row) >= dayOf(known)) last.set(row.participant, row);
  }
  const people = [...last.values()].flatMap((row) => {
    const { baseline } = row.covariates;
    return typeof baseline === 'number' ? [{ level: row.condition, change: row.value - baseline }] : [];
  });
  if (people.length === 0) return { notPossible: 'Nobody has a baseline of the same score.' };
  const verdictOf = (change: number): Verdict => {
    if (Math.abs(change) <= reliable.threshold) return 'unchanged';
    return change > 0 === (better === 'higher') ? 'improved' : 'worsened';
  };
  const arms = spec.levels.map(({ level, label }) => {
    const verdicts = people.flatMap((one) => (one.level === level ? [verdictOf(one.change)] : []));
    const count = (wanted: Verdict) => verdicts.filter((one) => one === wanted).length;
    const [improved, worsened] = [count('improved'), count('worsened')];
    const participants = verdicts.length;
    return {
      level,
      label,
      participants,
      improved,
      worsened,
      share: possible(() => proportion(improved, participants)),
    };
  });
  const [reference, ...others] = arms;
  return {
    ...reliable,
    arms,
    differences: others.flatMap(({ level, label, share }) =>
      reference === undefined || 'notPossible' in share || 'notPossible' in reference.share
        ? []
        : [{ level, label, ...difference(share, reference.share) }],
    ),
  };
}

function dayOf({ covariates }: AnalysisRow): number {
  return typeof covariates.day === 'number' ? covariates.day : 0;
}

function difference(one: Estimate, other: Estimate): { value: number; lower: number; upper: number } {
  const value = one.value - other.value;
  return {
    value,
    lower: value - Math.hypot(one.value - one.lower, other.upper - other.value),
    upper: value + Math.hypot(one.upper - one.value, other.value - other.lower),
  };
}
