/** Virtual participants and virtual trials. */
export { answersFor, consentAnswers, screeningAnswers } from './answers.ts';
export { type ConductedParticipant, conductParticipant, type RecordedEvent } from './conduct.ts';
export { contentsOf, drawAllocation, interventionsOf, randomisedArms } from './contents.ts';
export { endpointOf, heldBy, SimulationError, scaleOf } from './endpoint.ts';
export { type CapsuleDay, type Content, drawPerson, liveCapsuleDay, type Person, rate } from './person.ts';
export {
  type Estimator,
  type EstimatorSummary,
  type PowerRequest,
  type PowerResult,
  runTrials,
  simulatePower,
  summariseTrials,
  type TrialOutcome,
  type TrialsRequest,
} from './power.ts';
export { nextSize, type SizeSearch, type SizeTried } from './sample-size.ts';
export { type Act, type Script, scriptParticipant } from './script.ts';
export { type RatingEffect, type Settings, scaleEffects, selfBlinding2021, withoutEffects } from './settings.ts';
export { readSettings, SettingsError } from './settings-file.ts';
export { type Sweepable, sweepable, type World, worldWith } from './sweep.ts';
export { type SweepPoint, sweepFigure } from './sweep-figure.ts';
export { simulateTrialRows, type TrialRow } from './trial.ts';
export { type Verdict, verdictOf } from './verdict.ts';
