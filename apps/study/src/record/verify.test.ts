import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { checkpointPublicKey } from '@limen/ledger';
import pg from 'pg';
import { answersTo, enrolSubject, type Subject, startTestHouse, type TestHouse, testKeys } from '../test-house.ts';
import { verifyReplay } from './replay.ts';
import { verifyDatabase } from './verify.ts';

const hour = 3_600_000;
let house: TestHouse;
let pool: pg.Pool;
let url: string;
const publicKeys = [checkpointPublicKey(testKeys.checkpointKey)];

before(async () => {
  house = await startTestHouse({
    limits: { sessions: { idleMs: 1e12, staffMs: 1e12, participantMs: 1e12, stepUpMs: 1e12 } },
  });
  url = house.database.connectionString;
  pool = new pg.Pool({ connectionString: url, max: 2 });
  await recordSomething();
});
after(async () => {
  await pool.end();
  await house.close();
});

/** Several participants with doses, answers, corrections, events, kept entries, and enough of them to store states anew. */
async function recordSomething(): Promise<void> {
  const subjects = [await enrolSubject(house), await enrolSubject(house)];
  for (let day = 0; day < 12; day += 1) {
    for (const subject of subjects) await doWhatIsDue(subject);
    house.now += 10 * hour;
    // The guess of a day comes due when the ratings are in: hence twice.
    for (const subject of [...subjects, ...subjects]) await doWhatIsDue(subject);
    house.now += 14 * hour;
  }
  const [first] = subjects;
  assert.ok(first !== undefined);
  const { params } = first;
  const severe = { term: 'Fainting', onset: '2026-03-04', ongoing: true, grade: 4, serious: true };
  const body = { type: 'reportAdverseEvent', commandId: house.commandId(), ...severe };
  await first.call(routes.reportAdverseEvent, { params, body });
  await first.call(routes.reportAdverseEvent, { params, body: { ...body, term: 'Dizziness' } }).catch(() => undefined);
  const { signals } = await house.staff.coordinator.call(routes.signals, { params: { studyId: house.studyId } });
  await house.staff.coordinator.call(routes.acknowledgeSignal, {
    params: { studyId: house.studyId, signalId: signals[0]?.signalId ?? '' },
    body: { commandId: house.commandId(), disposition: 'Called and examined' },
  });
  await house.staff.monitor.call(routes.takeCheckpoint, { params: { studyId: house.studyId } });
}

async function doWhatIsDue({ call, params }: Subject): Promise<void> {
  const { schedule } = await call(routes.today, { params });
  for (const item of schedule.filter(({ status }) => status === 'due' || status === 'late')) {
    const common = { commandId: house.commandId(), occurrence: item.occurrence };
    if (item.kind === 'dose') {
      const outcome = item.studyDay % 2 === 0 ? 'taken' : 'missed';
      await call(routes.recordDose, { params, body: { type: 'recordDose', ...common, outcome } });
      continue;
    }
    const { instrument, instrumentVersion } = item;
    const answers = answersTo(instrument ?? '');
    const body = { type: 'submit', ...common, instrument, instrumentVersion, answers };
    const { events } = await call(routes.submit, { params, body });
    if (instrument !== 'treatment-guess') continue;
    const correction = { submissionId: events[0]?.id, item: 'guess', value: 'placebo', reason: 'Changed my mind' };
    await call(routes.correct, { params, body: { type: 'correct', commandId: house.commandId(), ...correction } });
  }
}

/** Changes one thing behind the server's back, as somebody with the database's own password could, and undoes it. */
async function tampered<T>(table: string, where: string, set: string, look: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`CREATE TEMP TABLE untouched AS SELECT * FROM ${table} WHERE ${where}`);
    await client.query('SET session_replication_role = replica');
    await client.query(`UPDATE ${table} SET ${set} WHERE ${where}`);
    const seen = await look();
    await client.query(`DELETE FROM ${table} t WHERE EXISTS (SELECT 1 FROM untouched u WHERE u.ctid IS NOT NULL
      AND t.study_id = u.study_id ${table === 'ledger' ? 'AND t.stream = u.stream AND t.seq = u.seq' : 'AND t.participant_id = u.participant_id'})`);
    await client.query(`INSERT INTO ${table} SELECT * FROM untouched`);
    return seen;
  } finally {
    await client.query('DROP TABLE IF EXISTS untouched').catch(() => undefined);
    await client.query('SET session_replication_role = origin').catch(() => undefined);
    client.release();
  }
}

