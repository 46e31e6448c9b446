/** Skip logic: which items are asked, given the answers so far. */
import type { Answer, Answers, Condition, Instrument, Item } from './instrument.ts';

export const isAnswered = (answer: Answer | undefined): answer is Exclude<Answer, null> =>
  answer !== undefined && answer !== null && answer !== '' && !(Array.isArray(answer) && answer.length === 0);

export function holds(condition: Condition, answers: Answers): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, answers));
  if ('any' in condition) return condition.any.some((part) => holds(part, answers));
  const answer = answers[condition.item];
  if (!isAnswered(answer)) return false;
  if ('notEmpty' in condition) return true;
  if ('equals' in condition) return answer === condition.equals;
  if ('atLeast' in condition) return typeof answer === 'number' && answer >= condition.atLeast;
  if ('oneOf' in condition) return !Array.isArray(answer) && condition.oneOf.includes(answer as number | string);
  const chosen: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if ('includes' in condition) return chosen.includes(condition.includes);
  return condition.includesAnyOf.some((value) => chosen.includes(value));
}

/**
 * The items asked now, in order. An answer to an item that is itself hidden counts as not given, so changing an early
 * answer hides everything that followed from it.
 */
export function visibleItems(instrument: Instrument, answers: Answers): readonly Item[] {
  const counted: Record<string, Answer> = {};
  return instrument.items.filter((item) => {
    const asked = item.showWhen === undefined || holds(item.showWhen, counted);
    if (asked) counted[item.id] = answers[item.id] ?? null;
    return asked;
  });
}

/** The answers to items that are asked; what follows from an earlier, changed answer is dropped. */
export function visibleAnswers(instrument: Instrument, answers: Answers): Answers {
  const entries = visibleItems(instrument, answers).flatMap((item) => {
    const answer = answers[item.id];
    return answer === undefined ? [] : [[item.id, answer] as const];
  });
  return Object.fromEntries(entries);
}
