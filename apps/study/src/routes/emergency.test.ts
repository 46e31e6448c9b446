import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { enrolSubject, inviteSubject, refusalOf, type Subject, startTestHouse, type TestHouse } from '../test-house.ts';

let house: TestHouse;
let subject: Subject;

before(async () => {
  house = await startTestHouse({ limits: { factsEveryMs: 20 } });
  subject = await enrolSubject(house);
});
after(() => house.close());

const fact = (seq: number, kind: string, participantId = subject.participantId) => ({
  ...{ seq: String(seq).padStart(12, '0'), studyId: house.studyId, participantId, kind },
  at: new Date(house.now).toISOString(),
});

async function until(true_: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await true_()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not come about');
}

const detail = () => house.staff.investigator.call(routes.participant, { params: subject.params });
const params = () => ({ studyId: house.studyId });

describe('a code break as the study server hears it', () => {
  it('is recorded once, stops capsules, tells the team, and holds nothing of the treatment', async () => {
    house.vault.facts = [fact(1, 'emergency'), fact(2, 'planned', 'ZZZZZZZZZZ')];
    await until(async () => (await detail()).codeBreaks.length === 1);
    house.vault.facts = [...house.vault.facts, fact(3, 'planned')];
    await until(async () => (await detail()).codeBreaks.length === 2);
    const { codeBreaks, cardNumber, row } = await detail();
    assert.equal(cardNumber, row.kit);
    assert.equal(Date.parse(codeBreaks[0]?.reportDueAt ?? '') - Date.parse(codeBreaks[0]?.at ?? ''), 24 * 3_600_000);
    const { entries } = await house.staff.monitor.call(routes.timeline, { params: subject.params });
    const types = entries.map(({ type }) => type).filter((type) => /code|dosing|signal/.test(type));
    assert.deepEqual(types, ['code.broken', 'dosing.stopped', 'signal.raised', 'code.broken', 'signal.raised']);
    const { signals } = await house.staff.investigator.call(routes.signals, { params: params() });
    assert.equal(signals.length, 2);
    assert.doesNotMatch(JSON.stringify([entries, signals]), /placebo|lsd-10/i);
  });

  it('is reported in writing by the team, with the own password', async () => {
    const { investigator } = house.staff;
    const said = { why: 'Seizure at home', whoKnows: 'The physician on call', impact: 'None for ratings so far' };
    const send = (channel: string) =>
      investigator.call(routes.reportUnblinding, {
        params: subject.params,
        body: { type: 'reportUnblinding', commandId: house.commandId(), channel, ...said },
      });
    house.now += 10 * 60_000;
    assert.equal((await refusalOf(send('codeBreak'))).code, 'step_up_required');
    await house.stepUp(investigator);
    await send('codeBreak');
    assert.deepEqual(
      (await detail()).codeBreaks.map(({ reported }) => reported),
      [true, false],
    );
    await send('participantTold');
    await send('codeBreak');
    assert.equal((await refusalOf(send('codeBreak'))).code, 'no_code_break_open');
  });

  it('takes no report that could say what was found', async () => {
    const { investigator } = house.staff;
    const said = { why: 'Seizure at home', whoKnows: 'The physician on call', impact: 'It was placebo, so none' };
    const body = { type: 'reportUnblinding', commandId: house.commandId(), channel: 'other', ...said };
    const { code, path } = await refusalOf(
      investigator.call(routes.reportUnblinding, { params: subject.params, body }),
    );
    assert.deepEqual([code, path], ['names_treatment', 'impact']);
  });

  it('cannot be made up by anybody: no route takes it', async () => {
    const reply = await fetch(
      `${house.server.address}/v1/studies/${house.studyId}/participants/${subject.participantId}/code-breaks`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${house.staff.investigator.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          type: 'noteCodeBreak',
          commandId: house.commandId(),
          kind: 'emergency',
          at: fact(9, 'x').at,
        }),
      },
    );
    assert.equal(reply.status, 404);
  });
});

describe('the way to a code break', () => {
  it('is open or closed, the same bytes whatever closes it, and the telephone stands beside it', async () => {
    house.vault.facts = [...house.vault.facts, fact(4, 'drill', '0000000000')];
    await until(async () => {
      const { lastDrillAt } = await house.staff.coordinator.call(routes.emergency, { params: params() });
      return lastDrillAt !== null;
    });
    const ask = () => house.staff.coordinator.call(routes.emergency, { params: params() });
    const whole = await ask();
    assert.equal(whole.open, true);
    assert.ok(whole.contacts.length > 0);
    const closed: string[] = [];
    for (const status of [500, 503, 409, 404]) {
      house.vault.failWith = status;
      closed.push(JSON.stringify(await ask()));
    }
    house.vault.failWith = null;
    assert.equal(new Set(closed).size, 1);
    assert.equal(JSON.parse(closed[0] ?? '{}').open, false);
    assert.equal(
      (await refusalOf(house.staff.statistician.call(routes.emergency, { params: params() }))).code,
      'forbidden',
    );
  });
});

describe('the card a participant carries', () => {
  it('is the same file whenever it is fetched, and says nothing of this participant but the number', async () => {
    const [one, again] = [
      await house.staff.coordinator.call(routes.walletCard, { params: subject.params }),
      await house.staff.pharmacist.call(routes.walletCard, { params: subject.params }),
    ];
    assert.equal(Buffer.from(one).subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual(one, again);
    const other = await inviteSubject(house);
    const early = house.staff.coordinator.call(routes.walletCard, { params: other.params });
    assert.equal((await refusalOf(early)).code, 'no_card_yet');
    const forbidden = house.staff.monitor.call(routes.walletCard, { params: subject.params });
    assert.equal((await refusalOf(forbidden)).code, 'forbidden');
  });
});

describe('after the lock', () => {
  it('a code break is kept in the study’s own stream: the participant’s takes nothing more', async () => {
    const { investigator, monitor } = house.staff;
    await house.stepUp(investigator);
    const body = { commandId: house.commandId(), reason: 'All done' };
    await investigator.call(routes.lockStudy, { params: params(), body });
    house.vault.facts = [...house.vault.facts, fact(5, 'emergency')];
    const kept = () => monitor.call(routes.ledgerEntries, { params: params(), query: { stream: 'study' } });
    await until(async () => (await kept()).entries.some(({ type }) => type === 'code.broken'));
    const { entries } = await kept();
    const noted = entries.filter(({ type }) => type === 'code.broken').map(({ data }) => data);
    assert.deepEqual(noted, [{ participantId: subject.participantId, kind: 'emergency', at: fact(5, '').at }]);
  });
});
