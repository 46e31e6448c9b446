/** Eligibility: each criterion decided by its rule, or left open for a person. */
import { findInstrument, type Instrument } from '@limen/instruments';
import type { Criterion, ProtocolDocument } from './document.ts';
import { ProtocolError } from './errors.ts';
import { type GradedMedicine, gradeMedicines, groupMedicines, type Interactions, isInGroup } from './medication.ts';
import { isUnit, noUnits, type UnitOf } from './rule-units.ts';
import { type CompiledRule, compileRule, evaluateRule } from './rules.ts';

/** What an eligibility rule can see. */
export const eligibilityVariables = ['screening', 'interactions'] as const;

/** The answer by which a screening item says that the person does not know. */
export const unsureAnswer = 'unsure';

export type ScreeningInput = {
  /** By item id of the screening instrument. An item without an answer is missing or null. */
  readonly answers: Readonly<Record<string, number | string | readonly string[] | null>>;
  /** As the person wrote them, see `medicineEntry`; those answered to the item `medications` are added. */
  readonly medications: readonly string[];
  /** Local date of screening, from which a washout counts; absent: what was stopped counts as still taken. */
  readonly on?: string;
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
  const lines = medicationsOf(input);
  const medicines = gradeMedicines(protocol, lines, input.on);
  const interactions = groupMedicines(medicines, lines);
  const unitOf = screeningUnits(findInstrument(protocol.population.screeningInstrument));
  const context = { screening: withoutUnsure(input.answers), interactions, unitOf, medicines };
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
  readonly medicines: readonly GradedMedicine[];
};

function decide(criterion: Criterion, context: Context): EligibilityDecision {
  const rule = ruleOf(criterion.rule, eligibilityVariables, context.unitOf);
  const { verdict, explanation, missing } = evaluateRule(rule, context);
  const met = criterion.kind === 'inclusion' ? 'true' : 'false';
  const { unknown } = context.interactions;
  const unlisted = unknown.length > 0 && missing.some((path) => path.startsWith('interactions.'));
  return {
    criterion: criterion.id,
    verdict: verdict === 'unknown' ? 'unknown' : verdict === met ? 'met' : 'notMet',
    explanation: unlisted
      ? `not known to be safe: ${unknown.join(', ')}`
      : [explanation, ...washoutsBehind(rule, context.medicines)].join('; '),
  };
}

/** Washouts that are not over, where the rule reads a list their medicine is in. */
function washoutsBehind({ paths }: CompiledRule, medicines: readonly GradedMedicine[]): string[] {
  const lists = paths.filter(({ root }) => root === 'interactions').map(({ steps }) => String(steps[0]));
  const behind = medicines.filter(({ severity }) => lists.some((list) => isInGroup(severity, list)));
  return [...new Set(behind.flatMap(({ note }) => note ?? []))];
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
