/** Answers that are not possible, as one problem with every fault in it. */
import { type AnswerProblem, type Instrument, validateAnswers } from '@limen/instruments';
import type { Answers } from './command.ts';
import { type Fault, type Problem, type ProblemCode, problem } from './problems.ts';

export function problemWithAnswers(instrument: Instrument, answers: Answers): Problem | null {
  return problemOfFaults(validateAnswers(instrument, answers, { complete: true }).problems, 'answers.');
}

/** One answer put in place of another; what follows from it in the rest of the form is left as it was given. */
export function problemWithAnswer(instrument: Instrument, answers: Answers, item: string): Problem | null {
  const { problems } = validateAnswers(instrument, answers, { complete: true });
  return problemOfFaults(
    problems.filter((fault) => fault.item === item).map((fault) => ({ ...fault, item: 'value' })),
    '',
  );
}

type AnswerCode = Extract<ProblemCode, 'answer_out_of_range' | 'answer_invalid' | 'answer_missing'>;

function problemOfFaults(faults: readonly AnswerProblem[], prefix: string): Problem | null {
  const [first] = faults;
  if (first === undefined) return null;
  const problems = faults.map(
    ({ item, code, message }): Fault => ({ path: `${prefix}${item}`, code: codeOf(code), detail: message }),
  );
  return { ...problem(codeOf(first.code), { item: first.item }), path: `${prefix}${first.item}`, problems };
}

function codeOf(code: AnswerProblem['code']): AnswerCode {
  if (code === 'out-of-range') return 'answer_out_of_range';
  return code === 'required' ? 'answer_missing' : 'answer_invalid';
}
