/** The blinded half of the supply: labels, totals, and what is done with kits at the sites. */
import { verifyPassword } from '@limen/access';
import { routes } from '@limen/contract';
import type { StudyScope } from '../access/scope.ts';
import { readAccountByLogin, readMemberships } from '../data/accounts.ts';
import { factsOf } from '../data/ledger.ts';
import { listSites } from '../data/studies.ts';
import {
  countUntoldActs,
  listHeldKits,
  listNotAccepted,
  listShipments,
  listStudyKitActs,
  readHeardAt,
} from '../data/supply.ts';
import { forStudy } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { countKits, destructible, type Stock, stockOf } from '../supply/stock.ts';
import { loginKeyOf } from './sessions.ts';
import { openStudy } from './studies.ts';
import { type Recorded, recordStudyAct } from './study-act.ts';

type Sites = Pick<StudyScope, 'studyId' | 'siteId'>;

async function readStock(house: House, scope: Sites): Promise<Stock> {
  const [shipments, held, acts] = await Promise.all([
    listShipments(house.database, scope),
    listHeldKits(house.database, scope),
    listStudyKitActs(house.database, scope.studyId),
  ]);
  const told = acts.map((row) => ({ type: row.type, at: row.recorded_at, facts: factsOf(row) ?? {} }));
  return stockOf(shipments, held, told, house.now().slice(0, 10));
}

const supply = forStudy(routes.supply, async ({ scope, house }) => {
  const { database } = house;
  const { studyId, siteId } = scope;
  const { protocol } = await openStudy(house, studyId);
  const [stock, shipments, sites, heardAt, waiting, notAccepted] = await Promise.all([
    readStock(house, scope),
    listShipments(database, scope),
    listSites(database, scope),
    readHeardAt(database, studyId),
    countUntoldActs(database, studyId),
    listNotAccepted(database, studyId),
  ]);
  return {
    kits: protocol.supply?.kits ?? ('toOrder' as const),
    heardAt,
    sites: sites
      .filter((site) => siteId === null || site.site_id === siteId)
      .map((site) => ({
        siteId: site.site_id,
        name: site.name,
        kits: countKits(stock.kits.filter((kit) => kit.siteId === site.site_id)),
      })),
    shipments: shipments.map((one) => ({
      shipmentId: one.shipment_id,
      siteId: one.site_id,
      lot: one.lot,
      expires: one.expires,
      storage: one.storage,
      sentAt: one.sent_at,
      status: one.status,
      receivedAt: stock.received.get(one.shipment_id)?.at ?? null,
      kits: countKits(stock.kits.filter((kit) => kit.shipmentId === one.shipment_id)),
    })),
    waiting,
    notAccepted: notAccepted.map((row) => ({ eventId: row.event_id, type: row.type, at: row.recorded_at })),
  };
});

const supplyKits = forStudy(routes.supplyKits, async ({ scope, query, house }) => {
  const { shipment, status, after, limit } = query;
  const all = (await readStock(house, scope)).kits.filter(
    (kit) =>
      (shipment === undefined || kit.shipmentId === shipment) &&
      (status === undefined || kit.status === status) &&
      (after === undefined || kit.kit > after),
  );
  const shown = all.slice(0, limit);
  return { kits: shown, next: all.length > limit ? (shown.at(-1)?.kit ?? null) : null };
});

/** Recorded in the study's stream; then the pharmacy is told, if it is there. */
async function record(...[house, scope, ...act]: Parameters<typeof recordStudyAct>): Promise<Recorded> {
  const recorded = await recordStudyAct(house, scope, ...act);
  void house.post.exchange(scope.studyId);
  return recorded;
}

async function requireShipment(house: House, scope: StudyScope, shipmentId: string) {
  const found = (await listShipments(house.database, scope)).find((one) => one.shipment_id === shipmentId);
  if (found === undefined) throw problemOf('unknown_shipment');
  return found;
}

