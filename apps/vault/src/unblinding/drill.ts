/** Drills: the whole way of a code break on nobody's allocation, timed from the start to the answer. */
import { randomUUID } from 'node:crypto';
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { ensureDummy, readDummy } from './dummy.ts';
import { drillParticipant, recordUnblinding } from './record.ts';

/** Answers the number on the dummy's card. `siteId`: whose people are drilled. */
export async function startDrill(house: House, studyId: string, siteId: string, personId: string): Promise<string> {
  await ensureDummy(house, studyId);
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const dummy = study && (await readDummy(client, study));
    if (!study || !dummy) throw new Refusal('not_found', 'There is no such study.');
    if (!drillSites(study).some((site) => site.siteId === siteId)) {
      throw new Refusal('request_invalid', 'The study has no such site.');
    }
    await client.query(
      'insert into drill (study_id, drill_id, site_id, person_id, started_at) values ($1, $2, $3, $4, $5)',
      [studyId, randomUUID(), siteId, personId, house.clock.now()],
    );
    return dummy.kit;
  });
}

/** A study that names no sites is drilled as a whole. */
export const drillSites = ({ sites }: Pick<OpenStudy, 'sites'>) =>
  sites.length > 0 ? sites : [{ siteId: 'all', name: 'All sites' }];

export type DrillAnswer = { readonly seconds: number | null };

/** The answer to the person's newest open drill. A dummy's card that was used without one leaves its trace all the same. */
export async function answerDrill(
  house: House,
  client: Client,
  study: OpenStudy,
  { personId, requestId }: { readonly personId: string; readonly requestId: string },
): Promise<DrillAnswer> {
  const { studyId } = study;
  const at = house.clock.now();
  const { rows } = await client.query<{ seconds: string }>(
    `update drill set answered_at = $3 where (study_id, drill_id) in (
       select study_id, drill_id from drill where study_id = $1 and person_id = $2 and answered_at is null
       order by started_at desc limit 1
     ) returning extract(epoch from answered_at - started_at)::text as seconds`,
    [studyId, personId, at],
  );
  const seconds = rows[0] === undefined ? null : Number(rows[0].seconds);
  await appendTrail(house, client, studyId, {
    type: 'code.drilled',
    actor: { id: personId, role: 'physician' },
    cause: drillParticipant,
    payload: { requestId, seconds },
  });
  await recordUnblinding(house, client, {
    studyId,
    participantId: drillParticipant,
    kind: 'drill',
    by: personId,
    requestId,
    ...(seconds === null ? {} : { answeredInMs: Math.round(seconds * 1000) }),
  });
  return { seconds };
}

export type LastDrill = {
  readonly studyId: string;
  readonly siteId: string;
  readonly answeredAt: Date;
  readonly seconds: number;
};

export async function lastDrills(house: House): Promise<LastDrill[]> {
  const { rows } = await house.pool.query<LastDrill>(
    `select distinct on (study_id, site_id) study_id as "studyId", site_id as "siteId", answered_at as "answeredAt",
       extract(epoch from answered_at - started_at)::float8 as seconds
     from drill where answered_at is not null order by study_id, site_id, answered_at desc`,
  );
  return rows;
}
