/** What allows each site to hold the substances; without it nothing is sent there and nothing is received. */
import { html } from '@limen/protocol';
import { readRegistrations, registerSite, registrationFault, substancesOf } from '../../register/registration.ts';
import { choice, field, notice, table } from '../page.ts';
import type { PageRoute } from '../route.ts';
import { confirmWith, day, inStudy, personOf, placeHref, siteName, studyIdOf, titleOf } from './frame.ts';

export const sitesPage: PageRoute = {
  path: '/studies/:studyId/supply/sites',
  who: 'pharmacist',
  place: 'Sites',
  get: async (visit) =>
    inStudy(visit, async ({ client, study }) => {
      const held = await readRegistrations(client, study.studyId);
      const today = day(visit.house.clock.now());
      const faults = await Promise.all(
        study.sites.map(({ siteId }) => registrationFault(client, study, siteId, today)),
      );
      const substances = substancesOf(study);
      return {
        page: {
          title: 'Sites',
          over: titleOf(study),
          lead: 'A site is registered for every substance of the study, whatever a shipment holds: placebo is handled as the substances are.',
          unblinding: true,
          body: [
            faults.map((fault) => fault !== null && notice('bad', fault)),
            held.length === 0
              ? html`<p class="empty">No site is registered yet.</p>`
              : html`<section>${table(
                  'Registrations',
                  ['Site', 'Authority', 'Number', 'Ends', 'Substances'],
                  held.map(({ siteId, authority, number, expires, substances: named }) => [
                    siteName(study, siteId),
                    authority,
                    number,
                    expires,
                    named.join(', '),
                  ]),
                )}</section>`,
            study.sites.length === 0
              ? html`<p class="empty">The study has no site.</p>`
              : html`<section><h2>Register a site</h2><p class="hint">The newest registration of a site counts; older ones stay.</p><form method="post">${choice({ name: 'siteId', label: 'Site', options: study.sites.map(({ siteId, name }) => ({ value: siteId, label: name })) })}${field({ name: 'authority', label: 'Authority' })}${field({ name: 'number', label: 'Number' })}${field({ name: 'expires', label: 'Last day', type: 'date' })}<fieldset><legend>Substances it names</legend>${substances.map((substance) => html`<label class="tick"><input type="checkbox" name="substance" value="${substance}"> ${substance}</label>`)}</fieldset>${confirmWith('site')}<button>Register the site</button></form></section>`,
          ],
        },
      };
    }),
  confirms: true,
  post: async (visit) => {
    const { form } = visit;
    await registerSite(visit.house, studyIdOf(visit), personOf(visit), {
      siteId: form.get('siteId') ?? '',
      authority: form.get('authority') ?? '',
      number: form.get('number') ?? '',
      expires: form.get('expires') ?? '',
      substances: form.getAll('substance'),
    });
    return { redirect: placeHref(studyIdOf(visit), '/sites') };
  },
};
