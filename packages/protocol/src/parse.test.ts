import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { type ParseProblem, parseLimits, parseProtocol } from './index.ts';

const text = JSON.stringify(selfBlinding, null, 2);

function problemsOf(source: string): readonly ParseProblem[] {
  const result = parseProtocol(source);
  assert.equal(result.ok, false);
  return result.ok ? [] : result.problems;
}

function only(source: string): ParseProblem {
  const problems = problemsOf(source);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const [first] = problems;
  assert.ok(first);
  return first;
}

/** The source from the reported position on. */
function sourceAt(source: string, { line, column }: ParseProblem): string {
  return source
    .split('\n')
    .slice(line - 1)
    .join('\n')
    .slice(column - 1);
}

test('a good document is read whole', () => {
  const result = parseProtocol(text);
  assert.ok(result.ok);
  assert.equal(result.protocol.id, 'self-blinding-2021');
  assert.equal(result.protocol.arms.length, 3);
});

test('a value of the wrong kind is shown with path, line and column', () => {
  const wrong = text.replace('"opensAt": "12:00"', '"opensAt": 12');
  const problem = only(wrong);
  assert.equal(problem.path, 'activities[4].window.opensAt');
  assert.equal(problem.code, 'wrong_type');
  assert.equal(problem.message, 'This must be a text.');
  assert.ok(sourceAt(wrong, problem).startsWith('12,'));
});

test('a missing field is named at the object it is missing from', () => {
  const wrong = text.replace(/\n {4}"alpha": 0.05,/, '');
  const problem = only(wrong);
  assert.equal(problem.path, 'analysis.alpha');
  assert.equal(problem.code, 'missing');
  assert.ok(sourceAt(wrong, problem).startsWith('{\n    "reference"'));
});

test('an unknown field is shown at its name', () => {
  const wrong = text.replace('"setting": "takeHome"', '"setting": "takeHome",\n  "colour": "red"');
  const problem = only(wrong);
  assert.deepEqual(
    [problem.code, problem.path, problem.message],
    ['unknown_field', 'colour', 'There is no field “colour” here.'],
  );
  assert.ok(sourceAt(wrong, problem).startsWith('"colour"'));
});

test('a repeated field is refused, since one of the two would win silently', () => {
  const wrong = text.replace('"setting": "takeHome"', '"setting": "observed", "setting": "takeHome"');
  assert.deepEqual([only(wrong).code, only(wrong).path], ['duplicate_key', 'setting']);
});

test('a regimen of no known kind, and one with a wrong number, are told apart', () => {
  const kind = JSON.stringify({
    ...everyThirdDay,
    dosing: { ...everyThirdDay.dosing, regimen: { kind: 'sometimes' } },
  });
  assert.equal(only(kind).path, 'dosing.regimen.kind');
  assert.match(only(kind).message, /everyNDays, onOff, weekdays, drawn, days, cycles/);
  const [first, ...others] = everyThirdDay.activities;
  const broken = JSON.stringify({
    ...everyThirdDay,
    activities: [{ ...first, on: { kind: 'everyNDays', n: 0 } }, ...others],
  });
  assert.deepEqual([only(broken).path, only(broken).message], ['activities[0].on.n', 'This must be at least 1.']);
});

test('comments, trailing commas and cut documents are syntax problems with a place', () => {
  for (const wrong of [
    `// note\n${text}`,
    text.replace('"takeHome",', '"takeHome",,'),
    text.slice(0, -20),
    '',
    '   ',
    '{"a": }',
  ]) {
    for (const problem of problemsOf(wrong)) {
      assert.equal(problem.code, 'syntax');
      assert.ok(problem.message.endsWith('.'));
    }
  }
  const commented = problemsOf(`{\n  // note\n  "a": 1\n}`)[0];
  assert.deepEqual([commented?.line, commented?.column], [2, 3]);
});

test('a field called __proto__ is an unknown field and changes nothing', () => {
  const wrong = text.replace('"setting"', '"__proto__": { "polluted": true }, "setting"');
  assert.equal(only(wrong).path, '__proto__');
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});

test('deep nesting and great length are refused before they cost anything', () => {
  assert.equal(only('['.repeat(200_000)).code, 'too_deep');
  assert.equal(only(' '.repeat(parseLimits.characters + 1)).code, 'too_large');
  assert.equal(parseProtocol(text.replace('"rationale": "', `"rationale": "${'['.repeat(200)}`)).ok, true);
});

test('whatever is done to a document, the answer is a protocol or problems inside the text', () => {
  const sources = [text, JSON.stringify(everyThirdDay, null, 2)];
  const pieces = fc.oneof(
    fc.constantFrom(
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '/*',
      '//',
      'null',
      'true',
      '-',
      '1e999',
      '\n',
      '\u0000',
      '"id": "x",',
    ),
    fc.string({ maxLength: 6 }),
  );
  const mutation = fc.record({ at: fc.nat(), remove: fc.nat(40), insert: pieces });
  fc.assert(
    fc.property(
      fc.constantFrom(...sources),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (source, mutations) => {
        const changed = mutations.reduce((current, { at, remove, insert }) => {
          const place = at % (current.length + 1);
          return current.slice(0, place) + insert + current.slice(place + remove);
        }, source);
        const result = parseProtocol(changed);
        if (result.ok) return;
        assert.ok(result.problems.length > 0 && result.problems.length <= parseLimits.problems);
        const lines = changed.split('\n');
        for (const { line, column, message } of result.problems) {
          assert.ok(line >= 1 && line <= lines.length, `line ${line}`);
          assert.ok(column >= 1 && column <= (lines[line - 1] ?? '').length + 1, `column ${column}`);
          assert.ok(message.length > 10);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('any value in any place gives problems with a path that leads there', () => {
  const anything = fc.jsonValue({ maxDepth: 2 });
  const keys = Object.keys(everyThirdDay);
  fc.assert(
    fc.property(fc.constantFrom(...keys), anything, (key, value) => {
      const result = parseProtocol(JSON.stringify({ ...everyThirdDay, [key]: value }));
      if (result.ok) return;
      for (const { path } of result.problems) assert.ok(path.startsWith(key), `${path} for ${key}`);
    }),
    { numRuns: 150 },
  );
});
