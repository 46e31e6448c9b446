/** Kits: made beforehand or packed to order; one kit with what is in it and what became of it. */
import { html, type Markup } from '@limen/protocol';
import { printKitLabels, printPackingList } from '@limen/typeset';
import { readAllocation } from '../../allocate.ts';
import { readBatches, statusOf } from '../../batches.ts';
import { listPeople } from '../../people/people.ts';
import { Refusal } from '../../refusals.ts';
import { readEntries } from '../../register/entry.ts';
import { keepsStock, kitsPerSet, stockDesign } from '../../stock/design.ts';
import { type Kit, readKits } from '../../stock/kits.ts';
import { makeKits } from '../../stock/make.ts';
import { blindedLot } from '../../stock/send.ts';
import { markPacked } from '../../supply.ts';
import { appendTrail } from '../../trail.ts';
import { choice, field, instant, table } from '../page.ts';
import type { PageRoute, PersonVisit } from '../route.ts';
import {
  accountName,
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
import { paper, pdf, printing } from './papers.ts';

const placeWords: Readonly<Record<Kit['place'], string>> = {
  store: 'In the vault',
  transit: 'Under way',
  site: 'At the site',
  participant: 'With the participant',
  lost: 'Lost',
  destroyed: 'Destroyed',
};
const mostShown = 500;

export const kitsPage: PageRoute = {
  path: '/studies/:studyId/supply/kits',
  who: 'pharmacist',
  place: 'Kits',
  get: async (visit) =>
    inStudy(visit, async (room) => ({
      page: {
        title: 'Kits',
        over: titleOf(room.study),
        unblinding: true,
        body: keepsStock(room.study) ? await stockKits(visit, room) : await toOrderKits(visit, room),
      },
    })),
  post: async (visit) => {
    const batches = await inStudy(visit, async ({ study }) =>
      [...stockDesign(study.design).perSet.keys()].map((content): [string, string] => [
        content,
        visit.form.get(`batch-${content}`) ?? '',
      ]),
    );
    await makeKits(visit.house, studyIdOf(visit), personOf(visit), {
      sets: numberIn(visit.form, 'sets', 'Sets'),
      batches: new Map(batches),
    });
    return { redirect: placeHref(studyIdOf(visit), '/kits') };
  },
};

async function stockKits(visit: PersonVisit, room: Room): Promise<Markup[]> {
  const { client, study } = room;
  const kits = await readKits(client, study);
  const studyId = study.studyId;
  return [
    await makeForm(visit, room),
    kits.length === 0
      ? html`<p class="empty">No kit yet. Make the first ones above.</p>`
      : html`<section><p><a class="button quiet" href="${placeHref(studyId, '/kits.pdf')}">Labels of the kits in the vault (PDF)</a></p>${table(
          `Kits, ${kits.length}`,
          ['Kit', 'Holds', 'Batch', 'Capsules', 'Where', 'Participant'],
          kits
            .slice(0, mostShown)
            .map((kit) => [
              html`<a class="label" href="${placeHref(studyId, `/kits/${kit.kit}`)}">${kit.kit}</a>`,
              kit.secret === null ? '' : contentName(study, kit.secret.content),
              kit.secret?.batchId ?? '',
              String(kit.units),
              whereWords(kit, room),
              kit.participantId ?? '–',
            ]),
          [3],
        )}${kits.length > mostShown ? html`<p class="hint">The first ${String(mostShown)} are shown.</p>` : null}</section>`,
  ];
}

function whereWords(kit: Kit, { study }: Room): string {
  const where = kit.siteId === null || kit.place === 'store' ? '' : `: ${siteName(study, kit.siteId)}`;
  return `${placeWords[kit.place]}${where}${kit.damaged ? ', damaged' : ''}`;
}

async function makeForm({ house }: PersonVisit, { client, study }: Room): Promise<Markup> {
  const design = stockDesign(study.design);
  const now = house.clock.now();
  const released = (await readBatches(client, study)).filter((batch) => statusOf(batch, now) === 'released');
  const without = [...design.perSet.keys()].find(
    (content) => !released.some(({ record }) => record.intervention === content),
  );
  if (without !== undefined) {
    return html`<p class="empty">Kits are made of released batches in date: there is none of ${contentName(study, without)}. <a href="${placeHref(study.studyId, '/batches')}">Batches</a></p>`;
  }
  const one = [...design.perSet].map(([content, kits]) => `${kits} of ${contentName(study, content)}`).join(', ');
  return html`<section><h2>Make kits</h2><p>A set is ${String(kitsPerSet(design))} kits: ${one}; ${String(study.design.capsules)} capsules in each. Every shipment holds whole sets, so that its number of kits is all it tells.</p><form method="post">${field({ name: 'sets', label: 'Sets' })}${[
    ...design.perSet.keys(),
  ].map((content) =>
    choice({
      name: `batch-${content}`,
      label: `Batch for ${contentName(study, content)}`,
      options: released
        .filter(({ record }) => record.intervention === content)
        .map(({ record }) => ({ value: record.batchId, label: `${record.batchId}, to ${record.expires}` })),
    }),
  )}<button>Make the kits</button></form></section>`;
}

async function toOrderKits(_visit: PersonVisit, { client, study }: Room): Promise<Markup> {
  const { rows } = await client.query<{ kit: string; at: Date; packed_at: Date | null }>(
    `select kit, allocated_at as at, packed_at from allocation where study_id = $1
     union all select kit, replaced_at, packed_at from replacement where study_id = $1
     order by packed_at nulls first, at limit ${mostShown}`,
    [study.studyId],
  );
  if (rows.length === 0)
    return html`<p class="empty">Nobody is allocated yet. A kit appears here when its label is drawn.</p>`;
  return html`<section>${table(
    'Kits to order',
    ['Kit', 'Asked for', 'Packed'],
    rows.map(({ kit, at, packed_at }) => [
      html`<a class="label" href="${placeHref(study.studyId, `/kits/${kit}`)}">${kit}</a>`,
      instant(at),
      packed_at === null ? 'To be packed' : instant(packed_at),
    ]),
  )}</section>`;
}

/** All labels of the kits that have not left, on sheets, in the alphabet’s order. */
export const labelSheets: PageRoute = {
  path: '/studies/:studyId/supply/kits.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const { labels, text } = await inStudy(visit, async ({ client, study }) => ({
      labels: (await readKits(client, study)).filter(
        ({ place, shipmentId }) => place === 'store' && shipmentId === null,
      ),
      text: labelText(visit, study, null),
    }));
    if (labels.length === 0) throw new Refusal('not_found', 'No kit is in the vault.');
    const all = labels.map(({ kit }) => kit);
    return pdf(await printKitLabels({ ...printing(visit.house.clock.now()), ...text, labels: all }), 'labels');
  },
};

