/** The register of one place and substance, on the screen and on paper; corrections, inventories, losses. */
import { html, type Markup } from '@limen/protocol';
import { printRegister } from '@limen/typeset';
import { type BatchState, readBatches } from '../../batches.ts';
import { listPeople } from '../../people/people.ts';
import { Refusal } from '../../refusals.ts';
import { foldBalances } from '../../register/balances.ts';
import { correctable, correctRegister } from '../../register/correct.ts';
import { type Entry, type EntryKind, readEntries } from '../../register/entry.ts';
import {
  batchesIn,
  heldAt,
  inventoryDue,
  isToBeTold,
  occasions,
  readInventories,
  recordInventory,
  requirePlace,
} from '../../register/inventory.ts';
import { readLosses, reportLoss } from '../../register/losses.ts';
import { type RegisterView, registerView } from '../../register/rows.ts';
import { area, choice, field, instant, notice, table } from '../page.ts';
import type { PageRoute, PersonVisit } from '../route.ts';
import {
  confirmWith,
  inStudy,
  instantIn,
  localNow,
  massWords,
  numberIn,
  personOf,
  placeHref,
  type Room,
  siteName,
  studyIdOf,
  substanceOf,
  titleOf,
} from './frame.ts';
import { paper, pdf, printing } from './papers.ts';

const kindWords: Readonly<Record<EntryKind, string>> = {
  takenIn: 'Taken in',
  kitsMade: 'Made into kits',
  packed: 'Packed for a person',
  sent: 'Sent',
  received: 'Received',
  missing: 'Missing on arrival',
  dispensed: 'Dispensed',
  returned: 'Returned',
  used: 'Taken or not accounted for',
  lost: 'Lost',
  takenBack: 'Taken back',
  destroyed: 'Destroyed',
  corrected: 'Correction',
};

type Asked = {
  readonly place: string;
  readonly substance: string;
  readonly batches: readonly BatchState[];
  readonly view: RegisterView;
  readonly period: { readonly from: string; readonly to: string };
};

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

async function readAsked(visit: PersonVisit, { client, study }: Room): Promise<Asked> {
  const place = visit.query.get('place') ?? 'vault';
  requirePlace(study, place);
  const all = await readBatches(client, study);
  const substances = substancesIn(all);
  const substance = visit.query.get('substance') ?? substances[0] ?? 'placebo';
  const batches = all.filter((batch) => substanceOf(batch) === substance);
  const [from, to] = [visit.query.get('from') ?? '', visit.query.get('to') ?? ''];
  const period = { from: isDay(from) ? from : '0000-01-01', to: isDay(to) ? to : '9999-12-31' };
  const ids = new Set(batches.map(({ record }) => record.batchId));
  return {
    place,
    substance,
    batches,
    period,
    view: registerView(await readEntries(client, study), place, ids, period),
  };
}

/** Substances first, placebo last: it is in the register like them. */
function substancesIn(batches: readonly BatchState[]): string[] {
  const all = [...new Set(batches.map(substanceOf))].sort();
  return [...all.filter((one) => one !== 'placebo'), ...all.filter((one) => one === 'placebo')];
}

const placeName = (room: Room, place: string): string => (place === 'vault' ? 'Vault' : siteName(room.study, place));

export const registerPage: PageRoute = {
  path: '/studies/:studyId/supply/register',
  who: 'pharmacist',
  place: 'Register',
  get: async (visit) => {
    const people = new Map((await listPeople(visit.house)).map(({ personId, name }) => [personId, name]));
    return inStudy(visit, async (room) => {
      const asked = await readAsked(visit, room);
      const empty = asked.batches.length === 0;
      return {
        page: {
          title: 'Register',
          over: titleOf(room.study),
          lead: 'Every movement of capsules, in the order in which it was written down. Nothing is ever changed here: a mistake is put right by an entry of its own.',
          unblinding: true,
          body: [
            await inventoryNotice(visit, room, asked.place),
            await chooser(room, asked),
            empty
              ? html`<p class="empty">No batch yet, so nothing to register. <a href="${placeHref(room.study.studyId, '/batches')}">Record a batch</a></p>`
              : [
                  registerTable(room, asked, people),
                  await lossesSection(visit, room),
                  correctionForm(visit, asked),
                  await inventorySection(visit, room, asked.place, people),
                ],
          ],
        },
      };
    });
  },
  confirms: true,
  post: async (visit) => {
    const { form } = visit;
    const act = form.get('act');
    if (act === 'correct') await correct(visit);
    else if (act === 'count') await count(visit);
    else if (act === 'report') await report(visit);
    else throw new Refusal('request_invalid', 'The form is not one of this page.');
    return { redirect: `${placeHref(studyIdOf(visit), '/register')}?${visit.query.toString()}` };
  },
};

