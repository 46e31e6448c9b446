/** Laws of the regimens: what holds for any regimen, in any zone, whenever somebody starts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import {
  compileCalendar,
  describeRegimen,
  type ProtocolDocument,
  parseProtocol,
  type Regimen,
  weekdays,
} from './index.ts';
import { regimenDays } from './regimen.ts';

const home = (() => {
  const result = parseProtocol(JSON.stringify(everyThirdDay));
  assert.ok(result.ok);
  return result.protocol;
})();

const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/New_York',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/St_Johns',
  'America/Havana',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Asia/Gaza',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
] as const;
/** Around the clock changes of both hemispheres, over a leap day and over a year’s end. */
const starts = ['2026-03-02', '2026-03-23', '2026-04-20', '2026-09-21', '2026-10-19', '2026-12-21', '2028-02-14'];

const scope = (length: number, firstWeekday: (typeof weekdays)[number] = 'mon') => ({
  length,
  firstWeekday,
  drawSeed: 'seed',
  stream: 'dose',
});

/** The home trial with another dosing epoch and no activities on dose days. */
function withDosing(dosing: Partial<ProtocolDocument['dosing']>, days = 56): ProtocolDocument {
  return {
    ...home,
    epochs: [{ id: 'dosing', label: 'Dosing', type: 'dosing', firstDay: 1, lastDay: days }],
    dosing: { ...home.dosing, maximumDoses: 1000, ...dosing },
    activities: [],
  };
}

function doseDatesOf(protocol: ProtocolDocument, startDate: string, timeZone = 'UTC'): string[] {
  const { occurrences } = compileCalendar(protocol, { startDate, timeZone, drawSeed: 'seed' });
  return occurrences.filter(({ kind }) => kind === 'dose').map(({ date }) => date);
}

const weekdayList = fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1, maxLength: 7 });
const small = fc.integer({ min: 1, max: 9 });
const { regimen: anyRegimen } = fc.letrec<{ regimen: Regimen }>((tie) => ({
  regimen: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('everyNDays' as const), n: small }),
    fc.record({ kind: fc.constant('onOff' as const), on: small, off: small }),
    fc.record({ kind: fc.constant('weekdays' as const), days: weekdayList }),
    fc.record({ kind: fc.constant('drawn' as const), perWeek: fc.integer({ min: 1, max: 7 }), from: weekdayList }),
    fc.record({
      kind: fc.constant('days' as const),
      days: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
    }),
    fc.record({ kind: fc.constant('alternating' as const), gaps: fc.array(small, { minLength: 1, maxLength: 4 }) }),
    fc.record({
      kind: fc.constant('cycles' as const),
      weeksOn: fc.integer({ min: 1, max: 4 }),
      weeksOff: fc.integer({ min: 1, max: 4 }),
      regimen: tie('regimen'),
    }),
    fc.record({
      kind: fc.constant('sequence' as const),
      parts: fc.array(fc.record({ days: small, regimen: tie('regimen') }), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('anyOf' as const),
      regimens: fc.array(tie('regimen'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('except' as const), regimen: tie('regimen'), without: tie('regimen') }),
    fc.record({ kind: fc.constant('spaced' as const), days: small, regimen: tie('regimen') }),
  ),
}));

test('every third or fourth day goes 1, 4, 8, 11, 15', () => {
  assert.deepEqual(regimenDays({ kind: 'alternating', gaps: [3, 4] }, scope(15)), [1, 4, 8, 11, 15]);
});

test('a sequence counts each part from its own first day, and ends with its last', () => {
  const regimen: Regimen = {
    kind: 'sequence',
    parts: [
      { days: 7, regimen: { kind: 'days', days: [1, 3, 9] } },
      { days: 6, regimen: { kind: 'everyNDays', n: 3 } },
      { days: 7, regimen: { kind: 'weekdays', days: ['sun'] } },
    ],
  };
  // From a Monday, part three begins on a Sunday (day 14).
  assert.deepEqual(regimenDays(regimen, scope(60)), [1, 3, 8, 11, 14]);
});

