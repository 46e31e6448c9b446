import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import pg from 'pg';
import {
  answersTo,
  enrolSubject,
  inviteSubject,
  refusalOf,
  type Subject,
  screenAndConsent,
  startTestHouse,
  type TestHouse,
} from '../test-house.ts';

let house: TestHouse;
let pool: pg.Pool;
const hour = 3_600_000;

before(async () => {
  house = await startTestHouse({
    limits: { sessions: { idleMs: 1e12, staffMs: 1e12, participantMs: 1e12, stepUpMs: 1e12 } },
  });
  pool = new pg.Pool({ connectionString: house.database.connectionString, max: 2 });
});
after(async () => {
  await pool.end();
  await house.close();
});

async function entriesOf(subject: Subject): Promise<{ type: string }[]> {
  const { rows } = await pool.query('SELECT type FROM ledger WHERE stream = $1 ORDER BY seq', [subject.participantId]);
  return rows;
}

function nextMorning(): number {
  return (Math.floor(house.now / (24 * hour)) + 1) * 24 * hour + 7 * hour;
}

/** A participant with a check-in due now. */
async function withCheckInDue() {
  house.now = nextMorning();
  const subject = await enrolSubject(house);
  house.now += 11 * hour;
  const { schedule } = await subject.call(routes.today, { params: subject.params });
  const due = schedule.find(({ status, instrument }) => status === 'due' && instrument === 'daily-check-in');
  assert.ok(due !== undefined);
  return { subject, due };
}

type Due = { occurrence: string; instrument: string | null; instrumentVersion: string | null };

function submission(due: Due, commandId: string, more: Record<string, unknown> = {}) {
  return {
    type: 'submit',
    commandId,
    occurrence: due.occurrence,
    instrument: due.instrument,
    instrumentVersion: due.instrumentVersion,
    answers: answersTo(due.instrument ?? ''),
    ...more,
  };
}

describe('sending the same act again', () => {
  it('gives the first receipt again and writes nothing', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    const body = submission(due, house.commandId());
    const first = await subject.call(routes.submit, { params, body });
    const before = await entriesOf(subject);
    const again = await subject.call(routes.submit, { params, body });
    assert.deepEqual(again, first);
    assert.deepEqual(await entriesOf(subject), before);
  });

  it('counts a resend from the outbox as the same act though its moment of sending differs', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    const at = new Date(house.now).toISOString();
    const device = { occurredAt: at, sentAt: at, timeZone: 'Europe/Berlin' };
    const body = submission(due, house.commandId(), { device });
    const first = await subject.call(routes.submit, { params, body });
    const later = new Date(house.now + 1000).toISOString();
    const again = await subject.call(routes.submit, {
      params,
      body: { ...body, device: { ...device, sentAt: later } },
    });
    assert.deepEqual(again, first);
  });

  it('is one act when fifty copies arrive at once', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    const body = submission(due, house.commandId());
    const receipts = await Promise.all(Array.from({ length: 50 }, () => subject.call(routes.submit, { params, body })));
    assert.equal(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size, 1);
    const submitted = (await entriesOf(subject)).filter(({ type }) => type === 'answers.submitted');
    assert.equal(submitted.length, 1);
  });

  it('gives the same participant and the same code to an invitation that is repeated', async () => {
    const { coordinator } = house.staff;
    const body = { commandId: house.commandId(), siteId: 'main', timeZone: 'Europe/Berlin' };
    const params = { studyId: house.studyId };
    const first = await coordinator.call(routes.inviteParticipant, { params, body });
    assert.deepEqual(await coordinator.call(routes.inviteParticipant, { params, body }), first);
    const other = coordinator.call(routes.inviteParticipant, { params, body: { ...body, timeZone: 'Europe/Paris' } });
    assert.equal((await refusalOf(other)).code, 'conflict');
  });
});

describe('the same id with another content', () => {
  it('is refused as a conflict, kept whole and shown to the team, once', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    const body = submission(due, house.commandId());
    await subject.call(routes.submit, { params, body });
    const changed = { ...body, answers: { ...answersTo('daily-check-in'), note: 'from another device' } };
    for (const _ of [1, 2, 3]) {
      const refused = await refusalOf(subject.call(routes.submit, { params, body: changed }));
      assert.equal(refused.code, 'conflict');
      assert.equal(refused.status, 409);
      assert.equal(refused.kept, true);
    }
    const { entries } = await house.staff.monitor.call(routes.keptEntries, { params: { studyId: house.studyId } });
    const kept = entries.filter(({ participantId }) => participantId === subject.participantId);
    assert.equal(kept.length, 1);
    const content = kept[0]?.content as typeof changed | undefined;
    assert.equal(content?.answers.note, 'from another device');
    assert.equal(content?.commandId, body.commandId);
  });
});