/** Everything on a label but the label itself: the same on all of them. */
export function labelText({ house }: PersonVisit, study: Room['study'], expires: string | null) {
  return {
    sheet: 'a4-3x8' as const,
    studyTitle: titleOf(study),
    contents: `Study capsules: ${study.design.capsules}`,
    lot: `Lot ${blindedLot(house, study.studyId)}`,
    expiry: expires === null ? 'Use before: see the packing slip' : `Use before ${expires}`,
    lines: ['For clinical trial use only', study.document?.supply?.storage ?? ''].filter((line) => line !== ''),
    blanks: ['Participant'],
  };
}

export const oneKit: PageRoute = {
  path: '/studies/:studyId/supply/kits/:kit',
  who: 'pharmacist',
  get: async (visit) => {
    const people = new Map((await listPeople(visit.house)).map(({ personId, name }) => [personId, name]));
    return inStudy(visit, async (room) => {
      const { client, study } = room;
      const found = await findKit(visit, room);
      await appendTrail(visit.house, client, study.studyId, {
        type: 'packing.read',
        actor: { id: personOf(visit), role: 'pharmacist' },
        cause: found.label,
        payload: { kit: found.label },
      });
      const entries = (await readEntries(client, study)).filter(({ details }) => details.kits?.includes(found.label));
      return {
        page: {
          title: found.label,
          over: 'Kits',
          unblinding: true,
          body: [
            html`<section><dl class="facts"><dt>Participant</dt><dd>${found.participantId ?? '–'}</dd><dt>Where</dt><dd>${found.kit === null ? (found.packed ? 'Packed' : 'To be packed') : whereWords(found.kit, room)}</dd><dt>Capsules in it</dt><dd>${String(found.kit?.units ?? found.contents.length)}</dd></dl><p><a class="button quiet" href="${placeHref(study.studyId, `/kits/${found.label}/packing-list.pdf`)}">Packing list (PDF)</a></p>${found.packed ? null : html`<form method="post"><button>It is packed as the list says</button></form>`}</section>`,
            html`<section>${table(
              'Contents, capsule by capsule',
              ['Doses', 'Holds', 'Batch'],
              runs(found).map(({ doses, intervention, batchId }) => [doses, contentName(study, intervention), batchId]),
            )}</section>`,
            entries.length === 0
              ? null
              : html`<section>${table(
                  'In the register',
                  ['Happened', 'Written down', 'From', 'To', 'By'],
                  entries.map(({ happenedAt, recordedAt, from, to, details }) => [
                    instant(happenedAt),
                    instant(recordedAt),
                    accountName(study, from),
                    accountName(study, to),
                    people.get(details.by) ?? details.by,
                  ]),
                )}</section>`,
          ],
        },
      };
    });
  },
  post: async (visit) => {
    await markPacked(visit.house, studyIdOf(visit), visit.params.kit ?? '');
    return { redirect: placeHref(studyIdOf(visit), `/kits/${visit.params.kit ?? ''}`) };
  },
};

