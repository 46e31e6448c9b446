/** The micro-dose window of a form, and where a dose lies in it. */
import { PharmacologyError } from './errors.ts';
import type { Evidence, Fact, Interval } from './fact.ts';
import { type FormId, forms, isFormId, type NaturalForm } from './forms.ts';
import {
  contentInterval,
  convertForm,
  convertUnit,
  formatNumber,
  formatQuantity,
  type Quantity,
  type Unit,
} from './quantity.ts';
import { fullDoseByWeight, isSubstanceId, type Substance, type SubstanceId, substances } from './substances.ts';

/** A micro-dose is commonly put at one twentieth to one tenth of a full dose. */
export const fullDoseOverMicrodose = { lower: 20, upper: 10 } as const;

export type MicrodoseWindow = Interval & {
  readonly unit: Unit;
  readonly form: FormId;
  readonly source: string;
  readonly evidence: Evidence;
};

export type DoseCheck = {
  /** `unknown`: the content of the material straddles a limit of the window. */
  readonly verdict: 'below' | 'within' | 'above' | 'unknown';
  /** The window, in `unit` of `form`. */
  readonly lower: number;
  readonly upper: number;
  readonly unit: Unit;
  readonly form: FormId;
  /** Of the largest and of the smallest usual full dose. */
  readonly fractionOfFullDose: Interval;
  /** Null where no threshold is published or the content straddles it. */
  readonly aboveBlindingThreshold: boolean | null;
  readonly explanation: string;
  readonly sources: readonly string[];
};

export function substanceOf(form: FormId): Substance {
  return substances[forms[form].substance];
}

/**
 * One twentieth to one tenth of a full dose. Of a substance: in its reference form; of a salt: in that salt;
 * of mushrooms and fresh truffles: in grams of them; of dried truffle: in mg of psilocybin.
 */
export function microdoseWindow(of: SubstanceId | FormId): MicrodoseWindow {
  if (isSubstanceId(of) && !isFormId(of))
    return windowOf(substances[of].fullDose, substances[of].unit, substances[of].referenceForm);
  // `psilocybin` and `al-lad` name both a substance and its reference form: the window is the same.
  if (!isFormId(of)) throw new PharmacologyError('unknown-form', `"${of}" is neither a substance nor a form.`);
  return windowOfForm(of);
}

function windowOfForm(form: FormId): MicrodoseWindow {
  const byWeight = weightOf(form);
  if (byWeight) return windowOf(byWeight, 'g', form);
  const substance = substanceOf(form);
  const reference = windowOf(substance.fullDose, substance.unit, substance.referenceForm);
  if (forms[form].relation === 'range') return reference;
  const inForm = (value: number): number =>
    convertForm({ value, unit: substance.unit, form: substance.referenceForm }, form).value;
  return { ...reference, lower: inForm(reference.lower), upper: inForm(reference.upper), form };
}

type FullDose = Fact<Interval & { readonly fixed?: number }>;

function weightOf(form: FormId): FullDose | undefined {
  return form in fullDoseByWeight ? fullDoseByWeight[form as keyof typeof fullDoseByWeight] : undefined;
}

function windowOf(fullDose: FullDose, unit: Unit, form: FormId): MicrodoseWindow {
  const { fixed, lower, upper } = fullDose.value;
  return {
    lower: (fixed ?? lower) / fullDoseOverMicrodose.lower,
    upper: (fixed ?? upper) / fullDoseOverMicrodose.upper,
    unit,
    form,
    source: `One twentieth to one tenth of a full dose (${fullDose.source})`,
    evidence: fullDose.evidence === 'memory' ? 'memory' : 'computed',
  };
}

/** Where a dose lies: `checkDose(quantity(10, 'µg', 'lsd-base')).verdict` is `within`. */
export function checkDose(dose: Quantity): DoseCheck {
  const substance = substanceOf(dose.form);
  const window = microdoseWindow(dose.form);
  const full = weightOf(dose.form)?.value ?? substance.fullDose.value;
  const fullForm = weightOf(dose.form) ? dose.form : substance.referenceForm;
  const held = inForm(dose, window.form, window.unit);
  const ofFull = inForm(dose, fullForm, weightOf(dose.form) ? 'g' : substance.unit);
  const threshold = substance.blindingThreshold;
  const aboveBlindingThreshold = threshold
    ? above(inForm(dose, substance.referenceForm, substance.unit), threshold.value)
    : null;
  const verdict = placeIn(held, window);
  return {
    verdict,
    lower: window.lower,
    upper: window.upper,
    unit: window.unit,
    form: window.form,
    fractionOfFullDose: { lower: ofFull.lower / full.upper, upper: ofFull.upper / full.lower },
    aboveBlindingThreshold,
    explanation: explain(dose, window, verdict, aboveBlindingThreshold, substance),
    sources: [window.source, substance.publishedMicrodose.source, ...(threshold ? [threshold.source] : [])],
  };
}

/** The dose as an interval of another form: a point for exact forms, the published span for natural material. */
function inForm(dose: Quantity, form: FormId, unit: Unit): Interval {
  if (dose.form === form) return point(convertUnit(dose, unit).value);
  if (isNatural(dose.form)) {
    const content = contentInterval(dose);
    const end = (value: number): number =>
      convertUnit(convertForm({ value, unit: 'mg', form: content.of }, form), unit).value;
    return { lower: end(content.lower), upper: end(content.upper) };
  }
  return point(convertUnit(convertForm(dose, form), unit).value);
}

const point = (value: number): Interval => ({ lower: value, upper: value });

export const isNatural = (form: FormId): form is NaturalForm => forms[form].relation === 'range';

/** Limits count as inside; a relative slack of 1e-9 forgives the rounding of unit conversion. */
function placeIn(held: Interval, window: Interval): DoseCheck['verdict'] {
  const slack = window.upper * 1e-9;
  if (held.upper < window.lower - slack) return 'below';
  if (held.lower > window.upper + slack) return 'above';
  return held.lower >= window.lower - slack && held.upper <= window.upper + slack ? 'within' : 'unknown';
}

function above(held: Interval, threshold: number): boolean | null {
  if (held.lower >= threshold) return true;
  return held.upper < threshold ? false : null;
}

const phrase: Readonly<Record<DoseCheck['verdict'], string>> = {
  below: 'is below',
  within: 'is within',
  above: 'is above',
  unknown: 'cannot be placed in',
};

function explain(
  dose: Quantity,
  window: MicrodoseWindow,
  verdict: DoseCheck['verdict'],
  aboveThreshold: boolean | null,
  substance: Substance,
): string {
  const span = `${formatNumber(window.lower)} to ${formatNumber(window.upper)} ${window.unit} ${forms[window.form].label}`;
  const parts = [`${formatQuantity(dose)} ${phrase[verdict]} the micro-dose window of ${span}.`];
  if (isNatural(dose.form)) {
    const held = contentInterval(dose);
    parts.push(
      `Without an assay it may hold ${formatNumber(held.lower)} to ${formatNumber(held.upper)} mg of ${forms[held.of].label}.`,
    );
  }
  if (aboveThreshold && substance.blindingThreshold) {
    parts.push(`People may notice it: ${substance.blindingThreshold.source}.`);
  }
  return parts.join(' ');
}
