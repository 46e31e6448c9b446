import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import {
  type Calendar,
  type CalendarOptions,
  compileCalendar,
  nextDue,
  nextStartDate,
  type Occurrence,
  occurrencesOn,
  type ProtocolDocument,
  ProtocolError,
  type ProtocolErrorCode,
  parseProtocol,
  type Regimen,
  weekOfStudyDay,
} from './index.ts';

function read(document: unknown): ProtocolDocument {
  const result = parseProtocol(JSON.stringify(document));
  assert.ok(result.ok);
  return result.protocol;
}

const home = read(everyThirdDay);
const citizen = read(selfBlinding);
const berlin = { startDate: '2026-03-02', timeZone: 'Europe/Berlin' } as const;

type Window = ProtocolDocument['activities'][number]['window'];

/** The home trial with one activity and one dosing regimen over `days` days. */
function single(
  on: Regimen,
  window: Partial<Window> = {},
  days = 28,
  dosing: Partial<ProtocolDocument['dosing']> = {},
): ProtocolDocument {
  const activity = home.activities[0];
  assert.ok(activity);
  return {
    ...home,
    epochs: [{ id: 'dosing', label: 'Dosing', type: 'dosing', firstDay: 1, lastDay: days }],
    dosing: { ...home.dosing, maximumDoses: 1000, ...dosing },
    activities: [
      {
        ...activity,
        id: 'check',
        epoch: 'dosing',
        on,
        after: [],
        window: { opensAt: '08:00', closesAt: '20:00', closesAfterDays: 0, lateDays: 0, ...window },
      },
    ],
  };
}

function daysOf(calendar: Calendar, activityId: string): number[] {
  return calendar.occurrences
    .filter((occurrence) => occurrence.activityId === activityId)
    .map(({ studyDay }) => studyDay);
}

function checkDays(on: Regimen, options: Partial<CalendarOptions> = {}, days = 28): number[] {
  return daysOf(compileCalendar(single(on, {}, days), { ...berlin, ...options }), 'check');
}

function find(calendar: Calendar, id: string): Occurrence {
  const found = calendar.occurrences.find((occurrence) => occurrence.id === id);
  assert.ok(found, id);
  return found;
}

function throwsCode(code: ProtocolErrorCode, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof ProtocolError && error.code === code);
}

test('every third day is days 1, 4, 7', () => {
  assert.deepEqual(checkDays({ kind: 'everyNDays', n: 3 }, {}, 10), [1, 4, 7, 10]);
});

test('four on, three off repeats each week', () => {
  assert.deepEqual(checkDays({ kind: 'onOff', on: 4, off: 3 }, {}, 14), [1, 2, 3, 4, 8, 9, 10, 11]);
});

test('weekdays are those of the calendar, whatever day 1 is', () => {
  // 2026-03-02 is a Monday, 2026-03-04 a Wednesday.
  assert.deepEqual(checkDays({ kind: 'weekdays', days: ['mon', 'thu'] }, {}, 8), [1, 4, 8]);
  assert.deepEqual(checkDays({ kind: 'weekdays', days: ['mon', 'thu'] }, { startDate: '2026-03-04' }, 8), [2, 6]);
});

test('explicit days count from the first day of their epoch', () => {
  const calendar = compileCalendar(home, berlin);
  assert.deepEqual(daysOf(calendar, 'weekly-safety'), [14, 21, 28, 35, 42, 49]);
});

test('cycles start their regimen anew and pause for whole weeks', () => {
  const regimen: Regimen = { kind: 'cycles', weeksOn: 1, weeksOff: 1, regimen: { kind: 'everyNDays', n: 3 } };
  assert.deepEqual(checkDays(regimen), [1, 4, 7, 15, 18, 21]);
  const nested: Regimen = { kind: 'cycles', weeksOn: 1, weeksOff: 2, regimen: { kind: 'weekdays', days: ['tue'] } };
  assert.deepEqual(checkDays(nested), [2, 23]);
});

test('drawn days need a seed, come out the same again, and differ between seeds', () => {
  const regimen: Regimen = { kind: 'drawn', perWeek: 2, from: ['mon', 'tue', 'thu', 'fri'] };
  throwsCode('draw_seed_missing', () => checkDays(regimen));
  assert.deepEqual(checkDays(regimen, { drawSeed: 'p-1' }), checkDays(regimen, { drawSeed: 'p-1' }));
  const outcomes = new Set(
    Array.from({ length: 20 }, (_, index) => checkDays(regimen, { drawSeed: `p-${index}` }).join()),
  );
  assert.ok(outcomes.size > 15);
});

