/** Unblinding by two people: planned beforehand, or of one participant for a report to an authority. */
import { html, type Part } from '@limen/protocol';
import type { House } from '../house.ts';
import { listPeople } from '../people/people.ts';
import { Refusal } from '../refusals.ts';
import type { Opened } from '../unblinding/record.ts';
import {
  approveUnblinding,
  askForUnblinding,
  listRequests,
  openRequest,
  type UnblindingRequest,
} from '../unblinding/requests.ts';
import { type Treatment, treatmentOf } from '../unblinding/treatment.ts';
import { answerPage } from './emergency/answer.ts';
import { titleOf } from './emergency/emergency.ts';
import { ownPassword } from './home.ts';
import { area, choice, field, instant, notice, type Page, table } from './page.ts';
import type { Answer, PageRoute, PersonVisit } from './route.ts';

const kindWords = { safety: 'Report to an authority', planned: 'Planned' } as const;

const askForm = html`<section><h2>Ask</h2><form method="post">${choice({
  name: 'kind',
  label: 'Kind',
  options: [
    { value: 'safety', label: 'For a report of a suspected unexpected serious reaction' },
    { value: 'planned', label: 'As planned in writing beforehand' },
  ],
})}${area({
  name: 'participants',
  label: 'Participant’s number',
  hint: 'For a report one; for a plan as many as it names, apart by spaces or on lines of their own.',
  rows: 2,
})}${field({ name: 'basis', label: 'Adverse event’s number, or where the plan stands' })}${area({
  name: 'reason',
  label: 'Reason',
})}${area({
  name: 'safeguards',
  label: 'For a plan: who is told, and who stays blinded',
  required: false,
  rows: 2,
})}${ownPassword()}<button>Ask for a second person</button></form></section>`;

const overview: PageRoute = {
  path: '/studies/:studyId/safety',
  who: 'safety',
  place: 'Unblinding by two',
  get: async ({ house, params, query }) => {
    const studyId = params.studyId ?? '';
    const requests = await listRequests(house, studyId);
    return {
      page: {
        title: 'Unblinding by two people',
        over: studyId,
        lead: 'For a report to an authority, or as planned. A reason is written down before anybody looks. The study’s own team is not told of a report to an authority: its fact alone would say that an event was unexpected.',
        body: [
          query.get('done') === 'asked' && notice('good', 'Asked. Another person of the safety role has to approve.'),
          requests.length === 0
            ? html`<p class="empty">Nothing has been asked for yet.</p>`
            : table(
                'Requests',
                ['Participant', 'Kind', 'Rests on', 'Asked', 'Approved', ''],
                await rowsOf(house, studyId, requests),
              ),
          askForm,
        ],
      },
    };
  },
  confirms: true,
  post: async ({ house, params, form, session }) => {
    const said = (name: string) => form.get(name)?.trim() ?? '';
    const kind = said('kind');
    if (kind !== 'safety' && kind !== 'planned') throw new Refusal('request_invalid', 'Say which kind it is.');
    const participants = [
      ...new Set(
        said('participants')
          .toUpperCase()
          .split(/[\s,;]+/),
      ),
    ].filter((one) => one !== '');
    await askForUnblinding(house, params.studyId ?? '', session.person.personId, {
      ...{ participants, kind, basis: said('basis') },
      ...{ reason: said('reason'), safeguards: kind === 'planned' ? said('safeguards') : '' },
    });
    return { redirect: `/room/studies/${params.studyId}/safety?done=asked` };
  },
};

async function rowsOf(house: House, studyId: string, requests: readonly UnblindingRequest[]): Promise<Part[][]> {
  const names = new Map((await listPeople(house)).map(({ personId, name }) => [personId, name]));
  return requests.map((one) => [
    namesOf(one),
    kindWords[one.kind],
    one.basis,
    `${names.get(one.askedBy) ?? one.askedBy}, ${instant(one.askedAt)}`,
    one.approvedBy === null
      ? 'waits for a second person'
      : `${names.get(one.approvedBy) ?? one.approvedBy}, ${instant(one.approvedAt)}`,
    html`<a href="/room/studies/${studyId}/safety/${one.requestId}">Open</a>`,
  ]);
}

