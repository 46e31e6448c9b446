import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Data, modelFrame } from './frame.ts';

const data: Data = {
  y: [1, 2, 3, 4, 5, 6],
  x: [2, 3, 5, 7, 11, 13],
  a: ['lo', 'hi', 'lo', 'hi', 'mid', 'mid'],
  b: ['no', 'no', 'yes', 'yes', 'no', 'yes'],
  g: [1, 1, 2, 2, 3, 3],
};

const columns = (formula: string, reference = {}, from: Data = data) =>
  Object.fromEntries(modelFrame(formula, from, reference).fixed.map(({ name, values }) => [name, [...values]]));

test('A factor stands as differences from its reference, the first level by code unit unless one is named', () => {
  assert.deepEqual(Object.keys(columns('y ~ a')), ['(Intercept)', 'alo', 'amid']);
  assert.deepEqual(columns('y ~ a', { a: 'lo' }), {
    '(Intercept)': [1, 1, 1, 1, 1, 1],
    ahi: [0, 1, 0, 1, 0, 0],
    amid: [0, 0, 0, 0, 1, 1],
  });
});

test('Columns are coded as R’s model.matrix codes them', () => {
  // R: colnames(model.matrix(~ ..., data)) with levels in C order.
  assert.deepEqual(Object.keys(columns('y ~ 0 + a')), ['ahi', 'alo', 'amid']);
  assert.deepEqual(Object.keys(columns('y ~ 0 + a + b')), ['ahi', 'alo', 'amid', 'byes']);
  assert.deepEqual(Object.keys(columns('y ~ 0 + x + a')), ['x', 'ahi', 'alo', 'amid']);
  assert.deepEqual(Object.keys(columns('y ~ x:a')), ['(Intercept)', 'x:ahi', 'x:alo', 'x:amid']);
  assert.deepEqual(Object.keys(columns('y ~ x + x:a')), ['(Intercept)', 'x', 'x:alo', 'x:amid']);
  assert.deepEqual(Object.keys(columns('y ~ b + a:b')), [
    '(Intercept)',
    'byes',
    'bno:alo',
    'byes:alo',
    'bno:amid',
    'byes:amid',
  ]);
  assert.deepEqual(Object.keys(columns('y ~ a * b')), ['(Intercept)', 'alo', 'amid', 'byes', 'alo:byes', 'amid:byes']);
  assert.deepEqual(columns('y ~ x * b')['x:byes'], [0, 0, 5, 7, 0, 13]);
});

test('Sum coding gives deviations from the mean of the levels, the last or the chosen one implied, as contr.sum does', () => {
  const coded = (formula: string, reference = {}) =>
    Object.fromEntries(
      modelFrame(formula, data, reference, { a: 'sum', b: 'sum' }).fixed.map(({ name, values }) => [name, [...values]]),
    );
  assert.deepEqual(coded('y ~ a'), {
    '(Intercept)': [1, 1, 1, 1, 1, 1],
    'a[hi]': [0, 1, 0, 1, -1, -1],
    'a[lo]': [1, 0, 1, 0, -1, -1],
  });
  assert.deepEqual(coded('y ~ a', { a: 'lo' })['a[mid]'], [-1, 0, -1, 0, 1, 1]);
  assert.deepEqual(coded('y ~ a * b')['a[hi]:b[no]'], [0, 1, -0, -1, -1, 1]);
  assert.deepEqual(Object.keys(coded('y ~ 0 + a + b')), ['ahi', 'alo', 'amid', 'b[no]']);
  assert.throws(() => modelFrame('y ~ x', data, {}, { x: 'sum' }), { code: 'unknown_reference' });
});

test('A grouping may be an interaction of columns', () => {
  const [first, second] = modelFrame('y ~ x + (1 | b/a)', data).random;
  assert.deepEqual([first?.group, second?.group], ['b', 'b:a']);
  assert.deepEqual(second?.levels, ['no:hi', 'no:lo', 'no:mid', 'yes:hi', 'yes:lo', 'yes:mid']);
  assert.deepEqual([...(second?.of ?? [])], [1, 0, 4, 3, 2, 5]);
});

test('A grouping may be numbers or texts; a random factor is coded as a fixed one', () => {
  const [random] = modelFrame('y ~ x + (0 + b | g)', data).random;
  assert.deepEqual(random?.levels, ['1', '2', '3']);
  assert.deepEqual([...(random?.of ?? [])], [0, 0, 1, 1, 2, 2]);
  assert.deepEqual(
    random?.columns.map(({ name }) => name),
    ['bno', 'byes'],
  );
});

test('A row that lacks anything the model needs is dropped and counted; other columns do not matter', () => {
  const holed = { ...data, x: [2, null, 5, 7, undefined, 13], other: [null, null, null, null, null, null] };
  const frame = modelFrame('y ~ x', holed);
  assert.equal(frame.rowsUsed, 4);
  assert.equal(frame.rowsDropped, 2);
  assert.deepEqual(frame.missing, { x: 2 });
  assert.deepEqual([...(frame.rows ?? [])], [0, 2, 3, 5]);
  assert.deepEqual([...frame.y], [1, 3, 4, 6]);
});

test('Columns are found by name in either Unicode form, and never on the prototype', () => {
  const named = { ['größe'.normalize('NFD')]: data.x ?? [], y: data.y ?? [] };
  assert.equal(modelFrame(`y ~ ${'größe'.normalize('NFC')}`, named).fixed.length, 2);
  assert.throws(() => modelFrame('y ~ constructor', data), { code: 'unknown_column' });
});

test('A reference that cannot be is refused', () => {
  assert.throws(() => columns('y ~ a', { a: 'none' }), { code: 'unknown_reference' });
  assert.throws(() => columns('y ~ x', { x: '2' }), { code: 'unknown_reference' });
  assert.doesNotThrow(() => columns('y ~ x', { a: 'none' }));
});
