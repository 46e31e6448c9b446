/** Every refusal and every problem with an answer: a stable code and a sentence a person can act on. */
export const instrumentErrors = {
  'unknown-instrument': 'Use an instrument listed in allInstruments.',
  'unknown-score': 'Use a score the instrument defines.',
  'no-reliability': 'This score has no published reliability, so no reliable change can be given.',
  'unknown-language': 'The instrument has no texts in this language; English is always there.',
} as const;

export const answerProblems = {
  'unknown-item': 'This form has no such question.',
  'not-asked': 'This question is not asked with the other answers as they are.',
  'wrong-type': 'This is not the kind of answer the question takes.',
  'not-an-option': 'Choose one of the listed answers.',
  'out-of-range': 'The value is outside the limits of the question.',
  'too-fine': 'The value is finer than the question asks for.',
  'too-long': 'The text is longer than the question takes.',
  'too-many': 'There are more entries than the question takes.',
  repeated: 'The same answer is given twice.',
  'excludes-others': 'This answer cannot be combined with others.',
  required: 'This question needs an answer.',
} as const;

export type InstrumentErrorCode = keyof typeof instrumentErrors;
export type AnswerProblemCode = keyof typeof answerProblems;

export class InstrumentError extends Error {
  readonly code: InstrumentErrorCode;

  constructor(code: InstrumentErrorCode, detail: string) {
    super(`${detail} ${instrumentErrors[code]}`);
    this.name = 'InstrumentError';
    this.code = code;
  }
}
