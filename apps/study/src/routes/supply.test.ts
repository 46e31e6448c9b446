import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { openDatabase } from '../data/database.ts';
import { replayDatabase } from '../record/replay.ts';
import {
  addColleague,
  enrolSubject,
  libraryFolder,
  type Person,
  password,
  refusalOf,
  type Subject,
  screenAndConsent,
  startTestHouse,
  type TestHouse,
  testProtocol,
} from '../test-house.ts';

const studyId = 'stocked';
const params = { studyId };
const one = { shipmentId: 'shipment-1', lot: 'LOT-1', expires: '2026-12-31', storage: 'Below 25 °C', status: 'sent' };
const labels = ['A1', 'B2', 'C3', 'KIT-0001'];
let house: TestHouse;
let coordinator: Person;
let investigator: Person;
let southern: Person;

before(async () => {
  house = await startTestHouse({ limits: { postEveryMs: 3_600_000 } });
  const document = JSON.parse(await readFile(path.join(libraryFolder, `${testProtocol}.json`), 'utf8'));
  document.supply = {
    ...{ unit: 'capsule', kits: 'stock', unitsPerKit: document.dosing.maximumDoses, dispensedOn: [1] },
    ...{ assay: 'interval', release: 'As checked.', storage: 'Below 25 °C.', accountability: 'Counted.' },
  };
  await house.stepUp(house.staff.administrator);
  await house.staff.administrator.call(routes.createStudy, {
    body: {
      studyId,
      text: JSON.stringify(document),
      sites: [
        { siteId: 'north', name: 'North', timeZone: 'Europe/Oslo' },
        { siteId: 'south', name: 'South', timeZone: 'Europe/Rome' },
      ],
    },
  });
  coordinator = await addColleague(house, 'stock-coordinator', { studyId, role: 'coordinator', siteId: null });
  investigator = await addColleague(house, 'stock-investigator', { studyId, role: 'investigator', siteId: null });
  southern = await addColleague(house, 'stock-south', { studyId, role: 'coordinator', siteId: 'south' });
});
after(() => house.close());

/** The pharmacy is told in the background: until the page says that nothing waits. */
async function told(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await coordinator.call(routes.supply, { params })).waiting === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The pharmacy was not told');
}

const actsTold = () =>
  house.vault.asked
    .filter(({ path: asked }) => asked.endsWith('/kit-acts'))
    .flatMap(({ body }) => (body.acts as { kind: string }[]).map(({ kind }) => kind));

/** Any act makes the server hear what the pharmacy says, in the background. */
async function hear(shipments: { readonly shipmentId: string; readonly status: string }[]): Promise<void> {
  house.vault.shipments = shipments;
  await coordinator.call(routes.recordExcursion, {
    params: { ...params, shipmentId: 'shipment-0' },
    body: { commandId: house.commandId(), lowestCelsius: 2, highestCelsius: 30, hours: 1, reason: 'Logger read' },
  });
  await told();
  for (const { shipmentId, status } of shipments) {
    await heardOf(shipmentId, (known) => known.status === status);
  }
}

const receive = (shipmentId: string, changes = {}) =>
  coordinator.call(routes.receiveShipment, {
    params: { ...params, shipmentId },
    body: { commandId: house.commandId(), missing: [], damaged: [], excursion: null, ...changes },
  });

async function invite(): Promise<Subject> {
  const { participantId, code } = await coordinator.call(routes.inviteParticipant, {
    params,
    body: { commandId: house.commandId(), siteId: 'north', timeZone: 'Europe/Oslo' },
  });
  const { token } = await house.anonymous(routes.participantSignIn, { body: { code } });
  return { participantId, code, token, call: house.as(token), params: { studyId, participantId } };
}

const statusOf = async (kit: string) =>
  (await coordinator.call(routes.supplyKits, { params })).kits.find((known) => known.kit === kit)?.status;

