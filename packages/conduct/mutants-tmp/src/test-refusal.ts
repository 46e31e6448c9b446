/** For tests: a decision narrowed to the refusal that is expected. */
import type { Decision, ProblemCode, Refused } from './index.ts';

export function isProblemWith(decision: Decision, code: ProblemCode): decision is Refused {
  return !decision.ok && decision.problem.code === code;
}
