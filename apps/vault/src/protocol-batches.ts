/** The part of the vault's protocol that is about batches: their record, what is done with them, their list. */
import { z } from 'zod';

export const id = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const person = z.string().trim().min(1).max(200);
const line = z.string().trim().min(1).max(200);
const reason = z.string().trim().min(3).max(1000);
const grams = z.number().positive().max(100);
const celsius = z.number().min(-100).max(100);
const percent = z.number().min(0).max(1000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The name is shown and offered at a download: no path, no quotes, no control characters. */
const fileName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._()-]{0,119}$/u);
const certificateOf = z.strictObject({ fileName, sha256 });

const content = {
  analyte: z.string().max(60),
  contentPerUnit: z.strictObject({ value: z.number().positive(), unit: z.enum(['µg/g', 'mg/g']) }),
  cv: z.number().min(0).max(2),
};
const assay = z.strictObject({
  ...content,
  n: z.int().min(1).max(1000).optional(),
  method: line,
  date: z.iso.date(),
  laboratory: line.optional(),
  certificate: certificateOf.optional(),
  /** The same in the body and found beside it, as psilocin beside psilocybin. */
  alongside: z.array(z.strictObject(content)).max(5).optional(),
});

const storage = z.strictObject({
  lowerCelsius: celsius,
  upperCelsius: celsius,
  excursion: z.strictObject({ lowerCelsius: celsius, upperCelsius: celsius }).optional(),
  spike: z.strictObject({ upperCelsius: celsius, hours: z.number().min(0).max(1000) }).optional(),
  light: z.enum(['protect', 'any']),
  /** Relative humidity, per cent. */
  humidityUpTo: z.number().min(0).max(100).optional(),
});

const massUnit = z.enum(['µg', 'mg', 'g']);

export const batchRequest = z.strictObject({
  batchId: id,
  intervention: id,
  /** What was weighed: base, salt with its stoichiometry, or natural material. Absent for a placebo. */
  form: id.optional(),
  /** Of natural material that is sold under one name for several. */
  species: line.optional(),
  /** Net fill. */
  fillWeight: z.strictObject({
    meanGrams: z.number().positive(),
    sdGrams: z.number().min(0),
    n: z.int().min(1).max(100_000),
  }),
  assay: assay.optional(),
  expires: z.iso.date(),
  made: z.iso.date().optional(),
  retestOn: z.iso.date().optional(),
  /** Of the production: it stays with unblinded people. */
  lot: line.optional(),
  /** What a capsule is said to hold; doses are told in its form, results as per cent of it. */
  label: z.strictObject({ value: z.number().positive(), unit: massUnit, form: id }).optional(),
  storage: storage.optional(),
});

/** Dose per capsule with its uncertainty; null for a placebo. */
export const capsuleDose = z
  .looseObject({ basis: z.enum(['assay', 'literature-range', 'none']), explanation: z.string() })
  .nullable();

export const batchStatuses = ['quarantined', 'released', 'recalled', 'exhausted', 'expired', 'retest-due'] as const;
const status = z.enum(batchStatuses);

export const batchReply = z.strictObject({ batchId: id, dose: capsuleDose, status });

/** Every act has an id, which makes its repetition harmless, and a person. */
const act = { actId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), by: person };
const measured = { ...act, reason: reason.optional() };
const decided = { ...act, reason };
const results = z.array(percent).min(1).max(100);

export const batchActRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('released'), ...decided }),
  z.strictObject({ kind: z.literal('quarantined'), ...decided }),
  z.strictObject({ kind: z.literal('recalled'), ...decided }),
  z.strictObject({ kind: z.literal('exhausted'), ...decided }),
  z.strictObject({
    kind: z.literal('uniformity'),
    ...measured,
    /** Single units, ten or all thirty. */
    results: z.discriminatedUnion('as', [
      z.strictObject({ as: z.literal('percent'), values: z.array(percent).max(30) }),
      z.strictObject({ as: z.literal('mass'), values: z.array(z.number().min(0)).max(30), unit: massUnit, form: id }),
      /** Weight variation: net weights; the content comes from the batch's assay. */
      z.strictObject({ as: z.literal('weight'), netGrams: z.array(grams).max(30) }),
    ]),
    /** T, per cent of the label. */
    target: z.number().positive().max(200).optional(),
  }),
  z.strictObject({
    kind: z.literal('retested'),
    ...measured,
    date: z.iso.date(),
    percentOfLabel: results,
    /** When it is due again. */
    retestOn: z.iso.date().optional(),
    certificate: certificateOf.optional(),
  }),
  z.strictObject({
    kind: z.literal('stability'),
    ...measured,
    points: z.array(z.strictObject({ months: z.number().min(0).max(600), percentOfLabel: percent })).max(200),
  }),
  z.strictObject({
    kind: z.literal('temperature'),
    ...measured,
    /** Of a logger, hours from its start. */
    readings: z.array(z.strictObject({ hours: z.number().min(0), celsius })).max(20_000),
  }),
  z.strictObject({
    kind: z.literal('appearance'),
    ...measured,
    /** The placebo batch it was compared with. */
    against: id,
    people: z.int().min(1).max(1000),
    correct: z.int().min(0).max(1000),
  }),
  z.strictObject({
    kind: z.literal('weights'),
    ...measured,
    against: id,
    /** Whole capsules of this batch, and of the other. */
    grams: z.array(grams).max(1000),
    againstGrams: z.array(grams).max(1000),
    marginGrams: z.number().positive().max(10),
    capsulesTogether: z.int().min(1).max(1000).optional(),
  }),
]);

/** `finding`: the numbers behind the sentence; null for a decision. */
const recordedAct = z.strictObject({
  actId: z.string(),
  kind: z.string(),
  by: z.string(),
  reason: z.string().nullable(),
  at: z.string(),
  explanation: z.string(),
  finding: z.record(z.string(), z.unknown()).nullable(),
});
export const batchActReply = z.strictObject({ batchId: id, status, act: recordedAct });

export const batchListReply = z.strictObject({
  batches: z.array(
    z.strictObject({
      record: batchRequest,
      status,
      /** Released, in date and not waiting for a retest: it may go into a kit. */
      usable: z.boolean(),
      retestOn: z.string().nullable(),
      dose: capsuleDose,
      /** Dose and status in words. */
      text: z.string(),
      certificates: z.array(z.strictObject({ fileName: z.string(), sha256: z.string(), stored: z.boolean() })),
      acts: z.array(recordedAct),
    }),
  ),
});

/** Every kit with a capsule of the batch; `place` null for one packed to order, which went straight to its participant. */
export const batchTraceReply = z.strictObject({
  batchId: id,
  kits: z.array(
    z.strictObject({ kit: z.string(), participantId: z.string().nullable(), place: z.string().nullable() }),
  ),
});

export const certificateReply = z.strictObject({ batchId: id, sha256, bytes: z.int().min(1) });

export type BatchRequest = z.output<typeof batchRequest>;
export type BatchActRequest = z.output<typeof batchActRequest>;
export type BatchActReply = z.output<typeof batchActReply>;
export type BatchTrace = z.output<typeof batchTraceReply>;
export type BatchList = z.output<typeof batchListReply>;
export type RecordedAct = z.output<typeof recordedAct>;
