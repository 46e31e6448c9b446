import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { openDatabase } from '../data/database.ts';
import { replayDatabase } from '../record/replay.ts';
import { addColleague, enrolSubject, refusalOf, type Subject, startTestHouse, type TestHouse } from '../test-house.ts';
import { deviceLimits } from './signed.ts';
import {
  countByWeight,
  type DeviceAct,
  type DeviceIdentity,
  makeDeviceKey,
  readDeviceKey,
  type SignedCall,
  signDeviceAct,
} from './simulator.ts';

let house: TestHouse;
let subject: Subject;
let kit: string;

before(async () => {
  house = await startTestHouse();
  subject = await enrolSubject(house);
  const { row } = await house.staff.coordinator.call(routes.participant, { params: subject.params });
  kit = row.kit ?? '';
});
after(() => house.close());

async function register(kind: 'dispenser' | 'scale', changes: object = {}) {
  const { pem, ...key } = makeDeviceKey();
  assert.equal(readDeviceKey(pem).publicKey, key.publicKey);
  const { coordinator } = house.staff;
  await house.stepUp(coordinator);
  const body = { commandId: house.commandId(), siteId: 'main', kind, name: 'On the shelf', publicKey: key.publicKey };
  const { deviceId } = await coordinator.call(routes.registerDevice, {
    params: { studyId: house.studyId },
    body: { ...body, ...changes },
  });
  const identity: DeviceIdentity = {
    server: house.server.address,
    studyId: house.studyId,
    deviceId,
    key,
    clock: () => house.now,
  };
  return identity;
}

async function send({ url, init }: SignedCall): Promise<{ status: number; code?: string; eventId?: string }> {
  const reply = await fetch(url, init);
  return { status: reply.status, ...((await reply.json()) as object) };
}

const tell = (device: DeviceIdentity, act: Partial<DeviceAct> = {}) =>
  send(signDeviceAct(device, { act: 'dispensed', kit, units: 1, ...act }));

async function counted() {
  const { entries } = await house.staff.coordinator.call(routes.timeline, {
    params: subject.params,
    query: { limit: 500 },
  });
  return entries.filter(({ type }) => type === 'kit.unitsRecorded');
}

