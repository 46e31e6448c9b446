/** The part of the vault's protocol that is about kits at the sites: shipments, what is done with kits, replacements. */
import { z } from 'zod';

const participantId = z.string().regex(/^[0-9A-Za-z-]{4,64}$/);
const requestId = z.string().min(1).max(200);
const siteId = z.string().min(1).max(64);
/** As somebody typed it: one that is no label at all is refused like one that nobody has. */
const kit = z.string().min(1).max(64);
const shipmentId = z.string().min(1).max(64);
const instant = z.iso.datetime({ offset: true });
const celsius = z.number().min(-200).max(200);
const kits = z.array(kit).max(2000);

/** What a procedure looks at, as the study server told it before the draw. */
export const lookedAt = {
  levels: z.record(z.string().min(1).max(63), z.string().min(1).max(200)).optional(),
  household: z.string().min(1).max(200).optional(),
};

export const allocationRequest = z.strictObject({
  participantId,
  stratum: z.string().min(1).max(200),
  requestId,
  /** Where the kit is handed out; needed where kits are in stock. */
  siteId: siteId.optional(),
  ...lookedAt,
});
/** A label and nothing else: the same number of bytes whatever the arm. */
export const allocationReply = z.strictObject({ kit: z.string().length(8) });

export const replacementRequest = z.strictObject({
  participantId,
  requestId,
  siteId: siteId.optional(),
  reason: z.enum(['lost', 'damaged', 'nextVisit']),
});
export const replacementReply = allocationReply;

export const shipmentStatuses = ['sent', 'received', 'quarantined', 'recalled'] as const;
export const shipmentsReply = z.strictObject({
  shipments: z.array(
    z.strictObject({
      shipmentId: z.string(),
      siteId: z.string(),
      lot: z.string(),
      expires: z.iso.date(),
      storage: z.string(),
      sentAt: z.string(),
      status: z.enum(shipmentStatuses),
      kits: z.array(z.string()),
    }),
  ),
});

const act = { actId: z.string().min(1).max(200), at: instant, by: z.string().min(1).max(200), siteId };
export const kitAct = z.discriminatedUnion('kind', [
  z.strictObject({ ...act, kind: z.literal('shipmentReceived'), shipmentId, missing: kits, damaged: kits }),
  z.strictObject({
    ...act,
    kind: z.literal('excursion'),
    shipmentId,
    lowestCelsius: celsius,
    highestCelsius: celsius,
    hours: z.number().min(0).max(100_000),
  }),
  z.strictObject({ ...act, kind: z.literal('dispensed'), kit, participantId }),
  /** Capsules counted in what came back. */
  z.strictObject({ ...act, kind: z.literal('returned'), kit, units: z.int().min(0).max(1000) }),
  z.strictObject({ ...act, kind: z.literal('lost'), kit }),
  z.strictObject({ ...act, kind: z.literal('damaged'), kit }),
  z.strictObject({ ...act, kind: z.literal('destroyed'), kits: kits.min(1), witness: z.string().min(1).max(200) }),
]);
export const kitActsRequest = z.strictObject({ acts: z.array(kitAct).min(1).max(200) });
export const kitActsReply = z.strictObject({ accepted: z.int().min(0) });

export type AllocationRequest = z.output<typeof allocationRequest>;
export type ReplacementRequest = z.output<typeof replacementRequest>;
export type ShipmentsReply = z.output<typeof shipmentsReply>;
export type KitAct = z.output<typeof kitAct>;
export type KitActsRequest = z.output<typeof kitActsRequest>;
