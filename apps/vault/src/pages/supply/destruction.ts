/** Destruction in the vault: proposed by one, confirmed by another within a quarter of an hour, each with a password. */
import { html, type Markup } from '@limen/protocol';
import { printDestruction } from '@limen/typeset';
import { readBatches } from '../../batches.ts';
import { listPeople } from '../../people/people.ts';
import { Refusal } from '../../refusals.ts';
import {
  type Destruction,
  isOver,
  proposeDestruction,
  readDestructions,
  witnessDestruction,
} from '../../register/destroy.ts';
import { area, choice, field, instant, table } from '../page.ts';
import type { PageRoute, PersonVisit } from '../route.ts';
import { confirmWith, inStudy, numberIn, personOf, placeHref, type Room, studyIdOf, titleOf } from './frame.ts';
import { paper, pdf, printing } from './papers.ts';

async function namesOf({ house }: PersonVisit): Promise<ReadonlyMap<string, string>> {
  return new Map((await listPeople(house)).map(({ personId, name }) => [personId, name]));
}

export const destructionPage: PageRoute = {
  path: '/studies/:studyId/supply/destruction',
  who: 'pharmacist',
  place: 'Destruction',
  get: async (visit) => {
    const names = await namesOf(visit);
    return inStudy(visit, async (room) => {
      const all = await readDestructions(room.client, room.study);
      const now = visit.house.clock.now();
      const open = all.filter((one) => one.witnessedAt === null && !isOver(one, now));
      return {
        page: {
          title: 'Destruction',
          over: titleOf(room.study),
          lead: 'Two people are present. One enters what is destroyed, the other confirms within 15 minutes, each signed in with an account of their own.',
          unblinding: true,
          body: [
            ...open.map((one) => confirmForm(visit, one, names)),
            await proposeForm(room),
            all.length === 0
              ? html`<p class="empty">Nothing was destroyed in the vault yet.</p>`
              : listOf(room, all, names, now),
          ],
        },
      };
    });
  },
  confirms: true,
  post: async (visit) => {
    const { form, house } = visit;
    const studyId = studyIdOf(visit);
    if (form.get('act') === 'witness') {
      await witnessDestruction(house, studyId, personOf(visit), form.get('destructionId') ?? '');
    } else {
      const kits = (form.get('kits') ?? '').split(/[\s,;]+/).filter((one) => one !== '');
      const batchId = form.get('batchId') || null;
      await proposeDestruction(house, studyId, personOf(visit), {
        batchId,
        capsules: batchId === null ? 0 : numberIn(form, 'capsules', 'Capsules'),
        kits: kits.map((kit) => kit.toUpperCase()),
        method: form.get('method') ?? '',
        reference: form.get('reference') ?? '',
        reason: form.get('reason') ?? '',
      });
    }
    return { redirect: placeHref(studyId, '/destruction') };
  },
};

const wordsOf = ({ what }: Destruction): string =>
  what.batchId === null ? `Kits ${what.kits.join(', ')}` : `${what.capsules} loose capsules of ${what.batchId}`;

function confirmForm(visit: PersonVisit, one: Destruction, names: ReadonlyMap<string, string>): Markup {
  const own = one.proposedBy === personOf(visit);
  return html`<section><h2>To be confirmed</h2><p>${wordsOf(one)}: ${one.what.method}. Entered by ${names.get(one.proposedBy) ?? one.proposedBy}, ${instant(one.proposedAt)}.</p>${own ? html`<p class="hint">The other person confirms, signed in with their own account.</p>` : html`<form method="post"><input type="hidden" name="act" value="witness"><input type="hidden" name="destructionId" value="${one.destructionId}"><p>I was present and saw that it cannot be recovered.</p>${confirmWith(one.destructionId)}<button class="grave">Confirm the destruction</button></form>`}</section>`;
}

async function proposeForm({ client, study }: Room): Promise<Markup> {
  const batches = (await readBatches(client, study)).map(({ record }) => ({
    value: record.batchId,
    label: record.batchId,
  }));
  return html`<section><h2>Destroy</h2><form method="post"><input type="hidden" name="act" value="propose"><fieldset><legend>Loose capsules</legend>${choice({ name: 'batchId', label: 'Batch', options: [{ value: '', label: 'None: kits' }, ...batches], required: false })}${field({ name: 'capsules', label: 'Capsules', required: false })}</fieldset>${area({ name: 'kits', label: 'Or kits in the vault', hint: 'Labels, apart by spaces.', required: false })}${field({ name: 'method', label: 'Method' })}${field({ name: 'reference', label: 'Papers', hint: 'Such as the number of Form 41.', required: false })}${area({ name: 'reason', label: 'Why' })}${confirmWith('propose')}<button class="grave">Enter the destruction</button></form></section>`;
}

function listOf({ study }: Room, all: readonly Destruction[], names: ReadonlyMap<string, string>, now: string): Markup {
  return html`<section>${table(
    'Destructions',
    ['Entered', 'What', 'By', 'Confirmed', 'Certificate'],
    all.map((one) => [
      instant(one.proposedAt),
      wordsOf(one),
      names.get(one.proposedBy) ?? one.proposedBy,
      one.witnessedAt === null
        ? isOver(one, now)
          ? 'Not in time: nothing was entered in the register'
          : 'Not yet'
        : `${names.get(one.witnessedBy ?? '') ?? ''}, ${instant(one.witnessedAt)}`,
      one.witnessedAt === null
        ? ''
        : html`<a href="${placeHref(study.studyId, `/destruction/${one.destructionId}.pdf`)}">PDF</a>`,
    ]),
  )}</section>`;
}

export const destructionPdf: PageRoute = {
  path: '/studies/:studyId/supply/destruction/:destructionId.pdf',
  who: 'pharmacist',
  get: async (visit) => {
    const names = await namesOf(visit);
    const input = await inStudy(visit, async ({ client, study }) => {
      const all = await readDestructions(client, study);
      const one = all.find(({ destructionId }) => destructionId === visit.params.destructionId);
      if (one === undefined || one.witnessedAt === null)
        throw new Refusal('not_found', 'There is no such certificate.');
      const { what } = one;
      const reason = what.reason;
      const person = (id: string | null) => ({ name: names.get(id ?? '') ?? id ?? '', role: 'Pharmacist' });
      return {
        ...{ studyTitle: titleOf(study), number: what.reference || one.destructionId, place: 'Vault' },
        ...{ when: instant(one.proposedAt), method: what.method, unblinded: what.batchId !== null },
        items:
          what.batchId === null
            ? what.kits.map((identifier) => ({ identifier, what: 'Study capsules', quantity: '1 kit', reason }))
            : [{ identifier: what.batchId, what: 'Loose capsules', quantity: String(what.capsules), reason }],
        witnesses: [person(one.proposedBy), person(one.witnessedBy)] as const,
      };
    });
    const file = await printDestruction({ ...printing(visit.house.clock.now()), paper, ...input });
    return pdf(file, `destruction-${visit.params.destructionId ?? ''}`);
  },
};
