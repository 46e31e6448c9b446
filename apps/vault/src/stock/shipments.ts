/** Shipments as they stand, and what they have served so far. */
import { readBatches, statusOf } from '../batches.ts';
import type { House } from '../house.ts';
import type { ShipmentsReply } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { type Kit, readKits } from './kits.ts';
import type { ShipmentTotals } from './serve.ts';

export type Shipment = {
  readonly shipmentId: string;
  readonly siteId: string;
  readonly lot: string;
  readonly expires: string;
  readonly storage: string;
  readonly sets: number;
  /** As the sites and the pharmacist have decided; a batch on hold keeps the shipment back beside it. */
  readonly decided: 'sent' | 'received' | 'quarantined' | 'recalled';
  /** What is told outside. */
  readonly status: 'sent' | 'received' | 'quarantined' | 'recalled';
  readonly sentAt: Date;
  readonly receivedAt: Date | null;
  readonly kits: readonly Kit[];
};

type Row = {
  shipment_id: string;
  site_id: string;
  lot: string;
  expires: string;
  storage: string;
  sets: number;
  status: Shipment['decided'];
  sent_at: Date;
  received_at: Date | null;
};

/** By the time they were sent. */
export async function readShipments(
  house: House,
  client: Client,
  study: OpenStudy,
  shipmentId?: string,
): Promise<Shipment[]> {
  const { rows } = await client.query<Row>(
    `select *, to_char(expires, 'YYYY-MM-DD') as expires from shipment
     where study_id = $1 and ($2::text is null or shipment_id = $2) order by sent_at, shipment_id`,
    [study.studyId, shipmentId ?? null],
  );
  const kits = Map.groupBy(
    await readKits(client, study, shipmentId === undefined ? {} : { shipmentId }),
    (kit) => kit.shipmentId,
  );
  const held = await batchesOnHold(client, study, house.clock.now());
  return rows.map((row) => {
    const own = kits.get(row.shipment_id) ?? [];
    const onHold = row.status !== 'recalled' && own.some(({ secret }) => secret !== null && held.has(secret.batchId));
    return {
      shipmentId: row.shipment_id,
      siteId: row.site_id,
      lot: row.lot,
      expires: row.expires,
      storage: row.storage,
      sets: row.sets,
      decided: row.status,
      status: onHold ? ('quarantined' as const) : row.status,
      sentAt: row.sent_at,
      receivedAt: row.received_at,
      kits: own,
    };
  });
}

const holding: ReadonlySet<string> = new Set(['quarantined', 'recalled', 'retest-due']);

/** Batches whose kits nobody may be given: every shipment that has one of them stands still as a whole. */
async function batchesOnHold(client: Client, study: OpenStudy, now: string): Promise<ReadonlySet<string>> {
  const batches = await readBatches(client, study);
  return new Set(batches.filter((one) => holding.has(statusOf(one, now))).map(({ record }) => record.batchId));
}

/** Those a kit can be given from at this site today, the first to expire first. */
export function usableShipments(shipments: readonly Shipment[], siteId: string, today: string): Shipment[] {
  const order = ({ expires, receivedAt, shipmentId }: Shipment) =>
    `${expires} ${receivedAt?.toISOString() ?? ''} ${shipmentId}`;
  return shipments
    .filter((one) => one.siteId === siteId && one.status === 'received' && one.expires >= today)
    .toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Steps by the kit they were served with. */
export type StepsByKit = ReadonlyMap<string, { readonly stratum: string; readonly step: number }>;

export async function readSteps(client: Client, studyId: string): Promise<StepsByKit> {
  const { rows } = await client.query<{ kit: string; stratum: string; step: number }>(
    'select kit, stratum, step from allocation where study_id = $1 order by stratum, step',
    [studyId],
  );
  return new Map(rows.map(({ kit, stratum, step }) => [kit, { stratum, step }]));
}

export function totalsOf({ sets, kits }: Shipment, steps: StepsByKit): ShipmentTotals {
  const served = new Map<string, number[]>();
  let gone = 0;
  for (const kit of kits) {
    const given = steps.get(kit.kit);
    if (given !== undefined) served.set(given.stratum, [...(served.get(given.stratum) ?? []), given.step]);
    else if (!isFree(kit)) gone += 1;
  }
  for (const list of served.values()) list.sort((a, b) => a - b);
  return { sets, served, gone };
}

/** Nobody has it and it can be given. */
export function isFree({ place, damaged, participantId }: Kit): boolean {
  return place === 'site' && !damaged && participantId === null;
}

/** For the study server: nothing here depends on contents. */
export async function listShipments(house: House, studyId: string): Promise<ShipmentsReply> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('supply_refused', 'no such study');
    const shipments = await readShipments(house, client, study);
    return {
      shipments: shipments.map(({ shipmentId, siteId, lot, expires, storage, sentAt, status, kits }) => ({
        shipmentId,
        siteId,
        lot,
        expires,
        storage,
        sentAt: sentAt.toISOString(),
        status,
        kits: kits.map(({ kit }) => kit),
      })),
    };
  });
}
