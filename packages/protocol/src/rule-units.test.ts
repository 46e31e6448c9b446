import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { UnitOf } from './rule-units.ts';
import { compileRule, evaluateRule } from './rules.ts';

const recorded: Readonly<Record<string, string>> = { age: 'years', lastDose: 'days', systolic: 'mmHg', sleep: 'h' };
const unitOf: UnitOf = ({ steps }) => recorded[String(steps[0])] ?? null;

function verdict(text: string, x: Readonly<Record<string, unknown>>): string {
  const compiled = compileRule(text, ['x'], unitOf);
  assert.ok(compiled.ok, JSON.stringify(compiled));
  const { verdict: found, explanation } = evaluateRule(compiled.rule, { x });
  return `${found}: ${explanation}`;
}
function fault(text: string): string {
  const compiled = compileRule(text, ['x'], unitOf);
  assert.ok(!compiled.ok, text);
  return compiled.problems.map(({ code, column }) => `${code} ${column}`).join();
}

test('a quantity is read in the unit of what it is compared with, and said as it was written', () => {
  assert.equal(verdict('x.age >= years(18)', { age: 17 }), 'false: x age 17 is below 18 years');
  assert.equal(verdict('x.lastDose > weeks(4)', { lastDose: 29 }), 'true: x lastDose 29 is above 4 weeks');
  assert.equal(verdict('weeks(4) < x.lastDose', { lastDose: 28 }), 'false: 4 weeks is not below x lastDose 28');
  assert.match(verdict('x.lastDose - 1 >= weeks(1)', { lastDose: 8 }), /^true/);
  assert.match(verdict('x.sleep * 2 < hours(9)', { sleep: 5 }), /^false/);
  assert.match(verdict('x.age > -years(1)', { age: 0 }), /^true/);
  assert.match(verdict('x.age >= 18 && x.lastDose > months(1)', { age: 18, lastDose: 30 }), /^false/);
});

test('a plain number takes the unit of the other side, and what is missing stays unknown', () => {
  assert.match(verdict('x.systolic < 160', { systolic: 150 }), /^true/);
  assert.match(verdict('x.lastDose > weeks(4)', {}), /^unknown/);
});

test('unlike quantities never meet', () => {
  assert.equal(fault('x.age >= kilograms(18)'), 'rule_unit_conflict 10');
  assert.equal(fault('x.plain > days(3)'), 'rule_unit_conflict 1');
  assert.match(fault('x.age > x.systolic'), /rule_unit_conflict/);
  assert.match(fault('x.age > x.lastDose'), /rule_unit_conflict/, 'two recorded units are never converted');
  assert.match(fault('x.age * x.systolic > 3'), /rule_unit_conflict/);
  assert.match(fault('years(3)'), /rule_not_a_condition|rule_unit_conflict/);
  assert.match(fault('x.age > years(x.plain)'), /rule_not_supported/);
});

test('the same amount in another unit decides the same', () => {
  const amounts = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(amounts, amounts, (limit, value) => {
      const [days, weeks] = [`x.lastDose > days(${limit * 7})`, `x.lastDose > weeks(${limit})`];
      const decided = (text: string) => verdict(text, { lastDose: value * 7 }).split(':')[0];
      assert.equal(decided(days), decided(weeks));
    }),
  );
});
