/** A person's own entries as files to keep: everything the server holds of what they recorded, and nothing of a capsule. Pure. */
import type { History, Today } from '../server/answers.ts';

/** Indented JSON: the study, and the entries as they are recorded, oldest first. */
export function ownDataAsJson(history: History, today: Today): string {
  const { studyTitle, studyId, participantId, timeZone, startDate } = today;
  const entries = oldestFirst(history).map(({ eventId: _, ...entry }) => entry);
  return `${JSON.stringify({ studyTitle, studyId, participantId, timeZone, startDate, entries }, null, 2)}\n`;
}

const columns = ['at', 'type', 'label', 'occurrence', 'timing', 'item', 'answer'] as const;

/** RFC 4180, one line for each answer; an entry without answers has one line. UTF-8, times in UTC. */
export function ownDataAsCsv(history: History): string {
  const lines = oldestFirst(history).flatMap(({ at, type, label, occurrence, timing, answers }) => {
    const entry = [at, type, label, occurrence ?? '', timing ?? ''];
    const given = Object.entries(answers ?? {});
    if (given.length === 0) return [[...entry, '', '']];
    return given.map(([item, answer]) => [...entry, item, Array.isArray(answer) ? answer.join('; ') : String(answer)]);
  });
  return [[...columns], ...lines].map((line) => `${line.map(cellOf).join(',')}\r\n`).join('');
}

const oldestFirst = (history: History) => [...history].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/** A leading = + - @ would be run by a spreadsheet; a plain number is left as it is. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
