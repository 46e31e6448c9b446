/**
 * Checking a participant's medicines. The answer depends on the study's substance and the medicines alone, never on
 * an allocation: everyone is treated as if active, so a warning tells nobody what was taken.
 */
import { PharmacologyError } from './errors.ts';
import type { Evidence } from './fact.ts';
import { type InteractionClass, interactionClasses, type Severity, severities } from './interactions.ts';
import { isSubstanceId, type SubstanceId } from './substances.ts';

export type MedicationFinding =
  | {
      readonly status: 'current' | 'withinWashout' | 'washedOut';
      /** As the person wrote it. */
      readonly medication: string;
      readonly member: string;
      readonly interaction: string;
      readonly label: string;
      /** What holds now: `none-known` once washed out. */
      readonly severity: Severity;
      readonly mechanism: string;
      readonly washoutDays: number;
      readonly evidence: Evidence;
      readonly source: string;
    }
  | {
      /** Not in the table: somebody must look it up. Never to be read as safe. */
      readonly status: 'unknown';
      readonly medication: string;
      readonly severity: 'unknown';
      readonly explanation: string;
    };

export type MedicationOptions = {
  /** Days since the last intake, for all names or by name; absent: still taken. */
  readonly lastTakenDaysAgo?: number | Readonly<Record<string, number>>;
};

/**
 * One finding per medicine and class it belongs to, worst first; unknown medicines stand after `contraindicated`.
 * Case and diacritics do not matter; strengths and salts after the name do not either (`Lithium carbonate 300 mg`).
 * @throws PharmacologyError `unknown-substance`, `not-a-number`
 */
export function checkMedication(
  names: readonly string[],
  substance: SubstanceId,
  options: MedicationOptions = {},
): readonly MedicationFinding[] {
  if (!isSubstanceId(substance)) throw new PharmacologyError('unknown-substance', `Substance "${substance}".`);
  const findings = names.filter((name) => name.trim() !== '').flatMap((name) => findingsOf(name, substance, options));
  return findings.sort((a, b) => rank(a.severity) - rank(b.severity));
}

export type MedicationSummary = {
  /** Of the medicines in the table. */
  readonly worst: Severity;
  readonly unknown: readonly string[];
};

export function summariseMedication(findings: readonly MedicationFinding[]): MedicationSummary {
  const unknown = findings.filter((finding) => finding.status === 'unknown').map((finding) => finding.medication);
  const present = new Set(findings.map((finding) => finding.severity));
  return { worst: severities.find((severity) => present.has(severity)) ?? 'none-known', unknown };
}

const order: readonly string[] = ['contraindicated', 'unknown', ...severities.slice(1)];
const rank = (severity: string): number => order.indexOf(severity);

function findingsOf(name: string, substance: SubstanceId, options: MedicationOptions): MedicationFinding[] {
  const known = interactionClasses.flatMap((entry) => {
    const named = entry.members.filter((candidate) => namesMedicine(name, candidate));
    const member = named.sort((a, b) => washoutOf(entry, b) - washoutOf(entry, a))[0];
    return member === undefined ? [] : [{ entry, member }];
  });
  if (known.length === 0) {
    const explanation = `"${name}" is not in the table. Look it up before deciding: not listed does not mean safe.`;
    return [{ status: 'unknown', medication: name, severity: 'unknown', explanation }];
  }
  const days = daysSince(name, options.lastTakenDaysAgo);
  const relevant = known.filter(({ entry }) => entry.substances.includes(substance));
  if (relevant.length === 0) return [notForSubstance(name, substance, known[0]?.member ?? name)];
  return relevant.map(({ entry, member }) => finding(name, entry, member, days));
}

/** Whether what a person wrote names this medicine: `Lithium carbonate 300 mg` names `lithium`. */
export function namesMedicine(written: string, medicine: string): boolean {
  return ` ${normalise(written)} `.includes(` ${normalise(medicine)} `);
}

const washoutOf = (entry: InteractionClass, member: string): number =>
  entry.longerWashoutDays?.[member] ?? entry.washoutDays;

function finding(medication: string, entry: InteractionClass, member: string, days: number | null): MedicationFinding {
  const washoutDays = washoutOf(entry, member);
  const status = days === null || days === 0 ? 'current' : days < washoutDays ? 'withinWashout' : 'washedOut';
  return {
    status,
    medication,
    member,
    interaction: entry.id,
    label: entry.label,
    severity: status === 'washedOut' ? 'none-known' : entry.severity,
    mechanism: entry.mechanism,
    washoutDays,
    evidence: entry.evidence,
    source: entry.source,
  };
}

function notForSubstance(medication: string, substance: SubstanceId, member: string): MedicationFinding {
  const explanation = `The table knows ${member}, but says nothing about it with ${substance}. Look it up before deciding.`;
  return { status: 'unknown', medication, severity: 'unknown', explanation };
}

function daysSince(name: string, last: MedicationOptions['lastTakenDaysAgo']): number | null {
  if (last === undefined) return null;
  const days =
    typeof last === 'number' ? last : Object.entries(last).find(([key]) => normalise(key) === normalise(name))?.[1];
  if (days === undefined) return null;
  if (!Number.isFinite(days) || days < 0) throw new PharmacologyError('not-a-number', `${days} days since ${name}.`);
  return days;
}

/** Lower case, no diacritics or apostrophes, every other mark a space. */
const normalise = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
