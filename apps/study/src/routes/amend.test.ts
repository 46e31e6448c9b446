import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import type { ProtocolInput } from '@limen/protocol';
import pg from 'pg';
import { openDatabase } from '../data/database.ts';
import { replayDatabase } from '../record/replay.ts';
import {
  answersTo,
  consentBody,
  enrolSubject,
  inviteSubject,
  libraryFolder,
  type Person,
  refusalOf,
  type Subject,
  screenAndConsent,
  signIn,
  startTestHouse,
  type TestHouse,
  testProtocol,
} from '../test-house.ts';

const dayMs = 86_400_000;
let house: TestHouse;
let original: ProtocolInput;
let params: { studyId: string };
let subject: Subject;
let staying: Subject;
let team: Record<'investigator' | 'coordinator' | 'monitor', Person>;

before(async () => {
  house = await startTestHouse();
  params = { studyId: house.studyId };
  original = JSON.parse(await readFile(path.join(libraryFolder, `${testProtocol}.json`), 'utf8'));
  subject = await enrolSubject(house);
  staying = await enrolSubject(house);
  await letPass(0);
});

/** Sessions of the team end overnight. */
async function letPass(days: number): Promise<void> {
  house.now += days * dayMs;
  const [investigator, coordinator, monitor] = await Promise.all([
    signIn(house, 'investigator'),
    signIn(house, 'coordinator'),
    signIn(house, 'monitor'),
  ]);
  team = { investigator, coordinator, monitor };
}
after(() => house.close());

/** The study with a capsule every fourth day, told of in a consent text of its own. */
function slower(version = '2.0.0'): ProtocolInput {
  const newest = original.consent.at(-1);
  assert.ok(newest);
  return {
    ...original,
    version,
    dosing: { ...original.dosing, regimen: { kind: 'everyNDays', n: 4 } },
    consent: [...original.consent, { ...newest, version: '7.0' }],
    identity: {
      ...original.identity,
      versions: [
        { version: original.version, changes: 'The first version.', substantial: false },
        { version, changes: 'Capsules are taken every fourth day instead of every third.', substantial: true },
      ],
    },
  };
}

const adopt = (document: unknown, more: Record<string, unknown> = {}, by?: Person) =>
  (by ?? team.investigator).call(routes.amendProtocol, {
    params,
    body: {
      commandId: house.commandId(),
      text: typeof document === 'string' ? document : JSON.stringify(document),
      replaces: original.version,
      reconsent: true,
      reason: 'Fewer capsules are enough',
      ...more,
    },
  });

const doseDays = async (person: Subject) =>
  (await person.call(routes.today, { params: person.params })).schedule
    .filter(({ kind }) => kind === 'dose')
    .map(({ studyDay }) => studyDay);

