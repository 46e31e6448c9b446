/** Every refusal this package can give: a stable code and a sentence a person can act on. */
export const pharmacologyErrors = {
  'not-a-number': 'Give a finite number that is zero or more.',
  'unknown-form': 'Use a form listed in the forms table, such as lsd-base or psilocybin.',
  'unknown-substance': 'Use a substance listed in the substances table, such as lsd or psilocybin.',
  'unlike-units': 'Convert both quantities to the same unit before adding them.',
  'unlike-forms': 'Convert both quantities to the same form before adding them: a salt is not its base.',
  'content-not-known': 'This material has no fixed content; use contentInterval, or assay the batch.',
  'no-molar-relation': 'These two forms are not the same substance, so no factor turns one into the other.',
  'bad-assay':
    'An assay needs a content above zero, a relative uncertainty from 0 to 1, and two or more samples if counted.',
  'bad-fill-weight':
    'A fill weight needs a mean above zero, a spread of zero or more and two or more weighed capsules.',
  'bad-uniformity-sample': 'Content uniformity needs 10 or 30 single-capsule results, as per cent of the label.',
  'bad-pharmacokinetics': 'Rates and volumes must be above zero and times must be finite hours.',
} as const;

export type PharmacologyErrorCode = keyof typeof pharmacologyErrors;

export class PharmacologyError extends Error {
  readonly code: PharmacologyErrorCode;

  constructor(code: PharmacologyErrorCode, detail: string) {
    super(`${detail} ${pharmacologyErrors[code]}`);
    this.name = 'PharmacologyError';
    this.code = code;
  }
}
