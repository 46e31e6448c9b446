/** Shipments: sending, one shipment with its papers, what was told of it and what is decided about it. */
import { html, type Markup } from '@limen/protocol';
import { printKitLabels, printPackingList, printPackingSlip } from '@limen/typeset';
import type { KitAct } from '../../protocol-kits.ts';
import { Refusal } from '../../refusals.ts';
import { keepsStock, kitsPerSet, stockDesign } from '../../stock/design.ts';
import { type Judgement, judgeShipment } from '../../stock/judge.ts';
import { readKits } from '../../stock/kits.ts';
import { sendKits } from '../../stock/send.ts';
import { readShipments, type Shipment } from '../../stock/shipments.ts';
import { appendTrail } from '../../trail.ts';
import { area, choice, field, instant, notice, table } from '../page.ts';
import type { PageRoute, PersonVisit } from '../route.ts';
import {
  confirmWith,
  contentName,
  inStudy,
  numberIn,
  personOf,
  placeHref,
  type Room,
  siteName,
  studyIdOf,
  titleOf,
} from './frame.ts';
import { labelText } from './kits.ts';
import { paper, pdf, printing } from './papers.ts';

export const shipmentWords: Readonly<Record<Shipment['status'], string>> = {
  sent: 'Under way',
  received: 'Received',
  quarantined: 'Held back',
  recalled: 'Recalled',
};

export const shipmentsPage: PageRoute = {
  path: '/studies/:studyId/supply/shipments',
  who: 'pharmacist',
  place: 'Shipments',
  get: async (visit) =>
    inStudy(visit, async (room) => {
      const { client, study } = room;
      const shipments = (await readShipments(visit.house, client, study)).reverse();
      return {
        page: {
          title: 'Shipments',
          over: titleOf(study),
          lead: 'Whole sets to a site. Lot, expiry and storage are the same for all kits of a shipment.',
          unblinding: true,
          body: [
            await sendForm(visit, room),
            shipments.length === 0
              ? html`<p class="empty">Nothing was sent yet.</p>`
              : html`<section>${table(
                  'Shipments',
                  ['Shipment', 'Site', 'Sent', 'Kits', 'Expires', 'Status'],
                  shipments.map((one) => [
                    html`<a class="label" href="${placeHref(study.studyId, `/shipments/${one.shipmentId}`)}">${one.shipmentId}</a>`,
                    siteName(study, one.siteId),
                    instant(one.sentAt),
                    String(one.kits.length),
                    one.expires,
                    shipmentWords[one.status],
                  ]),
                  [3],
                )}</section>`,
          ],
        },
      };
    }),
  post: async (visit) => {
    const shipmentId = await sendKits(visit.house, studyIdOf(visit), personOf(visit), {
      siteId: visit.form.get('siteId') ?? '',
      sets: numberIn(visit.form, 'sets', 'Sets'),
    });
    return { redirect: placeHref(studyIdOf(visit), `/shipments/${shipmentId}`) };
  },
};

async function sendForm(visit: PersonVisit, { client, study }: Room): Promise<Markup> {
  if (!keepsStock(study)) {
    return html`<p class="empty">The protocol has its kits packed to order: nothing is shipped beforehand.</p>`;
  }
  if (study.sites.length === 0) return html`<p class="empty">The study has no site yet.</p>`;
  const design = stockDesign(study.design);
  const store = (await readKits(client, study)).filter(
    ({ place, shipmentId }) => place === 'store' && shipmentId === null,
  );
  const sets = Math.min(
    ...[...design.perSet].map(([content, perSet]) =>
      Math.floor(store.filter(({ secret }) => secret?.content === content).length / perSet),
    ),
  );
  const wanted = visit.query.get('site');
  return html`<section><h2>Send kits</h2><p>In the vault: ${String(sets)} sets of ${String(kitsPerSet(design))} kits. <a href="${placeHref(study.studyId, '/forecast')}">What each site will need</a></p><form method="post" action="${placeHref(study.studyId, '/shipments')}">${choice({ name: 'siteId', label: 'To', ...(wanted === null ? {} : { value: wanted }), options: study.sites.map(({ siteId, name }) => ({ value: siteId, label: name })) })}${field({ name: 'sets', label: 'Sets', value: visit.query.get('sets') ?? '' })}<button>Send</button></form></section>`;
}