describe('the record in the database', () => {
  it('verifies, and folds again into exactly the tables that are there', async () => {
    const report = await verifyDatabase(url, { publicKeys });
    assert.deepEqual(report.faults, []);
    assert.deepEqual(report.replay.differences, []);
    assert.equal(report.ok, true);
    assert.ok(report.entries > 60 && report.checkpoints >= 1);
    const { rows } = await pool.query('SELECT count(*)::integer AS n FROM participant WHERE state_seq < seq');
    assert.ok(rows[0].n > 0, 'no stored state is behind its stream, so folding onto one is not tried');
    const stored = await pool.query('SELECT count(*)::integer AS n FROM guess WHERE guess = $1', ['placebo']);
    assert.ok(stored.rows[0].n > 0);
  });

  it('refuses change, removal and emptying, whoever asks', async () => {
    for (const sql of [
      "UPDATE ledger SET type = 'x'",
      'UPDATE ledger SET payload = NULL, salt = NULL',
      'DELETE FROM ledger',
      'TRUNCATE ledger',
      'UPDATE checkpoint SET root = previous',
      'DELETE FROM checkpoint',
      'TRUNCATE checkpoint',
    ]) {
      await assert.rejects(pool.query(sql), /append-only/, sql);
    }
  });

  it('lets content be erased within a transaction that says so, and nothing else with it', async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query("SET LOCAL limen.erasure = 'on'");
      await client.query("UPDATE ledger SET payload = NULL, salt = NULL WHERE type = 'dose.missed'");
      await client.query('SAVEPOINT more');
      await assert.rejects(
        client.query("UPDATE ledger SET payload = NULL, salt = NULL, type = 'x' WHERE type = 'answers.submitted'"),
        /append-only/,
      );
      await client.query('ROLLBACK TO more');
      await assert.rejects(
        client.query("UPDATE ledger SET payload = '{}' WHERE type = 'answers.submitted'"),
        /append-only/,
      );
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('names the position of one changed character, in any column of any entry', async () => {
    const { rows } = await pool.query(
      'SELECT study_id, stream, seq, row_number() OVER (ORDER BY study_id, stream, seq) AS n FROM ledger',
    );
    const columns = [
      'event_id',
      'type',
      'actor_id',
      'actor_role',
      'cause',
      'commitment',
      'previous',
      'hash',
      'salt',
      'payload',
    ];
    const step = 9;
    for (const row of rows.filter((_, index) => index % step === 0)) {
      const column = columns[Number(row.n) % columns.length] ?? 'hash';
      const { study_id: studyId, stream, seq } = row;
      const where = `study_id = '${studyId}' AND stream = '${stream}' AND seq = ${seq}`;
      const flip = `${column} = overlay(${column} placing (CASE WHEN substr(${column}, 5, 1) = 'a' THEN 'b' ELSE 'a' END) from 5)`;
      const report = await tampered('ledger', where, flip, () => verifyDatabase(url, { publicKeys }));
      assert.equal(report.ok, false, `${column} of ${where}`);
      const named = report.faults.some((fault) => fault.stream === stream && fault.seq === seq);
      assert.ok(named, `${column} of ${where}: ${JSON.stringify(report.faults.slice(0, 3))}`);
    }
    assert.equal((await verifyDatabase(url, { publicKeys })).ok, true);
  });

  it('names the entry whose recorded time was moved', async () => {
    const where = "type = 'participant.randomised'";
    const { rows } = await pool.query(`SELECT stream, seq FROM ledger WHERE ${where}`);
    const moved = "recorded_at = recorded_at + interval '1 millisecond'";
    const report = await tampered('ledger', where, moved, () => verifyDatabase(url));
    for (const { stream, seq } of rows) {
      assert.ok(report.faults.some((fault) => fault.stream === stream && fault.seq === seq));
    }
  });
});

describe('the tables beside the record', () => {
  it('are found to differ, by table, row and column', async () => {
    const differences = await tampered('participant', 'true', 'doses_taken = doses_taken + 1', async () => {
      const report = await verifyReplay(url);
      assert.equal(report.ok, false);
      return report.differences;
    });
    assert.ok(differences.every(({ table, column }) => table === 'participant' && column === 'doses_taken'));
    assert.equal(differences.length, 2);
    assert.equal(Number(differences[0]?.stored), Number(differences[0]?.folded) + 1);
  });

  it('are found to lack or to have a row too many', async () => {
    await pool.query(
      "INSERT INTO dose SELECT study_id, 'ZZZZZZZZZZ', occurrence, study_day, outcome, taken_at, timing, reason, recorded_at FROM dose LIMIT 1",
    );
    const orphan = await verifyReplay(url);
    assert.ok(orphan.differences.some(({ table, key }) => table === 'dose' && key.includes('ZZZZZZZZZZ')));
    await pool.query("DELETE FROM dose WHERE participant_id = 'ZZZZZZZZZZ'");
    await pool.query('CREATE TABLE saved AS SELECT * FROM signal LIMIT 1');
    await pool.query('DELETE FROM signal WHERE signal_id IN (SELECT signal_id FROM saved)');
    const lacking = await verifyReplay(url);
    assert.ok(lacking.differences.some(({ table, stored }) => table === 'signal' && stored === null));
    await pool.query('INSERT INTO signal SELECT * FROM saved');
    await pool.query('DROP TABLE saved');
    assert.equal((await verifyReplay(url)).ok, true);
  });
});
