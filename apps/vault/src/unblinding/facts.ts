/**
 * What the study server may know of unblindings: that one happened, to whom and when; nothing of the treatment. A report to
 * an authority is not among them: its fact alone would tell the site that an event was taken for unexpected.
 */
import type { House } from '../house.ts';

/** A word of the safety board is the message itself; it says nothing of anybody's treatment. */
export const toldKinds = [
  'emergency',
  'planned',
  'drill',
  'board-continue',
  'board-change',
  'board-pause',
  'board-stop',
] as const;

export type Fact = {
  readonly seq: string;
  readonly studyId: string;
  readonly participantId: string;
  readonly kind: (typeof toldKinds)[number];
  readonly at: string;
};

const factsAtOnce = 200;
/** As many characters for every fact of a study. */
const digits = 12;

export async function listFacts(house: House, after: number): Promise<{ facts: Fact[] }> {
  const { rows } = await house.pool.query<{
    seq: string;
    study_id: string;
    participant_id: string;
    kind: Fact['kind'];
    at: Date;
  }>(
    `select seq, study_id, participant_id, kind, at from unblinding
     where seq > $1 and kind <> 'safety' order by seq limit ${factsAtOnce}`,
    [after],
  );
  return {
    facts: rows.map((row) => ({
      seq: String(row.seq).padStart(digits, '0'),
      studyId: row.study_id,
      participantId: row.participant_id,
      kind: row.kind,
      at: row.at.toISOString(),
    })),
  };
}
