/** What may happen to a participant: commands in, events out, a fold of them back to state. Pure. */
export * from './command.ts';
export {
  type Accepted,
  ConductError,
  type ConductErrorCode,
  conductErrors,
  type Decision,
  type DecisionContext,
  type IdKind,
  isEntry,
  type Refused,
} from './context.ts';
export { startLimits } from './decide/randomisation.ts';
export { unblindingReportHours } from './decide/unblinding.ts';
export { decide } from './decide.ts';
export * from './event.ts';
export { evolve, fold, type Invitation, initialState, invite } from './evolve.ts';
export { type KeptContext, keptEntry } from './kept-entry.ts';
export { awaitedKit, kitsOf } from './kits.ts';
export { clockLimits } from './moment.ts';
export { ownRules } from './own-rules.ts';
export * from './packing.ts';
export { type Fault, type Problem, type ProblemCode, problem, problemCodes, problems } from './problems.ts';
export * from './state.ts';
export {
  type Answered,
  besideId,
  commandToSend,
  contentOf,
  type EntryTime,
  type Fate,
  fateOf,
  faultsBeforeStepAside,
  stays,
} from './sync.ts';
export {
  type Adherence,
  adherence,
  type DueCause,
  type DueItem,
  type DueStatus,
  dueNow,
  dueToday,
  type StatusSummary,
  statusSummary,
} from './views.ts';
