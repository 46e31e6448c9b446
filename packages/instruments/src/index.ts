/** Instruments as data, and what can be done with one: ask, check, score, compare, simulate. */
export { type ReliableChange, reliableChange } from './change.ts';
export {
  type AnswerProblemCode,
  answerProblems,
  InstrumentError,
  type InstrumentErrorCode,
  instrumentErrors,
} from './errors.ts';
export type * from './instrument.ts';
export { adverseEvent } from './library/adverse-event.ts';
export { dailyCheckIn, followUpOf, gradeOf, type SolicitedEffect, solicitedEffects } from './library/daily.ts';
export { dass21 } from './library/dass.ts';
export { type GuessOptions, guessCues, treatmentGuess } from './library/guess.ts';
export { hamd17Total } from './library/hamd.ts';
export { gad7, phq4, phq9 } from './library/phq.ts';
export { acuteRatings, expectancy, postAcute } from './library/ratings.ts';
export { screeningQuestionnaire } from './library/screening.ts';
export { cognitiveTasks, qualityFlags } from './library/tasks.ts';
export { who5 } from './library/who.ts';
export { allInstruments, findInstrument, instrumentById } from './library.ts';
export { bandOf, type Scoring, scoreById, scoreInstrument } from './score.ts';
export { type RandomSource, type SimulationOptions, simulateAnswers } from './simulate.ts';
export { digitSymbolMs, digits, shapes } from './tasks/digit-symbol.ts';
export { letterMs, paceMs } from './tasks/n-back.ts';
export { blocks, darkMs, litMs, spanIsOver } from './tasks/spatial-span.ts';
export { type Colour, colours, wordMs } from './tasks/stroop.ts';
export { taskMeasure, taskPlan } from './tasks/tasks.ts';
export { readTrials, type Stimulus, type TaskKind, type Trial, taskKinds, writeTrials } from './tasks/trial.ts';
export { shortestWaitMs, signalMs, vigilanceMs } from './tasks/vigilance.ts';
export { alternateUsesMs, divergentAssociationMs, longestIdea, nouns, things } from './tasks/words.ts';
export { type OptionText, textsOf, type WordedItem, wordedItems } from './text.ts';
export { type AnswerProblem, type Validation, validateAnswers } from './validate.ts';
export { holds, isAnswered, visibleAnswers, visibleItems } from './visible.ts';
export { instrumentTexts, translatedInto, withTexts } from './words/index.ts';
