import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvLine, csvText } from './csv.ts';

describe('a line of CSV', () => {
  it('quotes what would break it', () => {
    assert.equal(
      csvLine(['plain', 'a,b', 'say "so"', 'two\nlines', null, 1.5, true]),
      'plain,"a,b","say ""so""","two\nlines",,1.5,true\r\n',
    );
  });

  it('keeps a spreadsheet from reading a text as a formula, and leaves numbers alone', () => {
    for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1+1']) {
      assert.match(csvLine([text]), /^"?'/, text);
    }
    assert.equal(csvLine([-1]), '-1\r\n');
  });
});

describe('a table of CSV', () => {
  it('comes in chunks with its header once, and as a header alone when it is empty', async () => {
    const rows = async function* (count: number) {
      for (let n = 0; n < count; n += 1) yield n;
    };
    const chunks: string[] = [];
    for await (const chunk of csvText(['n'], rows(1_200), (n) => [[n]])) chunks.push(chunk);
    assert.ok(chunks.length >= 3);
    assert.equal(chunks.join('').split('\r\n').length, 1_202);
    const empty: string[] = [];
    for await (const chunk of csvText(['n'], rows(0), (n) => [[n]])) empty.push(chunk);
    assert.deepEqual(empty, ['n\r\n']);
  });
});
