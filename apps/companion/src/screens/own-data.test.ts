import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { History, Today } from '../server/answers.ts';
import { ownDataAsCsv, ownDataAsJson } from './own-data.ts';

const entry = (at: string, answers: Record<string, unknown> | null, more: Partial<History[number]> = {}) => ({
  eventId: `event-${at}`,
  type: 'answers.submitted',
  occurrence: 'daily-check-in@8',
  label: 'Daily check-in',
  at,
  timing: 'onTime',
  answers,
  ...more,
});
const history: History = [
  entry('2026-03-10T17:00:00.000Z', { note: '=1+1, "so"\nit goes', mood: -3 }),
  entry('2026-03-09T17:00:00.000Z', { mood: 62, effects: ['headache', 'fatigue'] }),
  entry('2026-03-09T08:00:00.000Z', null, { type: 'dose.taken', label: 'Study capsule', occurrence: 'dose@8' }),
];
const today = {
  studyTitle: 'A study',
  studyId: 'study',
  participantId: 'P0',
  timeZone: 'Europe/Berlin',
  startDate: '2026-03-02',
} as Today;

describe('one’s own data as a file', () => {
  it('has a line for each answer, oldest first, and runs nothing in a spreadsheet', () => {
    assert.equal(
      ownDataAsCsv(history),
      [
        'at,type,label,occurrence,timing,item,answer',
        '2026-03-09T08:00:00.000Z,dose.taken,Study capsule,dose@8,onTime,,',
        '2026-03-09T17:00:00.000Z,answers.submitted,Daily check-in,daily-check-in@8,onTime,mood,62',
        '2026-03-09T17:00:00.000Z,answers.submitted,Daily check-in,daily-check-in@8,onTime,effects,headache; fatigue',
        `2026-03-10T17:00:00.000Z,answers.submitted,Daily check-in,daily-check-in@8,onTime,note,"'=1+1, ""so""\nit goes"`,
        '2026-03-10T17:00:00.000Z,answers.submitted,Daily check-in,daily-check-in@8,onTime,mood,-3',
        '',
      ].join('\r\n'),
    );
  });

  it('as JSON holds every entry whole', () => {
    const { entries, ...study } = JSON.parse(ownDataAsJson(history, today)) as { entries: History };
    assert.deepEqual(study, { ...today });
    assert.deepEqual(
      entries.map(({ at, answers }) => [at, answers]),
      [...history].reverse().map(({ at, answers }) => [at, answers]),
    );
  });
});
