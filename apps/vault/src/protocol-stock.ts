/** The part of the vault's protocol by which programs of the supply do what the pharmacist does on the pages. */
import { z } from 'zod';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const by = z.string().min(1).max(200);
const siteId = z.string().min(1).max(64);
const text = z.string().trim().min(1).max(400);
const sets = z.int().min(1).max(500);

export const takeInRequest = z.strictObject({
  by,
  batchId: id,
  capsules: z.int().min(1).max(1_000_000),
  happenedAt: z.iso.datetime(),
  reference: text,
});
export const registrationRequest = z.strictObject({
  by,
  siteId,
  authority: text,
  number: text,
  expires: z.iso.date(),
  substances: z.array(z.string().min(1).max(60)).max(50),
});
export const makeKitsRequest = z.strictObject({ by, sets, batches: z.record(id, id) });
export const makeKitsReply = z.strictObject({ kits: z.array(z.string()) });
export const sendKitsRequest = z.strictObject({ by, siteId, sets });
export const sendKitsReply = z.strictObject({ shipmentId: z.string() });
export const judgementRequest = z.strictObject({
  by,
  judgement: z.enum(['released', 'quarantined', 'recalled', 'takenBack']),
  reason: z.string().trim().min(3).max(1000),
});
export const doneReply = z.strictObject({ done: z.literal(true) });

export type TakeInRequest = z.output<typeof takeInRequest>;
export type RegistrationRequest = z.output<typeof registrationRequest>;
export type MakeKitsRequest = z.output<typeof makeKitsRequest>;
export type SendKitsRequest = z.output<typeof sendKitsRequest>;
export type JudgementRequest = z.output<typeof judgementRequest>;