test('weekdays may be joined, taken away and thinned out', () => {
  const mon: Regimen = { kind: 'weekdays', days: ['mon'] };
  const tue: Regimen = { kind: 'weekdays', days: ['tue'] };
  const both: Regimen = { kind: 'anyOf', regimens: [tue, mon, mon] };
  assert.deepEqual(regimenDays(both, scope(14)), [1, 2, 8, 9]);
  assert.deepEqual(regimenDays({ kind: 'except', regimen: both, without: tue }, scope(14)), [1, 8]);
  assert.deepEqual(regimenDays({ kind: 'spaced', days: 7, regimen: both }, scope(14)), [1, 8]);
  assert.deepEqual(regimenDays({ kind: 'spaced', days: 2, regimen: both }, scope(14)), [1, 8]);
});

test('cycles leave out whole weeks around any regimen', () => {
  const cycle: Regimen = { kind: 'cycles', weeksOn: 1, weeksOff: 2, regimen: { kind: 'alternating', gaps: [3, 4] } };
  assert.deepEqual(regimenDays(cycle, scope(28)), [1, 4, 22, 25]);
});

test('any regimen gives days of its epoch, ascending, none twice, and the same again', () => {
  fc.assert(
    fc.property(anyRegimen, fc.integer({ min: 1, max: 70 }), fc.constantFrom(...weekdays), (regimen, length, first) => {
      const days = regimenDays(regimen, scope(length, first));
      for (const [index, day] of days.entries()) assert.ok(day > (days[index - 1] ?? 0) && day <= length);
      assert.deepEqual(regimenDays(regimen, scope(length, first)), days);
      assert.ok(describeRegimen(regimen).length > 0);
    }),
    { numRuns: 300 },
  );
});

test('any regimen survives being written down and read again', () => {
  fc.assert(
    fc.property(anyRegimen, (regimen) => {
      const result = parseProtocol(JSON.stringify({ ...everyThirdDay, dosing: { ...everyThirdDay.dosing, regimen } }));
      assert.ok(result.ok);
      assert.equal(JSON.stringify(result.protocol.dosing.regimen), JSON.stringify(regimen));
    }),
    { numRuns: 30 },
  );
});

test('a spaced regimen keeps its distance, whatever it is made from', () => {
  fc.assert(
    fc.property(anyRegimen, small, (regimen, days) => {
      const kept = regimenDays({ kind: 'spaced', days, regimen }, scope(70));
      const all = regimenDays(regimen, scope(70));
      assert.equal(kept[0], all[0]);
      for (const [index, day] of kept.slice(1).entries()) assert.ok(day - (kept[index] ?? 0) >= days);
      for (const day of all) assert.ok(kept.some((other) => other <= day && day - other < days));
    }),
  );
});

test('in 20 zones, over clock changes and the leap day: one capsule a day, never closer than planned', () => {
  const regimens: Regimen[] = [
    { kind: 'alternating', gaps: [3, 4] },
    { kind: 'everyNDays', n: 3 },
    { kind: 'weekdays', days: ['mon', 'thu'] },
    { kind: 'cycles', weeksOn: 2, weeksOff: 1, regimen: { kind: 'alternating', gaps: [3, 4] } },
  ];
  const hour = 3_600_000;
  for (const regimen of regimens) {
    const protocol = withDosing({ regimen });
    for (const timeZone of zones) {
      for (const startDate of starts) {
        const options = { startDate, timeZone, drawSeed: 'seed' };
        const calendar = compileCalendar(protocol, options);
        assert.deepEqual(compileCalendar(protocol, options), calendar);
        const doses = calendar.occurrences.filter(({ kind }) => kind === 'dose');
        assert.equal(new Set(doses.map(({ date }) => date)).size, doses.length);
        for (const [index, dose] of doses.slice(1).entries()) {
          const before = doses[index];
          assert.ok(before);
          const days = Temporal.PlainDate.from(before.date).until(dose.date).days;
          assert.ok(days >= 3, `${timeZone} ${startDate}`);
          // Local hours stay the same; a clock change moves an instant by an hour at most.
          const apart = (Date.parse(dose.opensAt) - Date.parse(before.opensAt)) / hour;
          assert.ok(Math.abs(apart - days * 24) <= 1, `${timeZone} ${dose.date}: ${apart} hours`);
          assert.ok(Date.parse(before.lateUntil) < Date.parse(dose.opensAt));
        }
      }
    }
  }
});