describe('an entry that cannot be accepted', () => {
  it('is refused by its code and kept when it comes after withdrawal', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    await subject.call(routes.withdraw, {
      params,
      body: { type: 'withdraw', commandId: house.commandId(), scope: 'study' },
    });
    const body = submission(due, house.commandId());
    const refused = await refusalOf(subject.call(routes.submit, { params, body }));
    assert.equal(refused.code, 'participant_withdrawn');
    assert.equal(refused.kept, true);
    assert.deepEqual(await refusalOf(subject.call(routes.submit, { params, body })), refused);
    assert.deepEqual(
      (await entriesOf(subject)).slice(-2).map(({ type }) => type),
      ['entry.kept', 'signal.raised'],
    );
  });

  it('is refused and not kept when its own shape is at fault, with the field named', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    const before = await entriesOf(subject);
    const outside = submission(due, house.commandId(), { answers: { ...answersTo('daily-check-in'), mood: 101 } });
    const refused = await refusalOf(subject.call(routes.submit, { params, body: outside }));
    assert.equal(refused.status, 422);
    assert.equal(refused.code, 'answer_out_of_range');
    assert.match(refused.path ?? '', /mood/);
    assert.equal(refused.kept, undefined);
    assert.deepEqual(await entriesOf(subject), before);
    const far = new Date(house.now + 400 * 24 * hour).toISOString();
    const device = { occurredAt: far, sentAt: new Date(house.now).toISOString(), timeZone: 'Europe/Berlin' };
    const future = submission(due, house.commandId(), { device });
    assert.equal((await refusalOf(subject.call(routes.submit, { params, body: future }))).code, 'time_in_future');
    assert.ok(!(await entriesOf(subject)).some(({ type }) => type === 'answers.submitted'));
  });

  it('is kept with an urgent signal when a capsule is taken while dosing is held', async () => {
    const subject = await enrolSubject(house);
    const { params } = subject;
    const { schedule } = await subject.call(routes.today, { params });
    const dose = schedule.find(({ kind }) => kind === 'dose');
    house.now = Date.parse(dose?.opensAt ?? '') + hour;
    await house.staff.coordinator.call(routes.hold, {
      params,
      body: { type: 'hold', commandId: house.commandId(), reason: 'Blood pressure to be measured' },
    });
    const body = { type: 'recordDose', commandId: house.commandId(), occurrence: dose?.occurrence, outcome: 'taken' };
    const refused = await refusalOf(subject.call(routes.recordDose, { params, body }));
    assert.equal(refused.code, 'dosing_on_hold');
    assert.equal(refused.kept, true);
    const { signals } = await house.staff.investigator.call(routes.signals, {
      params: { studyId: house.studyId },
      query: { open: 'true' },
    });
    const raised = signals.find(
      ({ participantId, about }) => participantId === subject.participantId && about === body.commandId,
    );
    assert.equal(raised?.severity, 'urgent');
  });

  it('is refused the second time a capsule is recorded, and when the guess comes before the outcome', async () => {
    const subject = await enrolSubject(house);
    const { params } = subject;
    const { schedule } = await subject.call(routes.today, { params });
    const dose = schedule.find(({ kind }) => kind === 'dose');
    house.now = Date.parse(dose?.opensAt ?? '') + hour;
    const taken = { type: 'recordDose', occurrence: dose?.occurrence, outcome: 'taken' };
    await subject.call(routes.recordDose, { params, body: { ...taken, commandId: house.commandId() } });
    const twice = subject.call(routes.recordDose, { params, body: { ...taken, commandId: house.commandId() } });
    assert.equal((await refusalOf(twice)).code, 'dose_already_recorded');
    const guess = schedule.find(
      ({ activityId, studyDay }) => activityId === 'guess-capsule' && studyDay === dose?.studyDay,
    );
    assert.ok(guess !== undefined);
    house.now = Date.parse(guess.opensAt) + hour;
    const body = submission(guess, house.commandId());
    assert.equal((await refusalOf(subject.call(routes.submit, { params, body }))).code, 'guess_before_outcome');
  });

  it('is unknown where the participant or the study is', async () => {
    const { subject, due } = await withCheckInDue();
    const body = submission(due, house.commandId());
    const { investigator } = house.staff;
    const nobody = { ...subject.params, participantId: 'ZZZZZZZZZZ' };
    assert.equal(
      (await refusalOf(investigator.call(routes.submit, { params: nobody, body }))).code,
      'unknown_participant',
    );
    const wrong = { ...subject.params, studyId: 'second' };
    assert.equal((await refusalOf(investigator.call(routes.submit, { params: wrong, body }))).code, 'unknown_study');
    assert.equal((await refusalOf(subject.call(routes.submit, { params: wrong, body }))).code, 'unknown_study');
  });
});

