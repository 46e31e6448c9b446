import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { allRoutes, type Route, routes } from '@limen/contract';
import { verifyArchive } from '@limen/ledger';
import { makeDeviceKey } from '../devices/simulator.ts';
import {
  answersTo,
  type Caller,
  consentBody,
  enrolSubject,
  inviteSubject,
  libraryFolder,
  password,
  refusalOf,
  type Subject,
  screeningBody,
  startTestHouse,
  type TestHouse,
  testProtocol,
} from '../test-house.ts';

const hour = 3_600_000;
const endless = { idleMs: 1e12, staffMs: 1e12, participantMs: 1e12, stepUpMs: 1e12 };

/** Every route of the contract is called by somebody who may, in the order of a study; one not called fails the last test. */
describe('the whole contract, from first run to released report', () => {
  let house: TestHouse;
  let subject: Subject;
  const called = new Set<string>();
  let params: { studyId: string };

  const noting =
    (call: Caller): Caller =>
    (target, input) => {
      called.add(target.id);
      return call(target, input);
    };
  const staff = (role: keyof TestHouse['staff']): Caller => noting(house.staff[role].call);

  before(async () => {
    house = await startTestHouse({ limits: { sessions: endless } });
    params = { studyId: house.studyId };
    for (const id of ['installationSetup', 'createStudy', 'createAccount', 'signIn', 'stepUp']) called.add(id);
    for (const person of Object.values(house.staff)) await house.stepUp(person);
  });
  after(() => house.close());

  it('says what it is and who is asking', async () => {
    const status = await noting(house.anonymous)(routes.installationStatus, {});
    assert.equal(status.ready, true);
    assert.ok(status.library.some(({ id }) => id === testProtocol));
    const me = await staff('administrator')(routes.currentSession, {});
    assert.equal(me.administrator, true);
    assert.deepEqual(
      me.memberships.map(({ role }) => role),
      ['administrator', 'administrator'],
    );
    const { accounts } = await staff('administrator')(routes.accounts, {});
    assert.equal(accounts.length, 6);
    assert.doesNotMatch(JSON.stringify(accounts), /argon2|password/);
  });

  it('shows studies, protocol, calendar and sites', async () => {
    const { studies } = await staff('monitor')(routes.studies, {});
    assert.deepEqual(
      studies.map(({ studyId }) => studyId),
      [house.studyId],
    );
    const study = await staff('monitor')(routes.study, { params });
    assert.equal(study.status, 'open');
    assert.equal(study.randomisationCommitment.length, 64);
    const { protocol, hash } = await staff('monitor')(routes.studyProtocol, { params });
    assert.equal(protocol.id, testProtocol);
    assert.equal(hash, study.protocolHash);
    const query = { startDate: '2026-03-02', timeZone: 'Europe/Berlin' };
    const calendar = await staff('monitor')(routes.studyCalendar, { params, query });
    assert.ok(calendar.occurrences.length > 50);
    const { sites } = await staff('monitor')(routes.sites, { params });
    assert.equal(sites.length, 1);
  });

  it('gives the synopsis of a version as the same PDF to everybody', async () => {
    const pdf = Buffer.from(await staff('monitor')(routes.studySynopsis, { params }));
    assert.match(pdf.toString('latin1'), /^%PDF-1\.7.*%%EOF$/s);
    assert.ok(pdf.equals(await staff('coordinator')(routes.studySynopsis, { params })));
    const unknown = staff('monitor')(routes.studySynopsis, { params, query: { version: '9.9.9' } });
    assert.equal((await refusalOf(unknown)).code, 'unknown_version');
  });

  it('checks protocols with line and column', async () => {
    const text = await readFile(path.join(libraryFolder, `${testProtocol}.json`), 'utf8');
    const sound = await staff('investigator')(routes.checkProtocol, { body: { text } });
    assert.equal(sound.valid, true);
    const spoiled = text.replace('"version"', '"unheardOf": 1, "version"');
    const checked = await staff('investigator')(routes.checkProtocol, { body: { text: spoiled } });
    assert.equal(checked.valid, false);
    const problem = checked.problems.find(({ code }) => code === 'unknown_field');
    assert.ok(problem !== undefined && problem.line > 1 && problem.column > 0);
    const refused = await refusalOf(
      staff('administrator')(routes.createStudy, {
        body: { studyId: 'third', text: spoiled, sites: [{ siteId: 'a', name: 'A', timeZone: 'UTC' }] },
      }),
    );
    assert.equal(refused.code, 'invalid_protocol');
    assert.match(refused.problems?.[0]?.detail ?? '', /Line \d+, column \d+/);
  });

  it('keeps drafts of protocols, revision by revision', async () => {
    const call = staff('investigator');
    const from = { kind: 'template', template: 'two-arm' };
    const { draftId } = await call(routes.createDraft, { body: { commandId: house.commandId(), from } });
    const one = { draftId };
    await call(routes.saveDraft, { params: one, body: { base: 1, text: 'second' } });
    assert.equal((await call(routes.draft, { params: one })).text, 'second');
    assert.notEqual((await call(routes.draftAt, { params: { ...one, revision: '1' } })).text, 'second');
    assert.equal((await call(routes.drafts, {})).drafts.length, 1);
    await call(routes.deleteDraft, { params: one, query: { revision: 2 } });
    assert.equal((await call(routes.drafts, {})).drafts.length, 0);
  });

  it('takes a participant from invitation to a kit in hand', async () => {
    const invitation = { commandId: house.commandId(), siteId: 'main', timeZone: 'Europe/Berlin' };
    const invited = await staff('coordinator')(routes.inviteParticipant, { params, body: invitation });
    const { participantId } = invited;
    await house.stepUp(house.staff.coordinator);
    const { code } = await staff('coordinator')(routes.renewPersonalCode, {
      params: { ...params, participantId },
      body: { commandId: house.commandId(), reason: 'The letter was lost' },
    });
    const session = await noting(house.anonymous)(routes.participantSignIn, { body: { code: code.toLowerCase() } });
    assert.deepEqual(session.participant, { studyId: house.studyId, participantId });
    const call = noting(house.as(session.token));
    subject = { participantId, code, token: session.token, call, params: { ...params, participantId } };
    const one = subject.params;
    await call(routes.screen, { params: one, body: screeningBody(house.commandId()) });
    const { consent, screening } = await call(routes.today, { params: one });
    assert.equal(screening?.result, 'eligible');
    await call(routes.consent, { params: one, body: consentBody(house.commandId(), consent) });
    await staff('investigator')(routes.confirmEligibility, {
      params: one,
      body: { type: 'confirmEligibility', commandId: house.commandId(), reason: 'Seen and spoken with' },
    });
    await staff('coordinator')(routes.randomise, {
      params: one,
      body: { type: 'randomise', commandId: house.commandId(), startDate: '2026-03-02' },
    });
    const detail = await staff('pharmacist')(routes.participant, { params: one });
    assert.equal(detail.screening, null);
    await staff('pharmacist')(routes.dispense, {
      params: one,
      body: { type: 'dispense', commandId: house.commandId(), kit: detail.row.kit },
    });
  });

  it('takes doses, answers, corrections and adverse events', async () => {
    const one = subject.params;
    house.now += 10 * hour;
    const { schedule } = await subject.call(routes.today, { params: one });
    const due = schedule.find(({ status }) => status === 'due');
    const body = {
      type: 'submit',
      commandId: house.commandId(),
      occurrence: due?.occurrence,
      instrument: due?.instrument,
      instrumentVersion: due?.instrumentVersion,
      answers: { ...answersTo('daily-check-in'), note: '=HYPERLINK("http://x")' },
    };
    const { events } = await subject.call(routes.submit, { params: one, body });
    const correction = { submissionId: events[0]?.id, item: 'mood', value: 61, reason: 'Typing slip' };
    await subject.call(routes.correct, {
      params: one,
      body: { type: 'correct', commandId: house.commandId(), ...correction },
    });
    const reported = await subject.call(routes.reportAdverseEvent, {
      params: one,
      body: {
        type: 'reportAdverseEvent',
        commandId: house.commandId(),
        term: 'Fainting',
        onset: '2026-03-02',
        ongoing: false,
        grade: 3,
        serious: false,
      },
    });
    const adverseEventId = reported.events.find(({ type }) => type === 'adverseEvent.reported')?.id;
    const assessment = { grade: 3, serious: false, relatedness: 'possible', outcome: 'resolved', reason: 'Examined' };
    await staff('investigator')(routes.assessAdverseEvent, {
      params: one,
      body: { type: 'assessAdverseEvent', commandId: house.commandId(), adverseEventId, ...assessment },
    });
    const { adverseEvents } = await staff('monitor')(routes.adverseEvents, { params });
    assert.equal(adverseEvents[0]?.relatedness, 'possible');
    const { holds } = await staff('investigator')(routes.participant, { params: one });
    assert.ok(holds.length > 0);
    for (const { holdId } of holds) {
      await staff('investigator')(routes.resume, {
        params: one,
        body: { type: 'resume', commandId: house.commandId(), holdId, reason: 'Examined, well' },
      });
    }
    const dose = schedule.find(({ kind }) => kind === 'dose');
    house.now = Date.parse(dose?.opensAt ?? '') + hour;
    await subject.call(routes.recordDose, {
      params: one,
      body: { type: 'recordDose', commandId: house.commandId(), occurrence: dose?.occurrence, outcome: 'taken' },
    });
    await staff('coordinator')(routes.hold, {
      params: one,
      body: { type: 'hold', commandId: house.commandId(), reason: 'To be examined' },
    });
    const { holdMessage } = await subject.call(routes.today, { params: one });
    assert.ok(holdMessage !== null);
  });

  it('counts a kit that comes back and replaces one that was lost', async () => {
    const one = subject.params;
    const act = (target: Route, body: object) =>
      staff('coordinator')(target, { params: one, body: { commandId: house.commandId(), ...body } });
    const { kits } = await staff('coordinator')(routes.participant, { params: one });
    const card = await staff('coordinator')(routes.walletCard, { params: one });
    assert.equal(Buffer.from(card).subarray(0, 5).toString(), '%PDF-');
    const consentCopy = await staff('coordinator')(routes.consentCopy, { params: one });
    assert.equal(Buffer.from(consentCopy).subarray(0, 5).toString(), '%PDF-');
    const kit = kits[0]?.kit;
    await act(routes.reportKitLost, { type: 'reportKitLost', kit, cause: 'damaged' });
    const held = await refusalOf(act(routes.replaceKit, { type: 'replaceKit' }));
    assert.equal(held.code, 'dosing_on_hold');
    await act(routes.returnKit, { type: 'returnKit', kit, units: 3 });
    const listed = await staff('pharmacist')(routes.supplyKits, { params, query: { status: 'returned' } });
    assert.deepEqual(
      listed.kits.map((known) => [known.kit, known.unitsReturned]),
      [[kit, 3]],
    );
    const { sites } = await staff('monitor')(routes.supply, { params });
    assert.equal(sites[0]?.kits.returned, 1);
    const unreported = staff('investigator')(routes.reportUnblinding, {
      params: one,
      body: {
        ...{ type: 'reportUnblinding', commandId: house.commandId(), channel: 'codeBreak' },
        ...{ why: 'Seizure', whoKnows: 'The clinic', impact: 'None' },
      },
    });
    assert.equal((await refusalOf(unreported)).code, 'no_code_break_open');
    const order = { commandId: house.commandId(), reason: 'Planned after the first participant' };
    const { dataHash } = await staff('monitor')(routes.orderClosedReport, { params, body: order });
    assert.equal((await staff('monitor')(routes.orderClosedReport, { params, body: order })).dataHash, dataHash);
    const board = await staff('investigator')(routes.safetyBoard, { params });
    assert.deepEqual([board.orders.length, board.recommendations], [1, []]);
    const way = await staff('coordinator')(routes.emergency, { params });
    assert.deepEqual([way.open, way.vaultPages, way.lastDrillAt], [true, null, null]);
    const shipment = { ...params, shipmentId: 'none' };
    const temperature = { lowestCelsius: 2, highestCelsius: 30, hours: 1 };
    const asked: [Route, Record<string, string>, object][] = [
      [routes.receiveShipment, shipment, { missing: [], damaged: [], excursion: temperature }],
      [routes.recordExcursion, shipment, { ...temperature, reason: 'Logger read' }],
    ];
    for (const [target, at, body] of asked) {
      const refused = staff('pharmacist')(target, { params: at, body: { commandId: house.commandId(), ...body } });
      assert.equal((await refusalOf(refused)).code, 'unknown_shipment');
    }
    await house.stepUp(house.staff.pharmacist);
    await staff('pharmacist')(routes.destroyKits, {
      params,
      body: {
        ...{ commandId: house.commandId(), siteId: 'main', kits: [kit], method: 'Burnt' },
        witness: { login: 'coordinator', password },
      },
    });
    const destroyed = await staff('monitor')(routes.supplyKits, { params, query: { status: 'destroyed' } });
    assert.equal(destroyed.kits.length, 1);
  });

  it('takes days of a watch that the person chose to send', async () => {
    const own = { params: subject.params };
    const days = [{ date: new Date(house.now).toISOString().slice(0, 10), steps: 900, sleepMinutes: 420 }];
    const body = { type: 'recordWearableDays', commandId: house.commandId(), source: 'appleHealth', days };
    await noting(subject.call)(routes.recordWearableDays, { ...own, body });
    const { entries } = await staff('coordinator')(routes.timeline, { ...own, query: { limit: 500 } });
    assert.deepEqual(entries.find(({ type }) => type === 'wearable.recorded')?.data.days, days);
  });

  it('offers no reminder it cannot send, and a calendar that is taken back', async () => {
    const call = noting(subject.call);
    const own = { params: subject.params };
    assert.deepEqual((await call(routes.reminders, own)).offered, { push: null, email: false });
    const wish = { channel: 'none', hour: 9, quietFrom: 22, quietUntil: 7, language: 'de' };
    assert.equal((await call(routes.setReminders, { ...own, body: wish })).hour, 9);
    const asked = call(routes.setReminders, { ...own, body: { ...wish, channel: 'push' } });
    assert.equal((await refusalOf(asked)).code, 'reminder_not_offered');
    const keys = { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) };
    const phone = call(routes.subscribePush, { ...own, body: { endpoint: 'https://fcm.googleapis.com/x', keys } });
    assert.equal((await refusalOf(phone)).code, 'reminder_not_offered');
    assert.notEqual((await call(routes.snoozeReminders, { ...own, body: { minutes: 60 } })).snoozedUntil, null);
    assert.equal((await call(routes.unsubscribePush, own)).phones, 0);
    const { path: address } = await call(routes.makeCalendar, { ...own, body: { wanted: true } });
    const calendarToken = address.split('/').at(-1) ?? '';
    assert.match(await noting(house.anonymous)(routes.calendarFeed, { params: { calendarToken } }), /^BEGIN:VCALENDAR/);
    assert.equal((await call(routes.revokeCalendar, own)).calendar, false);
  });

  it('hears devices that the coordinator registered, and no other', async () => {
    const coordinator = staff('coordinator');
    const { publicKey } = makeDeviceKey();
    const device = { siteId: 'main', kind: 'scale', name: 'Cupboard', publicKey };
    const registration = { params, body: { commandId: house.commandId(), ...device } };
    const { deviceId } = await coordinator(routes.registerDevice, registration);
    const { devices } = await staff('monitor')(routes.devices, { params });
    assert.deepEqual([devices.length, devices[0]?.revokedAt], [1, null]);
    const at = { ...params, deviceId };
    const body = {
      eventId: 'event-000000000001',
      act: 'weighed',
      kit: 'K',
      units: 1,
      at: new Date(house.now).toISOString(),
    };
    const unsigned = noting(house.anonymous)(routes.deviceEvent, { params: at, body });
    assert.equal((await refusalOf(unsigned)).code, 'device_refused');
    await coordinator(routes.revokeDevice, { params: at, body: { commandId: house.commandId(), reason: 'Broken' } });
  });

  it('shows the team its inbox and takes an acknowledgement once', async () => {
    const { signals } = await staff('coordinator')(routes.signals, { params, query: { open: 'true' } });
    const [signal] = signals;
    assert.ok(signal !== undefined);
    const one = { ...params, signalId: signal.signalId };
    const body = { commandId: house.commandId(), disposition: 'Called the participant' };
    const seen = await staff('coordinator')(routes.acknowledgeSignal, { params: one, body });
    assert.equal(seen.disposition, body.disposition);
    assert.deepEqual(await staff('coordinator')(routes.acknowledgeSignal, { params: one, body }), seen);
    const again = { commandId: house.commandId(), disposition: 'Once more' };
    const refused = await refusalOf(staff('coordinator')(routes.acknowledgeSignal, { params: one, body: again }));
    assert.equal(refused.code, 'already_acknowledged');
    const none = { ...params, signalId: 'ZZZZZZZZZZZZZZZZZZZZ' };
    assert.equal(
      (await refusalOf(staff('coordinator')(routes.acknowledgeSignal, { params: none, body: again }))).code,
      'unknown_signal',
    );
  });

  it('shows people their own history and the team the record, page by page', async () => {
    const one = subject.params;
    const history = await subject.call(routes.ownHistory, { params: one });
    assert.ok(history.entries.some(({ type }) => type === 'answers.submitted'));
    assert.ok(!history.entries.some(({ type }) => type.startsWith('signal.')));
    const seqs: number[] = [];
    let next: string | null = null;
    do {
      const query: Record<string, unknown> = { limit: 4, ...(next === null ? {} : { after: next }) };
      const page = await staff('monitor')(routes.timeline, { params: one, query });
      seqs.push(...page.entries.map(({ seq }) => seq));
      next = page.next;
    } while (next !== null);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    const { participants } = await staff('monitor')(routes.participants, { params });
    assert.equal(participants[0]?.dosesTaken, 1);
    const overview = await staff('statistician')(routes.studyOverview, { params });
    assert.equal(overview.flow.randomised, 1);
    assert.equal(overview.adherence.taken, 1);
    const ledger = await staff('monitor')(routes.ledgerEntries, { params, query: { limit: 5 } });
    assert.equal(ledger.entries.length, 5);
    assert.ok(ledger.next !== null);
    const further = await staff('monitor')(routes.ledgerEntries, { params, query: { limit: 5, after: ledger.next } });
    assert.notDeepEqual(further.entries, ledger.entries);
    const bent = staff('monitor')(routes.ledgerEntries, { params, query: { after: 'bm9uc2Vuc2U' } });
    assert.equal((await refusalOf(bent)).path, 'query.after');
  });

  it('announces a committed act to those who watch, without its content', async () => {
    called.add('studyLive');
    const { token } = house.staff.monitor;
    const abort = new AbortController();
    const reply = await fetch(`${house.server.address}/v1/studies/${house.studyId}/live`, {
      headers: { authorization: `Bearer ${token}` },
      signal: abort.signal,
    });
    assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
    await inviteSubject(house);
    let heard = '';
    for await (const chunk of reply.body ?? []) {
      heard += Buffer.from(chunk).toString('utf8');
      if (heard.includes('event: change')) break;
    }
    assert.match(heard, /event: change\ndata: \{\}\n\n/);
    abort.abort();
  });

  it('exports blinded tables in canonical order, safe to open in a spreadsheet', async () => {
    for (const table of ['participants', 'doses', 'answers', 'scores', 'adverse-events']) {
      const csv = await staff('statistician')(routes.exportTable, { params: { ...params, table } });
      const [header, ...lines] = String(csv).trim().split('\r\n');
      assert.match(header ?? '', /^participant_id,/);
      assert.deepEqual(
        lines,
        [...lines].sort((a, b) => (a.slice(0, 10) < b.slice(0, 10) ? -1 : 1)),
        table,
      );
      assert.doesNotMatch(String(csv), /KIT-/);
    }
    const answers = await staff('statistician')(routes.exportTable, { params: { ...params, table: 'answers' } });
    assert.match(String(answers), /"'=HYPERLINK\(""http:\/\/x""\)"/);
  });

  it('hands out checkpoints and an archive that the stand-alone verifier accepts', async () => {
    const taken = await staff('monitor')(routes.takeCheckpoint, { params });
    await inviteSubject(house);
    const second = await staff('monitor')(routes.takeCheckpoint, { params });
    assert.equal(second.number, taken.number + 1);
    const { checkpoints } = await staff('monitor')(routes.checkpoints, { params });
    assert.deepEqual(checkpoints.at(-1), second);
    const archive = String(await staff('monitor')(routes.archive, { params }));
    const report = verifyArchive(archive, {
      publicKeys: [second.publicKey],
      witnessed: [{ ...taken, studyId: house.studyId }],
    });
    assert.deepEqual(report.failures, []);
    assert.equal(report.ok, true);
    assert.ok(report.entries > 15);
  });

  it('has nothing to pack where the capsules are handed over', async () => {
    const one = subject.params;
    const id = () => ({ commandId: house.commandId() });
    const own = noting(subject.call);
    const envelope = '0'.repeat(26);
    const codes = [
      own(routes.planPacking, { params: one, body: { type: 'planPacking', ...id(), mode: 'self' } }),
      own(routes.recordPacking, { params: one, body: { type: 'recordPacking', ...id(), step: 'filled' } }),
      own(routes.openEnvelope, { params: one, body: { type: 'openEnvelope', ...id(), envelope, week: 1 } }),
      own(routes.checkLeftovers, {
        params: one,
        body: { type: 'checkLeftovers', ...id(), sealCode: 'SEAL', intact: true },
      }),
      staff('coordinator')(routes.declarePacker, { params: one, body: { type: 'declarePacker', ...id() } }),
      own(routes.envelopeLabels, { params: one, body: { ...id(), publicKey: 'A'.repeat(87) } }),
    ].map(async (call) => (await refusalOf(call)).code);
    assert.deepEqual(await Promise.all(codes), [
      'not_self_packed',
      'packing_not_planned',
      'packing_not_planned',
      'packing_not_planned',
      'packing_not_planned',
      'packing_not_planned',
    ]);
    const code = 'WRONG-WRONG-WRONG-WRONG-WRONG';
    const guesses = [
      noting(house.anonymous)(routes.packingHelper, { body: { code } }),
      noting(house.anonymous)(routes.packingHelperLabels, {
        body: { code, ...id(), publicKey: 'A'.repeat(87), declares: true },
      }),
      noting(house.anonymous)(routes.packingHelperStep, {
        body: { code, type: 'recordPacking', ...id(), step: 'filled' },
      }),
    ].map(async (call) => (await refusalOf(call)).code);
    assert.deepEqual([...new Set(await Promise.all(guesses))], ['sign_in_refused']);
    const result = await own(routes.ownResult, { params: one });
    assert.deepEqual(result, { waitsFor: 'notOffered', capsules: [] });
  });

  it('withdraws and completes', async () => {
    const other = await enrolSubject(house);
    await noting(other.call)(routes.withdraw, {
      params: other.params,
      body: { type: 'withdraw', commandId: house.commandId(), scope: 'study' },
    });
    house.now += 200 * 24 * hour;
    await staff('coordinator')(routes.complete, {
      params: subject.params,
      body: { type: 'complete', commandId: house.commandId() },
    });
    const { participants } = await staff('monitor')(routes.participants, { params, query: { status: 'completed' } });
    assert.equal(participants.length, 1);
  });

  it('locks once, refuses what comes afterwards, and keeps what participants still send', async () => {
    assert.equal((await refusalOf(staff('monitor')(routes.report, { params }))).code, 'not_released');
    assert.equal((await refusalOf(staff('monitor')(routes.results, { params }))).code, 'not_released');
    assert.equal((await refusalOf(staff('monitor')(routes.releasedAllocations, { params }))).code, 'not_released');
    assert.equal((await refusalOf(staff('monitor')(routes.reportPdf, { params }))).code, 'not_released');
    assert.equal((await refusalOf(staff('statistician')(routes.bundle, { params }))).code, 'not_released');
    assert.equal((await refusalOf(staff('coordinator')(routes.dryRun, { params }))).code, 'forbidden');
    assert.match(await staff('statistician')(routes.dryRun, { params }), /<title>Dry run on a dummy allocation/);
    const approval = { commandId: house.commandId(), reason: 'The plan is followed' };
    assert.equal(
      (await refusalOf(staff('monitor')(routes.approveRelease, { params, body: approval }))).code,
      'not_locked',
    );
    const late = await enrolSubject(house);
    const { protocol } = await staff('investigator')(routes.studyProtocol, { params });
    const identity = { versions: [{ version: '9.0.0', changes: 'A clearer text.', substantial: false }] };
    const amended = JSON.stringify({ ...protocol, version: '9.0.0', identity });
    const amendment = { text: amended, replaces: String(protocol.version), reconsent: false, reason: 'A clearer text' };
    await staff('investigator')(routes.amendProtocol, { params, body: { commandId: house.commandId(), ...amendment } });
    const { versions } = await staff('monitor')(routes.protocolVersions, { params });
    assert.deepEqual(
      versions.map(({ version }) => version),
      [protocol.version, '9.0.0'],
    );
    const body = { commandId: house.commandId(), reason: 'Last visit of the last participant' };
    const locked = await staff('investigator')(routes.lockStudy, { params, body });
    assert.equal(locked.study.status, 'locked');
    assert.deepEqual(await staff('investigator')(routes.lockStudy, { params, body }), locked);
    const again = { commandId: house.commandId(), reason: 'Once more' };
    assert.equal(
      (await refusalOf(staff('investigator')(routes.lockStudy, { params, body: again }))).code,
      'already_locked',
    );
    const report = { type: 'reportAdverseEvent', term: 'Headache', onset: '2026-03-02', ongoing: false };
    const refused = await refusalOf(
      late.call(routes.reportAdverseEvent, {
        params: late.params,
        body: { ...report, commandId: house.commandId(), grade: 1, serious: false },
      }),
    );
    assert.equal(refused.code, 'study_locked');
    const afterwards = { commandId: house.commandId(), ...amendment, replaces: '9.0.0' };
    const amending = staff('investigator')(routes.amendProtocol, { params, body: afterwards });
    assert.equal((await refusalOf(amending)).code, 'study_locked');
    assert.equal(refused.kept, true);
    const { entries } = await staff('monitor')(routes.keptEntries, { params });
    assert.equal(entries[0]?.code, 'study_locked');
  });

  it('releases when two different people have approved, and not before', async () => {
    const first = { commandId: house.commandId(), reason: 'The plan is followed' };
    const one = await staff('investigator')(routes.approveRelease, { params, body: first });
    assert.deepEqual([one.approvals, one.released], [1, false]);
    const mine = { commandId: house.commandId(), reason: 'And again' };
    const refused = await refusalOf(staff('investigator')(routes.approveRelease, { params, body: mine }));
    assert.equal(refused.code, 'second_person_needed');
    house.vault.failWith = 503;
    const second = { commandId: house.commandId(), reason: 'I agree' };
    assert.equal(
      (await refusalOf(staff('monitor')(routes.approveRelease, { params, body: second }))).code,
      'release_waiting',
    );
    house.vault.failWith = null;
    const two = await staff('monitor')(routes.approveRelease, { params, body: second });
    assert.deepEqual([two.approvals, two.released, two.study.status], [2, true, 'released']);
    const html = await staff('statistician')(routes.report, { params });
    assert.match(html, /Report/);
    // The page of this bench is none of ours; the demonstration prints a real one.
    assert.equal((await refusalOf(staff('statistician')(routes.reportPdf, { params }))).code, 'cannot_be_printed');
    const results = await staff('statistician')(routes.results, { params });
    assert.equal(results.participants, 5);
    const released = await staff('statistician')(routes.releasedAllocations, { params });
    assert.ok(Array.isArray(released.allocations));
    const asked = house.vault.asked.filter(({ path: asking }) => asking.endsWith('/release'));
    const approvals = asked.at(-1)?.body.approvals as { actorId: string }[];
    assert.equal(new Set(approvals.map(({ actorId }) => actorId)).size, 2);
  });

  it('signs people out at once', async () => {
    const { token } = await house.anonymous(routes.signIn, { body: { login: 'monitor', password } });
    const call = noting(house.as(token));
    assert.deepEqual(await call(routes.signOut, {}), { signedOut: true });
    assert.equal((await refusalOf(call(routes.currentSession, {}))).code, 'not_signed_in');
  });

  it('has been called whole', () => {
    const missed = allRoutes.filter((route: Route) => !called.has(route.id)).map(({ id }) => id);
    assert.deepEqual(missed, []);
  });

  it('has logged no name, answer, code or token', () => {
    const log = JSON.stringify(house.log);
    for (const secret of [subject.code, subject.token, subject.participantId, 'A. Person', 'HYPERLINK', password]) {
      assert.ok(!log.includes(secret), 'something personal is in the log');
    }
    assert.ok(house.log.some(({ event, route }) => event === 'request' && route === 'submit'));
  });
});
