/** A dose in words: how much, and where it lies between nothing and a full dose. */
import { checkDose, isFormId, PharmacologyError } from '@limen/pharmacology';
import type { Intervention } from '../document.ts';

export type DoseWords = { readonly amount: string; readonly window: string | null };

type Substance = NonNullable<Intervention['substances']>[number];

export function doseCheckText({ substance, dose }: Substance): DoseWords {
  const range = dose.min === dose.max ? `${dose.min}` : `${dose.min} to ${dose.max}`;
  const amount = `${substance} ${range} ${dose.unit} (${dose.form})`;
  return { amount, window: shareOf(dose) };
}

/** The share of a full dose, of the largest and the smallest usual one. */
function shareOf({ max, unit, form }: Substance['dose']): string | null {
  if (!isFormId(form)) return null;
  try {
    const { fractionOfFullDose } = checkDose({ value: max, unit, form });
    const [lower, upper] = [fractionOfFullDose.lower, fractionOfFullDose.upper].map((share) =>
      (100 * share).toFixed(0),
    );
    return lower === upper ? `${lower} % of a full dose` : `${lower} to ${upper} % of a full dose`;
  } catch (error) {
    if (error instanceof PharmacologyError) return null;
    throw error;
  }
}
