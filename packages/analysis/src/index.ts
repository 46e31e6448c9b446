/** From recorded data to estimates, the blinding chapter and one report. */
export {
  type Bundle,
  type BundleCheck,
  bundleFormat,
  type Digest,
  makeBundle,
  readBundle,
  readInput,
  verifyBundle,
} from './bundle.ts';
export { datasetsOf, type FlatColumn, type FlatDataset, type FlatValue } from './datasets.ts';
export { type DeriveInput, deriveTables } from './derive.ts';
export { AnalysisError, type AnalysisErrorCode, analysisAdvice, analysisErrors } from './errors.ts';
export { fitModel } from './models.ts';
export { withGuessIn } from './outcome.ts';
export type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
export { columns, guessLevels, levelsOf } from './plan.ts';
export {
  type ColumnProfile,
  formulaOf,
  type MapDraft,
  mapOfDraft,
  missingParts,
  profileOf,
  proposeMap,
} from './propose-map.ts';
export {
  type Given,
  type JoinedTables,
  joinAllocations,
  type RandomisationCheck,
  type Release,
  type ReleasedAllocation,
  readRelease,
} from './release.ts';
export { renderReport } from './report/report.ts';
export * from './results.ts';
export { type Analysis, analyseStudy, dryRun, type StudyInput } from './study.ts';
export type { RecordedEvent, Source, StudyParticipant } from './study-events.ts';
export { summary } from './summary.ts';
export { analyseTable, type TableInput } from './table.ts';
export { mapFormat, readMap, type TableMap } from './table-map.ts';
export type { TableCell, TableData } from './table-rows.ts';
export type * from './tables.ts';