const receiveShipment = forStudy(routes.receiveShipment, async ({ scope, params, body, house }) => {
  const { commandId, missing, damaged, excursion } = body;
  return record(house, scope, commandId, { ...body, ...params }, async () => {
    const shipment = await requireShipment(house, scope, params.shipmentId);
    const { received } = await readStock(house, scope);
    if (received.has(params.shipmentId)) throw problemOf('already_received');
    const labels = new Set(shipment.kits);
    const foreign = [...missing, ...damaged].find((kit) => !labels.has(kit));
    if (foreign !== undefined)
      throw problemOf('kit_not_in_shipment', { detail: `Kit ${foreign} is not in this shipment.` });
    if (excursion !== null) assertTemperature(excursion);
    const both = missing.find((kit) => damaged.includes(kit));
    if (both !== undefined)
      throw problemOf('invalid_input', { detail: `Kit ${both} is said to be missing and damaged.` });
    return {
      type: 'shipment.received',
      shipmentId: params.shipmentId,
      siteId: shipment.site_id,
      missing: [...missing].sort(),
      damaged: [...damaged].sort(),
      excursion,
    };
  });
});

const recordExcursion = forStudy(routes.recordExcursion, async ({ scope, params, body, house }) => {
  const { commandId, ...excursion } = body;
  return record(house, scope, commandId, { ...body, ...params }, async () => {
    const shipment = await requireShipment(house, scope, params.shipmentId);
    assertTemperature(excursion);
    return { type: 'shipment.excursion', shipmentId: params.shipmentId, siteId: shipment.site_id, ...excursion };
  });
});

function assertTemperature({ lowestCelsius, highestCelsius }: { lowestCelsius: number; highestCelsius: number }): void {
  if (lowestCelsius <= highestCelsius) return;
  throw problemOf('invalid_input', { path: 'lowestCelsius', detail: 'The lowest temperature is above the highest.' });
}

/** Two people: who records it has just confirmed the own password, and the witness signs with theirs. */
const destroyKits = forStudy(routes.destroyKits, async ({ scope, body, house }) => {
  const { commandId, siteId, kits, method, witness } = body;
  const content = { commandId, siteId, kits, method, witness: loginKeyOf(witness.login) };
  return record(house, scope, commandId, content, async () => {
    if (scope.siteId !== null && scope.siteId !== siteId) throw problemOf('unknown_site', { path: 'siteId' });
    const stock = await readStock(house, { studyId: scope.studyId, siteId });
    for (const label of kits) {
      const kit = stock.kits.find((one) => one.kit === label);
      if (kit === undefined) throw problemOf('unknown_kit_here', { detail: `Kit ${label} is not at this site.` });
      if (!destructible.has(kit.status)) {
        throw problemOf('kit_not_at_hand', { detail: `Kit ${label} is not at hand: it is ${kit.status}.` });
      }
    }
    const witnessId = await witnessOf(house, scope, witness);
    return { type: 'kits.destroyed', siteId, kits: [...new Set(kits)].sort(), method, witness: witnessId };
  });
});

async function witnessOf(house: House, scope: StudyScope, given: { login: string; password: string }): Promise<string> {
  const loginKey = loginKeyOf(given.login);
  if (house.signInsByLogin.blocked(loginKey)) throw problemOf('too_many_requests');
  const account = await readAccountByLogin(house.database, loginKey);
  const right = await verifyPassword(given.password, account?.password_hash ?? null);
  if (!right || account === null) {
    house.signInsByLogin.fail(loginKey);
    throw problemOf('witness_refused');
  }
  house.signInsByLogin.clear(loginKey);
  if (account.account_id === scope.actor.id)
    throw problemOf('second_person_needed', { detail: 'The witness is another person.' });
  const memberships = await readMemberships(house.database, account.account_id);
  if (!memberships.some(({ studyId }) => studyId === scope.studyId)) throw problemOf('witness_refused');
  return account.account_id;
}

export const supplyHandlers = { supply, supplyKits, receiveShipment, recordExcursion, destroyKits };
