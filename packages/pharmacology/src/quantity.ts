/**
 * A quantity is a number with its unit and its form. Adding µg to mg, or a salt to its base, does not compile;
 * where the types have been widened to all units or all forms it is refused when it runs.
 */
import { PharmacologyError } from './errors.ts';
import type { Interval } from './fact.ts';
import { type BaseOf, type FormId, forms, isFormId } from './forms.ts';

export const units = ['µg', 'mg', 'g'] as const;
export type Unit = (typeof units)[number];

declare const likeness: unique symbol;

export type Quantity<U extends Unit = Unit, F extends FormId = FormId> = {
  readonly value: number;
  readonly unit: U;
  readonly form: F;
  readonly [likeness]?: readonly [U, F];
};

const microgramsPer: Readonly<Record<Unit, number>> = { µg: 1, mg: 1e3, g: 1e6 };

/** @throws PharmacologyError `not-a-number`, `unknown-form` */
export function quantity<const U extends Unit, const F extends FormId>(
  value: number,
  unit: U,
  form: F,
): Quantity<U, F> {
  if (!Number.isFinite(value) || value < 0)
    throw new PharmacologyError('not-a-number', `A quantity of ${value} ${unit}.`);
  if (!isFormId(form)) throw new PharmacologyError('unknown-form', `Form "${form}".`);
  return { value, unit, form };
}

/** @throws PharmacologyError `unlike-units`, `unlike-forms` */
export function add<U extends Unit, F extends FormId>(
  a: Quantity<U, F>,
  b: Quantity<NoInfer<U>, NoInfer<F>>,
): Quantity<U, F> {
  if (a.unit !== b.unit) throw new PharmacologyError('unlike-units', `Adding ${a.unit} and ${b.unit}.`);
  if (a.form !== b.form) throw new PharmacologyError('unlike-forms', `Adding ${a.form} and ${b.form}.`);
  return quantity(a.value + b.value, a.unit, a.form);
}

export function scale<U extends Unit, F extends FormId>(a: Quantity<U, F>, factor: number): Quantity<U, F> {
  return quantity(a.value * factor, a.unit, a.form);
}

export function convertUnit<const V extends Unit, F extends FormId>(a: Quantity<Unit, F>, unit: V): Quantity<V, F> {
  const from = microgramsPer[a.unit];
  const to = microgramsPer[unit];
  // One division or one multiplication by a power of ten keeps 13 µg -> 0.013 mg exact in its last digit.
  return quantity(from >= to ? a.value * (from / to) : a.value / (to / from), unit, a.form);
}

/** Size in micrograms, for comparing. */
export const micrograms = (a: Quantity): number => convertUnit(a, 'µg').value;

/**
 * The same dose as its base (psilocybin as psilocin), by molar mass.
 * `toBaseEquivalent(quantity(13, 'µg', 'lsd-tartrate-1-1'))` is 8.9 µg of LSD base.
 * @throws PharmacologyError `content-not-known` for mushrooms and truffles
 */
export function toBaseEquivalent<U extends Unit, F extends FormId>(a: Quantity<U, F>): Quantity<U, BaseOf<F>> {
  return quantity(a.value * baseFactor(a.form), a.unit, forms[a.form].base as BaseOf<F>);
}

/**
 * The mass of another form that holds the same number of molecules.
 * @throws PharmacologyError `content-not-known`, `no-molar-relation`
 */
export function convertForm<U extends Unit, const G extends FormId>(a: Quantity<U>, form: G): Quantity<U, G> {
  if (forms[a.form].base !== forms[form].base) {
    throw new PharmacologyError('no-molar-relation', `From ${a.form} to ${form}.`);
  }
  return quantity((a.value * baseFactor(a.form)) / baseFactor(form), a.unit, form);
}

function baseFactor(form: FormId): number {
  const found = forms[form];
  if (found.relation === 'range') throw new PharmacologyError('content-not-known', `${found.label}.`);
  return found.baseFactor.value;
}

/**
 * What a quantity may hold, in mg of the form doses are stated in: one value twice for exact forms,
 * the published span for natural material.
 */
export function contentInterval(a: Quantity): Interval & { readonly unit: 'mg'; readonly of: FormId } {
  const form = forms[a.form];
  if (form.relation === 'exact') {
    const mg = convertUnit(a, 'mg').value;
    return { lower: mg, upper: mg, unit: 'mg', of: a.form };
  }
  const grams = convertUnit(a, 'g').value;
  const { lower, upper } = form.content.value;
  return { lower: grams * lower, upper: grams * upper, unit: 'mg', of: form.analyte };
}

/** `10 µg LSD base`; up to three significant digits, never in exponents. */
export function formatQuantity(a: Quantity, locale = 'en'): string {
  return `${formatNumber(a.value, locale)} ${a.unit} ${forms[a.form].label}`;
}

export const formatNumber = (value: number, locale = 'en'): string =>
  new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, useGrouping: false }).format(value);
