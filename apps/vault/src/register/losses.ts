/** Theft and loss: the authority is told within one business day (21 CFR 1301.76(b)). */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { type Entry, readEntries } from './entry.ts';
import { assertPast, requireStudy } from './stock.ts';

export type Loss = {
  readonly entry: Entry;
  /** The end of the next business day after it was written down. */
  readonly dueAt: string;
  readonly report: { readonly reportedAt: string; readonly reference: string } | null;
};

/**
 * The end, in UTC, of the next day from Monday to Friday. Holidays are not known here: the clock is never longer than the
 * law's, at times shorter.
 */
export function reportDue(recordedAt: string): string {
  const date = new Date(recordedAt);
  do date.setUTCDate(date.getUTCDate() + 1);
  while (date.getUTCDay() === 0 || date.getUTCDay() === 6);
  date.setUTCHours(23, 59, 59, 999);
  return date.toISOString();
}

/** The newest first. */
export async function readLosses(client: Client, study: OpenStudy): Promise<Loss[]> {
  const { rows } = await client.query<{ entry_id: string; reported_at: Date; reference: string }>(
    'select entry_id, reported_at, reference from loss_report where study_id = $1',
    [study.studyId],
  );
  const reports = new Map(
    rows.map((row) => [row.entry_id, { reportedAt: row.reported_at.toISOString(), reference: row.reference }]),
  );
  const lost = (await readEntries(client, study)).filter(({ to }) => to === 'lost');
  return lost.reverse().map((entry) => ({
    entry,
    dueAt: reportDue(entry.recordedAt),
    report: reports.get(entry.entryId) ?? null,
  }));
}

export type LossReport = { readonly entryId: string; readonly reportedAt: string; readonly reference: string };

export async function reportLoss(house: House, studyId: string, personId: string, given: LossReport): Promise<void> {
  const reference = given.reference.trim();
  if (reference === '') throw new Refusal('supply_refused', 'Name the report, such as the number of Form 106.');
  assertPast(house, given.reportedAt);
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    const loss = (await readLosses(client, study)).find(({ entry }) => entry.entryId === given.entryId);
    if (loss === undefined) throw new Refusal('not_found', 'There is no such loss.');
    if (loss.report !== null) throw new Refusal('supply_refused', 'This loss is reported already.');
    await client.query(
      `insert into loss_report (study_id, entry_id, reported_at, recorded_at, reference, person_id)
       values ($1, $2, $3, $4, $5, $6)`,
      [studyId, given.entryId, given.reportedAt, house.clock.now(), reference, personId],
    );
    await appendTrail(house, client, studyId, {
      type: 'loss.reported',
      actor: { id: personId, role: 'pharmacist' },
      cause: given.entryId,
      payload: { ...given, reference },
    });
  });
}
