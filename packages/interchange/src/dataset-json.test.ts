import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dataset, datasetJson, datasetOf, InterchangeError } from './index.ts';

const head: Omit<Dataset, 'rows'> = {
  name: 'ADSL',
  label: 'Subject-level analysis data',
  columns: [
    { name: 'USUBJID', label: 'Participant', dataType: 'string', keySequence: 1 },
    { name: 'AGE', label: 'Age in years', dataType: 'integer' },
    { name: 'VALUE', label: 'Score', dataType: 'float' },
    { name: 'STARTED', label: 'First day', dataType: 'date' },
  ],
};
const context = { createdAt: '2026-03-01T09:30:00Z', studyId: 'demo' };
const code = (expected: string) => (error: unknown) => error instanceof InterchangeError && error.code === expected;

test('metadata come first, rows are arrays in the order of the columns', () => {
  const rows = [{ AGE: 34, USUBJID: 'AB12', VALUE: 1.5, STARTED: '2026-03-02' }, { USUBJID: 'C' }];
  const document = datasetJson(datasetOf(head, rows), context);
  assert.equal(document.datasetJSONVersion, '1.1.0');
  assert.equal(document.records, 2);
  assert.equal(document.itemGroupOID, 'IG.ADSL');
  assert.deepEqual(document.rows, [
    ['AB12', 34, 1.5, '2026-03-02'],
    ['C', null, null, null],
  ]);
  assert.deepEqual(document.columns[0], {
    itemOID: 'IT.ADSL.USUBJID',
    name: 'USUBJID',
    label: 'Participant',
    dataType: 'string',
    length: 4,
    keySequence: 1,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

test('a value that does not fit its column is refused, with row and column', () => {
  const bad = (row: (string | number | null)[]) => () => datasetJson({ ...head, rows: [row] }, context);
  assert.throws(bad(['A', 1.5, 2, null]), /row 1, AGE: not a integer/);
  assert.throws(bad(['A', 1, Number.NaN, null]), code('dataset_value'));
  assert.throws(bad(['A', 1, 2, '2 March']), code('dataset_value'));
  assert.throws(bad(['A', 1, 2]), code('dataset_value'));
});

test('names that a receiving system could not take are refused', () => {
  assert.throws(() => datasetJson({ ...head, name: 'AD SL', rows: [] }, context), code('dataset_name'));
  const [first] = head.columns;
  assert.ok(first);
  assert.throws(() => datasetJson({ ...head, columns: [first, first], rows: [] }, context), code('dataset_column'));
  assert.throws(() => datasetJson({ ...head, columns: [], rows: [] }, context), code('dataset_column'));
  assert.throws(() => datasetJson({ ...head, rows: [] }, { ...context, createdAt: 'today' }), code('dataset_time'));
});
