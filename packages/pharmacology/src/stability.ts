/**
 * How long a batch stays within its specification, from its content at several times under its own storage: ICH Q1E,
 * one batch. No Arrhenius: nothing is said of another temperature than the one measured.
 */
import { bisect, studentQuantile } from './distributions.ts';
import { PharmacologyError } from './errors.ts';
import { type Fact, fact } from './fact.ts';
import { formatNumber } from './quantity.ts';
import type { SubstanceId } from './substances.ts';

export type StabilityPoint = { readonly months: number; readonly percentOfLabel: number };

export type ShelfLife = {
  /** Content at month 0 by the line, per cent of the label. */
  readonly intercept: number;
  readonly slopePerMonth: number;
  /** Residual standard deviation, n - 2 degrees. */
  readonly residualSd: number;
  readonly lowerLimit: number;
  /** Where the one-sided 95 % limit of the mean meets the lower limit; null where it never does. */
  readonly crossesAtMonths: number | null;
  readonly observedMonths: number;
  /** What may be claimed, in whole months: no further than Q1E lets a line be carried beyond the data. */
  readonly shelfLifeMonths: number;
  readonly limitedBy: 'confidence-limit' | 'extrapolation';
  readonly explanation: string;
};

const confidence = 0.95;

/**
 * Least squares of content on time; the shelf life is the last month at which the lower one-sided 95 % confidence limit
 * of the mean, a + b t - t(0.95, n - 2) s sqrt(1/n + (t - mean)²/Sxx), is at the limit of specification or above (ICH Q1E,
 * 2.4 and B.1), and no longer than twice the time observed nor twelve months beyond it (Q1E 2.4.1.2, which asks for
 * supporting data; without them claim `observedMonths`).
 *
 * @param lowerLimit per cent of the label; 90 unless the specification says otherwise.
 * @throws PharmacologyError `bad-stability`: fewer than three points, or all at one time
 */
export function shelfLife(points: readonly StabilityPoint[], lowerLimit = 90): ShelfLife {
  assertPoints(points, lowerLimit);
  const n = points.length;
  const meanTime = points.reduce((sum, { months }) => sum + months, 0) / n;
  const meanContent = points.reduce((sum, { percentOfLabel }) => sum + percentOfLabel, 0) / n;
  const sxx = points.reduce((sum, { months }) => sum + (months - meanTime) ** 2, 0);
  const sxy = points.reduce((sum, point) => sum + (point.months - meanTime) * (point.percentOfLabel - meanContent), 0);
  const slope = sxy / sxx;
  const intercept = meanContent - slope * meanTime;
  const residual = points.reduce(
    (sum, point) => sum + (point.percentOfLabel - intercept - slope * point.months) ** 2,
    0,
  );
  const residualSd = Math.sqrt(residual / (n - 2));
  const t = studentQuantile(confidence, n - 2);
  const lowerAt = (months: number): number =>
    intercept + slope * months - t * residualSd * Math.sqrt(1 / n + (months - meanTime) ** 2 / sxx);
  // For large times the limit falls along a line of this slope; the curve is concave, so it is crossed once or never.
  const fallsFor = slope - (t * residualSd) / Math.sqrt(sxx) < 0;
  const crossesAtMonths = crossing(lowerAt, lowerLimit, fallsFor);
  const observedMonths = Math.max(...points.map(({ months }) => months));
  const mostMonths = Math.min(2 * observedMonths, observedMonths + 12);
  const limitedBy =
    crossesAtMonths !== null && crossesAtMonths <= mostMonths
      ? ('confidence-limit' as const)
      : ('extrapolation' as const);
  const shelfLifeMonths = Math.floor(Math.min(crossesAtMonths ?? mostMonths, mostMonths));
  return {
    ...{ intercept, slopePerMonth: slope, residualSd, lowerLimit, crossesAtMonths, observedMonths, shelfLifeMonths },
    limitedBy,
    explanation: explain(slope, lowerLimit, crossesAtMonths, shelfLifeMonths, observedMonths, limitedBy),
  };
}

function crossing(lowerAt: (months: number) => number, limit: number, falls: boolean): number | null {
  if (lowerAt(0) < limit) return 0;
  if (!falls) return null;
  let upper = 1;
  while (lowerAt(upper) >= limit) {
    upper *= 2;
    if (upper > 12_000) return null;
  }
  return bisect((months) => lowerAt(months) < limit, 0, upper);
}

function explain(
  slope: number,
  limit: number,
  crosses: number | null,
  claimed: number,
  observed: number,
  limitedBy: ShelfLife['limitedBy'],
): string {
  const met =
    crosses === null
      ? `The 95 % limit of the mean does not meet ${formatNumber(limit)} %`
      : `The 95 % limit of the mean meets ${formatNumber(limit)} % after ${formatNumber(crosses)} months`;
  const change = `content changes by ${formatNumber(slope)} % of the label a month`;
  const far = limitedBy === 'extrapolation' ? `, as far as ${formatNumber(observed)} months of data carry` : '';
  return `${met}; ${change}. Shelf life: ${claimed} months${far}.`;
}

function assertPoints(points: readonly StabilityPoint[], lowerLimit: number): void {
  const finite = points.every(
    ({ months, percentOfLabel }) =>
      Number.isFinite(months) && months >= 0 && Number.isFinite(percentOfLabel) && percentOfLabel >= 0,
  );
  const times = new Set(points.map(({ months }) => months)).size;
  if (!finite || points.length < 3 || times < 2 || !(lowerLimit > 0 && Number.isFinite(lowerLimit))) {
    throw new PharmacologyError('bad-stability', `${points.length} points at ${times} times.`);
  }
}

/** What light does, where a source was read. */
export const lightSensitivity: Partial<Readonly<Record<SubstanceId, Fact<string>>>> = {
  lsd: fact(
    'LSD is destroyed by light, fastest in solution; amber glass or an opaque container keeps it. Store it dark.',
    'found',
    'Li 1998, J Anal Toxicol 22: no change in amber glass under any light, loss in clear glass by distance, wavelength and time; in the dark none at 25 °C in 4 weeks, 30 % at 37 °C; Do 2025: photoisomers and oxidation of LSD in solution; Niwaguchi 1971',
  ),
};
