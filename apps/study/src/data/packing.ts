/** Codes of people who pack for somebody else. */
import type { Database } from './database.ts';

export async function writeHelperCode(
  { query }: Database,
  helper: { codeHash: Buffer; studyId: string; participantId: string },
): Promise<void> {
  const { codeHash: code_hash, studyId: study_id, participantId: participant_id } = helper;
  await query
    .insertInto('packing_helper')
    .values({ code_hash, study_id, participant_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readHelper({ query }: Database, codeHash: Buffer) {
  const row = await query
    .selectFrom('packing_helper')
    .select(['study_id', 'participant_id'])
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  return row === undefined ? null : { studyId: row.study_id, participantId: row.participant_id };
}
