/** Dispensers and scales: registered and revoked in the study's stream, which is read and folded here. */
import type { Database } from './database.ts';
import { factsOf } from './ledger.ts';

export type Device = {
  readonly deviceId: string;
  readonly siteId: string;
  readonly kind: 'dispenser' | 'scale';
  readonly name: string;
  readonly publicKey: string;
  readonly registeredAt: string;
  readonly revokedAt: string | null;
};

/** In the order in which they were registered. */
export async function listDevices({ query }: Database, studyId: string): Promise<Device[]> {
  const rows = await query
    .selectFrom('ledger')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('stream', '=', 'study')
    .where('type', 'in', ['device.registered', 'device.revoked'])
    .orderBy('seq')
    .execute();
  const devices = new Map<string, Device>();
  for (const row of rows) {
    const facts = factsOf(row) as Omit<Device, 'registeredAt' | 'revokedAt'> | null;
    if (facts === null) continue;
    const known = devices.get(facts.deviceId);
    if (row.type === 'device.registered') {
      devices.set(facts.deviceId, { ...facts, registeredAt: row.recorded_at, revokedAt: null });
    } else if (known !== undefined) devices.set(facts.deviceId, { ...known, revokedAt: row.recorded_at });
  }
  return [...devices.values()];
}

/** False where the device has used this nonce before. Nonces older than `before` are forgotten. */
export async function rememberNonce(
  { query }: Database,
  used: { studyId: string; deviceId: string; nonce: string; at: string; before: string },
): Promise<boolean> {
  await query.deleteFrom('device_nonce').where('seen_at', '<', used.before).execute();
  const added = await query
    .insertInto('device_nonce')
    .values({ study_id: used.studyId, device_id: used.deviceId, nonce: used.nonce, seen_at: used.at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}

/** Who holds the kit of this label at this site; null: nobody. */
export async function findHolder(
  { query }: Database,
  kit: { studyId: string; siteId: string; label: string },
): Promise<string | null> {
  const row = await query
    .selectFrom('kit')
    .select('participant_id')
    .where('study_id', '=', kit.studyId)
    .where('site_id', '=', kit.siteId)
    .where('kit', '=', kit.label)
    .executeTakeFirst();
  return row?.participant_id ?? null;
}
