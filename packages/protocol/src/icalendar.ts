/**
 * A calendar as a file that any calendar program reads (RFC 5545). Words are the caller's and say nothing of a study by
 * default: a calendar is seen by whoever looks over a shoulder.
 */
import type { Calendar, Occurrence } from './calendar-types.ts';

export type ICalendarOptions = {
  /** Instant at which the file is made, ISO 8601. */
  readonly madeAt: string;
  /** Opaque name of an occurrence, the same for one participant: a newer file then replaces the entries of an older one. */
  readonly uid: (occurrenceId: string) => string;
  /** What each entry is called. */
  readonly summary?: (occurrence: Occurrence) => string;
  readonly name?: string;
  /** What is left out; by default nothing. */
  readonly include?: (occurrence: Occurrence) => boolean;
};

const lineBreak = '\r\n';
const octetsPerLine = 75;

/**
 * One entry for each occurrence, from its opening to its closing, in UTC: no rule of a time zone has to be carried along.
 * Pure: the same arguments give the same bytes.
 */
export function icalendar(calendar: Calendar, options: ICalendarOptions): string {
  const { madeAt, uid, name = 'Diary', summary = () => 'Diary', include = () => true } = options;
  const entries = calendar.occurrences
    .filter(include)
    .flatMap((occurrence) => [
      'BEGIN:VEVENT',
      `UID:${escaped(uid(occurrence.id))}`,
      `DTSTAMP:${utc(madeAt)}`,
      `DTSTART:${utc(occurrence.opensAt)}`,
      `DTEND:${utc(occurrence.closesAt)}`,
      `SUMMARY:${escaped(summary(occurrence))}`,
      'TRANSP:TRANSPARENT',
      'CLASS:PRIVATE',
      'END:VEVENT',
    ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Limen//Diary//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...entries,
    'END:VCALENDAR',
  ];
  return lines.map((line) => folded(line) + lineBreak).join('');
}

/** `2026-03-02T07:00:00.000Z` as `20260302T070000Z`. */
const utc = (instant: string): string => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** Text of RFC 5545, 3.3.11; control characters have no place in it. */
function escaped(text: string): string {
  return text
    .replace(/\r\n?|\n/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\\;,]/g, (mark) => `\\${mark}`)
    .replace(/\n/g, '\\n');
}

/** Lines of at most 75 octets, never cut inside a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let [part, octets] = ['', 0];
  for (const character of line) {
    const size = octetsOf(character);
    if (octets + size > octetsPerLine) {
      parts.push(part);
      // A continued line begins with a space, which counts.
      [part, octets] = ['', 1];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join(`${lineBreak} `);
}

function octetsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
