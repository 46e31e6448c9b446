/** From an export of a watch or phone to days: read where the file is, so that only chosen days go further. */
export { type DayCollector, type DaySummary, dayCollector, measures } from './days.ts';
export { WearableError, type WearableErrorCode, wearableErrors } from './errors.ts';
export { type ExportReader, exportReader, type ReadExport, type WearableSource } from './export.ts';
