import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { History, Today } from '../server/answers.ts';
import { ownDaysOf } from './own-days.ts';

const today = { timeZone: 'Europe/Berlin', startDate: '2026-03-02', schedule: [] as unknown[] } as Today;
const on = (...days: string[]): History =>
  days.map((day) => ({ type: 'answers.submitted', occurrence: null, at: `2026-03-${day}T17:00:00.000Z` })) as never;
const at = (instant: string, history: History, of: Today = today) => ownDaysOf(history, of, Date.parse(instant));

test('days with an entry are counted, of two weeks at most; a day that is not over breaks nothing', () => {
  assert.deepEqual(at('2026-03-02T18:00:00Z', on()), { of: 1, recorded: 0, inARow: 0 });
  assert.deepEqual(at('2026-03-04T18:00:00Z', on('02', '03', '04')), { of: 3, recorded: 3, inARow: 3 });
  assert.deepEqual(at('2026-03-05T06:00:00Z', on('02', '03', '04', '04')), { of: 4, recorded: 3, inARow: 3 });
  assert.deepEqual(at('2026-03-06T18:00:00Z', on('02', '03', '06')), { of: 5, recorded: 3, inARow: 1 });
  const all = Array.from({ length: 20 }, (_, index) => String(index + 2).padStart(2, '0'));
  assert.deepEqual(at('2026-03-21T18:00:00Z', on(...all)), { of: 14, recorded: 14, inARow: 20 });
});

test('an entry counts for the day it is about, and for nothing before the study has begun', () => {
  const late = [{ type: 'answers.submitted', occurrence: 'check-in@2', at: '2026-03-04T00:30:00.000Z' }] as never;
  const schedule = [{ occurrence: 'check-in@2', date: '2026-03-03' }];
  assert.deepEqual(at('2026-03-04T18:00:00Z', late, { ...today, schedule } as never), {
    of: 3,
    recorded: 1,
    inARow: 1,
  });
  assert.equal(at('2026-03-01T18:00:00Z', on()), null);
  const other = [{ type: 'participant.consented', occurrence: null, at: '2026-03-02T09:00:00.000Z' }] as never;
  assert.deepEqual(at('2026-03-02T18:00:00Z', other), { of: 1, recorded: 0, inARow: 0 });
});
