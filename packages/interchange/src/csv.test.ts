import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvOf, csvReader, delimiters, detectDelimiter, InterchangeError, rowsOf, tableOf } from './index.ts';

const refusal = (code: string, line?: number, column?: number) => (error: unknown) => {
  assert.ok(error instanceof InterchangeError);
  assert.equal(error.code, code);
  if (line !== undefined) assert.deepEqual(error.position, { line, column });
  return true;
};

test('quotes, doubled quotes, line breaks in cells, CRLF and a byte-order mark are read', () => {
  const table = tableOf('\uFEFFname,note\r\n"Doe, J.","said ""no""\r\ntwice"\r\nB,\r\n');
  assert.deepEqual(table.names, ['name', 'note']);
  assert.deepEqual(
    rowsOf(table).map((row) => ({ ...row })),
    [
      { name: 'Doe, J.', note: 'said "no"\r\ntwice' },
      { name: 'B', note: '' },
    ],
  );
  assert.deepEqual(table.lines, [2, 4]);
});

test('the delimiter is the one the first line holds outside quotes', () => {
  assert.equal(detectDelimiter('a;b;c\n1,2;3;4'), ';');
  assert.equal(detectDelimiter('a\tb\n'), '\t');
  assert.equal(detectDelimiter('"a;b;c",d\n'), ',');
  assert.equal(detectDelimiter('one\n1\n'), ',');
});

test('LF and CR end lines too, a last line needs no break and empty lines are left out', () => {
  assert.deepEqual(tableOf('a\n1\n\n2').columns.a, ['1', '2']);
  assert.deepEqual(tableOf('a\r1\r2').columns.a, ['1', '2']);
  assert.deepEqual(tableOf('a\n1\n\n2').lines, [2, 4]);
});

test('what is not a table is refused with its line and cell', () => {
  assert.throws(() => tableOf(''), refusal('csv_empty'));
  assert.throws(() => tableOf('a,b\n1,2\n3\n'), refusal('csv_width', 3, 2));
  assert.throws(() => tableOf('a,b\n1,2,3\n'), refusal('csv_width', 2, 3));
  assert.throws(() => tableOf('a,\n'), refusal('csv_header_empty', 1, 2));
  assert.throws(() => tableOf('a,a\n'), refusal('csv_header_repeated', 1, 2));
  assert.throws(() => tableOf('a,b\n1,x"y\n'), refusal('csv_quote_stray', 2, 2));
  assert.throws(() => tableOf('a,b\n1,"x"y\n'), refusal('csv_after_quote', 2, 2));
  assert.throws(() => tableOf('a,b\n1,"x\ny\n'), refusal('csv_quote_open', 2, 2));
});

test('a column named as a property of objects is a column like any other', () => {
  assert.deepEqual(tableOf('__proto__,constructor\n1,2\n').columns.constructor, ['2']);
});

test('any pieces give the same records', () => {
  const text = 'a,b\r\n"x\r\n""y""",2\r3,"4"\n';
  const whole = csvReader({ delimiter: ',' });
  const expected = [...whole.push(text), ...whole.end()];
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
      const reader = csvReader({ delimiter: ',' });
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const records = places.slice(1).flatMap((to, index) => reader.push(text.slice(places[index], to)));
      assert.deepEqual([...records, ...reader.end()], expected);
    }),
  );
});

test('what is written is read back, cell by cell, with every delimiter', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', 'x', ' ') }),
  );
  const shape = fc.nat(4).chain((extra) =>
    fc.record({
      rows: fc.array(fc.array(cell, { minLength: extra + 1, maxLength: extra + 1 }), { maxLength: 8 }),
      width: fc.constant(extra + 1),
    }),
  );
  fc.assert(
    fc.property(shape, fc.constantFrom(...delimiters), ({ rows, width }, delimiter) => {
      const names = Array.from({ length: width }, (_, index) => `column ${index}`);
      const table = tableOf(csvOf(names, rows, { delimiter, formulas: 'asIs' }), { delimiter });
      assert.deepEqual(table.names, names);
      assert.deepEqual(
        table.lines.map((_, index) => names.map((name) => table.columns[name]?.[index])),
        rows,
      );
    }),
  );
});

test('no written cell starts a formula in a spreadsheet', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1']) {
    const written = csvOf(['a'], [[text]])
      .split('\r\n')
      .slice(1)
      .join('\r\n');
    assert.match(written, /^"?'/, JSON.stringify(text));
  }
  assert.equal(csvOf(['a', 'b'], [[-1, 'minus -1']]), 'a,b\r\n-1,minus -1\r\n');
});

test('empty text and no value are written apart', () => {
  assert.equal(csvOf(['a', 'b'], [['', null]]), 'a,b\r\n"",\r\n');
  assert.equal(csvOf(['a'], [[null]]), 'a\r\n""\r\n');
});

test('a number that is none and a row of another width are refused', () => {
  assert.throws(() => csvOf(['a', 'b'], [[1, Number.NaN]]), refusal('csv_value', 2, 2));
  assert.throws(() => csvOf(['a', 'b'], [[1]]), refusal('csv_width', 2, 2));
});
