/** Drills and the probe: is the way to a treatment open, from the question to the words on the screen? */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { deriveKey, open, pad, seal, unpad } from '../sealing.ts';
import { inTransaction } from '../store.ts';
import { lockStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { drillParticipant, recordUnblinding } from './record.ts';

/** Opens a treatment that nobody was given, the way a real one is opened. */
export async function drill(house: House, studyId: string, by: string, startedAt: number): Promise<number> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('not_found', 'There is no such study.');
    const purpose = `drill ${studyId}`;
    const sealed = seal(study.dataKey, pad(JSON.stringify({ arm: 'drill' })), purpose);
    JSON.parse(unpad(open(study.dataKey, sealed, purpose)));
    const answeredInMs = Math.max(0, Date.parse(house.clock.now()) - startedAt);
    await recordUnblinding(house, client, {
      studyId,
      participantId: drillParticipant,
      kind: 'drill',
      by,
      answeredInMs,
    });
    const payload = { answeredInMs };
    const actor = { id: by, role: 'physician' };
    await appendTrail(house, client, studyId, { type: 'code.drilled', actor, cause: drillParticipant, payload });
    return answeredInMs;
  });
}

export type LastDrill = { readonly at: Date; readonly answeredInMs: number };

export async function lastDrill(house: House, studyId: string): Promise<LastDrill | null> {
  const { rows } = await house.pool.query<{ at: Date; answered_in_ms: number }>(
    `select at, answered_in_ms from unblinding where study_id = $1 and kind = 'drill' order by seq desc limit 1`,
    [studyId],
  );
  return rows[0] ? { at: rows[0].at, answeredInMs: rows[0].answered_in_ms } : null;
}

/** Reads every study's wrapped key, unwraps it, seals and opens: what a code break needs, without a participant. */
export async function probe(house: House): Promise<{ ready: true }> {
  const { rows } = await house.pool.query<{ study_id: string; wrapped_key: Buffer }>(
    'select study_id, wrapped_key from study order by study_id',
  );
  for (const { study_id: studyId, wrapped_key: wrapped } of rows) {
    const dataKey = open(deriveKey(house.key, 'wrap'), wrapped, `data key ${studyId}`);
    unpad(open(dataKey, seal(dataKey, pad('probe'), 'probe'), 'probe'));
  }
  return { ready: true };
}
