/** What the pharmacist decides about a shipment: released again, recalled, its kits taken back. Always the whole. */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { addUp } from '../register/balances.ts';
import { postEntry } from '../register/entry.ts';
import { requireStudy } from '../register/stock.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { changeKits } from './kits.ts';
import { readShipments, type Shipment } from './shipments.ts';

/** `quarantined`: held back by the pharmacist. `takenBack`: the kits of a recalled shipment are in the vault again. */
export type Judgement = 'released' | 'quarantined' | 'recalled' | 'takenBack';

export type JudgeShipment = { readonly shipmentId: string; readonly judgement: Judgement; readonly reason: string };

export async function judgeShipment(
  house: House,
  studyId: string,
  personId: string,
  { shipmentId, judgement, reason }: JudgeShipment,
): Promise<void> {
  if (reason.trim().length < 3) throw new Refusal('supply_refused', 'Say why.');
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    const [shipment] = await readShipments(house, client, study, shipmentId);
    if (shipment === undefined) throw new Refusal('not_found', 'There is no such shipment.');
    const fault = faultOf(shipment, judgement);
    if (fault !== null) throw new Refusal('supply_refused', fault);
    if (judgement === 'takenBack') await takeBack(house, client, study, { shipment, personId, reason: reason.trim() });
    else {
      await client.query('update shipment set status = $3 where study_id = $1 and shipment_id = $2', [
        studyId,
        shipmentId,
        judgement === 'released' ? 'received' : judgement,
      ]);
    }
    await appendTrail(house, client, studyId, {
      type: `shipment.${judgement}`,
      actor: { id: personId, role: 'pharmacist' },
      cause: shipmentId,
      payload: { shipmentId, reason: reason.trim() },
    });
  });
}

function faultOf({ decided, status, kits }: Shipment, judgement: Judgement): string | null {
  switch (judgement) {
    case 'released':
      if (decided !== 'quarantined') return `The shipment is not in quarantine by a decision: it is ${status}.`;
      return null;
    case 'quarantined':
      return decided === 'received' ? null : `Only a received shipment can be held back: it is ${decided}.`;
    case 'recalled':
      return decided === 'recalled' || decided === 'sent' ? `The shipment is ${decided}.` : null;
    case 'takenBack':
      if (decided !== 'recalled') return 'Only a recalled shipment is taken back.';
      return kits.some(({ place }) => place === 'site') ? null : 'No kit of it is at the site any more.';
  }
}

async function takeBack(
  house: House,
  client: Client,
  study: OpenStudy,
  { shipment, personId, reason }: { shipment: Shipment; personId: string; reason: string },
): Promise<void> {
  const back = shipment.kits.filter(({ place }) => place === 'site');
  const labels = back.map(({ kit }) => kit);
  await postEntry(house, client, study, {
    kind: 'takenBack',
    happenedAt: house.clock.now(),
    from: `site ${shipment.siteId}`,
    to: 'kits',
    capsules: addUp(back.map(({ secret, units }) => (secret === null ? {} : { [secret.batchId]: units }))),
    details: { by: personId, reason, shipmentId: shipment.shipmentId, kits: labels },
  });
  await changeKits(client, study.studyId, labels, { place: 'store' });
}
