/**
 * CDISC Dataset-JSON 1.1: one dataset per document, metadata first, rows as arrays in column order.
 * Source: CDISC Dataset-JSON v1.1 specification.
 */
import { InterchangeError } from './errors.ts';

export type DatasetType = 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime';
export type DatasetValue = string | number | boolean | null;

export type DatasetColumn = {
  readonly name: string;
  readonly label: string;
  readonly dataType: DatasetType;
  /** Place in the sort key, from 1. */
  readonly keySequence?: number;
};

export type Dataset = {
  readonly name: string;
  readonly label: string;
  readonly columns: readonly DatasetColumn[];
  readonly rows: readonly (readonly DatasetValue[])[];
};

export type DatasetContext = {
  /** ISO 8601; the caller's clock. */
  readonly createdAt: string;
  readonly studyId: string;
  readonly originator?: string;
  readonly sourceSystem?: { readonly name: string; readonly version: string };
  readonly lastModifiedAt?: string;
  readonly metaDataVersion?: string;
};

export type DatasetJson = {
  readonly datasetJSONCreationDateTime: string;
  readonly datasetJSONVersion: '1.1.0';
  readonly fileOID: string;
  readonly dbLastModifiedDateTime?: string;
  readonly originator?: string;
  readonly sourceSystem?: { readonly name: string; readonly version: string };
  readonly studyOID: string;
  readonly metaDataVersionOID?: string;
  readonly itemGroupOID: string;
  readonly records: number;
  readonly name: string;
  readonly label: string;
  readonly columns: readonly (Omit<DatasetColumn, 'keySequence'> & {
    readonly itemOID: string;
    readonly length?: number;
    readonly keySequence?: number;
  })[];
  readonly rows: readonly (readonly DatasetValue[])[];
};

const datasetName = /^[A-Za-z][A-Za-z0-9_]{0,31}$/;
const isoDate = /^\d{4}-\d{2}-\d{2}$/;
const isoDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * The Dataset-JSON document of one table, checked value by value.
 * @throws InterchangeError `dataset_name`, `dataset_column`, `dataset_value`, `dataset_time`
 */
export function datasetJson(dataset: Dataset, context: DatasetContext): DatasetJson {
  assertDataset(dataset);
  for (const time of [context.createdAt, context.lastModifiedAt]) {
    if (time !== undefined && !isoDateTime.test(time)) throw new InterchangeError('dataset_time', time);
  }
  const { createdAt, studyId, originator, sourceSystem, lastModifiedAt, metaDataVersion } = context;
  return {
    datasetJSONCreationDateTime: createdAt,
    datasetJSONVersion: '1.1.0',
    fileOID: `FILE.${studyId}.${dataset.name}`,
    ...(lastModifiedAt === undefined ? {} : { dbLastModifiedDateTime: lastModifiedAt }),
    ...(originator === undefined ? {} : { originator }),
    ...(sourceSystem === undefined ? {} : { sourceSystem }),
    studyOID: studyId,
    ...(metaDataVersion === undefined ? {} : { metaDataVersionOID: metaDataVersion }),
    itemGroupOID: `IG.${dataset.name}`,
    records: dataset.rows.length,
    name: dataset.name,
    label: dataset.label,
    columns: dataset.columns.map((column, index) => ({
      itemOID: `IT.${dataset.name}.${column.name}`,
      name: column.name,
      label: column.label,
      dataType: column.dataType,
      ...lengthOf(dataset, column, index),
      ...(column.keySequence === undefined ? {} : { keySequence: column.keySequence }),
    })),
    rows: dataset.rows,
  };
}

/** The longest text of a column; only texts have a length. */
function lengthOf(dataset: Dataset, column: DatasetColumn, index: number): { length?: number } {
  if (column.dataType !== 'string') return {};
  return { length: dataset.rows.reduce((longest, row) => Math.max(longest, String(row[index] ?? '').length), 1) };
}

function assertDataset({ name, columns, rows }: Dataset): void {
  if (!datasetName.test(name)) throw new InterchangeError('dataset_name', name);
  if (columns.length === 0) throw new InterchangeError('dataset_column', `${name} has none`);
  const seen = new Set<string>();
  for (const column of columns) {
    if (!datasetName.test(column.name)) throw new InterchangeError('dataset_name', column.name);
    if (seen.has(column.name)) throw new InterchangeError('dataset_column', `${column.name} twice`);
    seen.add(column.name);
  }
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length) {
      throw new InterchangeError('dataset_value', `row ${index + 1} has ${row.length} of ${columns.length} values`);
    }
    for (const [place, column] of columns.entries()) {
      if (!fits(row[place] ?? null, column.dataType)) {
        throw new InterchangeError('dataset_value', `row ${index + 1}, ${column.name}: not a ${column.dataType}`);
      }
    }
  }
}

function fits(value: DatasetValue, type: DatasetType): boolean {
  if (value === null) return true;
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && isoDate.test(value);
    case 'datetime':
      return typeof value === 'string' && isoDateTime.test(value);
  }
}

/** The rows of objects as a dataset, in the order of the columns; what an object lacks is null. */
export function datasetOf(head: Omit<Dataset, 'rows'>, rows: readonly Readonly<Record<string, unknown>>[]): Dataset {
  return { ...head, rows: rows.map((row) => head.columns.map(({ name }) => plainValue(row[name]))) };
}

function plainValue(value: unknown): DatasetValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}
