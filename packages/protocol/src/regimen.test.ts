import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeRegimen, isDrawn, type Regimen } from './index.ts';

const words: readonly [Regimen, string][] = [
  [{ kind: 'everyNDays', n: 1 }, 'every day'],
  [{ kind: 'everyNDays', n: 2 }, 'every other day'],
  [{ kind: 'everyNDays', n: 3 }, 'every 3rd day'],
  [{ kind: 'everyNDays', n: 11 }, 'every 11th day'],
  [{ kind: 'onOff', on: 1, off: 2 }, '1 day on, 2 days off'],
  [{ kind: 'weekdays', days: ['fri', 'mon', 'thu', 'tue'] }, 'Monday, Tuesday, Thursday and Friday'],
  [{ kind: 'weekdays', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }, 'every day'],
  [
    { kind: 'drawn', perWeek: 2, from: ['mon', 'wed', 'fri'] },
    '2 days a week, drawn at random from Monday, Wednesday and Friday',
  ],
  [{ kind: 'days', days: [7, 1, 3] }, 'days 1, 3 and 7'],
  [{ kind: 'days', days: [5] }, 'day 5'],
  [
    { kind: 'cycles', weeksOn: 4, weeksOff: 2, regimen: { kind: 'onOff', on: 4, off: 3 } },
    '4 days on, 3 days off; 4 weeks on, 2 weeks off',
  ],
];

for (const [regimen, expected] of words) {
  test(`a regimen reads “${expected}”`, () => assert.equal(describeRegimen(regimen), expected));
}

test('a drawn regimen is recognised inside cycles', () => {
  const drawn: Regimen = { kind: 'drawn', perWeek: 1, from: ['mon'] };
  assert.equal(isDrawn({ kind: 'cycles', weeksOn: 1, weeksOff: 1, regimen: drawn }), true);
  assert.equal(isDrawn({ kind: 'everyNDays', n: 3 }), false);
});
