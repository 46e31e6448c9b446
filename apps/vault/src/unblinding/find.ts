/** From the number on a card or a kit, or a participant's own, to the participants who have it. */
import type { House } from '../house.ts';

/** `participantId` null: the kit is in stock and was given to nobody. */
export type Found = { readonly studyId: string; readonly participantId: string | null; readonly drill: boolean };

/** As typed or read out: case, spaces and hyphens do not matter. */
export const numberTyped = (text: string): string => text.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** Any kit a participant was ever given names them, lost and returned ones too; the first is the number on the card. */
export async function findByNumber(house: House, studyIds: readonly string[], number: string): Promise<Found[]> {
  const { rows } = await house.pool.query<Found>(
    `select distinct on (study_id) study_id as "studyId", participant_id as "participantId", drill from (
       select study_id, participant_id, false as drill, 1 as rank from allocation where kit = $2 or participant_id = $2
       union all select study_id, participant_id, false, 2 from replacement where kit = $2
       union all select study_id, null, true, 3 from dummy where kit = $2
       union all select study_id, participant_id, false, 4 from kit where kit = $2
     ) found where study_id = any($1::text[]) order by study_id, rank`,
    [studyIds, number],
  );
  return rows;
}
