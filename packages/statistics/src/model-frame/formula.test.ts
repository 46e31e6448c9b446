import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFormula } from './formula.ts';

/** Terms as R's `terms()` labels them. */
const labels = (text: string) => parseFormula(text).terms.map((term) => term.join(':'));

test('Sums, interactions, crossings and brackets, in the order R gives them', () => {
  assert.deepEqual(labels('y ~ a + b'), ['a', 'b']);
  assert.deepEqual(labels('y ~ a * b'), ['a', 'b', 'a:b']);
  assert.deepEqual(labels('y ~ b + a + a:b'), ['b', 'a', 'b:a']);
  assert.deepEqual(labels('y ~ a:b + c'), ['c', 'a:b']);
  assert.deepEqual(labels('y ~ a * b * c'), ['a', 'b', 'c', 'a:b', 'a:c', 'b:c', 'a:b:c']);
  assert.deepEqual(labels('y ~ (a + b) * c'), ['a', 'b', 'c', 'a:c', 'b:c']);
  assert.deepEqual(labels('y ~ a * b - a:b'), ['a', 'b']);
  assert.deepEqual(labels('y ~ a * b - b'), ['a', 'a:b']);
  assert.deepEqual(labels('y ~ a + a + a:a'), ['a']);
  assert.deepEqual(labels('y~a:b+b:a'), ['a:b']);
});

test('The intercept is there unless it is taken away', () => {
  for (const text of ['y ~ a', 'y ~ 1 + a', 'y ~ 1', 'y ~ a - 0'])
    assert.equal(parseFormula(text).intercept, true, text);
  for (const text of ['y ~ 0 + a', 'y ~ a - 1', 'y ~ -1 + a', 'y ~ a + 0']) {
    assert.equal(parseFormula(text).intercept, false, text);
  }
});

const random = (text: string) =>
  parseFormula(text).random.map(({ intercept, terms, group }) =>
    [...(intercept ? ['1'] : []), ...terms.map((term) => term.join(':')), '|', group.join(':')].join(' '),
  );

test('Random terms', () => {
  assert.deepEqual(random('y ~ a + (1 | g)'), ['1 | g']);
  assert.deepEqual(random('y ~ (day | g) + a'), ['1 day | g']);
  assert.deepEqual(random('y ~ a + (0 + day + b:c | g)'), ['day b:c | g']);
});

test('Several random terms: independent, crossed and nested groupings, as lme4 writes them out', () => {
  assert.deepEqual(random('y ~ (1 | g) + (1 | h)'), ['1 | g', '1 | h']);
  assert.deepEqual(random('y ~ (1 + day || g)'), ['1 | g', 'day | g']);
  assert.deepEqual(random('y ~ (0 + a * b || g)'), ['a | g', 'b | g', 'a:b | g']);
  assert.deepEqual(random('y ~ (day | site/person)'), ['1 day | site', '1 day | site:person']);
  assert.deepEqual(random('y ~ (1 | a/b/c)'), ['1 | a', '1 | a:b', '1 | a:b:c']);
  assert.deepEqual(random('y ~ (1 | a:b) + (0 + day | a)'), ['1 | a:b', 'day | a']);
});

test('Names in any script, in either Unicode form, and between backticks', () => {
  const composed = 'größe'.normalize('NFC');
  assert.equal(parseFormula(`${'größe'.normalize('NFD')} ~ x`).response, composed);
  assert.deepEqual(labels('оценка ~ 条件 + `dose (µg)`'), ['条件', 'dose (µg)']);
  assert.deepEqual(labels('y ~ x1 + .z_2'), ['x1', '.z_2']);
});

test('What cannot be read is refused with what was expected', () => {
  const refused = (text: string, about: RegExp) =>
    assert.throws(
      () => parseFormula(text),
      (error: unknown) => {
        assert.match(String(error), about, text);
        return (error as { code?: string }).code === 'formula_syntax';
      },
    );
  refused('', /name is missing/);
  refused('y', /“~” is needed at the end/);
  refused('y ~', /name is missing/);
  refused('y ~ a +', /name is missing/);
  refused('y ~ a b', /“b” is not expected/);
  refused('y ~ a ~ b', /“~” is not expected/);
  refused('y ~ (a + b', /“\)” is needed at the end/);
  refused('y ~ a + (1 | g', /“\)” is needed at the end/);
  refused('y ~ (1 | g) + (1 + day | g)', /twice/);
  refused('y ~ (0 + day | g:h) + (0 + day | h:g)', /twice/);
  refused('y ~ (0 | g)', /without effects/);
  refused('y ~ (1 | g:)', /name is needed/);
  refused('y ~ a / b', /not expected/);
  refused('y ~ log(x)', /functions are not supported/);
  refused('y ~ a ^ 2', /cannot be read/);
  refused('y ~ 2', /cannot be read/);
  refused('y ~ a * 1', /name is needed/);
  refused('y ~ 0', /no coefficient/);
  refused('y ~ 0 + (1 | g)', /no coefficient/);
  refused('y ~ y + a', /both sides/);
  refused('`a` ~ `b', /cannot be read/);
});
