/** Drills, and whether a code could have been broken: for the physicians of a study, and for the keeper over all. */
import { html, type Markup } from '@limen/protocol';
import type { House } from '../../house.ts';
import { type OpenStudy, readStudy } from '../../study.ts';
import { drillSites, type LastDrill, lastDrills, startDrill } from '../../unblinding/drill.ts';
import { availability } from '../../unblinding/probe.ts';
import { choice, instant, table } from '../page.ts';
import type { PageRoute } from '../route.ts';
import { titleOf } from './emergency.ts';
import { formatInterval } from './interval.ts';

/** A drill at every site before it begins, and each quarter from then on. */
const quarterMs = 92 * 24 * 3_600_000;
/** Share of minutes that is aimed at. */
const aim = 0.9995;

export async function readinessFacts(house: House): Promise<Markup> {
  const { minutes, ready, slowestMs } = await availability(house);
  const share = minutes === 0 ? null : ready / minutes;
  return html`<section><h2>Could a code be broken?</h2><dl class="facts"><dt>Last 30 days</dt><dd>${share === null ? 'Not probed yet' : `${(share * 100).toFixed(2)} % of ${minutes} minutes${share < aim ? ` (aim: ${aim * 100} %)` : ''}`}</dd><dt>Slowest probe</dt><dd>${share === null ? '–' : formatInterval(slowestMs / 1000)}</dd></dl><p class="hint">Every minute the vault opens nobody’s allocation from end to end. A minute in which it did not run counts as one in which nobody could ask.</p></section>`;
}

function drillTable(studies: readonly OpenStudy[], drills: readonly LastDrill[], now: string): Markup {
  const rows = studies.flatMap((study) =>
    drillSites(study).map(({ siteId, name }) => {
      const last = drills.find((one) => one.studyId === study.studyId && one.siteId === siteId);
      const due = last === undefined || Date.parse(now) - last.answeredAt.getTime() > quarterMs;
      return [
        titleOf(study),
        name,
        last === undefined ? 'Never' : instant(last.answeredAt),
        last === undefined ? '–' : formatInterval(last.seconds),
        due ? html`<strong>Due</strong>` : 'Done this quarter',
      ];
    }),
  );
  return table('Last drill at each site', ['Study', 'Site', 'Answered', 'Time to the answer', ''], rows);
}

const drill: PageRoute = {
  path: '/studies/:studyId/drill',
  who: 'physician',
  place: 'Drill',
  get: async ({ house, params }) => {
    const study = await readStudy(house, params.studyId ?? '');
    if (study === null) return { redirect: '/room' };
    const sites = drillSites(study).map(({ siteId, name }) => ({ value: siteId, label: name }));
    return {
      page: {
        title: 'Drill',
        over: titleOf(study),
        lead: 'A code break from beginning to end on a participant who does not exist. Nobody’s treatment is opened. Before a site begins, and each quarter.',
        body: [
          html`<section><h2>Begin</h2><p>You get a card number. The clock runs from then until the treatment is on your screen.</p><form method="post">${choice({ name: 'site', label: 'Site', options: sites })}<button>Begin the drill</button></form></section>`,
          html`<section><h2>Drills</h2>${drillTable([study], await lastDrills(house), house.clock.now())}</section>`,
          await readinessFacts(house),
        ],
      },
    };
  },
  post: async ({ house, params, form, session }) => {
    const studyId = params.studyId ?? '';
    const kit = await startDrill(house, studyId, form.get('site') ?? '', session.person.personId);
    return {
      page: {
        title: 'Drill: the clock runs',
        body: html`<section class="drill"><p>This number stands on the card of a participant who does not exist:</p><p class="verdict label">${kit}</p><p>Do what you would do in earnest.</p><p><a class="button" href="/room/emergency">Emergency code break</a></p></section>`,
      },
    };
  },
};

const readiness: PageRoute = {
  path: '/readiness',
  who: 'keeper',
  place: 'Code break',
  get: async ({ house }) => {
    const { rows } = await house.pool.query<{ study_id: string }>('select study_id from study order by study_id');
    const studies = await Promise.all(rows.map((row) => readStudy(house, row.study_id)));
    const known = studies.filter((study) => study !== null);
    return {
      page: {
        title: 'Code break: readiness',
        lead: 'Whether a physician could open a treatment at any minute, and when each site last tried.',
        body: [
          await readinessFacts(house),
          html`<section><h2>Drills</h2>${drillTable(known, await lastDrills(house), house.clock.now())}</section>`,
        ],
      },
    };
  },
};

export const readinessPages: readonly PageRoute[] = [drill, readiness];
