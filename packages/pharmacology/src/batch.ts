/**
 * Batches and the capsules filled from them. A dose per capsule is an estimate only where the batch was assayed;
 * otherwise it is an interval from the literature, and says so.
 */
import { studentQuantile } from './distributions.ts';
import { PharmacologyError } from './errors.ts';
import { type FormId, forms } from './forms.ts';
import {
  convertForm,
  convertUnit,
  formatNumber,
  formatQuantity,
  type Quantity,
  quantity,
  type Unit,
} from './quantity.ts';
import { isNatural, substanceOf } from './window.ts';

type Content = { readonly value: number; readonly unit: 'µg/g' | 'mg/g' };

export type Assay = {
  /** What was measured, such as `psilocybin` in dried mushroom or `lsd-base` in a diluted powder. */
  readonly analyte: FormId;
  /** Mass of analyte per gram of batch material. */
  readonly contentPerUnit: Content;
  /**
   * With `n`, the relative standard deviation of that many samples of a capsule's worth each, 0.05 for 5 %; without, the
   * relative standard uncertainty of the content of one capsule, taken as known.
   */
  readonly cv: number;
  readonly n?: number;
  /** Found beside it and the same in the body, as psilocin is beside psilocybin: added by molar mass. */
  readonly alongside?: readonly { readonly analyte: FormId; readonly contentPerUnit: Content; readonly cv: number }[];
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
  /** The form doses are told in, where it is not the analyte's: a salt that was assayed, doses told as base. */
  readonly statedAs?: FormId;
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
const upperTail = 0.975;
const z = 1.959963984540054;

/**
 * The dose of the next capsule taken from a batch.
 *
 * With an assay: D = W c, fill weight times content, independent. Relative variance
 * v = c² + s² + c² s², s² = (1 + 1/n)(sd/mean)² and likewise c² = (1 + 1/n) cv² where the samples are counted (Goodman 1960
 * for the product; 1/n for the mean being estimated). A 95 % prediction interval on the log scale is D exp(∓t √ln(1+v)), with t on Welch-Satterthwaite degrees of freedom.
 *
 * Without: (mean ∓ 1.96 sd) times the published limits of content; 0.2 g of dried P. cubensis gives 0.6-2.8 mg.
 * The form it is told in changes the number by the ratio of molar masses and nothing else.
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
  const content = totalContent(assay);
  const content2 = content.cv ** 2 * (assay.n === undefined ? 1 : 1 + 1 / assay.n);
  const weight2 = (1 + 1 / n) * (sdGrams / meanGrams) ** 2;
  const relativeVariance = content2 + weight2 + content2 * weight2;
  const t = quantileAt(degreesOfFreedom(content2, assay.n, weight2, n));
  const spread = Math.exp(t * Math.sqrt(Math.log1p(relativeVariance)));
  const estimate = meanGrams * content.value;
  const unit: Unit = assay.contentPerUnit.unit === 'µg/g' ? 'µg' : 'mg';
  const told = tellIn(batch, assay.analyte);
  const of = (value: number): Quantity => told(quantity(value, unit, assay.analyte));
  const [lower, upper] = [of(estimate / spread), of(estimate * spread)];
  return {
    basis: 'assay',
    estimate: of(estimate),
    lower,
    upper,
    coverage,
    explanation:
      `${formatQuantity(of(estimate))} per capsule: ${formatNumber(meanGrams)} g times ` +
      `${formatNumber(content.value)} ${assay.contentPerUnit.unit} of ${forms[assay.analyte].label}${content.counting} ` +
      `(${assay.method}, ${assay.date}). ` +
      `95 of 100 capsules are expected between ${formatNumber(lower.value)} and ${formatNumber(upper.value)} ${unit}.`,
  };
}

/** In the analyte's form and unit; the spreads of what is added are independent. */
function totalContent({ analyte, contentPerUnit, cv, alongside = [] }: Assay) {
  let { value } = contentPerUnit;
  let variance = (value * cv) ** 2;
  for (const other of alongside) {
    const unit = other.contentPerUnit.unit === 'µg/g' ? 'µg' : 'mg';
    const mass = convertForm(quantity(other.contentPerUnit.value, unit, other.analyte), analyte);
    const added = convertUnit(mass, contentPerUnit.unit === 'µg/g' ? 'µg' : 'mg').value;
    value += added;
    variance += (added * other.cv) ** 2;
  }
  const counting = alongside.map((other) => `, counting ${forms[other.analyte].label}`).join('');
  return { value, cv: Math.sqrt(variance) / value, counting };
}

function literatureDose(batch: Batch): CapsuleDose {
  const form = forms[batch.form];
  if (form.relation !== 'range') throw new PharmacologyError('content-not-known', `${form.label}.`);
  const { meanGrams, sdGrams } = batch.fillWeight;
  const { lower: least, upper: most } = form.content.value;
  const told = tellIn(batch, form.analyte);
  const lower = told(quantity(Math.max(0, meanGrams - z * sdGrams) * least, 'mg', form.analyte));
  const upper = told(quantity((meanGrams + z * sdGrams) * most, 'mg', form.analyte));
  return {
    basis: 'literature-range',
    lower,
    upper,
    coverage: null,
    explanation:
      `Batch ${batch.id} has no assay. Published contents of ${form.label} run from ${formatNumber(least)} to ` +
      `${formatNumber(most)} mg/g, so ${formatNumber(meanGrams)} g may hold ${formatNumber(lower.value)} to ` +
      `${formatNumber(upper.value)} mg of ${forms[lower.form].label}: a span, not a dose.`,
  };
}

function tellIn(batch: Batch, analyte: FormId): (dose: Quantity) => Quantity {
  const { statedAs } = batch;
  return statedAs === undefined || statedAs === analyte ? (dose) => dose : (dose) => convertForm(dose, statedAs);
}

function assertFillWeight({ meanGrams, sdGrams, n }: FillWeight): void {
  const good = meanGrams > 0 && sdGrams >= 0 && Number.isFinite(meanGrams) && Number.isFinite(sdGrams);
  if (!good || !Number.isInteger(n) || n < 2) {
    throw new PharmacologyError('bad-fill-weight', `Mean ${meanGrams} g, sd ${sdGrams} g, n ${n}.`);
  }
}

function assertAssay(batch: Batch, assay: Assay): void {
  const counted = assay.n === undefined || (Number.isInteger(assay.n) && assay.n >= 2);
  for (const { analyte, contentPerUnit, cv } of [assay, ...(assay.alongside ?? [])]) {
    const { value, unit } = contentPerUnit;
    if (!(value > 0 && Number.isFinite(value) && cv >= 0 && cv <= 1 && counted)) {
      throw new PharmacologyError('bad-assay', `Content ${value} ${unit}, cv ${cv}, n ${assay.n}.`);
    }
    if (substanceOf(analyte).id !== substanceOf(batch.form).id) {
      throw new PharmacologyError('no-molar-relation', `Assay of ${analyte} in a batch of ${batch.form}.`);
    }
  }
}

/** Welch-Satterthwaite over the two relative variances; an uncounted assay carries no degrees of its own. */
function degreesOfFreedom(content2: number, contentN: number | undefined, weight2: number, weightN: number): number {
  const shared = weight2 ** 2 / (weightN - 1) + (contentN === undefined ? 0 : content2 ** 2 / (contentN - 1));
  return shared === 0 ? Number.POSITIVE_INFINITY : (content2 + weight2) ** 2 / shared;
}

const quantileAt = (degrees: number): number =>
  degrees === Number.POSITIVE_INFINITY ? z : studentQuantile(upperTail, Math.max(1, degrees));
