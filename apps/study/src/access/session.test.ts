import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import pg from 'pg';
import {
  inviteSubject,
  password,
  refusalOf,
  screeningBody,
  setupCode,
  signIn,
  startTestHouse,
  type TestHouse,
  testProtocol,
} from '../test-house.ts';

const minute = 60_000;
let house: TestHouse;
let pool: pg.Pool;

before(async () => {
  house = await startTestHouse({ limits: { signInFailuresPerLogin: 3, signInFailuresPerAddress: 6 } });
  pool = new pg.Pool({ connectionString: house.database.connectionString, max: 1 });
});
after(async () => {
  await pool.end();
  await house.close();
});

describe('a session of the study team', () => {
  it('ends after half an hour without a request and after twelve hours in any case', async () => {
    const { call } = await signIn(house, 'coordinator');
    house.now += 29 * minute;
    await call(routes.currentSession, {});
    house.now += 29 * minute;
    await call(routes.currentSession, {});
    house.now += 31 * minute;
    assert.equal((await refusalOf(call(routes.currentSession, {}))).code, 'not_signed_in');
    const active = await signIn(house, 'coordinator');
    for (let passed = 0; passed < 12 * 60 - 25; passed += 25) {
      await active.call(routes.currentSession, {});
      house.now += 25 * minute;
    }
    house.now += 25 * minute;
    assert.equal((await refusalOf(active.call(routes.currentSession, {}))).code, 'not_signed_in');
  });

  it('counts as freshly confirmed for five minutes', async () => {
    const administrator = await signIn(house, 'administrator');
    const body = { name: 'X', login: 'fresh', password, memberships: [] };
    assert.equal((await refusalOf(administrator.call(routes.createAccount, { body }))).code, 'step_up_required');
    await house.stepUp(administrator);
    house.now += 4 * minute;
    await administrator.call(routes.createAccount, { body });
    house.now += 2 * minute;
    const later = { ...body, login: 'fresh-two' };
    assert.equal((await refusalOf(administrator.call(routes.createAccount, { body: later }))).code, 'step_up_required');
  });
});

describe('a session of a participant', () => {
  it('lasts for half a year and accepts the code as people type it', async () => {
    house.staff.coordinator.call; // the first session is over by now
    const coordinator = await signIn(house, 'coordinator');
    Object.assign(house.staff.coordinator, coordinator);
    const subject = await inviteSubject(house);
    const typed = subject.code.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'o');
    await house.anonymous(routes.participantSignIn, { body: { code: typed } });
    house.now += 170 * 24 * 60 * minute;
    await subject.call(routes.today, { params: subject.params });
    house.now += 11 * 24 * 60 * minute;
    assert.equal((await refusalOf(subject.call(routes.today, { params: subject.params }))).code, 'not_signed_in');
  });
});

describe('a personal code', () => {
  const day = 24 * 60 * minute;
  const enter = (code: string) => house.anonymous(routes.participantSignIn, { body: { code } });
  const told = async (participantId: string) => {
    const sql = "SELECT message FROM signal WHERE participant_id = $1 AND rule = 'personal-code' ORDER BY raised_at";
    return (await pool.query(sql, [participantId])).rows.map(({ message }) => String(message));
  };
  const coordinator = async () => {
    const one = await signIn(house, 'coordinator');
    await house.stepUp(one);
    return one.call;
  };
  const invite = async () => {
    const { studyId } = house;
    const body = { commandId: house.commandId(), siteId: 'main', timeZone: 'Europe/Berlin' };
    const call = await coordinator();
    return { ...(await call(routes.inviteParticipant, { params: { studyId }, body })), call };
  };

  it('runs out thirty days after an invitation nobody answered; the team is told once, and a new one opens', async () => {
    const { participantId, code, expiresAt } = await invite();
    assert.equal(expiresAt, new Date(house.now + 30 * day).toISOString());
    house.now += 30 * day - minute;
    await enter(code);
    house.now += minute;
    assert.equal((await refusalOf(enter(code))).code, 'invitation_expired');
    assert.equal((await refusalOf(enter(code))).code, 'invitation_expired');
    const notices = await told(participantId);
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', /^Somebody came with this invitation after it had run out/);
    const params = { studyId: house.studyId, participantId };
    const body = { commandId: house.commandId(), reason: 'Was on a journey' };
    const call = await coordinator();
    const renewed = await call(routes.renewPersonalCode, { params, body });
    assert.deepEqual(await call(routes.renewPersonalCode, { params, body }), renewed);
    assert.equal(renewed.expiresAt, new Date(house.now + 30 * day).toISOString());
    assert.notEqual(renewed.code, code);
    const { token } = await enter(renewed.code);
    await house.as(token)(routes.screen, { params, body: screeningBody(house.commandId()) });
    house.now += 40 * day;
    await enter(renewed.code);
  });

  it('that was replaced opens nothing, closes every phone, and says to the team that somebody tried', async () => {
    const { participantId, code, call } = await invite();
    const params = { studyId: house.studyId, participantId };
    const { token } = await enter(code);
    await house.as(token)(routes.today, { params });
    const unsure = await signIn(house, 'coordinator');
    const body = { commandId: house.commandId(), reason: 'The phone was stolen' };
    assert.equal((await refusalOf(unsure.call(routes.renewPersonalCode, { params, body }))).code, 'step_up_required');
    const renewed = await call(routes.renewPersonalCode, { params, body });
    assert.equal((await refusalOf(house.as(token)(routes.today, { params }))).code, 'not_signed_in');
    assert.equal((await refusalOf(enter(code))).code, 'code_replaced');
    assert.equal((await told(participantId)).length, 1);
    const again = { commandId: house.commandId(), reason: 'And lost again' };
    const third = await call(routes.renewPersonalCode, { params, body: again });
    // The answer to the one before comes late: what it made has been replaced meanwhile.
    assert.deepEqual(await call(routes.renewPersonalCode, { params, body }), renewed);
    assert.equal((await refusalOf(enter(renewed.code))).code, 'code_replaced');
    assert.equal((await told(participantId)).length, 2);
    await enter(third.code);
    const { rows } = await pool.query(
      "SELECT payload::text AS facts FROM ledger WHERE stream = $1 AND type = 'personalCode.renewed'",
      [participantId],
    );
    assert.equal(rows.length, 2);
    assert.ok(rows.every(({ facts }) => !facts.includes(third.code) && !facts.includes(renewed.code)));
  });
});

