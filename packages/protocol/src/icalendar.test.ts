import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import { compileCalendar } from './calendar.ts';
import { icalendar } from './icalendar.ts';
import { parseProtocol } from './parse.ts';

const parsed = parseProtocol(JSON.stringify(everyThirdDay));
assert.ok(parsed.ok);
const { protocol } = parsed;
const options = { madeAt: '2027-01-01T00:00:00.000Z', uid: (id: string) => `${id.split('').reverse().join('')}-k3v9` };
const zones = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Lisbon',
  'Atlantic/Azores',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Auckland',
  'Pacific/Chatham',
];

/** Read as RFC 5545 tells a reader to: unfold, split, unescape. */
function read(text: string): Record<string, string>[] {
  const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n');
  const events: Record<string, string>[] = [];
  for (const line of lines) {
    if (line === 'BEGIN:VEVENT') events.push({});
    const [, name = '', value = ''] = /^([A-Z-]+):(.*)$/s.exec(line) ?? [];
    const last = events.at(-1);
    if (last !== undefined && name !== 'END')
      last[name] = value.replace(/\\([\\;,nN])/g, (_, c) => (/n/i.test(c) ? '\n' : c));
  }
  return events;
}
const instant = (text = '') => text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');

test('every entry opens and closes at its instant in twenty zones, across both changes of the clock', () => {
  for (const timeZone of zones) {
    for (const startDate of ['2027-03-01', '2027-09-20', '2028-02-20']) {
      const calendar = compileCalendar(protocol, { startDate, timeZone });
      const events = read(icalendar(calendar, options));
      assert.deepEqual(
        events.map(({ DTSTART, DTEND, UID }) => [instant(DTSTART), instant(DTEND), UID]),
        calendar.occurrences.map(({ opensAt, closesAt, id }) => [opensAt, closesAt, options.uid(id)]),
      );
    }
  }
});

test('no line is longer than 75 octets and every text comes back as it was', () => {
  const calendar = compileCalendar(protocol, { startDate: '2027-03-01', timeZone: 'Europe/Berlin' });
  const one = { ...calendar, occurrences: calendar.occurrences.slice(0, 1) };
  const texts = fc.string({ unit: 'grapheme', maxLength: 200 });
  const property = fc.property(texts, (text) => {
    const file = icalendar(one, { ...options, summary: () => text });
    for (const line of file.split('\r\n')) assert.ok(new TextEncoder().encode(line).length <= 75);
    const expected = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '');
    assert.equal(read(file)[0]?.SUMMARY, expected);
  });
  fc.assert(property, { numRuns: 300 });
});

test('by itself it says nothing of a study, a substance or an arm', () => {
  const calendar = compileCalendar(protocol, { startDate: '2027-03-01', timeZone: 'Europe/Berlin' });
  const file = icalendar(calendar, { ...options, include: ({ kind }) => kind === 'activity' });
  assert.doesNotMatch(file, /lsd|dose|capsule|study|placebo|micro/i);
  assert.equal(file, icalendar(calendar, { ...options, include: ({ kind }) => kind === 'activity' }));
});
