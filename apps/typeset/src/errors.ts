/** What can keep a document from being printed. */

export const TYPESET_PROBLEMS = {
  bad_input: 'The document cannot be made of what was given.',
  missing_glyph: 'The fonts have no sign for a character of the text.',
  does_not_fit: 'A text is too long for its place at the smallest legible size.',
  template: 'A template is at fault.',
} as const;

export type TypesetProblemCode = keyof typeof TYPESET_PROBLEMS;

/** `code` is stable; the message names the text and what to do. */
export class TypesetError extends Error {
  readonly code: TypesetProblemCode;
  readonly detail: string;
  constructor(code: TypesetProblemCode, detail: string) {
    super(`${TYPESET_PROBLEMS[code]} ${detail}`);
    this.name = 'TypesetError';
    this.code = code;
    this.detail = detail;
  }
}
