/** The narrow, typed protocol of the vault: who may ask what, and the shape of every answer. */
import { armContentSchema, procedureSchema } from '@limen/protocol';
import { z } from 'zod';
import { capsuleDose, id } from './protocol-batches.ts';
import { lookedAt } from './protocol-kits.ts';

export * from './protocol-batches.ts';
export * from './protocol-kits.ts';
export * from './protocol-stock.ts';

const participantId = z.string().regex(/^[0-9A-Za-z-]{4,64}$/);
const requestId = z.string().min(1).max(200);

/** Arms as the protocol writes them; only what the allocation needs is read. */
const arm = z.looseObject({ id, weight: z.int().min(1).max(100), content: armContentSchema });

export const createStudyRequest = z.strictObject({
  studyId: id,
  protocolHash: z.string().regex(/^[0-9a-f]{64}$/),
  procedure: procedureSchema,
  arms: z.array(arm).min(1).max(12),
  stratifyBy: z.array(z.string().max(40)).max(3),
  /** Capsules in a kit. */
  capsules: z.int().min(1).max(1000),
  /** The protocol document; the hash over its canonical JSON must be `protocolHash`. */
  document: z.record(z.string(), z.json()).optional(),
  sites: z
    .array(z.strictObject({ siteId: z.string().min(1).max(64), name: z.string().min(1).max(200) }))
    .max(1000)
    .optional(),
});
export const createStudyReply = z.strictObject({ commitment: z.string().regex(/^[0-9a-f]{64}$/) });

const token = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
export const envelopeRequest = z.strictObject({ participantId, requestId });
/** Tokens of one length in numbers that never change: the same bytes whatever any of them is on. */
export const envelopeReply = z.strictObject({ weeks: z.array(token).length(4), leftovers: z.array(token).length(4) });
export const sheetRequest = z.strictObject({
  participantId,
  requestId,
  /** A point of P-256, uncompressed, 65 bytes, base64url: the sheet is for its holder alone. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{87}$/),
});
export const sheetReply = z.strictObject({ sealed: z.string() });

export const releaseRequest = z.strictObject({
  lockHash: z.string().min(16).max(128),
  approvals: z
    .array(
      z.strictObject({
        actorId: z.string().min(1).max(100),
        role: z.string().min(1).max(40),
        at: z.string().min(10).max(40),
      }),
    )
    .min(1)
    .max(10),
});
const releasedAllocation = z.strictObject({
  participantId,
  stratum: z.string(),
  step: z.int().min(0),
  arm: z.string(),
  kit: z.string(),
  contents: z.array(id),
  sequence: z.array(z.unknown()).optional(),
  periods: z.array(z.int().min(0)).optional(),
  ...lookedAt,
  /** Of somebody who packed the own capsules: what each envelope held, capsule by capsule. */
  envelopes: z.array(z.strictObject({ token, week: z.int().min(1).nullable(), contents: z.array(id) })).optional(),
});
export const releaseReply = z.strictObject({
  studyId: id,
  protocolHash: z.string(),
  seed: z.string().regex(/^[0-9a-f]{64}$/),
  commitment: z.string(),
  procedure: procedureSchema,
  arms: z.array(z.strictObject({ id: z.string(), weight: z.int() })),
  allocations: z.array(releasedAllocation),
  batches: z.array(z.unknown()),
});

export const packingListReply = z.strictObject({
  kit: z.string(),
  packed: z.boolean(),
  capsules: z.array(
    z.strictObject({
      dose: z.int().min(1),
      intervention: id,
      role: z.enum(['active', 'placebo', 'constant']),
      /** Once packed, the batch it came from; before, the one that expires first; null where none is in date. */
      batchId: id.nullable(),
    }),
  ),
});
export const packedReply = z.strictObject({ kit: z.string(), packed: z.literal(true) });

export const codeBreakRequest = z.strictObject({
  participantId,
  reason: z.string().min(3).max(1000),
  by: z.string().min(1).max(200),
});
export const codeBreakReply = z.strictObject({
  participantId,
  arm: z.string(),
  contents: z.array(id),
  /** One per intervention in the kit; without a batch where the kit was not marked packed from one. */
  doses: z.array(z.strictObject({ intervention: id, batchId: id.nullable(), dosePerCapsule: capsuleDose })),
});

export const healthReply = z.strictObject({ ready: z.literal(true) });

/** Callers are told apart by their token; each may ask a few things and nothing else. */
export const callers = ['study', 'supply', 'emergency'] as const;
export type Caller = (typeof callers)[number];

export type CreateStudyRequest = z.output<typeof createStudyRequest>;
export type EnvelopeRequest = z.output<typeof envelopeRequest>;
export type SheetRequest = z.output<typeof sheetRequest>;
export type ReleaseRequest = z.output<typeof releaseRequest>;
export type ReleaseReply = z.output<typeof releaseReply>;
export type PackingList = z.output<typeof packingListReply>;
export type CodeBreakRequest = z.output<typeof codeBreakRequest>;
