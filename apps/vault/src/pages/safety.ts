/** Unblinding by two people: planned beforehand, or of one participant for a report to an authority. */
import { html } from '@limen/protocol';
import { listPeople } from '../people/people.ts';
import { Refusal } from '../refusals.ts';
import {
  approveUnblinding,
  askForUnblinding,
  listRequests,
  openRequest,
  type UnblindingRequest,
} from '../unblinding/requests.ts';
import { treatmentPage } from './emergency.ts';
import { ownPassword } from './home.ts';
import { area, choice, field, instant, notice, table } from './page.ts';
import type { PageRoute, PersonVisit } from './route.ts';

const kindWords = { safety: 'Report to an authority', planned: 'Planned' } as const;

const overview: PageRoute = {
  path: '/studies/:studyId/safety',
  who: 'safety',
  place: 'Unblinding for a report',
  get: async (visit) => {
    const { house, params, query } = visit;
    const studyId = params.studyId ?? '';
    const names = new Map((await listPeople(house)).map(({ personId, name }) => [personId, name]));
    const requests = await listRequests(house, studyId);
    const rows = requests.map((one) => [
      one.participantId,
      kindWords[one.kind],
      one.basis,
      `${names.get(one.askedBy) ?? one.askedBy}, ${instant(one.askedAt)}`,
      one.approvedBy === null
        ? 'waits for a second person'
        : `${names.get(one.approvedBy) ?? one.approvedBy}, ${instant(one.approvedAt)}`,
      html`<a href="/room/studies/${studyId}/safety/${one.requestId}">Open</a>`,
    ]);
    return {
      page: {
        title: 'Unblinding for a report',
        over: studyId,
        lead: 'One participant, two people, a reason written down before anybody looks. The study’s own team is not told of a report to an authority: its fact alone would say that an event was unexpected.',
        body: [
          query.get('done') === 'asked' && notice('good', 'Asked. Another person of the safety role has to approve.'),
          requests.length === 0
            ? html`<p class="empty">Nothing has been asked for yet.</p>`
            : table('Requests', ['Participant', 'Kind', 'Rests on', 'Asked', 'Approved', ''], rows),
          html`<section><h2>Ask</h2><form method="post">${field({ name: 'participant', label: 'Participant’s number', attributes: html`spellcheck="false"` })}${choice(
            {
              name: 'kind',
              label: 'Kind',
              options: [
                { value: 'safety', label: 'For a report of a suspected unexpected serious reaction' },
                { value: 'planned', label: 'As planned in writing beforehand' },
              ],
            },
          )}${field({ name: 'basis', label: 'Adverse event’s number, or where the plan stands' })}${area({ name: 'reason', label: 'Reason' })}${ownPassword()}<button>Ask for a second person</button></form></section>`,
        ],
      },
    };
  },
  confirms: true,
  post: async ({ house, params, form, session }) => {
    const [kind, basis, reason] = [form.get('kind'), form.get('basis')?.trim() ?? '', form.get('reason')?.trim() ?? ''];
    if (kind !== 'safety' && kind !== 'planned') throw new Refusal('request_invalid', 'Say which kind it is.');
    if (basis.length < 3 || reason.length < 3)
      throw new Refusal('request_invalid', 'Write down what it rests on, and why.');
    const participantId = (form.get('participant') ?? '').trim().toUpperCase();
    await askForUnblinding(house, params.studyId ?? '', session.person.personId, {
      participantId,
      kind,
      basis,
      reason,
    });
    return { redirect: `/room/studies/${params.studyId}/safety?done=asked` };
  },
};

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
    const mine = request.askedBy === visit.session.person.personId;
    const approved = request.approvedBy !== null;
    return {
      page: {
        title: `Participant ${request.participantId}`,
        over: `${visit.params.studyId}, ${kindWords[request.kind].toLowerCase()}`,
        body: [
          html`<section><dl class="facts"><dt>Rests on</dt><dd>${request.basis}</dd><dt>Reason</dt><dd>${request.reason}</dd><dt>Asked</dt><dd>${instant(request.askedAt)}</dd><dt>Approved</dt><dd>${approved ? instant(request.approvedAt) : 'not yet'}</dd></dl></section>`,
          approved || !mine
            ? html`<section><h2>${approved ? 'Look' : 'Approve'}</h2><p>${approved ? 'Every look stands in the trail.' : 'You have read the reason and agree that this participant’s treatment is opened.'}</p><form method="post">${ownPassword()}<button${approved ? html` class="grave"` : null}>${approved ? 'Show the treatment' : 'Approve'}</button></form></section>`
            : html`<p class="empty">You asked; another person has to approve.</p>`,
        ],
      },
    };
  },
  confirms: true,
  post: async (visit) => {
    const { house, params, session } = visit;
    const [studyId, requestId] = [params.studyId ?? '', params.requestId ?? ''];
    const { personId } = session.person;
    if ((await requestOf(visit)).approvedBy === null) {
      await approveUnblinding(house, studyId, personId, requestId);
      return { redirect: `/room/studies/${studyId}/safety/${requestId}` };
    }
    const { treatment } = await openRequest(house, studyId, personId, requestId);
    return { page: treatmentPage(studyId, treatment, house.clock.now()) };
  },
};

export const safetyPages: readonly PageRoute[] = [overview, one];
