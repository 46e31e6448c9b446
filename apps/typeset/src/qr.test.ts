import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { qrSvg } from './qr.ts';
import { type Picture, readQr } from './test-pdf.ts';

/** Paints the dark runs of a code, each module as a square of pixels. */
function painted(svg: string): Picture {
  const [, left, , side] = /viewBox="(-?\d+) (-?\d+) (\d+) \d+"/.exec(svg)?.map(Number) ?? [];
  if (left === undefined || side === undefined) throw new Error('No view box');
  const pixels = 4;
  const width = side * pixels;
  const grey = new Uint8Array(width * width).fill(255);
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let row = 0; row < pixels; row += 1) {
      const start = ((Number(y) - left) * pixels + row) * width + (Number(x) - left) * pixels;
      grey.fill(0, start, start + Number(length) * pixels);
    }
  }
  return { width, height: width, grey };
}

describe('a QR code', () => {
  it('says what was put in, whatever the length', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(text, (given) => readQr(painted(qrSvg(given))) === given),
      { numRuns: 40 },
    );
  });

  it('has the quiet zone of four modules that the standard asks for', () => {
    assert.match(qrSvg('K7Q4M2XP'), /viewBox="-4 -4 29 29"/);
  });

  it('refuses nothing and too much', () => {
    assert.throws(() => qrSvg(''), { code: 'bad_input' });
    assert.throws(() => qrSvg('x'.repeat(301)), { code: 'bad_input' });
  });
});
