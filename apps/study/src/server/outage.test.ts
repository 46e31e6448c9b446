import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import pg from 'pg';
import { enrolSubject, refusalOf, type Subject, startTestHouse, type TestHouse } from '../test-house.ts';

let house: TestHouse;
let subject: Subject;

before(async () => {
  house = await startTestHouse();
  subject = await enrolSubject(house);
});
after(() => house.close());

function report() {
  return {
    type: 'reportAdverseEvent',
    commandId: house.commandId(),
    term: 'Headache',
    onset: '2026-03-02',
    ongoing: false,
    grade: 1,
    serious: false,
  };
}

/** Runs statements as the administrator of the cluster, from outside the database under test. */
async function asAdministrator(...statements: string[]): Promise<void> {
  const { connectionString: own, name } = house.database;
  const client = new pg.Client({ connectionString: own.replace(`/${name}`, '/postgres') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('a database that is not there', () => {
  it('gives one neutral problem for every act, and all is well when it is back', async () => {
    const { name } = house.database;
    const body = report();
    await asAdministrator(
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    const refused = await refusalOf(subject.call(routes.reportAdverseEvent, { params: subject.params, body }));
    assert.equal(refused.status, 503);
    assert.equal(refused.code, 'unavailable');
    const ready = await fetch(`${house.server.address}/ready`);
    assert.equal(ready.status, 503);
    assert.equal((await fetch(`${house.server.address}/health`)).status, 200);
    await asAdministrator(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    const receipt = await subject.call(routes.reportAdverseEvent, { params: subject.params, body });
    assert.equal(receipt.accepted, true);
    assert.equal((await fetch(`${house.server.address}/ready`)).status, 200);
  });
});

describe('a disk that is full', () => {
  it('refuses the act whole, reads go on, and the same act succeeds afterwards', async () => {
    const client = new pg.Client({ connectionString: house.database.connectionString });
    await client.connect();
    try {
      // What PostgreSQL raises when it cannot extend a file, raised where the write path writes its last rows.
      await client.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`);
      await client.query('CREATE TRIGGER full_disk BEFORE INSERT ON adverse_event EXECUTE FUNCTION full_disk()');
      const count = async () => (await client.query('SELECT count(*)::integer AS n FROM ledger')).rows[0].n;
      const before = await count();
      const body = report();
      const refused = await refusalOf(subject.call(routes.reportAdverseEvent, { params: subject.params, body }));
      assert.equal(refused.code, 'unavailable');
      assert.equal(await count(), before);
      const { status } = await subject.call(routes.today, { params: subject.params });
      assert.equal(status, 'randomised');
      await client.query('DROP TRIGGER full_disk ON adverse_event');
      const receipt = await subject.call(routes.reportAdverseEvent, { params: subject.params, body });
      assert.equal(receipt.accepted, true);
    } finally {
      await client.end();
    }
  });
});

describe('acts that share a transaction', () => {
  it('succeed although one among them fails', async () => {
    const client = new pg.Client({ connectionString: house.database.connectionString });
    await client.connect();
    try {
      const others = await Promise.all(Array.from({ length: 6 }, () => enrolSubject(house)));
      // A fault of one row that no rule foresaw: what PostgreSQL raises is not an outage.
      await client.query(`CREATE FUNCTION bad_term() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.term = 'Unforeseen' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`);
      await client.query(
        'CREATE TRIGGER bad_term BEFORE INSERT ON adverse_event FOR EACH ROW EXECUTE FUNCTION bad_term()',
      );
      const outcomes = await Promise.all(
        [...others, subject].map(async ({ call, params }) => {
          const term = params.participantId === subject.participantId ? 'Unforeseen' : 'Headache';
          return call(routes.reportAdverseEvent, { params, body: { ...report(), term } }).then(
            () => 'accepted',
            (error) => error.problem.code,
          );
        }),
      );
      assert.deepEqual(outcomes, [...others.map(() => 'accepted'), 'internal']);
      await client.query('DROP TRIGGER bad_term ON adverse_event');
    } finally {
      await client.end();
    }
  });
});
