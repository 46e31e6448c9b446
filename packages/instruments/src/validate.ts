/** Are these answers possible? Partial answers pass unless `complete` is asked for. */
import { type AnswerProblemCode, answerProblems } from './errors.ts';
import type { Answer, Answers, Instrument, Item, MultiChoiceItem, NumberItem } from './instrument.ts';
import { readTrials } from './tasks/trial.ts';
import { isAnswered, visibleItems } from './visible.ts';

export type AnswerProblem = { readonly item: string; readonly code: AnswerProblemCode; readonly message: string };
export type Validation = { readonly ok: boolean; readonly problems: readonly AnswerProblem[] };

export function validateAnswers(
  instrument: Instrument,
  answers: Answers,
  options: { readonly complete?: boolean } = {},
): Validation {
  const items = new Map(instrument.items.map((item) => [item.id, item]));
  const asked = new Set(visibleItems(instrument, answers).map((item) => item.id));
  const problems: AnswerProblem[] = [];
  const note = (item: string, code: AnswerProblemCode): void => {
    problems.push({ item, code, message: answerProblems[code] });
  };
  for (const [id, answer] of Object.entries(answers)) {
    const item = items.get(id);
    if (!item) note(id, 'unknown-item');
    else if (!isAnswered(answer)) continue;
    else if (!asked.has(id)) note(id, 'not-asked');
    else {
      const code = problemWith(instrument, item, answer);
      if (code) note(id, code);
    }
  }
  if (options.complete) {
    for (const item of instrument.items) {
      if (item.required && asked.has(item.id) && !isAnswered(own(answers, item.id))) note(item.id, 'required');
    }
  }
  return { ok: problems.length === 0, problems };
}

const own = (answers: Answers, id: string): Answer | undefined =>
  Object.hasOwn(answers, id) ? answers[id] : undefined;

function problemWith(instrument: Instrument, item: Item, answer: Exclude<Answer, null>): AnswerProblemCode | null {
  switch (item.kind) {
    case 'choice':
      if (Array.isArray(answer)) return 'wrong-type';
      return optionsOf(instrument, item.responseSet).includes(answer as number | string) ? null : 'not-an-option';
    case 'multi-choice':
      return problemWithChoices(optionsOf(instrument, item.responseSet), item, answer);
    case 'rating':
      return problemWithNumber({ ...item, step: 1 }, answer);
    case 'number':
      return problemWithNumber(item, answer);
    case 'text':
      if (typeof answer !== 'string') return 'wrong-type';
      if (answer.length > item.maxLength) return 'too-long';
      return item.holds === 'trials' && readTrials(answer) === null ? 'wrong-type' : null;
    case 'text-list':
      if (!isTexts(answer)) return 'wrong-type';
      if (answer.length > item.maxEntries) return 'too-many';
      return answer.some((entry) => entry.length > item.maxLength) ? 'too-long' : null;
    case 'time':
      if (typeof answer !== 'string') return 'wrong-type';
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(answer) ? null : 'wrong-type';
    case 'date':
      return typeof answer === 'string' && isCalendarDate(answer) ? null : 'wrong-type';
  }
}

function problemWithChoices(
  options: readonly (number | string)[],
  item: MultiChoiceItem,
  answer: Exclude<Answer, null>,
): AnswerProblemCode | null {
  if (!isTexts(answer)) return 'wrong-type';
  if (answer.some((value) => !options.includes(value))) return 'not-an-option';
  if (new Set(answer).size !== answer.length) return 'repeated';
  return item.exclusive !== undefined && answer.includes(item.exclusive) && answer.length > 1
    ? 'excludes-others'
    : null;
}

function problemWithNumber(
  item: Pick<NumberItem, 'min' | 'max' | 'step'>,
  answer: Exclude<Answer, null>,
): AnswerProblemCode | null {
  if (typeof answer !== 'number' || !Number.isFinite(answer)) return 'wrong-type';
  if (answer < item.min || answer > item.max) return 'out-of-range';
  const steps = (answer - item.min) / item.step;
  return Math.abs(steps - Math.round(steps)) > 1e-9 ? 'too-fine' : null;
}

const isTexts = (answer: Exclude<Answer, null>): answer is readonly string[] =>
  Array.isArray(answer) && answer.every((entry) => typeof entry === 'string');

const optionsOf = (instrument: Instrument, set: string): readonly (number | string)[] =>
  instrument.responseSets[set] ?? [];

function isCalendarDate(value: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
