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
  'bad-uniformity-sample':
    'Uniformity needs 10 or 30 results of single units, each zero or more, and a label and a target above zero.',
  'bad-weights': 'Matching needs two or more weights above zero of each kind, and a margin above zero, in grams.',
  'bad-panel': 'A panel needs six people or more, and whole counts with no more right answers than people.',
  'bad-stability': 'A shelf life needs three results or more at two times or more, and a limit above zero.',
  'bad-readings':
    'Give two temperatures or more in ascending order of time, and a range whose allowed excursions enclose it.',
  'bad-retest': 'A retest needs a result or more, as per cent of the label, and limits in ascending order.',
  'batch-move': 'A batch goes from quarantine to release and back; a recall is final.',
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
