import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textOf } from './text.ts';

describe('bytes as text', () => {
  it('are UTF-8, or UTF-16 with its mark', () => {
    assert.equal(textOf(Buffer.from('a;µg\n')), 'a;µg\n');
    assert.equal(textOf(Buffer.from('\uFEFFa;µg\n', 'utf16le')), 'a;µg\n');
    assert.equal(textOf(Buffer.from('\uFEFFa;µg\n', 'utf16le').swap16()), 'a;µg\n');
  });

  it('are refused where letters would be guessed, with the line', () => {
    assert.throws(() => textOf(Buffer.from('a,b\n1,café\n', 'latin1')), { code: 'csv_encoding', message: /line 2/ });
    assert.throws(() => textOf(Buffer.from('504b03040a000000', 'hex')), { code: 'csv_not_text' });
  });
});