async function requireShipment({ house, params }: PersonVisit, { client, study }: Room): Promise<Shipment> {
  const [shipment] = await readShipments(house, client, study, params.shipmentId ?? '');
  if (shipment === undefined) throw new Refusal('not_found', 'There is no such shipment.');
  return shipment;
}

const judgements: readonly { value: Judgement; label: string }[] = [
  { value: 'released', label: 'Release it: the kits are good' },
  { value: 'quarantined', label: 'Hold it back' },
  { value: 'recalled', label: 'Recall it, for good' },
  { value: 'takenBack', label: 'Its kits are back in the vault' },
];

export const oneShipment: PageRoute = {
  path: '/studies/:studyId/supply/shipments/:shipmentId',
  who: 'pharmacist',
  get: async (visit) =>
    inStudy(visit, async (room) => {
      const { study } = room;
      const shipment = await requireShipment(visit, room);
      const { shipmentId } = shipment;
      const href = (path: string) => placeHref(study.studyId, `/shipments/${shipmentId}${path}`);
      const held = shipment.status === 'quarantined' && shipment.decided !== 'quarantined';
      return {
        page: {
          title: `Shipment ${shipmentId}`,
          over: 'Shipments',
          unblinding: true,
          body: [
            held &&
              notice(
                'bad',
                'A batch in it is held back, recalled or due for a retest, so the whole shipment stands still. It follows the batch.',
              ),
            html`<section><dl class="facts"><dt>To</dt><dd>${siteName(study, shipment.siteId)}</dd><dt>Status</dt><dd>${shipmentWords[shipment.status]}</dd><dt>Sent</dt><dd>${instant(shipment.sentAt)}</dd><dt>Received</dt><dd>${instant(shipment.receivedAt)}</dd><dt>Lot on the labels</dt><dd class="label">${shipment.lot}</dd><dt>Expires</dt><dd>${shipment.expires}</dd><dt>Storage</dt><dd>${shipment.storage}</dd></dl><p class="actions"><a class="button" href="${href('/slip.pdf')}">Packing slip (PDF)</a> <a class="button quiet" href="${href('/labels.pdf')}">Labels (PDF)</a> <a class="button quiet" href="${href('/packing-list.pdf')}">Packing list, unblinded (PDF)</a></p><p class="hint">The slip goes with the kits. The packing list stays in the pharmacy.</p></section>`,
            await told(room, shipmentId),
            html`<section><h2>Decide about the whole shipment</h2><p class="hint">Never about some of its kits: which ones would tell what they hold.</p><form method="post">${choice({ name: 'judgement', label: 'Decision', options: judgements })}${area({ name: 'reason', label: 'Why' })}${confirmWith('judge')}<button>Decide</button></form></section>`,
            html`<section>${table(
              `Kits, ${shipment.kits.length}`,
              ['Kit', 'Holds', 'Batch', 'Participant', 'Where'],
              shipment.kits.map(({ kit, secret, participantId, place, damaged }) => [
                html`<a class="label" href="${placeHref(study.studyId, `/kits/${kit}`)}">${kit}</a>`,
                secret === null ? '' : contentName(study, secret.content),
                secret?.batchId ?? '',
                participantId ?? '–',
                damaged ? `${place}, damaged` : place,
              ]),
            )}</section>`,
          ],
        },
      };
    }),
  confirms: true,
  post: async (visit) => {
    const { form, params, house } = visit;
    const judgement = judgements.find(({ value }) => value === form.get('judgement'))?.value;
    if (judgement === undefined) throw new Refusal('supply_refused', 'Choose a decision.');
    const shipmentId = params.shipmentId ?? '';
    await judgeShipment(house, studyIdOf(visit), personOf(visit), {
      shipmentId,
      judgement,
      reason: form.get('reason') ?? '',
    });
    return { redirect: placeHref(studyIdOf(visit), `/shipments/${shipmentId}`) };
  },
};