async function correct(visit: PersonVisit): Promise<void> {
  const { form } = visit;
  await correctRegister(visit.house, studyIdOf(visit), personOf(visit), {
    corrects: form.get('corrects')?.trim() ?? '',
    from: form.get('gave') ?? '',
    to: form.get('got') ?? '',
    batchId: form.get('batchId') ?? '',
    capsules: numberIn(form, 'capsules', 'Capsules'),
    happenedAt: instantIn(form, 'happenedAt', 'Happened'),
    reason: form.get('reason') ?? '',
  });
}

async function count(visit: PersonVisit): Promise<void> {
  const { form } = visit;
  const counted = [...form.keys()].flatMap((name): [string, number][] =>
    name.startsWith('count-') ? [[name.slice('count-'.length), numberIn(form, name, 'Capsules counted')]] : [],
  );
  await recordInventory(visit.house, studyIdOf(visit), personOf(visit), {
    place: visit.query.get('place') ?? 'vault',
    occasion: form.get('occasion') ?? '',
    countedAt: instantIn(form, 'countedAt', 'Counted'),
    counted: new Map(counted),
  });
}

async function report(visit: PersonVisit): Promise<void> {
  const { form } = visit;
  await reportLoss(visit.house, studyIdOf(visit), personOf(visit), {
    entryId: form.get('entryId') ?? '',
    reportedAt: instantIn(form, 'reportedAt', 'Reported'),
    reference: form.get('reference') ?? '',
  });
}

async function inventoryNotice(visit: PersonVisit, room: Room, place: string): Promise<Markup | null> {
  const entries = await readEntries(room.client, room.study);
  const balances = foldBalances(entries);
  const holds = batchesIn(balances).some((batchId) => heldAt(balances, place, batchId) > 0);
  const last = (await readInventories(room.client, room.study)).find((one) => one.place === place)?.countedAt ?? null;
  const due = inventoryDue(last, holds ? (entries[0]?.happenedAt ?? null) : null);
  if (due === null || !isToBeTold(due, visit.house.clock.now())) return null;
  return notice('bad', `${placeName(room, place)}: an inventory is due on ${instant(due.dueAt)}. Count below.`);
}

async function chooser(room: Room, { place, substance, period }: Asked): Promise<Markup> {
  const { client, study } = room;
  const substances = substancesIn(await readBatches(client, study));
  const places = ['vault', ...study.sites.map(({ siteId }) => siteId)];
  return html`<section><form method="get" class="row">${choice({ name: 'place', label: 'Place', value: place, options: places.map((value) => ({ value, label: placeName(room, value) })) })}${choice({ name: 'substance', label: 'Substance', value: substance, options: substances.map((value) => ({ value, label: value })), required: false })}${field({ name: 'from', label: 'From', type: 'date', required: false, value: period.from.startsWith('0') ? '' : period.from })}${field({ name: 'to', label: 'To', type: 'date', required: false, value: period.to.startsWith('9') ? '' : period.to })}<button class="quiet">Show</button></form></section>`;
}

