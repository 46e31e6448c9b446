import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readShortCode, readToken, shortCodeOf, tokenOfBytes, tokenPattern } from './index.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const alphabet = '123456789ABCDEFGHJKMNPQRSTVWXYZ';

test('a token is its 128 bits in 26 characters, and every one of them counts', () => {
  assert.equal(tokenOfBytes(new Uint8Array(16)), '0'.repeat(26));
  assert.equal(tokenOfBytes(new Uint8Array(16).fill(255)), `7${'Z'.repeat(25)}`);
  assert.throws(() => tokenOfBytes(new Uint8Array(15)), RangeError);
  fc.assert(
    fc.property(bytes, fc.nat(127), (drawn, bit) => {
      const other = drawn.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      assert.match(tokenOfBytes(drawn), tokenPattern);
      assert.notEqual(tokenOfBytes(drawn), tokenOfBytes(other));
    }),
  );
});

test('a camera’s text is a token or nothing', () => {
  const token = tokenOfBytes(new Uint8Array(16).fill(90));
  assert.equal(readToken(` ${token.toLowerCase()}\n`), token);
  for (const other of ['', 'https://example.org', token.slice(1), `${token}0`, `8${token.slice(1)}`])
    assert.equal(readToken(other), null);
});

test('a code typed in any spelling is read, and one or two wrong characters are always noticed', () => {
  fc.assert(
    fc.property(bytes, fc.nat(9), fc.nat(9), fc.nat(30), fc.nat(30), (drawn, one, two, a, b) => {
      const code = shortCodeOf(tokenOfBytes(drawn));
      assert.match(code, /^[1-9A-Z]{5}-[1-9A-Z]{5}$/);
      assert.equal(readShortCode(code.toLowerCase().replace('-', ' ')), code);
      const wrong = [...code.replace('-', '')];
      wrong[one] = alphabet[a] ?? '';
      wrong[two] = alphabet[b] ?? '';
      const typed = wrong.join('');
      assert.equal(readShortCode(typed), typed === code.replace('-', '') ? code : null);
    }),
    { numRuns: 2000 },
  );
});
