/** How data and documents come in and go out: CSV as a table, CDISC Dataset-JSON and CDISC USDM. */
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
export { textOf } from './text.ts';
export { fromUsdm, type NotCarried, type UsdmImport } from './usdm/from-usdm.ts';
export { type NotHeld, toUsdm, type UsdmExport, usdmVersion } from './usdm/to-usdm.ts';
