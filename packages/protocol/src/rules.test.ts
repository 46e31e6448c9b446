import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { compileRule, evaluateRule, type RuleContext, type RuleResult, type RuleVerdict } from './index.ts';

const variables = ['a', 'b', 'screening', 'flags', 'latest', 'baseline', 'adverseEvent'];

function run(text: string, context: RuleContext): RuleResult {
  const compiled = compileRule(text, variables);
  assert.ok(compiled.ok, `${text}: ${JSON.stringify(compiled)}`);
  return evaluateRule(compiled.rule, context);
}

const values = { true: true, false: false, unknown: null } as const;
const verdicts = ['true', 'false', 'unknown'] as const;

function truthTable(operator: '&&' | '||', expected: (left: RuleVerdict, right: RuleVerdict) => RuleVerdict): void {
  for (const left of verdicts) {
    for (const right of verdicts) {
      const { verdict } = run(`a ${operator} b`, { a: values[left], b: values[right] });
      assert.equal(verdict, expected(left, right), `${left} ${operator} ${right}`);
    }
  }
}

test('and: false wins, then unknown', () => {
  truthTable('&&', (a, b) =>
    a === 'false' || b === 'false' ? 'false' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'true',
  );
});

test('or: true wins, then unknown', () => {
  truthTable('||', (a, b) =>
    a === 'true' || b === 'true' ? 'true' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'false',
  );
});

test('not: unknown stays unknown', () => {
  assert.deepEqual(
    verdicts.map((verdict) => run('!a', { a: values[verdict] }).verdict),
    ['false', 'true', 'unknown'],
  );
});

test('null, absence and a value that is not a number are all unknown, with the path that is missing', () => {
  for (const context of [
    {},
    { screening: null },
    { screening: {} },
    { screening: { age: null } },
    { screening: { age: Number.NaN } },
  ]) {
    assert.deepEqual(run('screening.age >= 18', context), {
      verdict: 'unknown',
      missing: ['screening.age'],
      explanation: 'age is not known',
    });
  }
});

test('an inherited property is no value', () => {
  assert.equal(run('screening.age >= 18', { screening: Object.create({ age: 18 }) }).verdict, 'unknown');
});

test('unlike things are never equal and never different: the rule stays unknown', () => {
  assert.equal(run('screening.age == 18', { screening: { age: '18' } }).verdict, 'unknown');
  assert.equal(run('screening.age != 18', { screening: { age: '18' } }).verdict, 'unknown');
  assert.match(run('screening.age < 18', { screening: { age: '17' } }).explanation, /cannot be compared/);
});

test('a decided rule names no missing value, even where one was passed over', () => {
  assert.deepEqual(run('a || screening.age > 1', { a: true }), {
    verdict: 'true',
    missing: [],
    explanation: 'a is true',
  });
});

const explanations: readonly [string, RuleContext, RuleVerdict, string][] = [
  ['screening.age >= 18', { screening: { age: 17 } }, 'false', 'age 17 is below 18'],
  ['screening.age >= 18', { screening: { age: 18 } }, 'true', 'age 18 is at least 18'],
  ['screening.age >= 18 && screening.age <= 60', { screening: { age: 61 } }, 'false', 'age 61 is above 60'],
  ["screening.seizure == 'yes'", { screening: { seizure: 'no' } }, 'false', 'seizure “no” is not “yes”'],
  [
    "latest['phq-9'].total - baseline['phq-9'].total >= 5",
    { latest: { 'phq-9': { total: 14 } }, baseline: { 'phq-9': { total: 8 } } },
    'true',
    'latest phq-9 total 14 minus baseline phq-9 total 8 (6) is at least 5',
  ],
  ["'suicidality' in flags", { flags: ['suicidality'] }, 'true', '“suicidality” is among flags'],
  ["'suicidality' in flags", { flags: [] }, 'false', '“suicidality” is not among flags'],
  ['size(flags) > 1', { flags: ['x', 'y'] }, 'true', 'number of flags (x, y) 2 is above 1'],
  ['has(adverseEvent.grade)', {}, 'false', 'adverseEvent grade is not known'],
  [
    "screening.sex in ['male', 'female']",
    { screening: { sex: 'male' } },
    'true',
    'sex “male” is among “male”, “female”',
  ],
];

