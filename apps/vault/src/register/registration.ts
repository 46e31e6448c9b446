/** What allows a place to hold the substances: authority, number, until when, which of them. */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { requireStudy } from './stock.ts';

export type Registration = {
  readonly siteId: string;
  readonly authority: string;
  readonly number: string;
  /** The last day on which it holds. */
  readonly expires: string;
  readonly substances: readonly string[];
};

/** Every substance that a capsule of the study can hold. */
export function substancesOf({ document }: Pick<OpenStudy, 'document'>): string[] {
  const all =
    document?.interventions.flatMap(({ substances = [] }) => substances.map(({ substance }) => substance)) ?? [];
  return [...new Set<string>(all)].sort();
}

/** The newest of each site. */
export async function readRegistrations(client: Client, studyId: string): Promise<Registration[]> {
  const { rows } = await client.query<Registration & { siteId: string }>(
    `select distinct on (site_id) site_id as "siteId", authority, number, to_char(expires, 'YYYY-MM-DD') as expires, substances
     from registration where study_id = $1 order by site_id, seq desc`,
    [studyId],
  );
  return rows;
}

export async function registerSite(
  house: House,
  studyId: string,
  personId: string,
  given: Registration,
): Promise<void> {
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    const { siteId, authority, number, expires, substances } = given;
    if (!study.sites.some((site) => site.siteId === siteId)) {
      throw new Refusal('supply_refused', `The study has no site ${siteId}.`);
    }
    if (authority.trim() === '' || number.trim() === '') {
      throw new Refusal('supply_refused', 'A registration has an authority and a number.');
    }
    if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires))) {
      throw new Refusal('supply_refused', 'The day on which the registration ends is not a date.');
    }
    const registrationId = `r-${Buffer.from(house.random(8)).toString('hex')}`;
    await client.query(
      `insert into registration
         (study_id, registration_id, seq, site_id, authority, number, expires, substances, recorded_at, person_id)
       select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9 from registration where study_id = $1`,
      [
        studyId,
        registrationId,
        siteId,
        authority.trim(),
        number.trim(),
        expires,
        substances,
        house.clock.now(),
        personId,
      ],
    );
    await appendTrail(house, client, studyId, {
      type: 'site.registered',
      actor: { id: personId, role: 'pharmacist' },
      cause: registrationId,
      payload: { ...given, substances: [...substances] },
    });
  });
}

/**
 * Why a site may not hold the study's capsules on that day; null where it may. All substances of the study are asked for,
 * whatever is in a shipment: placebo is handled as they are.
 */
export async function registrationFault(
  client: Client,
  study: OpenStudy,
  siteId: string,
  day: string,
): Promise<string | null> {
  const needed = substancesOf(study);
  if (needed.length === 0) return null;
  const held = (await readRegistrations(client, study.studyId)).find((one) => one.siteId === siteId);
  if (held === undefined) return `Site ${siteId} has no registration for ${needed.join(', ')}.`;
  if (held.expires < day) return `The registration of site ${siteId} ended on ${held.expires}.`;
  const missing = needed.filter((substance) => !held.substances.includes(substance));
  return missing.length === 0 ? null : `The registration of site ${siteId} does not name ${missing.join(', ')}.`;
}