test('each week draws its number of days from the allowed ones, each with the same chance', () => {
  const regimen: Regimen = { kind: 'drawn', perWeek: 2, from: ['mon', 'tue', 'thu', 'fri'] };
  const counts = new Map<number, number>();
  const seeds = 500;
  for (let index = 0; index < seeds; index++) {
    const days = checkDays(regimen, { drawSeed: `seed ${index}` });
    assert.equal(days.length, 8);
    for (const week of [1, 2, 3, 4]) assert.equal(days.filter((day) => weekOfStudyDay(day) === week).length, 2);
    for (const day of days) counts.set((day - 1) % 7, (counts.get((day - 1) % 7) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].sort(), [0, 1, 3, 4]);
  // 2000 draws at 1/2 each: six standard deviations are 134.
  for (const count of counts.values()) assert.ok(Math.abs(count - seeds * 2) < 134, `${count}`);
});

test('the start weekday is enforced, and the next one offered', () => {
  throwsCode('start_day_wrong_weekday', () => compileCalendar(citizen, { ...berlin, startDate: '2026-03-03' }));
  assert.equal(nextStartDate(citizen, '2026-03-03'), '2026-03-09');
  assert.equal(nextStartDate(citizen, '2026-03-09'), '2026-03-09');
  assert.equal(nextStartDate(home, '2026-03-03'), '2026-03-03');
  assert.equal(nextStartDate(citizen, '2027-12-28'), '2028-01-03');
});

test('a date or zone that does not exist is refused', () => {
  throwsCode('start_date_invalid', () => compileCalendar(home, { ...berlin, startDate: '2026-02-29' }));
  throwsCode('start_date_invalid', () => compileCalendar(home, { ...berlin, startDate: '2.3.2026' }));
  throwsCode('time_zone_unknown', () => compileCalendar(home, { ...berlin, timeZone: 'Europe/Atlantis' }));
  throwsCode('reference_dangling', () =>
    compileCalendar({ ...home, dosing: { ...home.dosing, epoch: 'nowhere' } }, berlin),
  );
});

test('the leap day is a study day like any other', () => {
  const calendar = compileCalendar(single({ kind: 'everyNDays', n: 1 }), { startDate: '2028-02-27', timeZone: 'UTC' });
  assert.equal(find(calendar, 'check@3').date, '2028-02-29');
  assert.equal(find(calendar, 'check@4').date, '2028-03-01');
});

test('weeks count from study day 1 in sevens', () => {
  assert.deepEqual([1, 7, 8, 14, 15].map(weekOfStudyDay), [1, 1, 2, 2, 3]);
});

test('what comes first is named only where it falls on the same day', () => {
  const calendar = compileCalendar(home, berlin);
  assert.deepEqual(find(calendar, 'guess-capsule@8').after, ['daily-check-in@8']);
  assert.deepEqual(find(calendar, 'guess-capsule@14').after, ['daily-check-in@14', 'weekly-safety@14']);
});

test('occurrences stand in order of opening, then of the document, with unique ids', () => {
  for (const protocol of [home, citizen]) {
    const { occurrences } = compileCalendar(protocol, berlin);
    const order = ['dose', ...protocol.activities.map(({ id }) => id)];
    assert.equal(new Set(occurrences.map(({ id }) => id)).size, occurrences.length);
    occurrences.slice(1).forEach((next, index) => {
      const before = occurrences[index];
      assert.ok(before);
      const opens = Date.parse(next.opensAt) - Date.parse(before.opensAt);
      const later = order.indexOf(next.activityId) >= order.indexOf(before.activityId);
      assert.ok(opens > 0 || (opens === 0 && later), `${before.id} before ${next.id}`);
    });
  }
});

test('capsules are numbered, never two on a day, and stop at the maximum', () => {
  const capped = { ...home, dosing: { ...home.dosing, maximumDoses: 5 } };
  for (const [protocol, expected] of [
    [home, 14],
    [citizen, 16],
    [capped, 5],
  ] as const) {
    const doses = compileCalendar(protocol, berlin).occurrences.filter(({ kind }) => kind === 'dose');
    assert.equal(doses.length, expected);
    assert.equal(new Set(doses.map(({ date }) => date)).size, expected);
    assert.deepEqual(
      doses.map(({ doseNumber }) => doseNumber),
      doses.map((_, index) => index + 1),
    );
    assert.ok(doses.every(({ id, studyDay }) => id === `dose@${studyDay}`));
  }
});

test('a capsule that may be taken late may be so until the end of its day', () => {
  const late = { ...home, dosing: { ...home.dosing, missed: 'window' } } as const;
  assert.equal(find(compileCalendar(late, berlin), 'dose@8').lateUntil, '2026-03-09T23:00:00.000Z');
  const skipped = find(compileCalendar(home, berlin), 'dose@8');
  assert.equal(skipped.lateUntil, skipped.closesAt);
});

test('late days follow the closing by the local clock', () => {
  const protocol = single({ kind: 'days', days: [1] }, { closesAfterDays: 1, lateDays: 2 });
  const occurrence = find(compileCalendar(protocol, { startDate: '2026-03-27', timeZone: 'Europe/Berlin' }), 'check@1');
  assert.equal(occurrence.closesAt, '2026-03-28T19:00:00.000Z');
  // The clocks went forward on the 29th: 20:00 is now 18:00 UTC.
  assert.equal(occurrence.lateUntil, '2026-03-30T18:00:00.000Z');
});

/** Zone, the day on which clocks change, and which way. */
const clockChanges = [
  ['Europe/Berlin', '2026-03-29', 'gap'],
  ['Europe/Berlin', '2026-10-25', 'fold'],
  ['America/New_York', '2026-03-08', 'gap'],
  ['America/New_York', '2026-11-01', 'fold'],
  ['America/Los_Angeles', '2026-03-08', 'gap'],
  ['America/Santiago', '2026-09-06', 'gap'],
  ['America/St_Johns', '2026-11-01', 'fold'],
  ['Africa/Cairo', '2026-04-24', 'gap'],
  ['Australia/Sydney', '2026-10-04', 'gap'],
  ['Australia/Lord_Howe', '2026-04-05', 'fold'],
  ['Asia/Beirut', '2026-03-29', 'gap'],
  ['Pacific/Auckland', '2026-04-05', 'fold'],
  ['Europe/Lisbon', '2026-03-29', 'gap'],
  ['Asia/Kolkata', '2026-03-29', 'none'],
  ['Pacific/Chatham', '2026-09-27', 'gap'],
] as const;

test('across clock changes in many zones, every window opens and closes by the local clock', () => {
  for (const [timeZone, date, change] of clockChanges) {
    const startDate = Temporal.PlainDate.from(date).subtract({ days: 3 }).toString();
    const calendar = compileCalendar(single({ kind: 'everyNDays', n: 1 }, {}, 8), { startDate, timeZone });
    const checks = calendar.occurrences.filter(({ activityId }) => activityId === 'check');
    for (const { opensAt, closesAt, date: day } of checks) {
      const opens = Temporal.Instant.from(opensAt).toZonedDateTimeISO(timeZone);
      const closes = Temporal.Instant.from(closesAt).toZonedDateTimeISO(timeZone);
      assert.equal(opens.toPlainDateTime().toString(), `${day}T08:00:00`, timeZone);
      assert.equal(closes.toPlainDateTime().toString(), `${day}T20:00:00`, timeZone);
    }
    const lengths = checks
      .slice(1)
      .map(({ opensAt }, index) => Date.parse(opensAt) - Date.parse(checks[index]?.opensAt ?? ''));
    const hours = lengths.map((length) => length / 3_600_000);
    assert.equal(
      hours.some((length) => (change === 'gap' ? length < 24 : length > 24)),
      change !== 'none',
      timeZone,
    );
  }
});

test('a window that opens in skipped time opens when the clocks change', () => {
  const options = { startDate: '2026-03-29', timeZone: 'Europe/Berlin' };
  const opens = compileCalendar(single({ kind: 'days', days: [1] }, { opensAt: '02:30', closesAt: '03:15' }), options);
  assert.deepEqual(times(find(opens, 'check@1')), ['2026-03-29T01:00:00.000Z', '2026-03-29T01:15:00.000Z']);
  const inside = compileCalendar(single({ kind: 'days', days: [1] }, { opensAt: '02:10', closesAt: '03:00' }), options);
  assert.deepEqual(times(find(inside, 'check@1')), ['2026-03-29T01:00:00.000Z', '2026-03-29T01:50:00.000Z']);
});

test('a day that starts in skipped time opens on its own date', () => {
  const options = { startDate: '2026-09-06', timeZone: 'America/Santiago' };
  const calendar = compileCalendar(single({ kind: 'days', days: [1] }, { opensAt: '00:00' }), options);
  const opens = Temporal.Instant.from(find(calendar, 'check@1').opensAt).toZonedDateTimeISO('America/Santiago');
  assert.equal(opens.toPlainDateTime().toString(), '2026-09-06T01:00:00');
});

test('a repeated hour makes a window longer, never shorter', () => {
  const options = { startDate: '2026-10-25', timeZone: 'Europe/Berlin' };
  const calendar = compileCalendar(
    single({ kind: 'days', days: [1] }, { opensAt: '02:30', closesAt: '02:45' }),
    options,
  );
  assert.deepEqual(times(find(calendar, 'check@1')), ['2026-10-25T00:30:00.000Z', '2026-10-25T01:45:00.000Z']);
});

function times({ opensAt, closesAt }: Occurrence): [string, string] {
  return [opensAt, closesAt];
}

test('instants agree with Temporal for any zone, date and time, and windows never close before they open', () => {
  const zones = [
    ...new Set(clockChanges.map(([zone]) => zone)),
    'UTC',
    'Pacific/Apia',
    'Africa/Casablanca',
    'Asia/Kathmandu',
  ];
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const day = fc.nat(20_000).map((days) => Temporal.PlainDate.from('1990-01-01').add({ days }).toString());
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      day,
      time,
      time,
      fc.nat(3),
      (timeZone, startDate, opensAt, closesAt, after) => {
        if (after === 0 && closesAt <= opensAt) return;
        const protocol = single(
          { kind: 'days', days: [2] },
          { opensAt, closesAt, closesAfterDays: after, lateDays: after },
          3,
        );
        const occurrence = find(compileCalendar(protocol, { startDate, timeZone }), 'check@2');
        const { opensAt: opens, closesAt: closes, lateUntil, date } = occurrence;
        assert.ok(opens < closes && closes <= lateUntil);
        const local = Temporal.PlainDate.from(date).toPlainDateTime(opensAt);
        const expected = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
        const skipped = !expected.toPlainDateTime().equals(local);
        if (!skipped) assert.equal(opens, new Date(expected.epochMilliseconds).toISOString());
        const end = Temporal.PlainDate.from(date).add({ days: after }).toPlainDateTime(closesAt);
        const latest = end.toZonedDateTime(timeZone, { disambiguation: 'later' });
        if (!skipped) assert.equal(closes, new Date(latest.epochMilliseconds).toISOString());
      },
    ),
    { numRuns: 400 },
  );
});

