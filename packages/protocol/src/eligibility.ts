/** Eligibility: each criterion decided by its rule, or left open for a person. */
import { findInstrument, type Instrument } from '@limen/instruments';
import { checkMedication, isSubstanceId, type MedicationFinding } from '@limen/pharmacology';
import type { Criterion, ProtocolDocument } from './document.ts';
import { ProtocolError } from './errors.ts';
import { isUnit, noUnits, type UnitOf } from './rule-units.ts';
import { type CompiledRule, compileRule, evaluateRule } from './rules.ts';

/** What an eligibility rule can see. */
export const eligibilityVariables = ['screening', 'interactions'] as const;

/** The answer by which a screening item says that the person does not know. */
export const unsureAnswer = 'unsure';

export type ScreeningInput = {
  /** By item id of the screening instrument. An item without an answer is missing or null. */
  readonly answers: Readonly<Record<string, number | string | readonly string[] | null>>;
  /** As the person wrote them; those answered to the item `medications` are added. */
  readonly medications: readonly string[];
};

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

export type EligibilityDecision = {
  readonly criterion: string;
  readonly verdict: 'met' | 'notMet' | 'unknown';
  readonly explanation: string;
};

export type EligibilityResult = {
  readonly result: 'eligible' | 'ineligible' | 'unknown';
  readonly decisions: readonly EligibilityDecision[];
};

/**
 * An inclusion criterion is met when its rule is true, an exclusion criterion when its rule is false. One criterion not
 * met makes the person ineligible; otherwise one left unknown leaves the whole unknown, for a person to look at.
 *
 * @throws ProtocolError `rule_invalid`
 */
export function eligibility(protocol: ProtocolDocument, input: ScreeningInput): EligibilityResult {
  const interactions = interactionsOf(protocol, medicationsOf(input));
  const unitOf = screeningUnits(findInstrument(protocol.population.screeningInstrument));
  const context = { screening: withoutUnsure(input.answers), interactions, unitOf };
  const decisions = protocol.population.eligibility.map((criterion) => decide(criterion, context));
  const verdicts = decisions.map(({ verdict }) => verdict);
  const result = verdicts.includes('notMet') ? 'ineligible' : verdicts.includes('unknown') ? 'unknown' : 'eligible';
  return { result, decisions };
}

/** “Not sure” is no answer: every rule over it stays unknown. */
function withoutUnsure(answers: ScreeningInput['answers']): ScreeningInput['answers'] {
  return Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => [id, answer === unsureAnswer ? null : answer]),
  );
}

function medicationsOf({ answers, medications }: ScreeningInput): string[] {
  const answered = answers.medications;
  const named = [...medications, ...(Array.isArray(answered) ? answered : [])].map((name: string) => name.trim());
  return [...new Set(named)].filter((name) => name !== '');
}

type Context = {
  readonly screening: ScreeningInput['answers'];
  readonly interactions: Interactions;
  readonly unitOf: UnitOf;
};

function decide(criterion: Criterion, context: Context): EligibilityDecision {
  const { verdict, explanation, missing } = evaluateRule(
    ruleOf(criterion.rule, eligibilityVariables, context.unitOf),
    context,
  );
  const met = criterion.kind === 'inclusion' ? 'true' : 'false';
  const { unknown } = context.interactions;
  const unlisted = unknown.length > 0 && missing.some((path) => path.startsWith('interactions.'));
  return {
    criterion: criterion.id,
    verdict: verdict === 'unknown' ? 'unknown' : verdict === met ? 'met' : 'notMet',
    explanation: unlisted ? `not known to be safe: ${unknown.join(', ')}` : explanation,
  };
}

type Group = Exclude<keyof Interactions, 'listed'>;

const groups = {
  contraindicated: ['contraindicated'],
  major: ['major'],
  caution: ['moderate', 'caution'],
  unknown: ['unknown'],
} as const satisfies Record<Group, readonly MedicationFinding['severity'][]>;

/** The medicines, grouped over all substances the study gives; which arm a person is in plays no part. */
export function interactionsOf(protocol: ProtocolDocument, medications: readonly string[]): Interactions {
  const substances = [
    ...new Set(protocol.interventions.flatMap((item) => item.substances ?? []).map((item) => item.substance)),
  ];
  const findings = substances.flatMap((substance): readonly Graded[] =>
    isSubstanceId(substance) ? checkMedication(medications, substance) : medications.map(unlisted),
  );
  const named = (group: Group): string[] => {
    const severities: readonly string[] = groups[group];
    return [
      ...new Set(findings.filter(({ severity }) => severities.includes(severity)).map((item) => item.medication)),
    ];
  };
  const unknown = named('unknown');
  const complete = (list: readonly string[]) => (list.length === 0 && unknown.length > 0 ? null : list);
  return {
    contraindicated: complete(named('contraindicated')),
    major: complete(named('major')),
    caution: complete(named('caution')),
    unknown,
    listed: medications.length > 0 ? medications : null,
  };
}

type Graded = Pick<MedicationFinding, 'severity' | 'medication'>;

function unlisted(medication: string): Graded {
  return { severity: 'unknown', medication };
}

const unitsByInstrument = new WeakMap<Instrument, UnitOf>();

/** Units of the numbers a screening instrument asks for. */
export function screeningUnits(instrument: Instrument | undefined): UnitOf {
  if (instrument === undefined) return noUnits;
  const known = unitsByInstrument.get(instrument);
  if (known !== undefined) return known;
  const units = new Map(instrument.items.flatMap((item) => ('unit' in item ? [[item.id, item.unit]] : [])));
  const unitOf: UnitOf = ({ root, steps }) => {
    const unit = root === 'screening' && steps.length === 1 ? units.get(String(steps[0])) : undefined;
    return unit !== undefined && isUnit(unit) ? unit : null;
  };
  unitsByInstrument.set(instrument, unitOf);
  return unitOf;
}

/** @throws ProtocolError `rule_invalid` */
export function ruleOf(text: string, variables: readonly string[], unitOf?: UnitOf): CompiledRule {
  const compiled = compileRule(text, variables, unitOf);
  if (compiled.ok) return compiled.rule;
  throw new ProtocolError('rule_invalid', `${text}: ${compiled.problems.map(({ message }) => message).join(' ')}`);
}
