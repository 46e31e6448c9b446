/** What each act changes, or why it cannot be. A reason is for the trail alone. */
import { readAllocation } from '../allocate.ts';
import type { House } from '../house.ts';
import type { KitAct } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import type { Client } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { changeKits, type Kit, readKits } from './kits.ts';
import { readShipments, type Shipment } from './shipments.ts';

type Site = { readonly house: House; readonly client: Client; readonly study: OpenStudy };
type Of<K extends KitAct['kind']> = Extract<KitAct, { kind: K }>;

const refuse = (reason: string): never => {
  throw new Refusal('supply_refused', reason);
};

export async function decideAct(house: House, client: Client, study: OpenStudy, act: KitAct): Promise<void> {
  const site: Site = { house, client, study };
  if (!study.sites.some(({ siteId }) => siteId === act.siteId)) refuse(`no site ${act.siteId}`);
  switch (act.kind) {
    case 'shipmentReceived':
      return receive(site, act);
    case 'excursion':
      return quarantine(site, act);
    case 'dispensed':
      return dispense(site, act);
    case 'returned':
      return takeBack(site, act);
    case 'lost':
      return lose(site, act);
    case 'damaged':
      return damage(site, act);
    case 'destroyed':
      return destroy(site, act);
  }
}

async function shipmentOf({ house, client, study }: Site, shipmentId: string, siteId: string): Promise<Shipment> {
  const [shipment] = await readShipments(house, client, study, shipmentId);
  if (shipment === undefined) return refuse(`no shipment ${shipmentId}`);
  if (shipment.siteId !== siteId) return refuse(`shipment ${shipmentId} is for another site than ${siteId}`);
  return shipment;
}

async function setStatus({ client, study }: Site, shipmentId: string, status: Shipment['decided']): Promise<void> {
  await client.query('update shipment set status = $3 where study_id = $1 and shipment_id = $2', [
    study.studyId,
    shipmentId,
    status,
  ]);
}

async function receive(site: Site, act: Of<'shipmentReceived'>): Promise<void> {
  const shipment = await shipmentOf(site, act.shipmentId, act.siteId);
  if (shipment.decided !== 'sent') refuse(`shipment ${act.shipmentId} is ${shipment.decided} already`);
  const named = [...act.missing, ...act.damaged];
  const labels = new Set(shipment.kits.map(({ kit }) => kit));
  const strange = named.find((kit) => !labels.has(kit));
  if (strange !== undefined) refuse(`kit ${strange} is not in shipment ${act.shipmentId}`);
  if (new Set(named).size !== named.length) refuse('a kit is named twice');
  const { client, study } = site;
  const arrived = [...labels].filter((kit) => !act.missing.includes(kit));
  await changeKits(client, study.studyId, arrived, { place: 'site', siteId: act.siteId });
  await changeKits(client, study.studyId, act.missing, { place: 'lost' });
  await changeKits(client, study.studyId, act.damaged, { damaged: true });
  await client.query('update shipment set received_at = $3 where study_id = $1 and shipment_id = $2', [
    study.studyId,
    act.shipmentId,
    act.at,
  ]);
  await setStatus(site, act.shipmentId, 'received');
}

/** The whole shipment, until the pharmacist decides: one batch alone would tell which kits hold it. */
async function quarantine(site: Site, act: Of<'excursion'>): Promise<void> {
  if (act.highestCelsius < act.lowestCelsius) refuse('the highest temperature is below the lowest');
  const shipment = await shipmentOf(site, act.shipmentId, act.siteId);
  if (shipment.decided === 'sent') refuse(`shipment ${act.shipmentId} is not received`);
  if (shipment.decided === 'recalled') refuse(`shipment ${act.shipmentId} is recalled`);
  await setStatus(site, act.shipmentId, 'quarantined');
}

/** A kit in stock, or one packed to order, which is known here from its first act on. */
async function kitOf({ client, study }: Site, label: string, siteId: string): Promise<Kit> {
  const [known] = await readKits(client, study, { kit: label });
  if (known !== undefined) {
    if (known.place !== 'store' && known.siteId !== siteId) refuse(`kit ${label} is not at site ${siteId}`);
    return known;
  }
  const allocation = await readAllocation(client, study, { column: 'kit', value: label });
  if (allocation === null) return refuse(`no kit ${label}`);
  if (!allocation.packed) return refuse(`kit ${label} is not packed yet`);
  await client.query(
    `insert into kit (study_id, kit, place, site_id, participant_id, units) values ($1, $2, 'site', $3, $4, $5)`,
    [study.studyId, label, siteId, allocation.participantId, study.design.capsules],
  );
  const [made] = await readKits(client, study, { kit: label });
  return made ?? refuse(`no kit ${label}`);
}

async function dispense(site: Site, act: Of<'dispensed'>): Promise<void> {
  const kit = await kitOf(site, act.kit, act.siteId);
  if (kit.dispensedAt !== null) refuse(`kit ${act.kit} was dispensed before`);
  if (kit.participantId !== act.participantId) refuse(`kit ${act.kit} is not ${act.participantId}’s`);
  if (kit.place !== 'site') refuse(`kit ${act.kit} is not at the site: ${kit.place}`);
  if (kit.damaged) refuse(`kit ${act.kit} is damaged`);
  if (kit.shipmentId !== null) {
    const shipment = await shipmentOf(site, kit.shipmentId, act.siteId);
    if (shipment.status !== 'received') refuse(`the shipment of kit ${act.kit} is ${shipment.status}`);
    if (shipment.expires < act.at.slice(0, 10)) refuse(`kit ${act.kit} expired on ${shipment.expires}`);
  }
  await changeKits(site.client, site.study.studyId, [act.kit], { place: 'participant', dispensedAt: act.at });
}

async function takeBack(site: Site, act: Of<'returned'>): Promise<void> {
  const kit = await kitOf(site, act.kit, act.siteId);
  if (kit.place !== 'participant') refuse(`kit ${act.kit} is not with a participant: ${kit.place}`);
  if (act.units > kit.units) refuse(`kit ${act.kit} held ${kit.units}, not ${act.units}`);
  const change = { place: 'site', units: act.units, returnedAt: act.at } as const;
  await changeKits(site.client, site.study.studyId, [act.kit], change);
}

async function lose(site: Site, act: Of<'lost'>): Promise<void> {
  const kit = await kitOf(site, act.kit, act.siteId);
  if (kit.place !== 'site' && kit.place !== 'participant') refuse(`kit ${act.kit} cannot be lost: ${kit.place}`);
  await changeKits(site.client, site.study.studyId, [act.kit], { place: 'lost' });
}

async function damage(site: Site, act: Of<'damaged'>): Promise<void> {
  const kit = await kitOf(site, act.kit, act.siteId);
  if (kit.place !== 'site' && kit.place !== 'participant') refuse(`kit ${act.kit} cannot be damaged: ${kit.place}`);
  if (kit.damaged) refuse(`kit ${act.kit} is damaged already`);
  await changeKits(site.client, site.study.studyId, [act.kit], { damaged: true });
}

async function destroy(site: Site, act: Of<'destroyed'>): Promise<void> {
  if (act.by === act.witness) refuse('who destroys and who witnesses are one person');
  if (new Set(act.kits).size !== act.kits.length) refuse('a kit is named twice');
  for (const label of act.kits) {
    const kit = await kitOf(site, label, act.siteId);
    if (kit.place !== 'site') refuse(`kit ${label} is not at the site: ${kit.place}`);
  }
  await changeKits(site.client, site.study.studyId, act.kits, { place: 'destroyed' });
}