describe('what is stored', () => {
  it('holds no token, password or code that could be used', async () => {
    const { token } = await signIn(house, 'monitor');
    const { rows } = await pool.query('SELECT encode(token_hash, $1) AS hash FROM session', ['hex']);
    assert.ok(rows.every(({ hash }) => hash.length === 64 && hash !== token));
    const accounts = await pool.query('SELECT password_hash FROM account');
    assert.ok(accounts.rows.every(({ password_hash: stored }) => /^argon2id\$v=19\$m=19456,t=2,p=1\$/.test(stored)));
    const person = await pool.query('SELECT sealed FROM person');
    assert.ok(person.rows.every(({ sealed }) => !sealed.toString('latin1').includes('A. Person')));
  });

  it('has every coming and going in the installation’s stream', async () => {
    const before = await types();
    const { call } = await signIn(house, 'monitor');
    await call(routes.stepUp, { body: { password } });
    await call(routes.signOut, {});
    const entries = (await types()).slice(before.length);
    assert.deepEqual(entries, ['session.opened', 'session.steppedUp', 'session.closed']);
  });

  async function types(): Promise<string[]> {
    const { rows } = await pool.query("SELECT type FROM ledger WHERE study_id = '_installation' ORDER BY seq");
    return rows.map(({ type }) => type);
  }
});

describe('signing in', () => {
  it('does not say whether there is such an account', async () => {
    const wrong = { password: 'not this one at all' };
    const known = await refusalOf(house.anonymous(routes.signIn, { body: { login: 'pharmacist', ...wrong } }));
    const unknown = await refusalOf(house.anonymous(routes.signIn, { body: { login: 'nobody-here', ...wrong } }));
    assert.deepEqual(unknown, known);
    assert.equal(known.code, 'sign_in_refused');
  });

  it('stops after a few failures for a login, and after some more for an address', async () => {
    const body = { login: 'statistician', password: 'not this one at all' };
    for (const _ of [1, 2, 3]) {
      assert.equal((await refusalOf(house.anonymous(routes.signIn, { body }))).code, 'sign_in_refused');
    }
    assert.equal((await refusalOf(house.anonymous(routes.signIn, { body }))).code, 'too_many_requests');
    await signIn(house, 'monitor');
    const code = 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A';
    assert.equal(
      (await refusalOf(house.anonymous(routes.participantSignIn, { body: { code } }))).code,
      'sign_in_refused',
    );
    assert.equal(
      (await refusalOf(house.anonymous(routes.participantSignIn, { body: { code } }))).code,
      'too_many_requests',
    );
  });
});

describe('the first run', () => {
  it('happens once and needs the code', async () => {
    const other = await startTestHouse();
    try {
      const body = {
        setupCode,
        name: 'Second',
        login: 'second-administrator',
        password,
        protocol: testProtocol,
        siteName: 'S',
        siteTimeZone: 'UTC',
      };
      assert.equal((await refusalOf(other.anonymous(routes.installationSetup, { body }))).code, 'already_set_up');
      const guessed = { ...body, setupCode: 'SETUP-0000' };
      assert.equal(
        (await refusalOf(other.anonymous(routes.installationSetup, { body: guessed }))).code,
        'sign_in_refused',
      );
    } finally {
      await other.close();
    }
  });
});
