/**
 * The medicines somebody names, held against what is known of interactions and against the document's own list. Which
 * arm a person is in plays no part: everybody is treated as if the capsule were active.
 */
import { checkMedication, isSubstanceId, type MedicationFinding, namesMedicine } from '@limen/pharmacology';
import type { Medicines, ProtocolDocument } from './document.ts';

/**
 * Names of medicines by the worst that is known of them with the study's substances. A list that might be longer, since
 * a medicine was not recognised, is null while it is empty: a rule over it is then unknown, never false.
 */
export type Interactions = {
  readonly contraindicated: readonly string[] | null;
  readonly major: readonly string[] | null;
  readonly caution: readonly string[] | null;
  readonly unknown: readonly string[];
  /** Everything named; null where nothing was, since an empty list does not say that nothing is taken. */
  readonly listed: readonly string[] | null;
};

export type MedicineEntry = {
  readonly name: string;
  /** Local date of the last intake; null: still taken. */
  readonly stoppedOn: string | null;
};

/** Reads one line of a person's list: `Lithium`, or `Lithium, stopped 2026-02-17`. */
export function medicineEntry(line: string): MedicineEntry {
  const found = /^(.*?)[\s,;]+stopped[\s:]+(\d{4}-\d{2}-\d{2})\s*$/iu.exec(line);
  const [, name = '', date = ''] = found ?? [];
  return found === null || !isDate(date) || name === ''
    ? { name: line.trim(), stoppedOn: null }
    : { name: name.trim(), stoppedOn: date };
}

type Severity = MedicationFinding['severity'];

/** A medicine that counts on the day it is looked at. */
export type GradedMedicine = {
  readonly name: string;
  readonly severity: Severity;
  /** Why a medicine that is no longer taken still counts: `lithium within 14 days; washout ends 2026-03-03`. */
  readonly note: string | null;
};

/**
 * Every medicine with each severity it has, the document's list included.
 * @param on local date on which it is looked at; without it, a medicine that was stopped counts as still taken
 */
export function gradeMedicines(protocol: ProtocolDocument, lines: readonly string[], on?: string): GradedMedicine[] {
  const substances = [
    ...new Set(protocol.interventions.flatMap((item) => item.substances ?? []).map((item) => item.substance)),
  ];
  const { prohibited = [], cautioned = [] } = protocol.medication ?? {};
  return lines.map(medicineEntry).flatMap(({ name, stoppedOn }): GradedMedicine[] => {
    const days = daysSince(stoppedOn, on);
    const known = substances.flatMap((substance) => knownOf(name, substance));
    const own = [
      ...prohibited.flatMap((entry) => ownOf(entry, 'contraindicated', name, known)),
      ...cautioned.flatMap((entry) => ownOf(entry, 'caution', name, known)),
    ];
    const listed = own.length > 0 ? known.filter(({ severity }) => severity !== 'unknown') : known;
    return [...listed, ...own].flatMap(({ severity, washoutDays }): GradedMedicine[] => {
      if (washoutDays === null || days === null) return [{ name, severity, note: null }];
      if (days >= washoutDays) return [];
      const ends = Temporal.PlainDate.from(stoppedOn ?? '').add({ days: washoutDays });
      return [{ name, severity, note: `${name} within ${washoutDays} days; washout ends ${ends}` }];
    });
  });
}

type Known = {
  readonly interaction: string | null;
  readonly severity: Severity;
  /** null: the last intake plays no part. */
  readonly washoutDays: number | null;
};

function knownOf(name: string, substance: string): Known[] {
  const nothing = { interaction: null, severity: 'unknown', washoutDays: null } as const;
  if (!isSubstanceId(substance)) return [nothing];
  return checkMedication([name], substance).map((found) =>
    found.status === 'unknown'
      ? nothing
      : { interaction: found.interaction, severity: found.severity, washoutDays: found.washoutDays },
  );
}

function ownOf(entry: Medicines, severity: Severity, name: string, known: readonly Known[]): Known[] {
  const { classes = [], names = [], washoutDays = 0 } = entry;
  const inClass = known.filter(({ interaction }) => interaction !== null && classes.includes(interaction));
  if (inClass.length === 0 && !names.some((one) => namesMedicine(name, one))) return [];
  const longest = Math.max(washoutDays, ...inClass.map((found) => found.washoutDays ?? 0));
  return [{ interaction: entry.id, severity, washoutDays: longest }];
}

type Group = Exclude<keyof Interactions, 'listed'>;

const groups = {
  contraindicated: ['contraindicated'],
  major: ['major'],
  caution: ['moderate', 'caution'],
  unknown: ['unknown'],
} as const satisfies Record<Group, readonly Severity[]>;

/** Whether a medicine of this severity stands in the list of that name. */
export function isInGroup(severity: Severity, list: string): boolean {
  const severities: readonly string[] = Object.hasOwn(groups, list) ? groups[list as Group] : [];
  return severities.includes(severity);
}

/** The medicines grouped by severity, as rules see them. */
export function interactionsOf(protocol: ProtocolDocument, lines: readonly string[], on?: string): Interactions {
  return groupMedicines(gradeMedicines(protocol, lines, on), lines);
}

export function groupMedicines(graded: readonly GradedMedicine[], lines: readonly string[]): Interactions {
  const named = (group: Group): string[] => {
    const severities: readonly string[] = groups[group];
    return [...new Set(graded.filter(({ severity }) => severities.includes(severity)).map(({ name }) => name))];
  };
  const unknown = named('unknown');
  const complete = (list: readonly string[]) => (list.length === 0 && unknown.length > 0 ? null : list);
  return {
    contraindicated: complete(named('contraindicated')),
    major: complete(named('major')),
    caution: complete(named('caution')),
    unknown,
    listed: lines.length > 0 ? lines.map((line) => medicineEntry(line).name) : null,
  };
}

/** Days since the last intake; null: still taken, or a date that has not come. */
function daysSince(stoppedOn: string | null, on: string | undefined): number | null {
  if (stoppedOn === null || on === undefined) return null;
  const { days } = Temporal.PlainDate.from(stoppedOn).until(on, { largestUnit: 'days' });
  return days < 0 ? null : days;
}

function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