for (const [rule, context, verdict, explanation] of explanations) {
  test(`${rule} is ${verdict}: ${explanation}`, () => {
    const result = run(rule, context);
    assert.deepEqual([result.verdict, result.explanation], [verdict, explanation]);
  });
}

test('numbers are calculated with, and what has no result is unknown', () => {
  assert.equal(run('-a + 2 * 3.5 == 5', { a: 2 }).verdict, 'true');
  assert.equal(run('a / b > 1', { a: 1, b: 0 }).verdict, 'unknown');
  assert.equal(run('(a + b) / 2 == 2.5', { a: 2, b: 3 }).verdict, 'true');
});

test('an adverse event that did not happen triggers nothing', () => {
  assert.equal(run('adverseEvent.serious || adverseEvent.grade >= 3', {}).verdict, 'unknown');
  const severe = { adverseEvent: { serious: false, grade: 3, ongoing: true } };
  assert.equal(run('adverseEvent.serious || adverseEvent.grade >= 3', severe).verdict, 'true');
});

const refused: readonly [string, string, number, number][] = [
  ['screening.age >=', 'rule_syntax', 1, 17],
  ['screening.age >= 18 &&\n  agee < 60', 'rule_unknown_variable', 2, 3],
  ['size(flags)', 'rule_not_a_condition', 1, 1],
  ['a == null', 'rule_not_supported', 1, 6],
  ['flags.exists(f, f == "x")', 'rule_not_supported', 1, 1],
  ['a ? b : a', 'rule_not_supported', 1, 1],
  ['latest[a].total > 1', 'rule_not_supported', 1, 8],
  ['matches(a, "x")', 'rule_not_supported', 1, 1],
];

for (const [rule, code, line, column] of refused) {
  test(`${JSON.stringify(rule)} is refused as ${code} at ${line}:${column}`, () => {
    const compiled = compileRule(rule, variables);
    assert.equal(compiled.ok, false);
    const problem = compiled.ok ? undefined : compiled.problems[0];
    assert.deepEqual([problem?.code, problem?.line, problem?.column], [code, line, column]);
  });
}

test('the same text and variables compile once', () => {
  assert.equal(compileRule('a && b', variables), compileRule('a && b', variables));
  assert.notEqual(compileRule('a && b', variables), compileRule('a && b', ['a', 'b']));
});

const comparison = fc
  .tuple(
    fc.constantFrom('a.x', 'a.y', 'b.z'),
    fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([path, operator, value]) => `${path} ${operator} ${value}.0`);
const { rule } = fc.letrec<{ rule: string }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    comparison,
    fc
      .tuple(tie('rule'), fc.constantFrom('&&', '||'), tie('rule'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie('rule').map((inner) => `!(${inner})`),
  ),
}));
const context = fc.record({
  a: fc.record({ x: fc.integer({ min: 0, max: 4 }), y: fc.integer({ min: 0, max: 4 }) }),
  b: fc.record({ z: fc.integer({ min: 0, max: 4 }) }),
});

test('with every value there, a rule decides as CEL does', () => {
  fc.assert(
    fc.property(rule, context, (text, complete) => {
      assert.equal(run(text, complete).verdict, String(evaluate(text, complete)), text);
    }),
  );
});

test('a value that comes to be known never overturns what was decided without it', () => {
  fc.assert(
    fc.property(rule, context, fc.subarray(['x', 'y', 'z']), (text, complete, hidden) => {
      const hide = (part: object) => Object.fromEntries(Object.entries(part).filter(([key]) => !hidden.includes(key)));
      const before = run(text, { a: hide(complete.a), b: hide(complete.b) }).verdict;
      if (before !== 'unknown') assert.equal(run(text, complete).verdict, before, text);
    }),
  );
});
