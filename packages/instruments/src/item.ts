/** Short ways to write items down. */
import type {
  ChoiceItem,
  Computation,
  Condition,
  DateItem,
  MultiChoiceItem,
  NumberItem,
  RatingItem,
  ScoreDefinition,
  TextItem,
  TextListItem,
  TimeItem,
} from './instrument.ts';

type Options = { readonly required?: boolean; readonly showWhen?: Condition };

const asked = (id: string, options: Options) => ({
  id,
  required: options.required ?? true,
  ...(options.showWhen ? { showWhen: options.showWhen } : {}),
});

export const choice = (id: string, responseSet: string, options: Options = {}): ChoiceItem => ({
  ...asked(id, options),
  kind: 'choice',
  responseSet,
});

export const multiChoice = (
  id: string,
  responseSet: string,
  options: Options & { readonly exclusive?: string } = {},
): MultiChoiceItem => ({
  ...asked(id, options),
  kind: 'multi-choice',
  responseSet,
  ...(options.exclusive ? { exclusive: options.exclusive } : {}),
});

export const rating = (id: string, options: Options = {}): RatingItem => ({
  ...asked(id, options),
  kind: 'rating',
  min: 0,
  max: 100,
  numericEntry: true,
});

export const number = (
  id: string,
  limits: Pick<NumberItem, 'min' | 'max' | 'unit'> & Partial<Pick<NumberItem, 'step' | 'typical'>>,
  options: Options = {},
): NumberItem => ({ ...asked(id, options), kind: 'number', step: 1, ...limits });

export const text = (id: string, maxLength: number, options: Options = {}): TextItem => ({
  ...asked(id, { required: false, ...options }),
  kind: 'text',
  maxLength,
});

export const textList = (id: string, options: Options = {}): TextListItem => ({
  ...asked(id, options),
  kind: 'text-list',
  maxEntries: 60,
  maxLength: 200,
});

export const time = (id: string, options: Options = {}): TimeItem => ({ ...asked(id, options), kind: 'time' });

export const date = (id: string, options: Options = {}): DateItem => ({ ...asked(id, options), kind: 'date' });

/** A rating or number reported as a score under its own name. */
export const ratingScore = (id: string, label: string, better?: 'higher' | 'lower'): ScoreDefinition => ({
  id,
  label,
  compute: { kind: 'item', item: id },
  range: { min: 0, max: 100 },
  ...(better ? { better } : {}),
});

export const sum = (
  items: readonly string[],
  missing: Extract<Computation, { kind: 'sum' }>['missing'],
  times = 1,
): Computation => ({
  kind: 'sum',
  items,
  times,
  missing,
});

/** `numbered('q', 3)` is q1, q2, q3. */
export const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

export const ownLicence = {
  kind: 'own',
  statement: 'Written for Limen; free to use and change under the licence of this package.',
  source: 'LICENSE of this repository',
  attribution: 'Limen contributors, Apache-2.0',
} as const;