describe('the blinded half of the supply', () => {
  it('is empty before the pharmacy has sent anything, and says so', async () => {
    const page = await coordinator.call(routes.supply, { params });
    assert.equal(page.kits, 'stock');
    assert.equal(page.heardAt, null);
    assert.deepEqual(page.shipments, []);
    assert.deepEqual(
      page.sites.map(({ siteId, kits }) => [siteId, kits]),
      [
        ['north', {}],
        ['south', {}],
      ],
    );
    const other = await house.staff.coordinator.call(routes.supply, { params: { studyId: house.studyId } });
    assert.equal(other.kits, 'toOrder');
  });

  it('receives a shipment once, with what is missing and damaged', async () => {
    const shipments = [
      { ...one, shipmentId: 'shipment-0', siteId: 'south', sentAt: '2026-02-01T00:00:00.000Z', kits: ['Z9'] },
      { ...one, siteId: 'north', sentAt: '2026-02-02T00:00:00.000Z', kits: labels },
    ];
    house.vault.shipments = shipments;
    // The first act makes the server hear; until then no shipment is known.
    assert.equal((await refusalOf(receive('shipment-1'))).code, 'unknown_shipment');
    const subject = await invite();
    await screenAndConsent(house, subject);
    await heardOf('shipment-1');
    assert.equal((await refusalOf(receive('shipment-1', { missing: ['Q0'] }))).code, 'kit_not_in_shipment');
    assert.equal((await refusalOf(receive('shipment-1', { missing: ['A1'], damaged: ['A1'] }))).code, 'invalid_input');
    await receive('shipment-1', { missing: ['A1'], damaged: ['B2'] });
    assert.equal((await refusalOf(receive('shipment-1'))).code, 'already_received');
    assert.deepEqual(
      [await statusOf('A1'), await statusOf('B2'), await statusOf('C3')],
      ['missing', 'damaged', 'inStock'],
    );
    await told();
    assert.deepEqual(actsTold(), ['shipmentReceived']);
    assert.equal(
      (
        await refusalOf(
          southern.call(routes.receiveShipment, {
            params: { ...params, shipmentId: 'shipment-1' },
            body: { commandId: house.commandId(), missing: [], damaged: [], excursion: null },
          }),
        )
      ).code,
      'unknown_shipment',
    );
    assert.deepEqual(
      (await southern.call(routes.supplyKits, { params })).kits.map(({ kit }) => kit),
      ['Z9'],
    );
  });

  it('hands a kit over, counts it when it comes back, replaces a lost one', async () => {
    const subject = await invite();
    await screenAndConsent(house, subject);
    const act = (who: Person, target: Parameters<Person['call']>[0], body: object) =>
      who.call(target, { params: subject.params, body: { commandId: house.commandId(), ...body } });
    await house.stepUp(investigator);
    await act(investigator, routes.confirmEligibility, { type: 'confirmEligibility', reason: 'Seen' });
    await act(coordinator, routes.randomise, { type: 'randomise', startDate: '2026-03-02' });
    const asked = house.vault.asked.findLast(({ path: at }) => at.endsWith('/allocations'));
    assert.equal(asked?.body.siteId, 'north');
    const { row } = await coordinator.call(routes.participant, { params: subject.params });
    const kit = row.kit ?? '';
    assert.equal(await statusOf(kit), 'assigned');
    await hear(shipmentsWith('quarantined', kit));
    assert.equal(
      (await refusalOf(act(coordinator, routes.dispense, { type: 'dispense', kit }))).code,
      'kit_not_usable',
    );
    await hear(shipmentsWith('received', kit));
    await act(coordinator, routes.dispense, { type: 'dispense', kit });
    await act(coordinator, routes.reportKitLost, { type: 'reportKitLost', kit, cause: 'lost' });
    const signals = await coordinator.call(routes.signals, { params });
    assert.match(signals.signals[0]?.message ?? '', /reported lost/);
    await act(coordinator, routes.replaceKit, { type: 'replaceKit' });
    const detail = await coordinator.call(routes.participant, { params: subject.params });
    const second = detail.kits[1]?.kit ?? '';
    assert.deepEqual(
      detail.kits.map(({ status }) => status),
      ['lost', 'assigned'],
    );
    await act(coordinator, routes.dispense, { type: 'dispense', kit: second });
    await act(coordinator, routes.returnKit, { type: 'returnKit', kit: second, units: 2 });
    assert.deepEqual([await statusOf(kit), await statusOf(second)], ['lost', 'returned']);
    await told();
    assert.deepEqual(actsTold().slice(-4), ['dispensed', 'lost', 'dispensed', 'returned']);
  });

  it('destroys with a witness who is another person of the team, each with the own password', async () => {
    const destroy = (changes: object, who: Person = coordinator) =>
      who.call(routes.destroyKits, {
        params,
        body: {
          ...{ commandId: house.commandId(), siteId: 'north', kits: ['C3'], method: 'Burnt in the incinerator' },
          witness: { login: 'stock-investigator', password },
          ...changes,
        },
      });
    assert.equal((await refusalOf(destroy({}))).code, 'step_up_required');
    await house.stepUp(coordinator);
    const himself = { witness: { login: 'stock-coordinator', password } };
    assert.equal((await refusalOf(destroy(himself))).code, 'second_person_needed');
    const wrong = { witness: { login: 'stock-investigator', password: 'not the right one' } };
    assert.equal((await refusalOf(destroy(wrong))).code, 'witness_refused');
    const stranger = { witness: { login: 'monitor', password } };
    assert.equal((await refusalOf(destroy(stranger))).code, 'witness_refused');
    assert.equal((await refusalOf(destroy({ kits: ['A1'] }))).code, 'kit_not_at_hand');
    assert.equal((await refusalOf(destroy({ kits: ['Z9'] }))).code, 'unknown_kit_here');
    await destroy({});
    await told();
    assert.equal(await statusOf('C3'), 'destroyed');
    assert.equal((await refusalOf(destroy({}))).code, 'kit_not_at_hand');
    const chain = await investigator.call(routes.ledgerEntries, { params, query: { type: 'kits.destroyed' } });
    assert.doesNotMatch(JSON.stringify(chain), new RegExp(password));
  });

  it('tells the pharmacy again when it was away, and shows what it did not accept', async () => {
    house.vault.failWith = 503;
    await excursion();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await coordinator.call(routes.supply, { params })).waiting, 1);
    house.vault.failWith = null;
    house.vault.refusedActs.add('excursion');
    await excursion();
    await told();
    const { notAccepted } = await coordinator.call(routes.supply, { params });
    assert.deepEqual(
      notAccepted.map(({ type }) => type),
      ['shipment.excursion', 'shipment.excursion'],
    );
    house.vault.refusedActs.clear();
  });

  it('tells what is done with kits packed to order too, when the post goes', async () => {
    const own = await startTestHouse({ limits: { postEveryMs: 20 } });
    try {
      await enrolSubject(own);
      for (let attempt = 0; attempt < 200; attempt += 1) {
        const page = await own.staff.coordinator.call(routes.supply, { params: { studyId: own.studyId } });
        if (page.waiting === 0 && page.sites.some(({ kits }) => kits.dispensed === 1)) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const told = own.vault.asked.filter(({ path: at }) => at.endsWith('/kit-acts'));
      assert.deepEqual(
        told.flatMap(({ body }) => (body.acts as { kind: string }[]).map(({ kind }) => kind)),
        ['dispensed'],
      );
      assert.ok(!own.vault.asked.some(({ path: at }) => at.endsWith('/shipments')));
    } finally {
      await own.close();
    }
  });

  it('is a fold of the ledger', async () => {
    const database = openDatabase(house.database.connectionString, { connections: 2 });
    try {
      const replayed = await replayDatabase(database);
      assert.deepEqual(replayed.differences, []);
      await database.pool.query("UPDATE kit SET status = 'dispensed' WHERE status = 'lost'");
      const bent = await replayDatabase(database);
      assert.deepEqual(
        bent.differences.map(({ table, column }) => `${table}.${column}`),
        ['kit.status'],
      );
    } finally {
      await database.close();
    }
  });
});

const excursion = () =>
  coordinator.call(routes.recordExcursion, {
    params: { ...params, shipmentId: 'shipment-1' },
    body: {
      commandId: house.commandId(),
      lowestCelsius: 4,
      highestCelsius: 31,
      hours: 5,
      reason: 'The fridge was open',
    },
  });

const shipmentsWith = (status: string, kit: string) => [
  { ...one, shipmentId: 'shipment-0', siteId: 'south', sentAt: '2026-02-01T00:00:00.000Z', kits: ['Z9'] },
  { ...one, siteId: 'north', sentAt: '2026-02-02T00:00:00.000Z', status, kits: [...new Set([...labels, kit])] },
];

async function heardOf(shipmentId: string, as = (_: { readonly status: string }) => true): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const page = await coordinator.call(routes.supply, { params });
    if (page.shipments.some((known) => known.shipmentId === shipmentId && as(known))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The shipment was not heard of');
}
