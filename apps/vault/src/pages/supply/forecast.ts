/** How long each site's stock lasts, from totals: the same answer whatever is allocated to whom. */
import { html, type Part } from '@limen/protocol';
import { keepsStock, kitsPerSet, type StockDesign, stockDesign } from '../../stock/design.ts';
import { type Enrolment, forecastSite } from '../../stock/forecast.ts';
import { certainlyServed } from '../../stock/serve.ts';
import { readShipments, readSteps, type Shipment, totalsOf, usableShipments } from '../../stock/shipments.ts';
import { choice, table } from '../page.ts';
import type { PageRoute, PersonVisit } from '../route.ts';
import { day, inStudy, placeHref, type Room, siteName, titleOf } from './frame.ts';

const leads = [3, 7, 14, 28];
const msPerDay = 86_400_000;

export const forecastPage: PageRoute = {
  path: '/studies/:studyId/supply/forecast',
  who: 'pharmacist',
  place: 'Forecast',
  get: async (visit) =>
    inStudy(visit, async (room) => {
      const { study } = room;
      const leadDays = leads.find((days) => String(days) === visit.query.get('lead')) ?? 14;
      return {
        page: {
          title: 'Forecast',
          over: titleOf(study),
          lead: 'From the number of people allocated at each site and of kits there. No arm is looked at, so a suggestion tells nothing of the allocation.',
          body: keepsStock(study)
            ? [
                html`<section><form method="get" class="row">${choice({ name: 'lead', label: 'Days from sending to receipt', value: String(leadDays), options: leads.map((days) => ({ value: String(days), label: String(days) })) })}<button class="quiet">Show</button></form></section>`,
                html`<section>${table(
                  'Sites',
                  [
                    'Site',
                    'Allocated',
                    'Can still be served',
                    'Days until then',
                    `Within ${leadDays} days`,
                    'Suggestion',
                  ],
                  await siteRows(visit, room, leadDays),
                  [1, 2, 4],
                )}<p class="hint">“Can still be served” counts people for whom a kit is certain whatever is drawn. Days: median, and the range that holds 80 per cent; a Poisson process with a gamma rate (Anisimov and Fedorov 2007). “Within” is not exceeded in nine cases of ten.</p></section>`,
              ]
            : html`<p class="empty">The protocol has its kits packed to order: there is no stock to forecast.</p>`,
        },
      };
    }),
};

async function siteRows(visit: PersonVisit, { client, study }: Room, leadDays: number): Promise<Part[][]> {
  const now = visit.house.clock.now();
  const design = stockDesign(study.design);
  const shipments = await readShipments(visit.house, client, study);
  const steps = await readSteps(client, study.studyId);
  const { rows } = await client.query<{ site_id: string; n: number }>(
    'select site_id, count(*)::int as n from allocation where study_id = $1 and site_id is not null group by site_id',
    [study.studyId],
  );
  const strata = await client.query<{ stratum: string; next_step: number }>(
    'select stratum, next_step from stratum where study_id = $1',
    [study.studyId],
  );
  return study.sites.map(({ siteId }) => {
    const own = strata.rows.filter(({ stratum }) => study.design.stratifyBy.join() !== 'site' || stratum === siteId);
    const next = new Map(own.map(({ stratum, next_step }) => [stratum, next_step]));
    const usable = usableShipments(shipments, siteId, day(now)).map((one) => totalsOf(one, steps));
    const servable = certainlyServed(design, usable, next);
    const arrivals = rows.find((row) => row.site_id === siteId)?.n ?? 0;
    const enrolment = enrolmentOf(shipments, siteId, arrivals, now);
    if (enrolment === null)
      return [
        siteName(study, siteId),
        '0',
        String(servable),
        '–',
        '–',
        firstShipment(study.studyId, siteId, shipments),
      ];
    const { days, arrivalsInLead, send } = forecastSite(enrolment, servable, leadDays);
    const sets = setsFor(design, next, arrivalsInLead);
    const href = `${placeHref(study.studyId, '/shipments')}?${new URLSearchParams({ site: siteId, sets: String(sets) }).toString()}`;
    return [
      siteName(study, siteId),
      String(arrivals),
      String(servable),
      days === null ? 'None left' : `${round(days.median)} (${round(days.lower)} to ${round(days.upper)})`,
      String(arrivalsInLead),
      send
        ? html`<a href="${href}">Send ${String(sets)} sets (${String(sets * kitsPerSet(design))} kits)</a>`
        : 'Nothing now',
    ];
  });
}

const mostSets = 500;

/** The fewest sets that alone serve as many for certain. */
function setsFor(design: StockDesign, next: ReadonlyMap<string, number>, people: number): number {
  let sets = 1;
  const serves = () => certainlyServed(design, [{ sets, served: new Map(), gone: 0 }], next);
  while (sets < mostSets && serves() < people) sets += 1;
  return sets;
}

const round = (days: number): string => (days >= 3650 ? 'over 3650' : days.toFixed(days < 10 ? 1 : 0));

/** From the first receipt on; null before it. */
function enrolmentOf(shipments: readonly Shipment[], siteId: string, arrivals: number, now: string): Enrolment | null {
  const received = shipments.flatMap((one) =>
    one.siteId === siteId && one.receivedAt !== null ? [one.receivedAt.getTime()] : [],
  );
  if (received.length === 0) return null;
  return { arrivals, days: Math.max(1, (Date.parse(now) - Math.min(...received)) / msPerDay) };
}

function firstShipment(studyId: string, siteId: string, shipments: readonly Shipment[]): Part {
  if (shipments.some((one) => one.siteId === siteId && one.status === 'sent')) return 'The first shipment is under way';
  return html`<a href="${placeHref(studyId, '/shipments')}?${new URLSearchParams({ site: siteId }).toString()}">Send the first shipment</a>`;
}
