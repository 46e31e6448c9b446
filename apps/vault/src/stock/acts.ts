/** What the sites tell of shipments and kits: all acts of a request or none, each once. */
import { canonicalJson } from '@limen/ledger';
import type { House } from '../house.ts';
import type { KitAct, KitActsRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { decideAct } from './decide.ts';

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
  await decideAct(house, client, study, act);
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
