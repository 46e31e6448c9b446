/** One changed character anywhere in the record, by somebody with the database's own password, is found and placed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { verifyDatabase } from '@limen/study';
import pg from 'pg';
import { enrol } from './enrol.ts';
import { type Installation, openInstallation } from './installation.ts';

type Row = Record<string, string | number | null> & { study_id: string; stream: string; seq: number };

/** Every column but the place of the row itself. */
const columns = [
  'payload',
  'salt',
  'commitment',
  'hash',
  'previous',
  'event_id',
  'type',
  'actor_id',
  'actor_role',
  'cause',
  'recorded_at',
] as const;
const flips = 30;
/** The sample is the same every time; another seed is another sample. */
const seed = 20_270_201;

let installation: Installation;
let client: pg.Client;

before(async () => {
  installation = await openInstallation();
  await enrol(installation, 6);
  // Signs a checkpoint over everything that is there.
  await installation.stopServer();
  client = new pg.Client({ connectionString: installation.databaseUrl });
  await client.connect();
  // Of this session alone: the triggers that keep the record append-only do not fire.
  await client.query('SET session_replication_role = replica');
});
after(async () => {
  await client.end();
  await installation.close();
});

/** Lehmer's generator with the multiplier 48271. */
function lehmer(state: number): (below: number) => number {
  let drawn = state;
  return (below) => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    return drawn % below;
  };
}

/** The text with one bit of one character turned over; the result is a character of the same class of text. */
function flipOne(text: string, place: number): string {
  const code = text.charCodeAt(place) ^ 1;
  return text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
}

async function write(row: Row, column: string, value: string): Promise<void> {
  await client.query(`UPDATE ledger SET ${column} = $4 WHERE study_id = $1 AND stream = $2 AND seq = $3`, [
    row.study_id,
    row.stream,
    row.seq,
    value,
  ]);
}

describe('a record that was tampered with', () => {
  it('names stream and number of the entry, whichever bit of whichever column was turned over', async () => {
    const publicKeys = await installation.publicKeys();
    const listed = columns.map((column) => (column === 'recorded_at' ? 'recorded_at::text' : column)).join(', ');
    const { rows } = await client.query<Row>(
      `SELECT study_id, stream, seq, ${listed} FROM ledger ORDER BY study_id, stream, seq`,
    );
    assert.equal((await verifyDatabase(installation.databaseUrl, { publicKeys })).ok, true);
    const draw = lehmer(seed);
    const seen = new Set<string>();
    for (let flip = 0; flip < flips; flip += 1) {
      const column = columns[flip % columns.length] ?? 'hash';
      const candidates = rows.filter((one) => typeof one[column] === 'string' && one[column] !== '');
      const row = candidates[draw(candidates.length)];
      assert.ok(row !== undefined, `no entry has a ${column}`);
      const before = String(row[column]);
      // Of a moment only the seconds' last digit: most other characters would make it no moment at all.
      const place = column === 'recorded_at' ? 18 : draw(before.length);
      await write(row, column, flipOne(before, place));
      const report = await verifyDatabase(installation.databaseUrl, { publicKeys });
      await write(row, column, before);
      const where = `seed ${seed}, flip ${flip}: ${column}[${place}] of ${row.stream} ${row.seq}`;
      assert.equal(report.ok, false, where);
      const named = report.faults.some(({ stream, seq }) => stream === row.stream && seq === row.seq);
      assert.ok(named, `${where}: ${JSON.stringify(report.faults.slice(0, 3))}`);
      seen.add(column);
    }
    assert.equal(seen.size, columns.length);
    const report = await verifyDatabase(installation.databaseUrl, { publicKeys });
    assert.deepEqual(report.faults, []);
    assert.ok(report.checkpoints > 0);
  });
});
