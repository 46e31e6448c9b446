/**
 * Kits as blinded people see them: labels and totals. Nothing here tells kits of one content from kits of another, because
 * the server that answers does not know.
 */
import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';

const readers = ['coordinator', 'investigator', 'pharmacist', 'monitor', 'administrator'] as const;
const handlers = ['coordinator', 'pharmacist'] as const;
const base = '/v1/studies/:studyId/supply';
const tag = 'Supply';

const shipmentId = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);
const kit = z.string().min(1).max(40);
const kits = z.array(kit).max(1000);
const celsius = z.number().min(-100).max(100);

const counts = z.partialRecord(s.kitStatus, z.number());

const shipment = z.object({
  shipmentId,
  siteId: s.siteId,
  /** One blinded lot number for all kits of the study. */
  lot: z.string(),
  expires: z.iso.date(),
  storage: z.string(),
  sentAt: s.instant,
  status: z.enum(['sent', 'received', 'quarantined', 'recalled']),
  receivedAt: s.instant.nullable(),
  kits: counts,
});

export const supply = route({
  id: 'supply',
  method: 'GET',
  path: base,
  tag,
  summary: 'Shipments and how many kits of my sites are where; totals only',
  access: { kind: 'study', roles: readers },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    /** How kits come to people: packed for them, or kept at the sites. */
    kits: z.enum(['toOrder', 'stock']),
    /** When the pharmacy was last heard; null: not yet. */
    heardAt: s.instant.nullable(),
    sites: z.array(z.object({ siteId: s.siteId, name: z.string(), kits: counts })),
    shipments: z.array(shipment),
    /** Acts the pharmacy has not confirmed: how many wait, and which it did not accept. */
    waiting: z.number(),
    notAccepted: z.array(z.object({ eventId: z.string(), type: z.string(), at: s.instant })),
  }),
});

export const supplyKits = route({
  id: 'supplyKits',
  method: 'GET',
  path: `${base}/kits`,
  tag,
  summary: 'Kits of my sites by label, with where each is',
  access: { kind: 'study', roles: readers },
  params: s.studyParams,
  query: z.strictObject({
    shipment: shipmentId.optional(),
    status: s.kitStatus.optional(),
    after: kit.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(200),
  }),
  body: s.nothing,
  reply: z.object({
    kits: z.array(
      z.object({
        kit,
        siteId: s.siteId,
        shipmentId: shipmentId.nullable(),
        status: s.kitStatus,
        participantId: s.participantId.nullable(),
        /** Capsules counted when it came back. */
        unitsReturned: z.number().nullable(),
        changedAt: s.instant.nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
});

const temperature = z.strictObject({
  lowestCelsius: celsius,
  highestCelsius: celsius,
  /** How long the storage range was left. */
  hours: z.number().min(0).max(10_000),
});

const recorded = z.object({ eventId: z.string(), recordedAt: s.instant });

export const receiveShipment = route({
  id: 'receiveShipment',
  method: 'POST',
  path: `${base}/shipments/:shipmentId/receipt`,
  tag,
  summary: 'Record that a shipment arrived: which kits are missing or damaged, and whether it kept its temperature',
  access: { kind: 'study', roles: handlers },
  params: s.studyParams.extend({ shipmentId }),
  query: s.none,
  body: z.strictObject({
    commandId: s.commandId,
    missing: kits,
    damaged: kits,
    /** null: the logger shows that the storage range was kept. */
    excursion: temperature.nullable(),
  }),
  reply: recorded,
});

export const recordExcursion = route({
  id: 'recordExcursion',
  method: 'POST',
  path: `${base}/shipments/:shipmentId/excursions`,
  tag,
  summary: 'Record that the storage range was left: the whole shipment is kept back until the pharmacy decides',
  access: { kind: 'study', roles: handlers },
  params: s.studyParams.extend({ shipmentId }),
  query: s.none,
  body: temperature.extend({ commandId: s.commandId, reason: z.string().min(3).max(1000) }),
  reply: recorded,
});

export const destroyKits = route({
  id: 'destroyKits',
  method: 'POST',
  path: `${base}/destructions`,
  tag,
  summary: 'Record that kits were destroyed, with a second person as witness who signs with the own password',
  access: { kind: 'study', roles: handlers, stepUp: true },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({
    commandId: s.commandId,
    siteId: s.siteId,
    kits: kits.min(1),
    method: z.string().min(3).max(1000),
    witness: z.strictObject({ login: z.string().min(1).max(200), password: z.string().min(1).max(1000) }),
  }),
  reply: recorded,
});