function namesOf({ participants }: UnblindingRequest): string {
  const [first = '', ...others] = participants;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

async function requestOf({ house, params }: PersonVisit): Promise<UnblindingRequest> {
  const found = (await listRequests(house, params.studyId ?? '')).find(
    ({ requestId }) => requestId === params.requestId,
  );
  if (found === undefined) throw new Refusal('not_found', 'There is no such request.');
  return found;
}

const one: PageRoute = {
  path: '/studies/:studyId/safety/:requestId',
  who: 'safety',
  get: async (visit) => {
    const request = await requestOf(visit);
    return {
      page: {
        title: request.participants.length === 1 ? `Participant ${request.participants[0]}` : 'Planned unblinding',
        over: `${visit.params.studyId}, ${kindWords[request.kind].toLowerCase()}`,
        body: [factsOf(request), nextStep(request, visit.session.person.personId)],
      },
    };
  },
  confirms: true,
  post: async (visit) => {
    const { house, params, session } = visit;
    const [studyId, requestId] = [params.studyId ?? '', params.requestId ?? ''];
    const { personId } = session.person;
    const request = await requestOf(visit);
    if (request.approvedBy === null) {
      await approveUnblinding(house, studyId, personId, requestId);
      return { redirect: `/room/studies/${studyId}/safety/${requestId}` };
    }
    return showTreatments(request, await openRequest(house, studyId, personId, requestId), house.clock.now());
  },
};

function factsOf({ participants, basis, reason, safeguards, askedAt, approvedAt }: UnblindingRequest) {
  return html`<section><dl class="facts"><dt>Participants</dt><dd>${participants.join(', ')}</dd><dt>Rests on</dt><dd>${basis}</dd><dt>Reason</dt><dd>${reason}</dd>${safeguards === '' ? null : html`<dt>Told, and blinded</dt><dd>${safeguards}</dd>`}<dt>Asked</dt><dd>${instant(askedAt)}</dd><dt>Approved</dt><dd>${approvedAt === null ? 'not yet' : instant(approvedAt)}</dd></dl></section>`;
}

function nextStep({ askedBy, approvedBy }: UnblindingRequest, personId: string) {
  if (approvedBy === null && askedBy === personId) {
    return html`<p class="empty">You asked; another person has to approve.</p>`;
  }
  const approved = approvedBy !== null;
  return html`<section><h2>${approved ? 'Look' : 'Approve'}</h2><p>${approved ? 'Every look stands in the trail.' : 'You have read the reason and agree that this treatment is opened.'}</p><form method="post">${ownPassword()}<button${approved ? html` class="grave"` : null}>${approved ? 'Show the treatment' : 'Approve'}</button></form></section>`;
}

/** Of one participant as in an emergency; of several as a list. */
function showTreatments({ kind, participants }: UnblindingRequest, opened: readonly Opened[], now: string): Answer {
  const treatments = opened.map(({ study, kits, batches }) => treatmentOf(study, kits, batches));
  const [first] = opened;
  const [treatment] = treatments;
  if (first === undefined || treatment === undefined) throw new Refusal('not_found', 'There is no such request.');
  const studyTitle = titleOf(first.study);
  if (opened.length > 1) return { page: listPage(studyTitle, participants, treatments) };
  const [{ kit }] = first.kits;
  const subject = `participant ${participants[0]}`;
  return { page: answerPage({ studyTitle, kit, subject, kind, treatment, last: null, now, drill: null }) };
}

function listPage(over: string, participants: readonly string[], treatments: readonly Treatment[]): Page {
  const rows = treatments.map(({ contents }, index) => [
    participants[index] ?? '',
    contents.map(({ label }) => label).join(' and '),
    html`<ul class="plain">${contents.flatMap(({ doses }) => doses.map((dose) => html`<li>${dose}</li>`))}</ul>`,
  ]);
  return {
    title: 'Planned unblinding',
    over,
    unblinding: true,
    unprintable: true,
    body: html`<section>${table('Treatments', ['Participant', 'Content', 'Dose'], rows)}</section>`,
  };
}

export const safetyPages: readonly PageRoute[] = [overview, one];