describe('randomising', () => {
  it('asks the vault only for those who may be randomised, and says nothing of why it must wait', async () => {
    const subject = await inviteSubject(house);
    const { params } = subject;
    const startDate = new Date(house.now).toISOString().slice(0, 10);
    const asked = house.vault.asked.length;
    const early = house.staff.coordinator.call(routes.randomise, {
      params,
      body: { type: 'randomise', commandId: house.commandId(), startDate },
    });
    assert.equal((await refusalOf(early)).code, 'not_screened');
    assert.equal(house.vault.asked.length, asked);

    const ready = await readyToRandomise();
    const body = { type: 'randomise', commandId: house.commandId(), startDate };
    const before = await entriesOf(ready);
    house.vault.failWith = 500;
    const refused = await refusalOf(house.staff.coordinator.call(routes.randomise, { params: ready.params, body }));
    house.vault.failWith = null;
    assert.equal(refused.status, 503);
    assert.equal(refused.code, 'randomisation_waiting');
    assert.doesNotMatch(JSON.stringify(refused), /active|secret|vault/i);
    assert.deepEqual(await entriesOf(ready), before);
    const receipt = await house.staff.coordinator.call(routes.randomise, { params: ready.params, body });
    assert.deepEqual(
      receipt.events.map(({ type }) => type),
      ['participant.randomised'],
    );
    assert.doesNotMatch(JSON.stringify(receipt), /KIT-/);
    const { row } = await house.staff.pharmacist.call(routes.participant, { params: ready.params });
    assert.match(row.kit ?? '', /^KIT-/);
  });

  async function readyToRandomise(): Promise<Subject> {
    const subject = await inviteSubject(house);
    await screenAndConsent(house, subject);
    await house.stepUp(house.staff.investigator);
    await house.staff.investigator.call(routes.confirmEligibility, {
      params: subject.params,
      body: { type: 'confirmEligibility', commandId: house.commandId(), reason: 'Seen' },
    });
    return subject;
  }
});

describe('acts on one participant from many hands', () => {
  it('are all recorded, one after the other, in an unbroken chain', async () => {
    const subject = await enrolSubject(house);
    const { params } = subject;
    const onset = new Date(house.now).toISOString().slice(0, 10);
    const reports = Array.from({ length: 30 }, (_, index) => ({
      type: 'reportAdverseEvent',
      commandId: house.commandId(),
      term: `Headache ${index}`,
      onset,
      ongoing: false,
      grade: 1,
      serious: false,
    }));
    const receipts = await Promise.all(
      reports.map((body, index) =>
        (index % 2 === 0 ? subject : house.staff.coordinator).call(routes.reportAdverseEvent, { params, body }),
      ),
    );
    assert.equal(new Set(receipts.map(({ seq }) => seq)).size, reports.length);
    const { rows } = await pool.query('SELECT seq, previous, hash FROM ledger WHERE stream = $1 ORDER BY seq', [
      subject.participantId,
    ]);
    for (const [index, row] of rows.entries()) {
      assert.equal(row.seq, index + 1);
      if (index > 0) assert.equal(row.previous, rows[index - 1].hash);
    }
  });
});

describe('corrections', () => {
  it('keep the first answer in the record and show the corrected one', async () => {
    const { subject, due } = await withCheckInDue();
    const { params } = subject;
    const receipt = await subject.call(routes.submit, { params, body: submission(due, house.commandId()) });
    const submissionId = receipt.events[0]?.id;
    const body = {
      type: 'correct',
      commandId: house.commandId(),
      submissionId,
      item: 'mood',
      value: 61,
      reason: 'Typing slip',
    };
    await subject.call(routes.correct, { params, body });
    const { entries } = await house.staff.investigator.call(routes.timeline, { params, query: { limit: 500 } });
    const corrected = entries.find(({ type }) => type === 'answer.corrected');
    assert.equal(corrected?.data.to, 61);
    assert.notEqual(corrected?.data.from, 61);
    const { rows } = await pool.query('SELECT answers FROM submission WHERE submission_id = $1', [submissionId]);
    assert.equal(rows[0].answers.mood, 61);
  });
});
