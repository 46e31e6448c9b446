/** The safety board's pages: meetings, the report, one word that leaves, and the letters on a second act. */
import { html } from '@limen/protocol';
import { readAllocations } from '../allocate.ts';
import { listMeetings, openLetters, openMeeting, recommend } from '../closed/meetings.ts';
import { reportPage } from '../closed/page.ts';
import { type Recommendation, recommendations } from '../closed/protocol.ts';
import { Refusal } from '../refusals.ts';
import { inTransaction } from '../store.ts';
import { ownPassword } from './home.ts';
import { area, choice, instant, notice, table } from './page.ts';
import type { PageRoute, PersonVisit } from './route.ts';

export const recommendationWords: Readonly<Record<Recommendation, string>> = {
  continue: 'Continue as planned',
  continueWithChange: 'Continue with a change',
  pause: 'Pause',
  stop: 'Stop',
};

const meetings: PageRoute = {
  path: '/studies/:studyId/closed-report',
  who: 'dsmb',
  place: 'Safety board',
  get: async ({ house, params }) => {
    const studyId = params.studyId ?? '';
    const rows = (await listMeetings(house, studyId)).map((one) => [
      instant(one.orderedAt),
      one.recommendation === null
        ? 'open'
        : `${recommendationWords[one.recommendation]}, ${instant(one.recommendedAt)}`,
      html`<a href="/room/studies/${studyId}/closed-report/${one.meetingId}">Meeting</a>`,
    ]);
    return {
      page: {
        title: 'Safety board',
        over: studyId,
        lead: 'Closed reports are made here and leave by no door. What the study hears of a meeting is one of four words and the day.',
        body:
          rows.length === 0
            ? html`<p class="empty">No meeting has been ordered yet. The study’s monitor or statistician orders one on the console’s page “Safety board”.</p>`
            : table('Meetings', ['Ordered', 'Recommendation', ''], rows),
      },
    };
  },
};

const at = ({ params }: PersonVisit) => `/room/studies/${params.studyId}/closed-report/${params.meetingId}`;

const meeting: PageRoute = {
  path: '/studies/:studyId/closed-report/:meetingId',
  who: 'dsmb',
  get: async (visit) => {
    const { house, params, query } = visit;
    const found = (await listMeetings(house, params.studyId ?? '')).find(
      ({ meetingId }) => meetingId === params.meetingId,
    );
    if (found === undefined) throw new Refusal('not_found', 'There is no such meeting.');
    const given = found.recommendation;
    return {
      page: {
        title: `Meeting of ${instant(found.orderedAt).slice(0, 10)}`,
        over: params.studyId ?? '',
        body: [
          query.get('done') === 'yes' && notice('good', 'The study is told this word, and nothing else.'),
          html`<p><a class="button" href="${at(visit)}/report">Open the closed report</a></p>`,
          given === null
            ? html`<section><h2>Recommendation</h2><form method="post">${choice({ name: 'word', label: 'The board recommends to', options: recommendations.map((value) => ({ value, label: recommendationWords[value] })) })}${ownPassword()}<button>Give the recommendation</button></form></section>`
            : html`<section><h2>Recommendation</h2><p class="big">${recommendationWords[given]}</p><p>${instant(found.recommendedAt)}</p></section>`,
          html`<section><h2>Which arm is which</h2><p>Only where the board has decided that it has to know.</p><form method="post" action="${at(visit)}/letters">${area({ name: 'reason', label: 'Reason' })}${ownPassword()}<button class="grave">Show the letters</button></form></section>`,
        ],
      },
    };
  },
  confirms: true,
  post: async (visit) => {
    const { house, params, form, session } = visit;
    const word = recommendations.find((one) => one === form.get('word'));
    if (word === undefined) throw new Refusal('request_invalid', 'Choose one of the four.');
    await recommend(house, params.studyId ?? '', params.meetingId ?? '', session.person.personId, word);
    return { redirect: `${at(visit)}?done=yes` };
  },
};

const report: PageRoute = {
  path: '/studies/:studyId/closed-report/:meetingId/report',
  who: 'dsmb',
  get: async ({ house, params, session }) =>
    inTransaction(house, async (client) => {
      const { personId } = session.person;
      const opened = await openMeeting(house, client, params.studyId ?? '', params.meetingId ?? '', personId);
      const allocations = await readAllocations(client, opened.study);
      const armOf = new Map(allocations.map(({ participantId, arm }) => [participantId, arm]));
      return { page: reportPage(opened, armOf) };
    }),
};

const letters: PageRoute = {
  path: '/studies/:studyId/closed-report/:meetingId/letters',
  who: 'dsmb',
  confirms: true,
  post: async ({ house, params, form, session }) => {
    const reason = form.get('reason')?.trim() ?? '';
    if (reason.length < 3) throw new Refusal('request_invalid', 'Write down why the board has to know.');
    const [studyId, meetingId] = [params.studyId ?? '', params.meetingId ?? ''];
    const arms = await openLetters(house, studyId, meetingId, session.person.personId, reason);
    return {
      page: {
        title: 'Which arm is which',
        over: `${studyId}, this meeting only`,
        unblinding: true,
        body: table(
          'Letters',
          ['Letter', 'Arm'],
          arms.map((arm, index) => [String.fromCharCode(65 + index), arm]),
        ),
      },
    };
  },
};

export const closedPages: readonly PageRoute[] = [meetings, meeting, report, letters];
