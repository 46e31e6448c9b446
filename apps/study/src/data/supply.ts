/** Kits and shipments as this server knows them, and which acts the pharmacy has been told. */
import { sql } from 'kysely';
import type { StudyScope } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { KitTable, LedgerTable, ShipmentTable } from './schema.ts';

/** What happens to kits, as it stands in the ledger. */
export const kitActTypes = [
  'kit.dispensed',
  'kit.returned',
  'kit.lost',
  'shipment.received',
  'shipment.excursion',
  'kits.destroyed',
] as const;

const actTypes = sql.raw(kitActTypes.map((type) => `'${type}'`).join(', '));

/** Acts the pharmacy has not been told yet, oldest first. */
export async function listUntoldActs(
  { query }: Database,
  studyId: string,
  limit: number,
): Promise<(LedgerTable & { site_id: string | null })[]> {
  const found = await sql<LedgerTable & { site_id: string | null }>`
    SELECT l.*, p.site_id FROM ledger l
    LEFT JOIN participant p ON p.study_id = l.study_id AND p.participant_id = l.stream
    WHERE l.study_id = ${studyId} AND l.type IN (${actTypes})
      AND NOT EXISTS (SELECT 1 FROM kit_act_told t WHERE t.study_id = l.study_id AND t.event_id = l.event_id)
    ORDER BY l.recorded_at, l.stream, l.seq LIMIT ${limit}`.execute(query);
  return found.rows;
}

export async function countUntoldActs({ query }: Database, studyId: string): Promise<number> {
  const found = await sql<{ n: number }>`
    SELECT count(*)::integer AS n FROM ledger l WHERE l.study_id = ${studyId} AND l.type IN (${actTypes})
      AND NOT EXISTS (SELECT 1 FROM kit_act_told t WHERE t.study_id = l.study_id AND t.event_id = l.event_id)`.execute(
    query,
  );
  return found.rows[0]?.n ?? 0;
}

export async function writeTold(
  { query }: Database,
  studyId: string,
  eventIds: readonly string[],
  accepted: boolean,
): Promise<void> {
  if (eventIds.length === 0) return;
  await query
    .insertInto('kit_act_told')
    .values(eventIds.map((eventId) => ({ study_id: studyId, event_id: eventId, accepted })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listNotAccepted({ query }: Database, studyId: string): Promise<LedgerTable[]> {
  const found = await sql<LedgerTable>`
    SELECT l.* FROM kit_act_told t JOIN ledger l ON l.study_id = t.study_id AND l.event_id = t.event_id
    WHERE t.study_id = ${studyId} AND NOT t.accepted ORDER BY l.recorded_at, l.stream, l.seq LIMIT 100`.execute(query);
  return found.rows;
}

/** Answers whether anything is another than before. */
export async function writeShipments(
  { query }: Database,
  studyId: string,
  shipments: readonly Omit<ShipmentTable, 'study_id'>[],
  heardAt: string,
): Promise<boolean> {
  return query.transaction().execute(async (tx) => {
    await tx
      .insertInto('pharmacy_heard')
      .values({ study_id: studyId, heard_at: heardAt })
      .onConflict((conflict) => conflict.column('study_id').doUpdateSet({ heard_at: heardAt }))
      .execute();
    let changed = false;
    for (const shipment of shipments) {
      const { shipment_id: _, ...rest } = shipment;
      const written = await tx
        .insertInto('shipment')
        .values({ study_id: studyId, ...shipment })
        .onConflict((conflict) =>
          conflict
            .columns(['study_id', 'shipment_id'])
            .doUpdateSet(rest)
            .where(
              sql<boolean>`(shipment.status, shipment.expires, shipment.storage, shipment.kits)
                IS DISTINCT FROM (excluded.status, excluded.expires, excluded.storage, excluded.kits)`,
            ),
        )
        .executeTakeFirst();
      changed ||= (written.numInsertedOrUpdatedRows ?? 0n) > 0n;
    }
    return changed;
  });
}

export async function readHeardAt({ query }: Database, studyId: string): Promise<string | null> {
  const row = await query
    .selectFrom('pharmacy_heard')
    .select('heard_at')
    .where('study_id', '=', studyId)
    .executeTakeFirst();
  return row?.heard_at ?? null;
}

type Sites = Pick<StudyScope, 'studyId' | 'siteId'>;

export async function listShipments({ query }: Database, { studyId, siteId }: Sites): Promise<ShipmentTable[]> {
  return query
    .selectFrom('shipment')
    .selectAll()
    .where('study_id', '=', studyId)
    .$if(siteId !== null, (builder) => builder.where('site_id', '=', siteId ?? ''))
    .orderBy('sent_at')
    .orderBy('shipment_id')
    .execute();
}

/** Kits that people have or had. */
export async function listHeldKits({ query }: Database, { studyId, siteId }: Sites): Promise<KitTable[]> {
  return query
    .selectFrom('kit')
    .selectAll()
    .where('study_id', '=', studyId)
    .$if(siteId !== null, (builder) => builder.where('site_id', '=', siteId ?? ''))
    .orderBy('kit')
    .execute();
}

/** What became of the kit that is to be replaced. */
export async function readMissingKit(
  { query }: Database,
  studyId: string,
  participantId: string,
): Promise<'lost' | 'damaged'> {
  const row = await query
    .selectFrom('kit')
    .select('status')
    .where('study_id', '=', studyId)
    .where('participant_id', '=', participantId)
    .where('status', 'in', ['lost', 'damaged'])
    .orderBy('changed_at', 'desc')
    .executeTakeFirst();
  return row?.status === 'damaged' ? 'damaged' : 'lost';
}

/** What the study's own stream says of shipments and destroyed kits, in order. */
export async function listStudyKitActs({ query }: Database, studyId: string): Promise<LedgerTable[]> {
  return query
    .selectFrom('ledger')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('stream', '=', 'study')
    .where('type', 'in', ['shipment.received', 'shipment.excursion', 'kits.destroyed'])
    .orderBy('seq')
    .execute();
}
