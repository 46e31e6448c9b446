import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileCalendar, nextStartDate, parseProtocol } from '@limen/protocol';
import fc from 'fast-check';
import { withValue } from '../value.ts';
import { gridOf, toggleDay } from './days.ts';

const folder = new URL('../../../../../protocols/', import.meta.url);
const documents = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown);

test('the grid shows the days that the calendar has', () => {
  for (const document of documents) {
    const parsed = parseProtocol(JSON.stringify(document));
    assert.ok(parsed.ok);
    const { protocol } = parsed;
    const grid = gridOf(document);
    // Where the document names no weekday, the grid stands for a start on a Monday.
    const startDate = nextStartDate(protocol, '2027-03-01');
    const { occurrences } = compileCalendar(protocol, { startDate, timeZone: 'UTC', drawSeed: 'sample' });
    for (const { index, days, drawn } of grid.rows) {
      if (drawn) continue;
      const id = index === null ? 'dose' : protocol.activities[index]?.id;
      const due = occurrences.filter(({ activityId }) => activityId === id).map(({ studyDay }) => studyDay);
      assert.deepEqual([...days], due, `${protocol.id} ${id}`);
    }
  }
});

test('a tap adds or takes away that day and no other, a second tap brings the days back', () => {
  const taps = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 400 })), { minLength: 1, maxLength: 8 });
  const property = fc.property(fc.constantFrom(...documents), taps, (document, chosen) => {
    let value = document;
    for (const [rowAt, dayAt] of chosen) {
      const { rows } = gridOf(value);
      const row = rows[1 + (rowAt % (rows.length - 1))];
      if (row?.epoch === undefined || row.index === null) continue;
      const { firstDay, lastDay } = row.epoch;
      const day = firstDay + (dayAt % (lastDay - firstDay + 1));
      const path = ['activities', row.index, 'on'];
      const on = (value as { activities: { on: unknown }[] }).activities[row.index]?.on;
      const once = toggleDay(row, on, day);
      if (!once.ok) {
        assert.equal(row.days.size, 1);
        continue;
      }
      const after = withValue(value, path, once.regimen);
      const there = gridOf(after).rows[row.index + 1];
      assert.ok(there);
      const expected = new Set(row.days);
      if (!expected.delete(day)) expected.add(day);
      assert.deepEqual(
        [...there.days],
        [...expected].sort((a, b) => a - b),
      );
      assert.ok(parseProtocol(JSON.stringify(after)).ok);
      const twice = toggleDay(there, once.regimen, day);
      assert.ok(twice.ok || there.days.size === 1);
      if (twice.ok) {
        const back = gridOf(withValue(after, path, twice.regimen)).rows[row.index + 1];
        assert.deepEqual([...(back?.days ?? [])], [...row.days]);
      }
      value = after;
    }
  });
  fc.assert(property, { numRuns: 200 });
});

test('a day beside a rule, added and taken away again, can be added once more', () => {
  const value = {
    epochs: [{ id: 'on', label: 'On', firstDay: 1, lastDay: 28 }],
    activities: [{ id: 'mood', epoch: 'on', on: { kind: 'weekdays', days: ['thu'] } }],
  };
  const row = gridOf(value).rows[1];
  assert.ok(row);
  const tapped = [14, 14, 14].reduce<unknown>((on, day) => {
    const now = gridOf(withValue(value, ['activities', 0, 'on'], on)).rows[1];
    const once = toggleDay(now ?? row, on, day);
    assert.ok(once.ok);
    return once.regimen;
  }, value.activities[0]?.on);
  const days = gridOf(withValue(value, ['activities', 0, 'on'], tapped)).rows[1]?.days;
  assert.deepEqual([...(days ?? [])], [4, 11, 14, 18, 25]);
});

test('a day outside the epoch and the last day that is left are refused in words', () => {
  const [document] = documents;
  const row = gridOf(document).rows.find(({ index, days }) => index !== null && days.size === 1);
  assert.ok(row?.epoch);
  const [only = 0] = row.days;
  assert.match(toggleDay(row, { kind: 'days', days: [1] }, only).said, /only day left/);
  assert.match(toggleDay(row, { kind: 'days', days: [1] }, row.epoch.lastDay + 1).said, /outside/);
});

test('whatever a document holds, the grid shows what can be shown', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => gridOf(value).rows.length > 0));
  const broken = { epochs: [{ id: 'a', firstDay: 5, lastDay: 2 }, 7], activities: [{ on: { kind: 'moon' } }, null] };
  assert.deepEqual(
    gridOf(broken).rows.map(({ days }) => days.size),
    [0, 0, 0],
  );
});
