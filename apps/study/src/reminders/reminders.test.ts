import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { answersTo, enrolSubject, refusalOf, type Subject, startTestHouse, type TestHouse } from '../test-house.ts';
import { openMailSink, openPushSink } from './test-sinks.ts';

const revealing = /stud(y|ie)|trial|dose|capsule|kit|mood|psilo|lsd|limen|clinic|symptom|medic|micro/i;

let house: TestHouse;
let subject: Subject;
let mail: Awaited<ReturnType<typeof openMailSink>>;
let push: Awaited<ReturnType<typeof openPushSink>>;

before(async () => {
  [mail, push] = await Promise.all([openMailSink(), openPushSink()]);
  house = await startTestHouse({
    reminders: {
      pushSubject: 'mailto:someone@example.org',
      pushHosts: [push.origin],
      mail: { smtpUrl: mail.url, from: 'reminder@example.org' },
    },
    limits: {
      remindEveryMs: 3_600_000,
      sessions: { idleMs: 1e12, staffMs: 1e12, participantMs: 1e12, stepUpMs: 1e12 },
    },
  });
  subject = await enrolSubject(house);
});
after(async () => {
  await house.close();
  await Promise.all([mail.close(), push.close()]);
});

/** The clock of the person's own zone, Europe/Berlin in March before the change: UTC+1. */
const at = (day: number, hour: number) => {
  house.now = Date.parse('2026-03-02T00:00:00.000Z') + (day - 1) * 86_400_000 + (hour - 1) * 3_600_000;
};

const wish = { hour: 18, quietFrom: 21, quietUntil: 7, language: 'en' as const };
const own = () => ({ params: subject.params });
const choose = (body: object) => subject.call(routes.setReminders, { ...own(), body: { ...wish, ...body } });
const phone = (name: string) => {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const keys = { p256dh: pair.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') };
  return subject.call(routes.subscribePush, { ...own(), body: { endpoint: `${push.origin}/${name}`, keys } });
};

/** Does whatever the day asks for. */
async function finishDay(): Promise<void> {
  const { schedule } = await subject.call(routes.today, own());
  for (const item of schedule.filter(({ status }) => status === 'due' || status === 'late')) {
    const common = { commandId: house.commandId(), occurrence: item.occurrence };
    if (item.kind === 'dose') {
      await subject.call(routes.recordDose, { ...own(), body: { type: 'recordDose', outcome: 'taken', ...common } });
    } else {
      const { instrument, instrumentVersion } = item;
      const answers = answersTo(instrument ?? '');
      const body = { type: 'submit', ...common, instrument, instrumentVersion, answers };
      await subject.call(routes.submit, { ...own(), body });
    }
  }
}

describe('a reminder', () => {
  it('by e-mail comes once a day, from the hour that was chosen, and tells nothing', async () => {
    await choose({ channel: 'email', email: 'someone@example.org' });
    at(2, 17);
    assert.equal(await house.server.remind(), 0, 'too early');
    at(2, 18);
    assert.equal(await house.server.remind(), 1);
    assert.equal(await house.server.remind(), 0, 'once');
    const [letter = ''] = mail.mails;
    assert.match(letter, /To: <?someone@example\.org>?/);
    assert.match(letter, /Subject: Reminder/);
    assert.doesNotMatch(letter, revealing);
    at(3, 19);
    assert.equal(await house.server.remind(), 1);
  });

  it('that could not be handed over is tried again a while later', async () => {
    at(4, 18);
    mail.state.refuses = true;
    assert.equal(await house.server.remind(), 0);
    mail.state.refuses = false;
    assert.equal(await house.server.remind(), 0);
    house.now += 16 * 60_000;
    assert.equal(await house.server.remind(), 1);
  });

  it('waits out the quiet hours and a snooze', async () => {
    at(5, 22);
    assert.equal(await house.server.remind(), 0);
    at(6, 18);
    await subject.call(routes.snoozeReminders, { ...own(), body: { minutes: 60 } });
    assert.equal(await house.server.remind(), 0);
    at(6, 19);
    assert.equal(await house.server.remind(), 1);
    await subject.call(routes.snoozeReminders, { ...own(), body: { minutes: 60 } });
    at(6, 20);
    assert.equal(await house.server.remind(), 1, 'asked for again');
  });

  it('by push is encrypted for one phone, and dead phones are forgotten', async () => {
    at(7, 18);
    const before = await choose({ channel: 'push' });
    assert.equal(before.email, null, 'an address that is not used is not kept');
    await phone('first');
    assert.equal((await phone('second')).phones, 2);
    assert.equal(await house.server.remind(), 1);
    assert.deepEqual(push.pushed.map(({ path }) => path).sort(), ['/first', '/second']);
    const [one] = push.pushed;
    assert.equal(one?.headers['content-encoding'], 'aes128gcm');
    assert.match(String(one?.headers.authorization), /^vapid t=/);
    assert.doesNotMatch(one?.body.toString('latin1') ?? '', /remind/);
    push.state.status = 410;
    at(8, 18);
    assert.equal(await house.server.remind(), 0);
    assert.equal((await subject.call(routes.reminders, own())).phones, 0);
    push.state.status = 201;
    const elsewhere = {
      endpoint: 'https://intranet.example/x',
      keys: { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) },
    };
    const asked = subject.call(routes.subscribePush, { ...own(), body: elsewhere });
    assert.equal((await refusalOf(asked)).code, 'unknown_push_service');
  });

  it('does not come when the day is done', async () => {
    at(9, 18);
    await phone('third');
    await finishDay();
    assert.equal(await house.server.remind(), 0);
  });

  it('does not come after the person has left; nor does the calendar', async () => {
    at(10, 18);
    const { path } = await subject.call(routes.makeCalendar, { ...own(), body: { wanted: true } });
    const feed = () => fetch(house.server.address + path);
    const reply = await feed();
    assert.match(reply.headers.get('content-type') ?? '', /^text\/calendar/);
    const text = await reply.text();
    assert.match(text, /BEGIN:VEVENT/);
    assert.doesNotMatch(text.replace('PRODID:-//Limen//Diary//EN', ''), revealing);
    assert.doesNotMatch(text, new RegExp(subject.participantId));
    const body = { type: 'withdraw', commandId: house.commandId(), scope: 'study' };
    await subject.call(routes.withdraw, { ...own(), body });
    assert.equal(await house.server.remind(), 0);
    assert.equal((await feed()).status, 404);
  });
});
