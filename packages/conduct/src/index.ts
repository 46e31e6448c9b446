/** What may happen to a participant, and what then has happened. */
export * from './command.ts';
export type { DecisionContext } from './context.ts';
export { type Decision, decide, invite, isEntry, keptEntry } from './decide.ts';
export * from './event.ts';
export { evolve, fold, initialState } from './evolve.ts';
export { type Fault, type Problem, type ProblemCode, problem, problems } from './problems.ts';
export * from './state.ts';
export { type Adherence, adherence, type DueItem, type DueStatus, dueNow } from './views.ts';
