/** What a content means for treatment: how long it acts, what not to give with it. Facts; a clinician decides. */
import {
  concentration,
  forms,
  fullDoseOverMicrodose,
  type InteractionClass,
  interactionClasses,
  type Kinetics,
  kinetics,
  type SubstanceId,
  severities,
  substances,
} from '@limen/pharmacology';

export type Meaning = {
  readonly substance: SubstanceId;
  readonly label: string;
  /** Sentences, the most pressing first. */
  readonly says: readonly string[];
  /** Worst first: contraindicated, major, moderate. */
  readonly avoid: readonly Avoid[];
};

export type Avoid = {
  readonly label: string;
  readonly severity: InteractionClass['severity'];
  readonly mechanism: string;
  readonly washoutDays: number;
  readonly fromMemory: boolean;
};

const pressing: ReadonlySet<string> = new Set(['contraindicated', 'major', 'moderate']);
/** Share of the peak below which a capsule is called gone. */
const goneShare = 0.05;
const stepHours = 0.25;
const longestHours = 96;

export function meaningOf(substance: SubstanceId): Meaning {
  const { label, durationHours, valveRisk, fullDose, unit, referenceForm } = substances[substance];
  const model = kinetics[substance as keyof typeof kinetics] as Kinetics | undefined;
  const says = [
    `Study capsules hold micro-doses of ${label}: one ${fullDoseOverMicrodose.lower}th to one ${fullDoseOverMicrodose.upper}th of a full dose (${spanOf(fullDose.value)} ${unit} ${forms[referenceForm].label}; ${fullDose.source}). Look for other substances and other causes as well.`,
    durationHours === null
      ? 'How long it acts has not been measured.'
      : `Effects of a full dose last ${spanOf(durationHours.value)} hours (${durationHours.source}); those of a micro-dose no longer.`,
    ...(model === undefined ? [] : [tellKinetics(model)]),
    valveRisk.value,
  ];
  return { substance, label, says, avoid: avoidWith(substance) };
}

const spanOf = ({ lower, upper }: { lower: number; upper: number }) =>
  lower === upper ? `about ${lower}` : `${lower} to ${upper}`;

function tellKinetics(model: Kinetics): string {
  const halfLife = (Math.LN2 * model.litres) / model.litresPerHour;
  return `Half-life ${halfLife.toFixed(1)} hours; ${Math.ceil(hoursUntilGone(model))} hours after a capsule less than a twentieth of its peak is left (${model.source}).`;
}

/** Linear kinetics: the time does not depend on the dose. */
export function hoursUntilGone(model: Kinetics): number {
  const dose = [{ atHours: 0, micrograms: 1 }];
  let peak = 0;
  for (let hours = stepHours; hours <= longestHours; hours += stepHours) {
    const now = concentration(model, dose, hours);
    if (now < peak * goneShare) return hours;
    peak = Math.max(peak, now);
  }
  return longestHours;
}

function avoidWith(substance: SubstanceId): Avoid[] {
  return interactionClasses
    .filter((entry) => entry.substances.includes(substance) && pressing.has(entry.severity))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .map(({ label, severity, mechanism, washoutDays, evidence }) => ({
      label,
      severity,
      mechanism,
      washoutDays,
      fromMemory: evidence === 'memory',
    }));
}
