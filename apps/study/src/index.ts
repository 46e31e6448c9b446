/** The blinded server: start it, verify what it keeps. */
export { openContact, sealContact } from './access/person.ts';
export { serverRights } from './data/rights.ts';
export {
  countByWeight,
  type DeviceAct,
  type DeviceIdentity,
  type DeviceKey,
  makeDeviceKey,
  readDeviceKey,
  type SignedCall,
  signDeviceAct,
} from './devices/simulator.ts';
export { type Keys, readOrCreateKeys } from './record/keys.ts';
export { type ReplayDifference, type ReplayReport, verifyReplay } from './record/replay.ts';
export { type DatabaseReport, verifyDatabase } from './record/verify.ts';
export type { Analyse, AnalyseInput, Analysis, RecordedEvent } from './release/analyse.ts';
export { type Log, type LogLine, logTo } from './server/log.ts';
export { type ProblemCode, problemCodes } from './server/problem.ts';
export {
  migrationsFolder,
  type StudyServer,
  type StudyServerLimits,
  type StudyServerOptions,
  startStudyServer,
  studyServerLimits,
} from './server/start.ts';
