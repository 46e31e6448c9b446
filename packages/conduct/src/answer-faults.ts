import type { AnswerProblem } from '@limen/instruments';
import { type Problem, type ProblemCode, problem } from './problems.ts';

/** Faults of answers, all of them, each with its item; the first decides the code of the whole. */
export function answerFaults(faults: readonly AnswerProblem[]): Problem {
  const listed = faults.map((fault) => ({ path: `answers.${fault.item}`, code: codeOf(fault), detail: fault.message }));
  const first = listed[0];
  return problem(first?.code ?? 'answer_invalid', {
    ...(first ? { path: first.path, detail: first.detail } : {}),
    problems: listed,
  });
}

function codeOf(fault: AnswerProblem): ProblemCode {
  const code: string = fault.code;
  if (code.includes('range')) return 'answer_out_of_range';
  if (code.includes('missing') || code.includes('required')) return 'answer_missing';
  return 'answer_invalid';
}
