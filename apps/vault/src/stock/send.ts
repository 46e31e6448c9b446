/** Shipments leave the vault's store: always the same composition, so that the number of kits is all they tell. */
import type { House } from '../house.ts';
import { labelOf } from '../labels.ts';
import { Refusal } from '../refusals.ts';
import { addUp } from '../register/balances.ts';
import { postEntry } from '../register/entry.ts';
import { registrationFault } from '../register/registration.ts';
import { deriveKey } from '../sealing.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { stockDesign } from './design.ts';
import { changeKits, type Kit, readKits } from './kits.ts';
import { requireStock, usableBatches } from './make.ts';

export type SendKits = { readonly siteId: string; readonly sets: number };

/** The shipment's id. Everything in it has one lot and the earliest expiry of its batches. */
export async function sendKits(
  house: House,
  studyId: string,
  personId: string,
  { siteId, sets }: SendKits,
): Promise<string> {
  return inTransaction(house, async (client) => {
    const study = await requireStock(house, client, studyId);
    if (!study.sites.some((site) => site.siteId === siteId)) {
      throw new Refusal('supply_refused', `The study has no site ${siteId}.`);
    }
    if (!Number.isInteger(sets) || sets < 1) throw new Refusal('supply_refused', 'Send one set or more.');
    const fault = await registrationFault(client, study, siteId, house.clock.now().slice(0, 10));
    if (fault !== null) throw new Refusal('supply_refused', fault);
    const { kits, expires, capsules } = await packShipment(house, client, study, sets);
    const shipmentId = `s-${Buffer.from(house.random(8)).toString('hex')}`;
    await client.query(
      `insert into shipment (study_id, shipment_id, site_id, lot, expires, storage, sets, status, sent_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'sent', $8)`,
      [
        studyId,
        shipmentId,
        siteId,
        blindedLot(house, studyId),
        expires,
        study.document?.supply?.storage ?? '',
        sets,
        house.clock.now(),
      ],
    );
    await changeKits(client, studyId, kits, { place: 'transit', siteId, shipmentId });
    await postEntry(house, client, study, {
      kind: 'sent',
      happenedAt: house.clock.now(),
      from: 'kits',
      to: 'transit',
      capsules,
      details: { by: personId, shipmentId, kits },
    });
    await appendTrail(house, client, studyId, {
      type: 'shipment.sent',
      actor: { id: personId, role: 'pharmacist' },
      cause: shipmentId,
      payload: { shipmentId, siteId, sets, expires, kits },
    });
    return shipmentId;
  });
}

/** Of each content the first to expire; refused where one content falls short, so that no shipment is uneven. */
async function packShipment(house: House, client: Client, study: OpenStudy, sets: number) {
  const design = stockDesign(study.design);
  const usable = await usableBatches(house, client, study);
  const expiryOf = ({ secret }: Kit) => (secret === null ? undefined : usable.get(secret.batchId)?.expires);
  const order = (kit: Kit) => `${expiryOf(kit) ?? ''} ${kit.secret?.rank ?? ''}`;
  const store = (await readKits(client, study)).filter(
    (kit) => kit.place === 'store' && kit.shipmentId === null && !kit.damaged && expiryOf(kit) !== undefined,
  );
  const chosen = [...design.perSet].flatMap(([content, perSet]) => {
    const own = store
      .filter(({ secret }) => secret?.content === content)
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
    if (own.length < perSet * sets) {
      throw new Refusal(
        'supply_refused',
        `${sets} sets need ${perSet * sets} kits of ${content}; the store has ${own.length} that can be sent.`,
      );
    }
    return own.slice(0, perSet * sets);
  });
  const expires = chosen.map((kit) => expiryOf(kit) ?? '').sort()[0] ?? '';
  const capsules = addUp(chosen.map(({ secret, units }) => (secret === null ? {} : { [secret.batchId]: units })));
  return { kits: chosen.map(({ kit }) => kit).sort(), expires, capsules };
}

/** One for the study, so that it tells nothing: six characters of the label stream. */
export function blindedLot(house: House, studyId: string): string {
  return labelOf(deriveKey(house.key, 'labels'), studyId, 'lot of the study', 0).slice(0, 6);
}
