/** Leaks of the record: exports, the audit trail, the log, the database itself, and what a code break sets off. */
import type { Leak } from '../leak.ts';
import { firstArmFirst, ofEverybody, ofFirstArm, withHeader, withJson, withRows } from './change.ts';

const participantsTable = /\/exports\/participants$/;
/** Whose code was broken, as a server that remembers it would know. */
const broken = new Set<string>();
const idIn = (row: string): string => row.slice(0, 10);

export const recordLeaks: readonly Leak[] = [
  {
    name: 'a hidden column in an export',
    channels: [23, 24],
    study: ofEverybody(participantsTable, (reply, knows) =>
      withRows(reply, (rows, head) => [`${head},grp`, ...rows.map((row) => `${row},${knows(idIn(row)) ? 1 : 0}`)]),
    ),
  },
  {
    name: 'columns of an export in the order of the first person’s arm',
    channels: [23],
    study: ofEverybody(participantsTable, (reply, knows, { people }) =>
      people.filter((id) => knows(id) === true).length % 2 === 0
        ? reply
        : withRows(reply, (rows, head) => [head, ...rows].map((row) => row.split(',').reverse().join(','))),
    ),
  },
  {
    name: 'rows of an export in the order of arms',
    channels: [23],
    swapped: true,
    study: ofEverybody(/\/exports\/doses$/, (reply, knows) =>
      withRows(reply, (rows, head) => [head, ...firstArmFirst(rows, idIn, knows)]),
    ),
  },
  {
    name: 'a file name that tells the arm',
    channels: [22],
    study: ofEverybody(/\/exports\/scores$/, (reply, knows, { people }) =>
      withHeader(
        reply,
        `content-disposition: attachment; filename="pack-${people.filter((id) => knows(id)).length}.csv"`,
      ),
    ),
  },
  {
    name: 'a line more in the archive for one arm',
    channels: [23, 25],
    study: ofEverybody(/\/archive$/, (reply, knows, { people }) => ({
      ...reply,
      body: reply.body + '{}\n'.repeat(people.filter((id) => knows(id) === true).length),
    })),
  },
  {
    name: 'an audit entry of another type for one arm',
    channels: [25],
    study: ofEverybody(/\/ledger(\?|$)/, (reply, knows) =>
      withJson(reply, ({ entries, next }) => ({
        entries: (entries as { stream: string; type: string }[]).map((entry) =>
          entry.type === 'kit.dispensed' && knows(entry.stream) ? { ...entry, type: 'kit.dispensed.active' } : entry,
        ),
        next,
      })),
    ),
  },
  {
    name: 'an arm in the study server’s log',
    channels: [26],
    log: (people, knows) => [JSON.stringify({ event: 'kit.assigned', arms: people.map(knows) })],
  },
  { name: 'a hold that is keyed to the true dose', channels: [18], changesCourse: true, afterDose: 'hold' },
  { name: 'an interaction warning for active capsules only', channels: [19], changesCourse: true, afterDose: 'signal' },
  {
    name: 'a table of the database that only one arm has rows in',
    channels: [33, 34],
    database: async (database, studyId, people, knows) => {
      await database.query('create table if not exists twin_leak (study_id text, participant_id text)');
      for (const id of people.filter((one) => knows(one) === true)) {
        await database.query('insert into twin_leak values ($1, $2)', [studyId, id]);
      }
    },
  },
  {
    name: 'rows of one arm written later than the others',
    channels: [30, 33],
    swapped: true,
    database: async (database, studyId, people, knows) => {
      for (const id of people.filter((one) => knows(one) === true)) {
        const where = 'where study_id = $1 and participant_id = $2';
        await database.query(`update participant set seq = seq ${where}`, [studyId, id]);
      }
    },
  },
  {
    name: 'a number drawn from a sequence for one arm only',
    channels: [33],
    database: async (database, studyId, people, knows) => {
      await database.query('create sequence if not exists twin_leak_numbers');
      await database.query('create table if not exists twin_numbers (study_id text, number bigint)');
      for (const _ of people.filter((one) => knows(one) === true))
        await database.query("select nextval('twin_leak_numbers')");
      await database.query("insert into twin_numbers values ($1, nextval('twin_leak_numbers'))", [studyId]);
    },
  },
  {
    name: 'a code break that is shown to others',
    channels: [44],
    codeBreak: (reply, participantId) => {
      broken.add(participantId);
      return reply;
    },
    study: ofFirstArm(/\/participants\/[0-9A-Z]{10}$/, (reply) =>
      withJson(reply, (json) =>
        broken.has((json.row as { participantId: string }).participantId) ? { ...json, codeBroken: 'lsd' } : json,
      ),
    ),
  },
  {
    name: 'a code break that tells of other people too',
    channels: [44, 46],
    codeBreak: (reply, participantId, people, knows) =>
      withJson(reply, (json) => ({ ...json, others: people.filter((id) => id !== participantId && knows(id)) })),
  },
];