describe('a registered device', () => {
  it('tells a count, which enters the record once and is no intake', async () => {
    const dispenser = await register('dispenser');
    const call = signDeviceAct(dispenser, { act: 'dispensed', kit, units: 1, eventId: 'event-of-monday-01' });
    const first = await send(call);
    assert.equal(first.status, 200);
    const again = signDeviceAct(dispenser, { act: 'dispensed', kit, units: 1, eventId: 'event-of-monday-01' });
    assert.deepEqual(await send(again), first);
    const other = signDeviceAct(dispenser, { act: 'dispensed', kit, units: 2, eventId: 'event-of-monday-01' });
    assert.equal((await send(other)).code, 'conflict');
    const [entry, ...more] = await counted();
    assert.deepEqual(more, []);
    assert.deepEqual(
      { act: entry?.data.act, kit: entry?.data.kit, units: entry?.data.units, at: entry?.data.at },
      { act: 'dispensed', kit, units: 1, at: new Date(house.now).toISOString() },
    );
    assert.equal(entry?.actor.id, dispenser.deviceId);
    const { row } = await house.staff.coordinator.call(routes.participant, { params: subject.params });
    assert.equal(row.dosesTaken, 0);
  });

  it('may send one signed request once, and only as it was signed', async () => {
    const dispenser = await register('dispenser');
    const call = signDeviceAct(dispenser, { act: 'dispensed', kit, units: 1 });
    assert.equal((await send(call)).status, 200);
    assert.equal((await send(call)).code, 'request_replayed');
    const altered = { ...call, init: { ...call.init, body: call.init.body.replace('"units":1', '"units":3') } };
    assert.equal((await send(altered)).code, 'device_refused');
    const elsewhere = await register('dispenser');
    assert.equal((await send({ ...call, url: call.url.replace(dispenser.deviceId, elsewhere.deviceId) })).status, 401);
    const unsigned = { ...call, init: { ...call.init, headers: { 'content-type': 'application/json' } } };
    assert.equal((await send(unsigned)).code, 'device_refused');
    const foreign = { ...dispenser, key: makeDeviceKey() };
    assert.equal((await tell(foreign)).code, 'device_refused');
  });

  it('with a clock that is off is told the time; within the limit its times are put right', async () => {
    const dispenser = await register('dispenser');
    for (const sign of [-1, 1]) {
      const off = { ...dispenser, clock: () => house.now + sign * (deviceLimits.skewMs + 2_000) };
      assert.equal((await tell(off)).code, 'device_clock');
    }
    const slow = { ...dispenser, clock: () => house.now - 3 * 60_000 };
    assert.equal((await tell(slow)).status, 200);
    const last = (await counted()).at(-1);
    assert.equal(last?.data.at, new Date(house.now).toISOString());
    assert.equal(last?.data.skewMs, 3 * 60_000);
  });

  it('has no room for a mass, and a scale counts alike whatever a capsule weighs', async () => {
    const scale = await register('scale');
    const call = signDeviceAct(scale, { act: 'weighed', kit, units: 8 });
    assert.equal((await send(call)).status, 200);
    const heavier = { act: 'weighed' as const, kit, units: 8, massMg: 3_120 };
    assert.equal((await send(signDeviceAct(scale, heavier))).code, 'invalid_input');
    assert.equal((await tell(scale)).code, 'invalid_input', 'a scale lets nothing out');
    const light = { kitMg: 12_000 + 8 * 310, emptyMg: 12_000, oneCapsuleMg: 310 };
    const heavy = { kitMg: 12_000 + 8 * 402, emptyMg: 12_000, oneCapsuleMg: 402 };
    assert.equal(countByWeight(light), countByWeight(heavy));
  });

  it('speaks of kits of its own site that were handed over, and of no more capsules than they held', async () => {
    const dispenser = await register('dispenser');
    assert.equal((await tell(dispenser, { kit: 'NO-SUCH-KIT' })).code, 'unknown_kit_here');
    assert.equal((await tell(dispenser, { units: 999 })).code, 'too_many_returned');
  });

  it('is revoked at once, and stays in the list with the day', async () => {
    const dispenser = await register('dispenser');
    const { coordinator } = house.staff;
    const revoke = () =>
      coordinator.call(routes.revokeDevice, {
        params: { studyId: house.studyId, deviceId: dispenser.deviceId },
        body: { commandId: house.commandId(), reason: 'Stolen from the shelf' },
      });
    await revoke();
    assert.equal((await tell(dispenser)).code, 'device_refused');
    assert.equal((await refusalOf(revoke())).code, 'already_revoked');
    const { devices } = await coordinator.call(routes.devices, { params: { studyId: house.studyId } });
    assert.notEqual(devices.find(({ deviceId }) => deviceId === dispenser.deviceId)?.revokedAt ?? null, null);
  });

  it('is held to so many requests a minute', async () => {
    const dispenser = await register('dispenser');
    const codes: (string | undefined)[] = [];
    for (let n = 0; n <= deviceLimits.requests; n += 1) codes.push((await tell(dispenser, { kit: 'NONE' })).code);
    assert.equal(codes.at(-2), 'unknown_kit_here');
    assert.equal(codes.at(-1), 'too_many_requests');
  });
});

describe('registration', () => {
  it('takes a real key once, at a site of one’s own', async () => {
    const device = await register('scale');
    const refusal = async (changes: object) => (await refusalOf(register('scale', changes))).code;
    assert.equal(await refusal({ publicKey: device.key.publicKey }), 'key_registered');
    assert.equal(await refusal({ publicKey: 'short' }), 'invalid_input');
    assert.equal(await refusal({ siteId: 'nowhere' }), 'unknown_site');
    const { pharmacist } = house.staff;
    const body = { commandId: house.commandId(), siteId: 'main', kind: 'scale', name: 'x', publicKey: 'A'.repeat(43) };
    const asked = pharmacist.call(routes.registerDevice, { params: { studyId: house.studyId }, body });
    assert.equal((await refusalOf(asked)).code, 'forbidden');
  });

  it('is not shown to other studies, and the record replays', async () => {
    const stranger = await addColleague(house, 'stranger', { studyId: 'second', role: 'coordinator', siteId: null });
    const asked = stranger.call(routes.devices, { params: { studyId: house.studyId } });
    assert.equal((await refusalOf(asked)).code, 'unknown_study');
    const database = openDatabase(house.database.connectionString, { connections: 2 });
    const report = await replayDatabase(database);
    await database.close();
    assert.deepEqual(report.differences, []);
  });

  it('leaves the limit for refusals of one address', async () => {
    const stray = await register('dispenser');
    const foreign = { ...stray, key: makeDeviceKey() };
    let code: string | undefined;
    for (let n = 0; n <= deviceLimits.refusals; n += 1) ({ code } = await tell(foreign));
    assert.equal(code, 'too_many_requests');
  });
});
