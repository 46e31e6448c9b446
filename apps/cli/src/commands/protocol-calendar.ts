import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readProtocolFile, zoneOf } from './protocol-file.ts';

export const protocolCalendar: Command = {
  name: 'protocol calendar',
  summary: 'Compile the calendar of one participant; as a table, as data, or as an iCalendar file',
  usage: 'protocol calendar FILE --start DATE --zone ZONE [--seed TEXT] [--ics FILE] [--json]',
  takes: 1,
  options: {
    start: { type: 'string', value: 'DATE', help: 'First study day, such as 2027-01-04' },
    zone: { type: 'string', value: 'ZONE', help: 'IANA time zone of the participant' },
    seed: { type: 'string', value: 'TEXT', default: 'sample', help: 'What drawn days are drawn from' },
    ics: {
      type: 'string',
      value: 'FILE',
      help: 'Write a file for calendar programs; its words say nothing of a study',
    },
  },
  examples: [
    {
      line: 'protocol calendar protocols/lsd-10ug-every-third-day.json --start 2027-01-04 --zone Pacific/Auckland',
      says: 'Every capsule and every question of one person',
    },
  ],
  async run(given, terminal) {
    const [file] = given.positionals;
    const [start, zone] = [given.text('start'), given.text('zone')];
    if (file === undefined || start === undefined || zone === undefined) {
      const message = 'Name the protocol file, the first study day and the time zone.';
      throw new Failure('usage', message, 'See: limen protocol calendar --help');
    }
    const timeZone = zoneOf(zone);
    const protocol = await readProtocolFile(file);
    const { compileCalendar, findings, hasErrors, icalendar } = await import('@limen/protocol');
    if (hasErrors(findings(protocol))) {
      throw new Failure(
        'invalid_protocol',
        `${file} has errors and compiles to nothing.`,
        `See: limen protocol check ${file}`,
      );
    }
    const calendar = compileCalendar(protocol, {
      startDate: start,
      timeZone,
      drawSeed: given.text('seed') ?? 'sample',
    });
    const target = given.text('ics');
    if (target !== undefined) {
      const madeAt = new Date().toISOString();
      await writeFile(
        target,
        icalendar(calendar, { madeAt, uid: (id) => opaque(`${protocol.id} ${start} ${timeZone} ${id}`) }),
      );
    }
    terminal.result(calendar);
    if (!terminal.json) {
      const labels = new Map(protocol.activities.map(({ id, label }) => [id, label]));
      const timeOf = (instant: string) =>
        Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'minute' });
      for (const { date, studyDay, kind, activityId, doseNumber, opensAt, closesAt } of calendar.occurrences) {
        const what = kind === 'dose' ? `${protocol.dosing.unitLabel} ${doseNumber}` : labels.get(activityId);
        terminal.print(`${date}  day ${String(studyDay).padStart(3)}  ${timeOf(opensAt)}-${timeOf(closesAt)}  ${what}`);
      }
      const doses = calendar.occurrences.filter(({ kind }) => kind === 'dose').length;
      terminal.remark(
        `${doses} capsules until ${calendar.lastDate}${target === undefined ? '' : `; written to ${target}`}.`,
      );
    }
    return 0;
  },
};

const opaque = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);
