/** Who gets what: allocation procedures, the commitment to them, and the check afterwards. */
export {
  type AllocationRequest,
  allocate,
  allocations,
  type StratumDesign,
  selfBlindingSchedule,
  walkStratum,
} from './allocate.ts';
export { type Chance, chanceAsNumber, nextChances, sequenceChance } from './chances.ts';
export {
  type AllocationDifference,
  type AllocationVerification,
  type CommittedDesign,
  commitment,
  type RecordedAllocation,
  verifyAllocations,
} from './commitment.ts';
export {
  type Arm,
  assertDesign,
  type ChainProcedure,
  defaultProcedure,
  type Procedure,
  type StepwiseProcedure,
  selfBlindingArms,
} from './design.ts';
export { type Envelope, envelopeCount, envelopesOf } from './envelopes.ts';
export { RandomizationError, type RandomizationErrorCode, randomizationErrors } from './errors.ts';
export { mostOf } from './most.ts';
export { countOfPeriodOrders } from './n-of-1.ts';
export type { Participant } from './people.ts';
export { type Predictability, predictability } from './predictability.ts';
export { redraw, rerandomisationTest } from './redraw.ts';
export {
  type CapsuleDay,
  type Content,
  capsuleDays,
  type DoseWeek,
  type SelfBlindingArm,
  type WeekVariant,
  weekVariants,
} from './self-blinding.ts';
export { type Allocation, looksAtPeople, type Walk } from './walk.ts';
export { williamsOrders } from './williams.ts';
