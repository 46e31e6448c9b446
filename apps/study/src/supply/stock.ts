/** Where every kit is, from what the pharmacy sent, what the sites did and what people have. A pure fold. */
import type { shapes } from '@limen/contract';
import type { z } from 'zod';
import type { KitTable, ShipmentTable } from '../data/schema.ts';

export type KitStatus = z.output<typeof shapes.kitStatus>;

export type Kit = {
  readonly kit: string;
  readonly siteId: string;
  readonly shipmentId: string | null;
  readonly status: KitStatus;
  readonly participantId: string | null;
  readonly unitsReturned: number | null;
  readonly changedAt: string | null;
};

/** An act of the study's own stream. */
export type StudyKitAct = {
  readonly type: string;
  readonly at: string;
  readonly facts: Readonly<Record<string, unknown>>;
};

type Received = { readonly at: string; readonly missing: ReadonlySet<string>; readonly damaged: ReadonlySet<string> };

export type Stock = {
  /** By label, in order of labels: labels are random, so the order says nothing. */
  readonly kits: readonly Kit[];
  readonly received: ReadonlyMap<string, Received>;
};

const labelsIn = (value: unknown): ReadonlySet<string> => new Set(Array.isArray(value) ? value.map(String) : []);

/** `today`: the date by which a kit has expired. */
export function stockOf(
  shipments: readonly ShipmentTable[],
  held: readonly KitTable[],
  acts: readonly StudyKitAct[],
  today: string,
): Stock {
  const received = new Map<string, Received>();
  const destroyed = new Map<string, string>();
  for (const { type, at, facts } of acts) {
    if (type === 'shipment.received') {
      const receipt = { at, missing: labelsIn(facts.missing), damaged: labelsIn(facts.damaged) };
      received.set(String(facts.shipmentId), receipt);
    }
    if (type === 'kits.destroyed') for (const kit of labelsIn(facts.kits)) destroyed.set(kit, at);
  }
  const kits = new Map<string, Kit>();
  for (const shipment of shipments) {
    for (const kit of shipment.kits) {
      kits.set(kit, {
        kit,
        siteId: shipment.site_id,
        shipmentId: shipment.shipment_id,
        status: shelfStatus(kit, shipment, received.get(shipment.shipment_id), today),
        participantId: null,
        unitsReturned: null,
        changedAt: received.get(shipment.shipment_id)?.at ?? shipment.sent_at,
      });
    }
  }
  for (const row of held) {
    kits.set(row.kit, {
      kit: row.kit,
      siteId: row.site_id,
      shipmentId: kits.get(row.kit)?.shipmentId ?? null,
      status: row.status,
      participantId: row.participant_id,
      unitsReturned: row.units_returned,
      changedAt: row.changed_at,
    });
  }
  for (const [label, changedAt] of destroyed) {
    const known = kits.get(label);
    if (known !== undefined) kits.set(label, { ...known, status: 'destroyed', changedAt });
  }
  return { kits: [...kits.values()].sort((a, b) => (a.kit < b.kit ? -1 : 1)), received };
}

function shelfStatus(kit: string, shipment: ShipmentTable, receipt: Received | undefined, today: string): KitStatus {
  if (receipt?.missing.has(kit)) return 'missing';
  if (receipt?.damaged.has(kit)) return 'damaged';
  if (shipment.status === 'quarantined' || shipment.status === 'recalled') return 'keptBack';
  if (receipt === undefined) return 'underway';
  return shipment.expires < today ? 'expired' : 'inStock';
}

export function countKits(kits: readonly Kit[]): Partial<Record<KitStatus, number>> {
  const counts: Partial<Record<KitStatus, number>> = {};
  for (const { status } of kits) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What can be destroyed: nobody can take it any more and it is at hand. */
export const destructible: ReadonlySet<KitStatus> = new Set(['inStock', 'keptBack', 'expired', 'damaged', 'returned']);