function registerTable(
  room: Room,
  { place, substance, batches, view, period }: Asked,
  people: ReadonlyMap<string, string>,
): Markup {
  const query = new URLSearchParams({ place, substance, from: period.from, to: period.to });
  const rows = view.rows.map(({ entry, received, issued, balance }) => [
    String(entry.seq),
    entry.happenedAt.slice(0, 10) === entry.recordedAt.slice(0, 10)
      ? instant(entry.happenedAt)
      : html`${instant(entry.happenedAt)}<br><span class="hint">written ${instant(entry.recordedAt)}</span>`,
    whatWords(entry),
    received === 0 ? '' : String(received),
    issued === 0 ? '' : String(issued),
    String(balance),
    byWords(entry, people),
    html`<span class="label">${entry.entryId}</span>`,
  ]);
  const masses = batches.map((batch) => massWords(batch, 1)).filter((text) => text !== '');
  return html`<section><p>Opening balance ${String(view.opening)}, closing balance ${String(view.closing)} capsules.${masses.length === 0 ? null : html` One capsule holds ${masses.join('; or ')}.`}</p>${table(`${placeName(room, place)}: ${substance}, capsules`, ['No.', 'Happened', 'What', 'In', 'Out', 'Balance', 'By', 'Entry'], rows, [3, 4, 5])}${rows.length === 0 ? html`<p class="empty">No movement in this period.</p>` : null}<p><a class="button quiet" href="${placeHref(room.study.studyId, '/register.pdf')}?${query.toString()}">Register (PDF)</a></p></section>`;
}

function whatWords({ kind, details }: Entry): string {
  const more = [
    details.reference,
    details.shipmentId,
    details.kits !== undefined && details.kits.length <= 3 ? details.kits.join(', ') : undefined,
    details.kits !== undefined && details.kits.length > 3 ? `${details.kits.length} kits` : undefined,
    details.participantId,
    details.corrects === undefined ? undefined : `corrects ${details.corrects}`,
    details.reason,
  ].filter((one) => one !== undefined && one !== '');
  return [kindWords[kind], ...more].join('; ');
}

function byWords({ details: { by, witness } }: Entry, people: ReadonlyMap<string, string>): string {
  const name = (id: string) => people.get(id) ?? id;
  return witness === undefined ? name(by) : `${name(by)}, with ${name(witness)}`;
}

function correctionForm(visit: PersonVisit, { batches }: Asked): Markup {
  const accounts = correctable.map((value) => ({ value, label: accountWords[value] }));
  return html`<section><h2>Put a mistake right</h2><p class="hint">For loose capsules. Kits are put right where they are: received, returned, lost or destroyed.</p><form method="post"><input type="hidden" name="act" value="correct">${field({ name: 'corrects', label: 'Entry that was wrong', hint: 'As in the last column. Empty where something was never entered.', required: false })}${choice({ name: 'gave', label: 'From', options: accounts })}${choice({ name: 'got', label: 'To', options: accounts })}${choice({ name: 'batchId', label: 'Batch', options: batches.map(({ record }) => ({ value: record.batchId, label: record.batchId })) })}${field({ name: 'capsules', label: 'Capsules' })}${field({ name: 'happenedAt', label: 'Happened (UTC)', type: 'datetime-local', value: localNow(visit.house.clock.now()) })}${area({ name: 'reason', label: 'Why' })}${confirmWith('correct')}<button>Enter the correction</button></form></section>`;
}

const accountWords: Readonly<Record<(typeof correctable)[number], string>> = {
  outside: 'Outside, where capsules come from',
  store: 'Loose in the vault',
  lost: 'Lost',
  used: 'Taken or not accounted for',
  destroyed: 'Destroyed',
};

async function lossesSection(visit: PersonVisit, { client, study }: Room): Promise<Markup | null> {
  const losses = await readLosses(client, study);
  if (losses.length === 0) return null;
  const open = losses.filter(({ report }) => report === null);
  const now = visit.house.clock.now();
  return html`<section><h2>Losses</h2>${table(
    'Losses and their report',
    ['Written down', 'Capsules', 'Report due', 'Reported'],
    losses.map(({ entry, dueAt, report }) => [
      html`${instant(entry.recordedAt)} <span class="label">${entry.entryId}</span>`,
      String(Object.values(entry.capsules).reduce((a, b) => a + b, 0)),
      report === null && dueAt < now ? html`<strong>${instant(dueAt)}, overdue</strong>` : instant(dueAt),
      report === null ? 'Not yet' : `${instant(report.reportedAt)}, ${report.reference}`,
    ]),
    [1],
  )}${open.length === 0 ? null : html`<form method="post"><input type="hidden" name="act" value="report">${choice({ name: 'entryId', label: 'Loss', options: open.map(({ entry }) => ({ value: entry.entryId, label: `${entry.entryId}, ${instant(entry.recordedAt)}` })) })}${field({ name: 'reference', label: 'Report', hint: 'Such as the number of Form 106.' })}${field({ name: 'reportedAt', label: 'Reported (UTC)', type: 'datetime-local', value: localNow(now) })}${confirmWith('report')}<button>It is reported</button></form>`}</section>`;
}