/** Temperatures and what was missing, as the site told it. */
async function told({ client, study }: Room, shipmentId: string): Promise<Markup | null> {
  const { rows } = await client.query<{ act: string }>(
    `select act from kit_act where study_id = $1 and act::jsonb ->> 'shipmentId' = $2 order by recorded_at, act_id`,
    [study.studyId, shipmentId],
  );
  if (rows.length === 0) return null;
  const acts = rows.map(({ act }) => JSON.parse(act) as KitAct);
  return html`<section>${table(
    'What the site told',
    ['When', 'By', 'What'],
    acts.map((act) => [instant(act.at), act.by, wordsOf(act)]),
  )}</section>`;
}

function wordsOf(act: KitAct): string {
  if (act.kind === 'excursion') {
    return `Temperature from ${act.lowestCelsius} to ${act.highestCelsius} °C over ${act.hours} h`;
  }
  if (act.kind !== 'shipmentReceived') return act.kind;
  const list = (kits: readonly string[]) => (kits.length === 0 ? 'none' : kits.join(', '));
  return `Received; missing: ${list(act.missing)}; damaged: ${list(act.damaged)}`;
}

export const shipmentSlip: PageRoute = {
  path: '/studies/:studyId/supply/shipments/:shipmentId/slip.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const input = await inStudy(visit, async (room) => {
      const { shipmentId, siteId, lot, expires, storage, kits } = await requireShipment(visit, room);
      return {
        ...{
          studyTitle: titleOf(room.study),
          shipment: shipmentId,
          from: 'Study pharmacy',
          to: siteName(room.study, siteId),
        },
        ...{ lot, expiry: expires, storage, capsulesPerKit: room.study.design.capsules },
        labels: kits.map(({ kit }) => kit),
      };
    });
    const file = await printPackingSlip({ ...printing(visit.house.clock.now()), paper, ...input });
    return pdf(file, `packing-slip-${input.shipment}`);
  },
};

export const shipmentLabels: PageRoute = {
  path: '/studies/:studyId/supply/shipments/:shipmentId/labels.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const input = await inStudy(visit, async (room) => {
      const { expires, kits } = await requireShipment(visit, room);
      return { ...labelText(visit, room.study, expires), labels: kits.map(({ kit }) => kit) };
    });
    return pdf(await printKitLabels({ ...printing(visit.house.clock.now()), ...input }), 'labels');
  },
};

export const shipmentPackingList: PageRoute = {
  path: '/studies/:studyId/supply/shipments/:shipmentId/packing-list.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const input = await inStudy(visit, async (room) => {
      const { shipmentId, kits } = await requireShipment(visit, room);
      await appendTrail(visit.house, room.client, room.study.studyId, {
        type: 'packing.read',
        actor: { id: personOf(visit), role: 'pharmacist' },
        cause: shipmentId,
        payload: { shipmentId, printed: true },
      });
      const { capsules } = room.study.design;
      const doses = capsules === 1 ? '1' : `1 to ${capsules}`;
      return {
        studyTitle: titleOf(room.study),
        kits: kits.map(({ kit, secret }) => ({
          label: kit,
          contents: [
            { doses, holds: contentName(room.study, secret?.content ?? ''), batch: secret?.batchId ?? '', capsules },
          ],
        })),
      };
    });
    const file = await printPackingList({ ...printing(visit.house.clock.now()), paper, ...input });
    return pdf(file, `packing-list-${visit.params.shipmentId ?? ''}`);
  },
};