type Found = {
  readonly label: string;
  readonly kit: Kit | null;
  readonly participantId: string | null;
  readonly packed: boolean;
  readonly contents: readonly string[];
  readonly batches: Readonly<Record<string, string>>;
};

async function findKit({ params }: PersonVisit, { client, study }: Room): Promise<Found> {
  const label = params.kit ?? '';
  const [kit = null] = await readKits(client, study, { kit: label });
  if (kit !== null && kit.secret !== null) {
    const { content, batchId } = kit.secret;
    const contents = Array.from({ length: study.design.capsules }, () => content);
    return { label, kit, participantId: kit.participantId, packed: true, contents, batches: { [content]: batchId } };
  }
  const allocation = await readAllocation(client, study, { column: 'kit', value: label });
  if (allocation === null) throw new Refusal('not_found', 'There is no such kit.');
  const { participantId, packed, contents, batches } = allocation;
  return { label, kit, participantId, packed, contents, batches };
}

/** Neighbouring doses of one content, as one line. */
function runs({ contents, batches }: Found) {
  const all: { first: number; last: number; intervention: string }[] = [];
  for (const [index, intervention] of contents.entries()) {
    const before = all.at(-1);
    if (before?.intervention === intervention) before.last = index + 1;
    else all.push({ first: index + 1, last: index + 1, intervention });
  }
  return all.map(({ first, last, intervention }) => ({
    doses: first === last ? String(first) : `${first} to ${last}`,
    capsules: last - first + 1,
    intervention,
    batchId: batches[intervention] ?? 'not bound yet',
  }));
}

export const kitPackingList: PageRoute = {
  path: '/studies/:studyId/supply/kits/:kit/packing-list.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const input = await inStudy(visit, async (room) => {
      const found = await findKit(visit, room);
      await appendTrail(visit.house, room.client, room.study.studyId, {
        type: 'packing.read',
        actor: { id: personOf(visit), role: 'pharmacist' },
        cause: found.label,
        payload: { kit: found.label, printed: true },
      });
      const contents = runs(found).map(({ doses, capsules, intervention, batchId }) => ({
        doses,
        holds: contentName(room.study, intervention),
        batch: batchId,
        capsules,
      }));
      return { studyTitle: titleOf(room.study), kits: [{ label: found.label, contents }] };
    });
    const file = await printPackingList({ ...printing(visit.house.clock.now()), paper, ...input });
    return pdf(file, `packing-list-${visit.params.kit ?? ''}`);
  },
};
