/** One draw: who it is for, what the procedure may look at, and what of it stands in the trail. */
import type { Json } from '@limen/ledger';
import { factorsInUse } from '@limen/protocol';
import { type Allocation, looksAtPeople, type Participant, RandomizationError } from '@limen/randomization';
import type { House } from './house.ts';
import type { AllocationRequest } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { open, unpad } from './sealing.ts';
import type { Client } from './store.ts';
import type { OpenStudy } from './study.ts';
import type { Place } from './walks.ts';

/** Strata are the sites or there is one; a study that named no sites is not held to them. */
export function requireKnownStratum(study: OpenStudy, stratum: string): void {
  const { stratifyBy } = study.design;
  const refused = (why: string) => new Refusal('allocation_refused', `no stratum ${stratum}: ${why}`);
  if (stratifyBy.length === 0 && stratum !== 'all') throw refused('the study is not stratified');
  if (!stratifyBy.includes('site') || study.sites.length === 0) return;
  if (!study.sites.some(({ siteId }) => siteId === stratum)) throw refused('no site of the study has this id');
}

/** Only what the procedure looks at, so that nothing more is kept beside an allocation. */
export function personOf({ design, document, sites }: OpenStudy, request: AllocationRequest): Participant {
  const { procedure } = design;
  const drawn = procedure.kind === 'households' ? procedure.of : procedure;
  const household = procedure.kind === 'households' ? request.household : undefined;
  const home = household === undefined ? {} : { household };
  if (drawn.kind !== 'minimisation') return home;
  const levels: Record<string, string> = {};
  for (const { id } of drawn.factors) {
    const level = request.levels?.[id];
    if (level === undefined) throw new Refusal('allocation_refused', `no level of the factor ${id}`);
    levels[id] = level;
  }
  for (const { id, from } of document === null ? [] : factorsInUse(document)) {
    const isSite = from.kind === 'site' && sites.length > 0;
    if (isSite && !sites.some(({ siteId }) => siteId === levels[id])) {
      throw new Refusal('allocation_refused', `the factor ${id} has the level ${levels[id]}, which is no site`);
    }
  }
  return { levels, ...home };
}

/** `state`: what the draw looked at, for the trail. */
export async function drawFor(
  house: House,
  client: Client,
  study: OpenStudy,
  place: Place,
): Promise<{ drawn: Allocation; state: Record<string, Json> }> {
  const before = looksAtPeople(study.design.procedure) ? await readDrawn(client, study, place) : [];
  try {
    const drawn = await house.walks.drawAt(study, place, (from) => Promise.resolve(before.slice(from)));
    return { drawn, state: stateOf(before, place.person) };
  } catch (error) {
    if (error instanceof RandomizationError) throw new Refusal('allocation_refused', `${error.code}: ${error.message}`);
    throw error;
  }
}

type Drawn = Allocation & Participant;

async function readDrawn(client: Client, study: OpenStudy, { stratum, step }: Place): Promise<Drawn[]> {
  const { rows } = await client.query<{ participant_id: string; sealed: Buffer }>(
    'select participant_id, sealed from allocation where study_id = $1 and stratum = $2 and step < $3 order by step',
    [study.studyId, stratum, step],
  );
  return rows.map(({ participant_id: participantId, sealed }) =>
    JSON.parse(unpad(open(study.dataKey, sealed, allocationPurpose(study.studyId, participantId)))),
  );
}

/** Counts by arm among those of the person's level, factor by factor: what a minimisation decided on. */
function stateOf(before: readonly Drawn[], { levels, household }: Participant): Record<string, Json> {
  const totals = Object.entries(levels ?? {}).map(([factor, level]) => {
    const counts: Record<string, number> = {};
    for (const one of before) if (one.levels?.[factor] === level) counts[one.arm] = (counts[one.arm] ?? 0) + 1;
    return { factor, level, counts };
  });
  return {
    ...(levels ? { factors: totals } : {}),
    ...(household === undefined ? {} : { household }),
  };
}

export function allocationPurpose(studyId: string, participantId: string): string {
  return `allocation ${studyId} ${participantId}`;
}
