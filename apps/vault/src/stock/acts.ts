/** What the sites tell of shipments and kits: all acts of a request or none, each once. */
import { canonicalJson } from '@limen/ledger';
import { readAllocation } from '../allocate.ts';
import type { House } from '../house.ts';
import type { KitAct, KitActsRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { postEntry } from '../register/entry.ts';
import { registrationFault } from '../register/registration.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { ActRefused, type Decision, decideAct, type Known, type KnownKit } from './decide.ts';
import { changeKits, type Kit, readKits } from './kits.ts';
import { readShipments } from './shipments.ts';

export async function recordKitActs(house: House, studyId: string, { acts }: KitActsRequest) {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('supply_refused', 'no such study');
    for (const act of acts) await recordAct(house, client, study, act);
    return { accepted: acts.length };
  });
}

async function recordAct(house: House, client: Client, study: OpenStudy, act: KitAct): Promise<void> {
  const text = canonicalJson(act);
  const known = await client.query<{ act: string }>('select act from kit_act where study_id = $1 and act_id = $2', [
    study.studyId,
    act.actId,
  ]);
  if (known.rows[0] !== undefined) {
    if (known.rows[0].act === text) return;
    throw new Refusal('supply_refused', `another act was told under the id ${act.actId}`);
  }
  await apply(house, client, study, act, decide(await readKnown(house, client, study, act), act));
  await client.query('insert into kit_act (study_id, act_id, act, recorded_at) values ($1, $2, $3, $4)', [
    study.studyId,
    act.actId,
    text,
    house.clock.now(),
  ]);
  await appendTrail(house, client, study.studyId, {
    type: trailTypes[act.kind],
    actor: { id: act.by, role: 'site' },
    cause: act.actId,
    payload: JSON.parse(text),
  });
}

const trailTypes: Readonly<Record<KitAct['kind'], string>> = {
  shipmentReceived: 'shipment.received',
  excursion: 'shipment.excursion',
  dispensed: 'kit.dispensed',
  returned: 'kit.returned',
  lost: 'kit.lost',
  damaged: 'kit.damaged',
  destroyed: 'kit.destroyed',
};

function decide(known: Known, act: KitAct): Decision {
  try {
    return decideAct(known, act);
  } catch (error) {
    if (error instanceof ActRefused) throw new Refusal('supply_refused', error.message);
    throw error;
  }
}

/** Everything the act names, as it stands. */
async function readKnown(house: House, client: Client, study: OpenStudy, act: KitAct): Promise<Known> {
  const kits = new Map<string, KnownKit>();
  const shipmentIds = new Set('shipmentId' in act ? [act.shipmentId] : []);
  for (const label of 'kits' in act ? act.kits : 'kit' in act ? [act.kit] : []) {
    const kit = await findKit(client, study, label, act.siteId);
    if (kit === null) continue;
    kits.set(label, await withBatches(client, study, kit));
    if (kit.shipmentId !== null) shipmentIds.add(kit.shipmentId);
  }
  const shipments = new Map<string, Known['shipments'] extends ReadonlyMap<string, infer S> ? S : never>();
  for (const shipmentId of shipmentIds) {
    for (const shipment of await readShipments(house, client, study, shipmentId)) {
      const own = await Promise.all(shipment.kits.map((kit) => withBatches(client, study, kit)));
      shipments.set(shipmentId, { ...shipment, kits: own });
    }
  }
  return {
    sites: study.sites.map(({ siteId }) => siteId),
    shipments,
    kits,
    registrationFault: await registrationFault(client, study, act.siteId, act.at.slice(0, 10)),
  };
}

/** In stock or registered when packed; else one packed before the register began, known from its first act on. */
async function findKit(client: Client, study: OpenStudy, label: string, siteId: string): Promise<Kit | null> {
  const [known] = await readKits(client, study, { kit: label });
  if (known !== undefined) return known;
  const allocation = await readAllocation(client, study, { column: 'kit', value: label });
  if (allocation === null) return null;
  if (!allocation.packed) throw new Refusal('supply_refused', `kit ${label} is not packed yet`);
  await client.query(
    `insert into kit (study_id, kit, place, site_id, participant_id, units, registered)
     values ($1, $2, 'site', $3, $4, $5, false)`,
    [study.studyId, label, siteId, allocation.participantId, study.design.capsules],
  );
  return (await readKits(client, study, { kit: label }))[0] ?? null;
}

export async function withBatches(client: Client, study: OpenStudy, kit: Kit): Promise<KnownKit> {
  if (!kit.registered) return { ...kit, batches: [] };
  const { secret } = kit;
  if (secret !== null) return { ...kit, batches: Array.from({ length: kit.units }, () => secret.batchId) };
  const allocation = await readAllocation(client, study, { column: 'kit', value: kit.kit });
  const batches = allocation?.contents.map((intervention) => allocation.batches[intervention] ?? '') ?? [];
  return { ...kit, batches };
}

async function apply(house: House, client: Client, study: OpenStudy, act: KitAct, decision: Decision): Promise<void> {
  const { studyId } = study;
  for (const { kits, participantId, ...movement } of decision.movements) {
    const details = {
      by: act.by,
      kits,
      ...('witness' in act ? { witness: act.witness } : {}),
      ...('shipmentId' in act ? { shipmentId: act.shipmentId } : {}),
      ...(participantId === undefined ? {} : { participantId }),
    };
    await postEntry(house, client, study, { ...movement, happenedAt: act.at, details });
  }
  for (const { kits, change } of decision.changes) await changeKits(client, studyId, kits, change);
  if (decision.shipment === undefined) return;
  const { shipmentId, status, receivedAt = null } = decision.shipment;
  await client.query(
    'update shipment set status = $3, received_at = coalesce($4, received_at) where study_id = $1 and shipment_id = $2',
    [studyId, shipmentId, status, receivedAt],
  );
}