test('the leap day is a day like any other', () => {
  const protocol = withDosing({ regimen: { kind: 'everyNDays', n: 3 } }, 20);
  assert.deepEqual(doseDatesOf(protocol, '2028-02-26').slice(0, 3), ['2028-02-26', '2028-02-29', '2028-03-03']);
  assert.deepEqual(doseDatesOf(protocol, '2027-02-26').slice(0, 3), ['2027-02-26', '2027-03-01', '2027-03-04']);
});

const site = {
  openOn: ['mon', 'tue', 'wed', 'thu', 'fri'] as (typeof weekdays)[number][],
  opensAt: '08:30',
  closesAt: '16:00',
  closedDates: ['2026-12-25'],
  whenClosed: 'nextOpenDay' as const,
};

test('an observed capsule on a closed day moves to the next open one, or is left out', () => {
  // 2026-12-21 is a Monday; Friday the 25th and the weekend are closed.
  const dosing = { regimen: { kind: 'days', days: [1, 5] } as const, minimumHoursBetween: 60 };
  const moving = withDosing({ ...dosing, regimen: { kind: 'days', days: [1, 5] }, observed: site }, 14);
  assert.deepEqual(doseDatesOf(moving, '2026-12-21'), ['2026-12-21', '2026-12-28']);
  const skipping = withDosing(
    { ...dosing, regimen: { kind: 'days', days: [1, 5] }, observed: { ...site, whenClosed: 'skip' } },
    14,
  );
  assert.deepEqual(doseDatesOf(skipping, '2026-12-21'), ['2026-12-21']);
  // With a capsule planned for Wednesday the 30th, Monday the 28th would be too close to it.
  const crowded = withDosing({ ...dosing, regimen: { kind: 'days', days: [1, 5, 10] }, observed: site }, 14);
  assert.deepEqual(doseDatesOf(crowded, '2026-12-21'), ['2026-12-21', '2026-12-30']);
});

test('only observed capsules care for closed days, and only they keep to the opening hours', () => {
  const protocol = withDosing({
    regimen: { kind: 'everyNDays', n: 4 },
    takeFrom: '07:00',
    takeUntil: '11:00',
    missed: 'window',
    observed: { ...site, firstDoses: 1 },
  });
  // The second capsule falls on a Saturday and is taken at home.
  const { occurrences } = compileCalendar(protocol, { startDate: '2026-12-22', timeZone: 'Europe/Berlin' });
  const [first, second] = occurrences;
  assert.equal(first?.opensAt, '2026-12-22T07:30:00.000Z');
  assert.equal(first?.closesAt, '2026-12-22T10:00:00.000Z');
  assert.equal(first?.lateUntil, '2026-12-22T15:00:00.000Z');
  assert.equal(second?.opensAt, '2026-12-26T06:00:00.000Z');
  assert.equal(second?.lateUntil, '2026-12-26T23:00:00.000Z');
});

test('closed days never double a capsule or bring one closer than the plan and the minimum allow', () => {
  fc.assert(
    fc.property(
      anyRegimen,
      weekdayList,
      fc.constantFrom('skip' as const, 'nextOpenDay' as const),
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom(...starts),
      (regimen, openOn, whenClosed, minimumHoursBetween, start) => {
        const planned = doseDatesOf(withDosing({ regimen, minimumHoursBetween }), start);
        const gapOf = (dates: readonly string[]) =>
          Math.min(
            ...dates.slice(1).map((date, index) => Temporal.PlainDate.from(dates[index] ?? date).until(date).days),
          );
        const observed = { ...site, openOn, whenClosed };
        const dates = doseDatesOf(withDosing({ regimen, minimumHoursBetween, observed }), start);
        assert.equal(new Set(dates).size, dates.length);
        assert.ok(dates.length <= planned.length);
        assert.ok(gapOf(dates) >= Math.min(gapOf(planned), Math.max(1, Math.ceil(minimumHoursBetween / 24))));
        for (const date of dates) {
          assert.ok(openOn.includes(weekdays[Temporal.PlainDate.from(date).dayOfWeek - 1] ?? 'mon'));
          assert.ok(!site.closedDates.includes(date));
        }
      },
    ),
    { numRuns: 200 },
  );
});