describe('an amendment', () => {
  it('is refused where the document is broken, touches what was committed, or asks again with an old text', async () => {
    await house.stepUp(team.investigator);
    const broken = await refusalOf(adopt('{"format":'));
    assert.equal(broken.code, 'invalid_protocol');
    const [arm, ...others] = slower().arms;
    assert.ok(arm);
    const heavier = await refusalOf(adopt({ ...slower(), arms: [{ ...arm, weight: 3 }, ...others] }));
    assert.equal(heavier.code, 'amendment_not_possible');
    assert.deepEqual(
      heavier.problems?.map(({ path: place }) => place),
      ['arms'],
    );
    const sameText = await refusalOf(adopt({ ...slower(), consent: original.consent }));
    assert.deepEqual(
      sameText.problems?.map(({ code }) => code),
      ['consent_not_later'],
    );
    const sameVersion = await refusalOf(adopt({ ...slower(original.version) }));
    assert.ok(sameVersion.problems?.some(({ code }) => code === 'version_not_later'));
    const { versions } = await team.monitor.call(routes.protocolVersions, { params });
    assert.deepEqual(
      versions.map(({ version, people }) => [version, people]),
      [[original.version, 2]],
    );
  });

  it('takes an investigator who has just signed in again', async () => {
    const refused = await refusalOf(adopt(slower(), {}, team.coordinator));
    assert.equal(refused.status, 403);
  });

  it('changes nothing for who has not consented to it, and asks', async () => {
    const before = await doseDays(subject);
    const commandId = house.commandId();
    await house.stepUp(team.investigator);
    const adopted = await adopt(slower(), { commandId });
    assert.equal(adopted.version, '2.0.0');
    assert.equal(adopted.study.protocolVersion, '2.0.0');
    assert.deepEqual(await adopt(slower(), { commandId }), adopted, 'the same request again gives the same answer');
    assert.deepEqual(await adopt(slower()), adopted, 'and so does the same amendment under another id');
    assert.equal((await refusalOf(adopt(slower('2.1.0')))).code, 'protocol_changed', 'it was made of an older version');
    assert.deepEqual(await doseDays(subject), before);
    const today = await subject.call(routes.today, { params: subject.params });
    assert.deepEqual(today.reconsent, {
      protocolVersion: '2.0.0',
      consentVersion: '7.0',
      changes: 'Capsules are taken every fourth day instead of every third.',
    });
    const { versions, reconsentDue } = await team.coordinator.call(routes.protocolVersions, { params });
    assert.deepEqual(
      versions.map(({ version, people, reconsent, adoptedBy }) => [version, people, reconsent, adoptedBy]),
      [
        [original.version, 2, false, null],
        ['2.0.0', 0, true, 'investigator'],
      ],
    );
    assert.equal(reconsentDue, 2);
  });

  it('counts from the day after the new consent, and what was recorded before stays as it was', async () => {
    await letPass(5);
    const { schedule, consent } = await subject.call(routes.today, { params: subject.params });
    const due = schedule.find(({ status, instrument }) => status === 'due' && instrument !== null);
    assert.ok(due);
    const submit = async (person: Subject, occurrence: string, instrument: string, instrumentVersion: string) =>
      person.call(routes.submit, {
        params: person.params,
        body: {
          type: 'submit',
          commandId: house.commandId(),
          occurrence,
          instrument,
          instrumentVersion,
          answers: answersTo(instrument),
        },
      });
    await submit(subject, due.occurrence, due.instrument ?? '', due.instrumentVersion ?? '');
    await subject.call(routes.consent, { params: subject.params, body: consentBody(house.commandId(), consent) });
    const days = await doseDays(subject);
    const today = await subject.call(routes.today, { params: subject.params });
    assert.equal(today.reconsent, null);
    const consentDay = 6;
    const old = (await doseDays(staying)).filter((day) => day <= consentDay);
    assert.deepEqual(
      days.filter((day) => day <= consentDay),
      old,
    );
    const later = days.filter((day) => day > consentDay);
    const gaps = later.slice(1).map((day, index) => day - (later[index] ?? 0));
    assert.ok(gaps.length > 2 && gaps.every((gap) => gap === 4), `every fourth day: ${later}`);
    assert.equal(today.schedule.find(({ occurrence }) => occurrence === due.occurrence)?.status, 'done');
    const detail = await team.coordinator.call(routes.participant, { params: subject.params });
    assert.deepEqual([detail.protocolVersion, detail.reconsentDue], [original.version, false], 'until tomorrow');
    await letPass(1);
    const next = await team.coordinator.call(routes.participant, { params: subject.params });
    assert.equal(next.protocolVersion, '2.0.0');
    const stayed = await team.coordinator.call(routes.participant, { params: staying.params });
    assert.deepEqual([stayed.protocolVersion, stayed.reconsentDue], [original.version, true]);
  });

  it('is what new people begin with', async () => {
    const fresh = await inviteSubject({ ...house, staff: { ...house.staff, ...team } });
    await screenAndConsent(house, fresh);
    const { versions } = await team.coordinator.call(routes.protocolVersions, { params });
    assert.deepEqual(
      versions.map(({ people }) => people),
      [1, 2],
    );
  });

  it('reaches everybody on the next day where no new consent is needed, but not past one that is awaited', async () => {
    await house.stepUp(team.investigator);
    const label = { ...slower('2.0.1'), shortTitle: 'A clearer title' };
    await adopt(label, { replaces: '2.0.0', reconsent: false, reason: 'A clearer title' });
    await letPass(1);
    const detail = await team.coordinator.call(routes.participant, { params: subject.params });
    assert.equal(detail.protocolVersion, '2.0.1');
    const stayed = await team.coordinator.call(routes.participant, { params: staying.params });
    assert.equal(stayed.protocolVersion, original.version);
  });

  it('can be read in every version, and the overview counts by everybody’s own calendar', async () => {
    const { monitor } = team;
    const first = await monitor.call(routes.studyProtocol, { params, query: { version: original.version } });
    const newest = await monitor.call(routes.studyProtocol, { params });
    assert.deepEqual([first.protocol.version, newest.protocol.version], [original.version, '2.0.1']);
    const none = monitor.call(routes.studyProtocol, { params, query: { version: '9.9.9' } });
    assert.equal((await refusalOf(none)).code, 'unknown_version');
    const overview = await monitor.call(routes.studyOverview, { params });
    const rows = await team.coordinator.call(routes.participants, { params, query: {} });
    const due = rows.participants.reduce((sum, row) => sum + row.dosesDue, 0);
    assert.equal(overview.adherence.dosesDue, due);
  });

  it('is in the record: another document in its place is found', async () => {
    const database = openDatabase(house.database.connectionString, { connections: 2 });
    const sound = await replayDatabase(database);
    assert.deepEqual(sound.differences, []);
    const pool = new pg.Pool({ connectionString: house.database.connectionString, max: 1 });
    await pool.query('UPDATE amendment SET protocol = $1 WHERE version = $2', [
      JSON.stringify(slower('2.0.9')),
      '2.0.0',
    ]);
    await pool.end();
    const tampered = await replayDatabase(database);
    await database.close();
    assert.deepEqual(
      tampered.differences.map(({ table, key }) => [table, key]),
      [['protocol', `${house.studyId}/2.0.0`]],
    );
  });
});