async function inventorySection(
  visit: PersonVisit,
  room: Room,
  place: string,
  people: ReadonlyMap<string, string>,
): Promise<Markup> {
  const { client, study } = room;
  const done = (await readInventories(client, study)).filter((one) => one.place === place);
  const batches = batchesIn(foldBalances(await readEntries(client, study)));
  const past = table(
    'Inventories',
    ['Counted', 'Kind', 'By', 'Batch', 'Counted', 'In the register', 'Difference'],
    done.flatMap(({ countedAt, occasion, by, counts }) =>
      counts.map(({ batchId, counted, expected }) => [
        instant(countedAt),
        occasion,
        people.get(by) ?? by,
        batchId,
        String(counted),
        String(expected),
        String(counted - expected),
      ]),
    ),
    [4, 5, 6],
  );
  if (batches.length === 0) return html`<p class="empty">Nothing was taken in yet.</p>`;
  return html`<section><h2>Inventory: ${placeName(room, place)}</h2>${done.length === 0 ? html`<p class="empty">Not counted yet.</p>` : past}<form method="post"><input type="hidden" name="act" value="count">${choice({ name: 'occasion', label: 'Kind', options: occasions.map((value) => ({ value, label: value })) })}${batches.map((batchId) => field({ name: `count-${batchId}`, label: `Capsules of ${batchId} counted` }))}${field({ name: 'countedAt', label: 'Counted (UTC)', type: 'datetime-local', value: localNow(visit.house.clock.now()) })}${confirmWith('count')}<button>Enter the count</button></form></section>`;
}

export const registerPdf: PageRoute = {
  path: '/studies/:studyId/supply/register.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const people = new Map((await listPeople(visit.house)).map(({ personId, name }) => [personId, name]));
    const input = await inStudy(visit, async (room) => {
      const { place, substance, view, period } = await readAsked(visit, room);
      const numbers = new Map(view.rows.map(({ entry }) => [entry.entryId, entry.seq]));
      const rows = view.rows.map(({ entry, received, issued, balance }) => {
        const corrects = numbers.get(entry.details.corrects ?? '');
        const { by, witness } = entry.details;
        return {
          number: entry.seq,
          date: datesOf(entry),
          what: [kindWords[entry.kind], entry.details.reason ?? ''].filter((text) => text !== '').join(': '),
          reference:
            entry.details.reference ?? entry.details.shipmentId ?? entry.details.kits?.slice(0, 2).join(' ') ?? '',
          ...(received === 0 ? {} : { received: String(received) }),
          ...(issued === 0 ? {} : { issued: String(issued) }),
          balance: String(balance),
          by: people.get(by) ?? by,
          ...(witness === undefined ? {} : { witness: people.get(witness) ?? witness }),
          ...(corrects === undefined ? {} : { corrects }),
        };
      });
      const words = (day: string) => (day.startsWith('0') ? 'the beginning' : day.startsWith('9') ? 'now' : day);
      return {
        ...{ substance, place: placeName(room, place), unit: 'capsules', rows, opening: String(view.opening) },
        period: `${words(period.from)} to ${words(period.to)}`,
      };
    });
    return pdf(await printRegister({ ...printing(visit.house.clock.now()), paper, ...input }), 'register');
  },
};

function datesOf({ happenedAt, recordedAt }: Entry): string {
  const [happened, recorded] = [happenedAt.slice(0, 10), recordedAt.slice(0, 10)];
  return happened === recorded ? happened : `${happened} (entered ${recorded})`;
}
