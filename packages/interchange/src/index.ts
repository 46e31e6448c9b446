/** How data come in and go out: CSV as a table, and CDISC Dataset-JSON. */
export {
  type CsvReader,
  type CsvRecord,
  csvLimits,
  csvReader,
  type Delimiter,
  delimiters,
  detectDelimiter,
} from './csv-reader.ts';
export { type CsvValue, type CsvWriteOptions, csvOf } from './csv-writer.ts';
export {
  type Dataset,
  type DatasetColumn,
  type DatasetContext,
  type DatasetJson,
  type DatasetType,
  type DatasetValue,
  datasetJson,
  datasetOf,
} from './dataset-json.ts';
export { type CsvPosition, InterchangeError, type InterchangeErrorCode, interchangeErrors } from './errors.ts';
export { type CsvTable, rowsOf, tableOf } from './table.ts';
