import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical.ts';
import { LedgerError } from './errors.ts';

test('the example of RFC 8785, section 3.2.2', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('keys are sorted by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  const keys = Object.keys(JSON.parse(canonicalJson(value)));
  assert.deepEqual(new Set(keys), new Set(Object.keys(value)));
  assert.equal(canonicalJson(value), '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
});

test('minus zero is zero', () => {
  assert.equal(canonicalJson([-0, 0]), '[0,0]');
});

test('what is written reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), withoutMinusZero(value));
    }),
  );
});

test('the order in which keys were set makes no difference', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.integer()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      assert.equal(canonicalJson(reversed), canonicalJson(object));
    }),
  );
});

test('every text is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(canonicalJson(text), JSON.stringify(text))),
  );
});

const refused: readonly [string, unknown, string][] = [
  ['not a number', Number.NaN, 'canonical.number'],
  ['infinity', [Number.NEGATIVE_INFINITY], 'canonical.number'],
  ['undefined', undefined, 'canonical.type'],
  ['a field that is undefined', { a: undefined }, 'canonical.type'],
  ['a hole in a list', Array(2), 'canonical.type'],
  ['a function', { a: () => 1 }, 'canonical.type'],
  ['a big integer', 1n, 'canonical.type'],
  ['a symbol key', { [Symbol('a')]: 1 }, 'canonical.type'],
  ['a date', new Date(0), 'canonical.type'],
  ['a map', new Map(), 'canonical.type'],
  ['a high surrogate alone', 'a\ud800', 'canonical.text'],
  ['a low surrogate alone in a key', { '\udc00': 1 }, 'canonical.text'],
  ['a list nested without end', nested(100), 'canonical.depth'],
];

for (const [name, value, code] of refused) {
  test(`${name} is refused`, () => {
    assert.throws(
      () => canonicalJson(value),
      (error) => error instanceof LedgerError && error.code === code,
    );
  });
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** JSON.parse itself makes minus zero of "-0"; canonical JSON has one zero. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