test('a date that a zone left out entirely still has a window', () => {
  // Samoa went from 29 to 31 December 2011.
  const options = { startDate: '2011-12-29', timeZone: 'Pacific/Apia' };
  const occurrence = find(compileCalendar(single({ kind: 'days', days: [2] }), options), 'check@2');
  assert.ok(occurrence.opensAt < occurrence.closesAt);
});

test('compiling is pure: the same answer twice, and the document untouched', () => {
  const before = JSON.stringify(citizen);
  const first = compileCalendar(citizen, berlin);
  assert.deepEqual(compileCalendar(citizen, berlin), first);
  assert.equal(JSON.stringify(citizen), before);
});

test('the calendar is the same whatever the arms hold', () => {
  const swapped = {
    ...citizen,
    arms: [...citizen.arms].reverse(),
    interventions: [...citizen.interventions].reverse(),
  };
  assert.deepEqual(compileCalendar(swapped, berlin), compileCalendar(citizen, berlin));
});

test('what is due next waits for what comes first and passes over what has closed', () => {
  const calendar = compileCalendar(citizen, berlin);
  assert.equal(nextDue(calendar, '2026-03-01T00:00:00Z', [])?.id, 'expectancy@3');
  const thursday = '2026-03-12T11:30:00Z';
  const done = calendar.occurrences.filter(({ studyDay }) => studyDay < 11).map(({ id }) => id);
  // The capsule window has closed; the ratings are open.
  assert.equal(nextDue(calendar, thursday, done)?.id, 'acute@11');
  assert.equal(nextDue(calendar, thursday, [...done, 'acute@11'])?.id, 'daily-check-in@11');
  assert.equal(nextDue(calendar, thursday, [...done, 'acute@11', 'daily-check-in@11'])?.id, 'guess-capsule@11');
  assert.equal(nextDue(calendar, '2030-01-01T00:00:00Z', []), undefined);
});

test('a date lists what belongs to it', () => {
  const calendar = compileCalendar(citizen, berlin);
  const ids = occurrencesOn(calendar, '2026-03-12').map(({ id }) => id);
  assert.deepEqual(ids, ['dose@11', 'acute@11', 'daily-check-in@11', 'guess-capsule@11']);
  assert.deepEqual(occurrencesOn(calendar, '2026-03-11'), []);
});
