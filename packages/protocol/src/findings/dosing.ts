/** Is every dose a micro-dose, and are there enough days between them? */
import {
  checkDose,
  type FormId,
  forms,
  isFormId,
  isSubstanceId,
  PharmacologyError,
  quantity,
} from '@limen/pharmacology';
import type { Path } from '../document-path.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';

/** Longest stretch of dosing without a break, and what counts as one. */
export const exposureLimits = { daysWithoutBreak: 56, breakDays: 14, doses: 24 } as const;
/** Days between capsules after which little tolerance is left. */
const daysForTolerance = 3;

type Protocol = CheckContext['protocol'];
type Substance = NonNullable<Protocol['interventions'][number]['substances']>[number];

export function checkDosing({ protocol }: CheckContext, plans: readonly DayPlan[]): Finding[] {
  return [...checkDoses(protocol), ...checkDosePlan(protocol, plans)];
}

function checkDoses({ interventions }: Protocol): Finding[] {
  return interventions.flatMap(({ substances = [], outsideWindow }, index) =>
    substances.flatMap((item, position) => {
      const found = checkSubstance(item, ['interventions', index, 'substances', position]);
      if (outsideWindow === undefined || !isSmall(item)) return found;
      return found.map((one) => (one.code === 'dose_above_window' ? justified(one, outsideWindow) : one));
    }),
  );
}

/** A written reason counts up to this share of the largest usual full dose; above it the dose is no micro-dose. */
const largestJustified = 0.2;

function isSmall({ dose }: Substance): boolean {
  const check = isFormId(dose.form) ? doseCheckOf(dose.max, dose.unit, dose.form) : undefined;
  return check !== undefined && check.fractionOfFullDose.lower <= largestJustified;
}

function justified(found: Finding, { reason, source }: { reason: string; source: string }): Finding {
  const message = `${found.message} The document’s reason: ${reason}`;
  return { ...found, severity: 'warning', code: 'dose_above_window_justified', message, source };
}

function checkSubstance({ substance, dose }: Substance, path: Path): Finding[] {
  if (!isSubstanceId(substance)) {
    return [
      finding(
        'error',
        'substance_unknown',
        [...path, 'substance'],
        `“${substance}” is not in the table of substances.`,
      ),
    ];
  }
  if (!isFormId(dose.form) || forms[dose.form].substance !== substance) {
    const message = `“${dose.form}” is not a form of ${substance}.`;
    return [finding('error', 'substance_unknown', [...path, 'dose', 'form'], message)];
  }
  if (dose.min > dose.max) {
    return [finding('error', 'dose_range_reversed', [...path, 'dose', 'max'], `${dose.max} is less than ${dose.min}.`)];
  }
  return checkDoseRange(dose.min, dose.max, dose.unit, dose.form, [...path, 'dose']);
}

function checkDoseRange(
  min: number,
  max: number,
  unit: Substance['dose']['unit'],
  form: FormId,
  path: Path,
): Finding[] {
  const smallest = doseCheckOf(min, unit, form);
  const largest = doseCheckOf(max, unit, form);
  if (smallest === undefined || largest === undefined) {
    return [finding('error', 'substance_unknown', [...path, 'unit'], `${form} cannot be given in ${unit}.`)];
  }
  const found: Finding[] = [];
  const report = (severity: Finding['severity'], code: Finding['code'], end: 'min' | 'max', check: typeof smallest) =>
    found.push(finding(severity, code, [...path, end], check.explanation, check.sources.join('; ')));
  if (largest.verdict === 'above') report('error', 'dose_above_window', 'max', largest);
  if (smallest.verdict === 'below') report('warning', 'dose_below_window', 'min', smallest);
  if (largest.aboveBlindingThreshold === true) report('warning', 'dose_above_blinding_threshold', 'max', largest);
  if (largest.verdict === 'unknown' || forms[form].relation === 'range')
    report('advice', 'dose_content_unknown', 'max', largest);
  return found;
}

function doseCheckOf(value: number, unit: Substance['dose']['unit'], form: FormId) {
  try {
    return checkDose(quantity(value, unit, form));
  } catch (error) {
    if (error instanceof PharmacologyError) return undefined;
    throw error;
  }
}

function checkDosePlan(protocol: Protocol, plans: readonly DayPlan[]): Finding[] {
  const { dosing, epochs } = protocol;
  if (!epochs.some(({ id }) => id === dosing.epoch)) return [];
  const dosePlans = plans.map((plan) => plan.get('dose') ?? []);
  const most = Math.max(...dosePlans.map((days) => days.length));
  if (dosePlans.some((days) => days.length === 0)) {
    return [finding('error', 'no_doses', ['dosing', 'regimen'], 'No capsule falls inside the dosing epoch.')];
  }
  const found: Finding[] = [];
  if (most > dosing.maximumDoses) {
    const message = `The regimen plans ${most} capsules and at most ${dosing.maximumDoses} are allowed; the rest would never be given.`;
    found.push(finding('error', 'maximum_doses_below_plan', ['dosing', 'maximumDoses'], message));
  }
  if (most > exposureLimits.doses) {
    const message = `${most} capsules: plan heart ultrasound before the first and after the last.`;
    found.push(finding('warning', 'many_doses', ['dosing', 'regimen'], message, valveSource));
  }
  return [...found, ...checkGaps(protocol, dosePlans), ...checkBreaks(dosePlans)];
}

const valveSource = 'Tagen 2023; Rouaud 2024: 5-HT2B activity, long use not studied';

function checkGaps({ dosing, arms }: Protocol, dosePlans: readonly (readonly number[])[]): Finding[] {
  const gap = Math.min(...dosePlans.flatMap((days) => days.slice(1).map((day, index) => day - (days[index] ?? day))));
  const found: Finding[] = [];
  if (gap * 24 < dosing.minimumHoursBetween) {
    const message = `Capsules are planned ${gap * 24} hours apart and ${dosing.minimumHoursBetween} hours are asked for.`;
    found.push(finding('error', 'doses_too_close', ['dosing', 'minimumHoursBetween'], message));
  }
  if (gap < daysForTolerance) {
    // Where the procedure mixes placebo in, neighbouring capsules are rarely both active.
    const severity = arms.some(({ content }) => content.kind === 'drawn') ? 'advice' : 'warning';
    const message = `Capsules follow one another after ${gap === 1 ? '1 day' : `${gap} days`}; the later one acts less.`;
    found.push(finding(severity, 'doses_within_tolerance', ['dosing', 'regimen'], message, toleranceSource));
  }
  return found;
}

const toleranceSource = 'Buchborn 2016: tolerance is substantial after 24 h and gone after 5 days';

function checkBreaks(dosePlans: readonly (readonly number[])[]): Finding[] {
  const longest = Math.max(...dosePlans.map(longestRun));
  if (longest <= exposureLimits.daysWithoutBreak) return [];
  const message = `Dosing runs for ${longest} days without a break of ${exposureLimits.breakDays} days.`;
  return [finding('warning', 'dosing_without_break', ['dosing', 'regimen'], message, valveSource)];
}

/** Days from first to last capsule of the longest run without a break. */
function longestRun(days: readonly number[]): number {
  let first = days[0] ?? 0;
  let previous = first;
  let longest = 0;
  for (const day of days) {
    if (day - previous > exposureLimits.breakDays) first = day;
    longest = Math.max(longest, day - first + 1);
    previous = day;
  }
  return longest;
}
