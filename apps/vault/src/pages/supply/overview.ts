/** The first page of the supply: what to do next, what is where, what is overdue. */
import { html, type Markup } from '@limen/protocol';
import { readBatches, statusOf } from '../../batches.ts';
import { foldBalances, heldBy } from '../../register/balances.ts';
import { readEntries } from '../../register/entry.ts';
import { batchesIn, heldAt, inventoryDue, isToBeTold, readInventories } from '../../register/inventory.ts';
import { readLosses } from '../../register/losses.ts';
import { registrationFault } from '../../register/registration.ts';
import { keepsStock, stockFault } from '../../stock/design.ts';
import { readKits } from '../../stock/kits.ts';
import { readShipments } from '../../stock/shipments.ts';
import { instant, notice, table } from '../page.ts';
import type { PageRoute, PersonVisit } from '../route.ts';
import { inStudy, placeHref, type Room, siteName, studyIdOf, titleOf } from './frame.ts';

export const overview: PageRoute = {
  path: '/studies/:studyId/supply',
  who: 'pharmacist',
  place: 'Supply',
  get: async (visit) =>
    inStudy(visit, async (room) => ({
      page: {
        title: 'Supply',
        over: titleOf(room.study),
        lead: keepsStock(room.study)
          ? 'Kits are made beforehand, shipped to the sites and handed out from their stock.'
          : 'A kit’s label is drawn when somebody is allocated; the kit is packed afterwards, for that person.',
        unblinding: true,
        body: [...(await notices(visit, room)), await nextStep(visit, room), await wherePlaced(visit, room)],
      },
    })),
};

/** What the law or a date asks for. */
async function notices(visit: PersonVisit, { client, study }: Room): Promise<Markup[]> {
  const now = visit.house.clock.now();
  const entries = await readEntries(client, study);
  const balances = foldBalances(entries);
  const open = (await readLosses(client, study)).filter(({ report }) => report === null);
  const counted = await readInventories(client, study);
  const due = ['vault', ...study.sites.map(({ siteId }) => siteId)].flatMap((place) => {
    const holds = batchesIn(balances).some((batchId) => heldAt(balances, place, batchId) > 0);
    const last = counted.find((one) => one.place === place)?.countedAt ?? null;
    const next = inventoryDue(last, holds ? (entries[0]?.happenedAt ?? null) : null);
    return isToBeTold(next, now) ? [place] : [];
  });
  const named = (place: string) => (place === 'vault' ? 'the vault' : siteName(study, place));
  return [
    ...open.map(({ dueAt, entry }) =>
      notice(
        'bad',
        `${Object.values(entry.capsules).reduce((a, b) => a + b, 0)} capsules are lost. The authority is to be told by ${instant(dueAt)}${dueAt < now ? ': this is overdue' : ''}. See Register, Losses.`,
      ),
    ),
    ...(due.length === 0 ? [] : [notice('bad', `An inventory is due: ${due.map(named).join(', ')}. See Register.`)]),
  ];
}

/** The first thing that is missing, in the order in which things are done. */
async function nextStep(visit: PersonVisit, { client, study }: Room): Promise<Markup> {
  const studyId = studyIdOf(visit);
  const now = visit.house.clock.now();
  const batches = await readBatches(client, study);
  const say = (text: string, path: string, label: string) =>
    html`<section><h2>Next</h2><p>${text}</p><p><a class="button" href="${placeHref(studyId, path)}">${label}</a></p></section>`;
  if (batches.length === 0)
    return say('Nothing is here yet. Record the first batch of capsules.', '/batches', 'Record a batch');
  if (!batches.some((batch) => statusOf(batch, now) === 'released')) {
    return say('No batch is released. Judge the first one.', '/batches', 'Go to the batches');
  }
  const balances = foldBalances(await readEntries(client, study));
  if (!balances.has('outside'))
    return say('Take the capsules of a batch into the register.', '/batches', 'Go to the batches');
  const fault = stockFault(study.design);
  if (!keepsStock(study)) {
    return say(
      fault === null ? 'The protocol has its kits packed to order.' : `This design is packed to order: ${fault}.`,
      '/kits',
      'Kits to pack',
    );
  }
  const day = now.slice(0, 10);
  const faults = await Promise.all(study.sites.map(({ siteId }) => registrationFault(client, study, siteId, day)));
  const unregistered = faults.filter((one) => one !== null);
  if (unregistered.length > 0) return say(unregistered.join(' '), '/sites', 'Register the sites');
  if ((await readKits(client, study)).length === 0) return say('Make the first kits.', '/kits', 'Make kits');
  if ((await readShipments(visit.house, client, study)).length === 0) {
    return say('Send the first shipment.', '/shipments', 'Send kits');
  }
  return say('Look where a shipment will be needed.', '/forecast', 'Forecast');
}

async function wherePlaced(visit: PersonVisit, { client, study }: Room): Promise<Markup> {
  const studyId = studyIdOf(visit);
  const balances = foldBalances(await readEntries(client, study));
  const batches = batchesIn(balances);
  if (batches.length === 0) return html``;
  const places: [string, (batchId: string) => number][] = [
    ['Vault, loose', (batchId) => heldBy(balances, 'store', batchId)],
    ['Vault, in kits', (batchId) => heldBy(balances, 'kits', batchId)],
    ['Under way', (batchId) => heldBy(balances, 'transit', batchId)],
    ...study.sites.map(({ siteId }): [string, (batchId: string) => number] => [
      siteName(study, siteId),
      (batchId) => heldBy(balances, `site ${siteId}`, batchId),
    ]),
    [
      'With participants',
      (batchId) =>
        study.sites.reduce((sum, { siteId }) => sum + heldBy(balances, `participants ${siteId}`, batchId), 0),
    ],
    ['Taken or not accounted for', (batchId) => heldBy(balances, 'used', batchId)],
    ['Lost', (batchId) => heldBy(balances, 'lost', batchId)],
    ['Destroyed', (batchId) => heldBy(balances, 'destroyed', batchId)],
    ['Taken in', (batchId) => -heldBy(balances, 'outside', batchId)],
  ];
  return html`<section>${table(
    'Capsules by place',
    ['Place', ...batches],
    places.map(([name, count]) => [name, ...batches.map((batchId) => String(count(batchId)))]),
    batches.map((_, index) => index + 1),
  )}<p class="hint">What was taken in equals the sum of the other rows: the register is double entry. <a href="${placeHref(studyId, '/register')}">Register</a></p></section>`;
}
