/**
 * Batches and the capsules filled from them. A dose per capsule is an estimate only where the batch was assayed;
 * otherwise it is an interval from the literature, and says so.
 */
import { PharmacologyError } from './errors.ts';
import { type FormId, forms } from './forms.ts';
import { formatNumber, formatQuantity, type Quantity, quantity, type Unit } from './quantity.ts';
import { isNatural, substanceOf } from './window.ts';

export type Assay = {
  /** What was measured, such as `psilocybin` in dried mushroom or `lsd-base` in a diluted powder. */
  readonly analyte: FormId;
  /** Mass of analyte per gram of batch material. */
  readonly contentPerUnit: { readonly value: number; readonly unit: 'µg/g' | 'mg/g' };
  /** Relative standard uncertainty of the content in one capsule's worth of material, 0.05 for 5 %. */
  readonly cv: number;
  /** Samples behind `cv`; absent: taken as known. */
  readonly n?: number;
  readonly method: string;
  /** ISO date. */
  readonly date: string;
};

/** Net weight of the fill, in grams, as weighed. */
export type FillWeight = { readonly meanGrams: number; readonly sdGrams: number; readonly n: number };

export type Batch = {
  readonly id: string;
  readonly form: FormId;
  readonly fillWeight: FillWeight;
  readonly assay?: Assay;
};

export type CapsuleDose =
  | {
      readonly basis: 'assay';
      readonly estimate: Quantity;
      readonly lower: Quantity;
      readonly upper: Quantity;
      readonly coverage: number;
      readonly explanation: string;
    }
  | {
      /** A span of published contents has no coverage probability. */
      readonly basis: 'literature-range';
      readonly lower: Quantity;
      readonly upper: Quantity;
      readonly coverage: null;
      readonly explanation: string;
    }
  | { readonly basis: 'none'; readonly coverage: null; readonly explanation: string };

const coverage = 0.95;
const z = 1.959963984540054;

/**
 * The dose of the next capsule taken from a batch.
 *
 * With an assay: D = W c, fill weight times content, independent. Relative variance
 * v = cv² + s² + cv² s², s² = (1 + 1/n)(sd/mean)² (Goodman 1960 for the product; 1/n for the mean being estimated).
 * A 95 % prediction interval on the log scale is D exp(∓t √ln(1+v)), with t on Welch-Satterthwaite degrees of freedom.
 *
 * Without: (mean ∓ 1.96 sd) times the published limits of content; 0.2 g of dried P. cubensis gives 0.6-2.8 mg.
 * Of a salt or base without an assay nothing can be said: the dilution is unknown.
 *
 * @throws PharmacologyError `bad-assay`, `bad-fill-weight`, `no-molar-relation`
 */
export function dosePerCapsule(batch: Batch): CapsuleDose {
  assertFillWeight(batch.fillWeight);
  if (batch.assay) return assayedDose(batch, batch.assay);
  if (isNatural(batch.form)) return literatureDose(batch);
  return {
    basis: 'none',
    coverage: null,
    explanation: `Batch ${batch.id} has no assay, and ${forms[batch.form].label} can be diluted to any strength: the dose is unknown.`,
  };
}

function assayedDose(batch: Batch, assay: Assay): CapsuleDose {
  assertAssay(batch, assay);
  const { meanGrams, sdGrams, n } = batch.fillWeight;
  const content2 = assay.cv ** 2;
  const weight2 = (1 + 1 / n) * (sdGrams / meanGrams) ** 2;
  const relativeVariance = content2 + weight2 + content2 * weight2;
  const t = studentQuantile975(degreesOfFreedom(content2, assay.n, weight2, n));
  const spread = Math.exp(t * Math.sqrt(Math.log1p(relativeVariance)));
  const estimate = meanGrams * assay.contentPerUnit.value;
  const unit: Unit = assay.contentPerUnit.unit === 'µg/g' ? 'µg' : 'mg';
  const of = (value: number): Quantity => quantity(value, unit, assay.analyte);
  const [lower, upper] = [of(estimate / spread), of(estimate * spread)];
  return {
    basis: 'assay',
    estimate: of(estimate),
    lower,
    upper,
    coverage,
    explanation:
      `${formatQuantity(of(estimate))} per capsule: ${formatNumber(meanGrams)} g times ` +
      `${formatNumber(assay.contentPerUnit.value)} ${assay.contentPerUnit.unit} (${assay.method}, ${assay.date}). ` +
      `95 of 100 capsules are expected between ${formatNumber(lower.value)} and ${formatNumber(upper.value)} ${unit}.`,
  };
}

function literatureDose(batch: Batch): CapsuleDose {
  const form = forms[batch.form];
  if (form.relation !== 'range') throw new PharmacologyError('content-not-known', `${form.label}.`);
  const { meanGrams, sdGrams } = batch.fillWeight;
  const { lower: least, upper: most } = form.content.value;
  const lower = quantity(Math.max(0, meanGrams - z * sdGrams) * least, 'mg', form.analyte);
  const upper = quantity((meanGrams + z * sdGrams) * most, 'mg', form.analyte);
  return {
    basis: 'literature-range',
    lower,
    upper,
    coverage: null,
    explanation:
      `Batch ${batch.id} has no assay. Published contents of ${form.label} run from ${formatNumber(least)} to ` +
      `${formatNumber(most)} mg/g, so ${formatNumber(meanGrams)} g may hold ${formatNumber(lower.value)} to ` +
      `${formatNumber(upper.value)} mg of ${form.analyte}: a span, not a dose.`,
  };
}

function assertFillWeight({ meanGrams, sdGrams, n }: FillWeight): void {
  const good = meanGrams > 0 && sdGrams >= 0 && Number.isFinite(meanGrams) && Number.isFinite(sdGrams);
  if (!good || !Number.isInteger(n) || n < 2) {
    throw new PharmacologyError('bad-fill-weight', `Mean ${meanGrams} g, sd ${sdGrams} g, n ${n}.`);
  }
}

function assertAssay(batch: Batch, { analyte, contentPerUnit, cv, n }: Assay): void {
  const counted = n === undefined || (Number.isInteger(n) && n >= 2);
  if (!(contentPerUnit.value > 0 && Number.isFinite(contentPerUnit.value) && cv >= 0 && cv <= 1 && counted)) {
    throw new PharmacologyError(
      'bad-assay',
      `Content ${contentPerUnit.value} ${contentPerUnit.unit}, cv ${cv}, n ${n}.`,
    );
  }
  if (substanceOf(analyte).id !== substanceOf(batch.form).id) {
    throw new PharmacologyError('no-molar-relation', `Assay of ${analyte} in a batch of ${batch.form}.`);
  }
}

/** Welch-Satterthwaite over the two relative variances; an uncounted assay carries no degrees of its own. */
function degreesOfFreedom(content2: number, contentN: number | undefined, weight2: number, weightN: number): number {
  const shared = weight2 ** 2 / (weightN - 1) + (contentN === undefined ? 0 : content2 ** 2 / (contentN - 1));
  return shared === 0 ? Number.POSITIVE_INFINITY : (content2 + weight2) ** 2 / shared;
}

const studentOf123 = [12.706204736174694, 4.302652729911275, 3.182446305284263] as const;

/**
 * Student's t at 0.975. Abramowitz & Stegun 26.7.5 above 3 degrees; below, where that series is poor, log t is
 * interpolated in 1/degrees between the exact values at 1, 2 and 3 (error under 1 %).
 */
function studentQuantile975(degrees: number): number {
  if (degrees === Number.POSITIVE_INFINITY) return z;
  if (degrees <= 3) {
    const [one, two, three] = studentOf123;
    const x = 1 / Math.max(1, degrees);
    return degrees < 2 ? two * (one / two) ** (2 * x - 1) : three * (two / three) ** (6 * x - 2);
  }
  const v = degrees;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / v + g2 / v ** 2 + g3 / v ** 3 + g4 / v ** 4;
}

export type Uniformity = { readonly acceptanceValue: number; readonly passes: boolean; readonly explanation: string };

/**
 * Uniformity of dosage units: single-capsule contents as per cent of the label, first stage of 10 or both stages, 30.
 * AV = |M - mean| + k s, M the mean held to 98.5-101.5, k = 2.4 (n = 10) or 2.0 (n = 30); passes at AV <= 15,
 * and with 30 no capsule may be further than 25 % from M. Source: USP <905> / Ph. Eur. 2.9.40.
 * @throws PharmacologyError `bad-uniformity-sample`
 */
export function contentUniformity(percentOfLabel: readonly number[]): Uniformity {
  const n = percentOfLabel.length;
  if ((n !== 10 && n !== 30) || percentOfLabel.some((x) => !Number.isFinite(x) || x < 0)) {
    throw new PharmacologyError('bad-uniformity-sample', `${n} results.`);
  }
  const mean = percentOfLabel.reduce((sum, x) => sum + x, 0) / n;
  const sd = Math.sqrt(percentOfLabel.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  const target = Math.min(101.5, Math.max(98.5, mean));
  const acceptanceValue = Math.abs(target - mean) + (n === 10 ? 2.4 : 2.0) * sd;
  const strayed = n === 30 && percentOfLabel.some((x) => x < 0.75 * target || x > 1.25 * target);
  const passes = acceptanceValue <= 15 && !strayed;
  return {
    acceptanceValue,
    passes,
    explanation: `Acceptance value ${formatNumber(acceptanceValue)} against a limit of 15${strayed ? '; a capsule is more than 25 % off' : ''}.`,
  };
}
