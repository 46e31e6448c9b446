/**
 * What a person can ask to happen to a participant. One schema, used by the app, the server and the tests.
 * Every command carries a client-made `commandId`: sending it again gives the first answer again.
 */
import { z } from 'zod';
import { packingModes, packingSteps, weighedCapsules } from './packing.ts';

export const limits = {
  noteCharacters: 4_000,
  reasonCharacters: 1_000,
  answersPerSubmission: 200,
  medications: 60,
  wearableDays: 400,
  comprehensionAttempts: 1_000,
} as const;

export const commandId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/, '16 to 64 letters, digits, _ or -')
  .describe('Made by the client, once per act; a repeat gives the first answer again');
const instant = z.iso.datetime({ offset: false, precision: 3 }).or(z.iso.datetime({ offset: false }));
const date = z.iso.date();
const shortText = z.string().min(1).max(200);
const reason = z.string().min(3).max(limits.reasonCharacters);
const occurrenceId = z.string().regex(/^[a-z][a-z0-9-]{0,62}@\d{1,4}$/, 'an activity and a study day, such as dose@12');

/** What the device says of time; the server keeps it beside its own clock. */
export const deviceTime = z.strictObject({
  /** When the person did it, by the device's clock, UTC. */
  occurredAt: instant,
  /** When the device sent it, by the same clock: the difference to the server's clock is the skew. */
  sentAt: instant,
  timeZone: z.string().min(1).max(64),
});

export const answers = z.record(
  z.string().min(1).max(64),
  z.union([z.number(), z.string().max(limits.noteCharacters), z.array(z.string().max(200)).max(60), z.null()]),
);

/** As on the label: 128 random bits. */
const envelope = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'the 26 characters of an envelope');
const sealCode = z.string().regex(/^[0-9A-Z-]{4,32}$/, '4 to 32 capital letters, digits or -');

export const severityGrade = z.int().min(1).max(5);

/** One day of a watch or phone, in the person's own calendar; SDNN and RMSSD are not compared. */
export const wearableDay = z
  .strictObject({
    date,
    sleepMinutes: z.number().min(0).max(1440).optional(),
    steps: z.number().min(0).max(200_000).optional(),
    heartRate: z.number().min(20).max(260).optional(),
    hrvSdnnMs: z.number().min(0).max(500).optional(),
    hrvRmssdMs: z.number().min(0).max(500).optional(),
    daylightMinutes: z.number().min(0).max(1440).optional(),
  })
  .refine((day) => Object.keys(day).length > 1, 'A day holds at least one measure');

const common = { commandId, device: deviceTime.optional() };

export const commandSchemas = {
  screen: z.strictObject({
    type: z.literal('screen'),
    ...common,
    instrumentVersion: shortText,
    answers,
    medications: z.array(shortText).max(limits.medications),
  }),
  consent: z.strictObject({
    type: z.literal('consent'),
    ...common,
    version: shortText,
    choices: z.record(z.string().max(64), z.boolean()),
    comprehension: z.record(z.string().max(64), z.int().min(0).max(5)),
    /** How often each question about the text was answered before it was right, the right answer included. */
    attempts: z.record(z.string().max(64), z.int().min(1).max(limits.comprehensionAttempts)).optional(),
    signature: shortText,
  }),
  confirmEligibility: z.strictObject({ type: z.literal('confirmEligibility'), ...common, reason }),
  randomise: z.strictObject({ type: z.literal('randomise'), ...common, startDate: date }),
  dispense: z.strictObject({ type: z.literal('dispense'), ...common, kit: shortText }),
  returnKit: z.strictObject({
    type: z.literal('returnKit'),
    ...common,
    kit: shortText,
    /** Capsules counted. */
    units: z.int().min(0).max(1000),
  }),
  reportKitLost: z.strictObject({
    type: z.literal('reportKitLost'),
    ...common,
    kit: shortText,
    cause: z.enum(['lost', 'damaged']),
    note: z.string().max(limits.noteCharacters).optional(),
  }),
  replaceKit: z.strictObject({ type: z.literal('replaceKit'), ...common }),
  /** Of the server, when a dispenser or a scale says so over its own signature; nobody else can send it. */
  recordUnits: z.strictObject({
    type: z.literal('recordUnits'),
    ...common,
    deviceId: shortText,
    act: z.enum(['dispensed', 'weighed']),
    kit: shortText,
    /** Capsules: let out, or found in the kit. Never a mass. */
    units: z.int().min(0).max(1000),
  }),
  recordWearableDays: z.strictObject({
    type: z.literal('recordWearableDays'),
    ...common,
    source: z.enum(['appleHealth', 'healthConnect', 'openMHealth']),
    days: z.array(wearableDay).min(1).max(limits.wearableDays),
  }),
  recordDose: z.strictObject({
    type: z.literal('recordDose'),
    ...common,
    occurrence: occurrenceId,
    outcome: z.enum(['taken', 'missed']),
    takenAt: instant.optional(),
    reason: z.string().max(limits.reasonCharacters).optional(),
  }),
  submit: z.strictObject({
    type: z.literal('submit'),
    ...common,
    occurrence: occurrenceId,
    instrument: shortText,
    instrumentVersion: shortText,
    answers,
    inputMode: z.enum(['touch', 'keyboard', 'screenReader', 'staff']).optional(),
  }),
  reportAdverseEvent: z.strictObject({
    type: z.literal('reportAdverseEvent'),
    ...common,
    term: shortText,
    onset: date,
    ongoing: z.boolean(),
    grade: severityGrade,
    serious: z.boolean(),
    note: z.string().max(limits.noteCharacters).optional(),
  }),
  assessAdverseEvent: z.strictObject({
    type: z.literal('assessAdverseEvent'),
    ...common,
    adverseEventId: shortText,
    grade: severityGrade,
    serious: z.boolean(),
    relatedness: z.enum(['unrelated', 'unlikely', 'possible', 'probable', 'definite']),
    outcome: z.enum(['ongoing', 'resolved', 'resolvedWithSequelae', 'fatal', 'unknown']),
    reason,
  }),
  planPacking: z.strictObject({ type: z.literal('planPacking'), ...common, mode: z.enum(packingModes) }),
  recordPacking: z.strictObject({
    type: z.literal('recordPacking'),
    ...common,
    step: z.enum(packingSteps),
    /** Milligrams; with `weighed`. */
    weights: z.array(z.number().min(0).max(5_000)).length(weighedCapsules).optional(),
    /** The smallest difference the scale shows, milligrams; with `weighed`. */
    resolutionMg: z.number().min(0.01).max(5_000).optional(),
    /** With `sealed`. */
    sealCode: sealCode.optional(),
  }),
  openEnvelope: z.strictObject({
    type: z.literal('openEnvelope'),
    ...common,
    envelope,
    /** The dose week it was opened for, from 1. */
    week: z.int().min(1).max(52),
  }),
  checkLeftovers: z.strictObject({ type: z.literal('checkLeftovers'), ...common, sealCode, intact: z.boolean() }),
  declarePacker: z.strictObject({ type: z.literal('declarePacker'), ...common }),
  /** Of the server, when the vault says that it happened; nobody can send it. */
  noteCodeBreak: z.strictObject({
    type: z.literal('noteCodeBreak'),
    ...common,
    kind: z.enum(['emergency', 'planned']),
    at: instant,
  }),
  reportUnblinding: z.strictObject({
    type: z.literal('reportUnblinding'),
    ...common,
    /** How it came to be known; `codeBreak` answers the oldest that is not reported yet. */
    channel: z.enum(['codeBreak', 'participantTold', 'sawRecord', 'capsule', 'effects', 'other']),
    why: reason,
    whoKnows: reason,
    impact: reason,
  }),
  hold: z.strictObject({ type: z.literal('hold'), ...common, reason }),
  resume: z.strictObject({ type: z.literal('resume'), ...common, holdId: shortText, reason }),
  withdraw: z.strictObject({
    type: z.literal('withdraw'),
    ...common,
    scope: z.enum(['dosing', 'study', 'futureUse']),
    reason: z.string().max(limits.reasonCharacters).optional(),
  }),
  complete: z.strictObject({ type: z.literal('complete'), ...common }),
  correct: z.strictObject({
    type: z.literal('correct'),
    ...common,
    submissionId: shortText,
    item: shortText,
    value: z.union([z.number(), z.string().max(limits.noteCharacters), z.array(z.string().max(200)).max(60), z.null()]),
    reason,
  }),
} as const;

export const commandSchema = z.discriminatedUnion('type', [
  commandSchemas.screen,
  commandSchemas.consent,
  commandSchemas.confirmEligibility,
  commandSchemas.randomise,
  commandSchemas.dispense,
  commandSchemas.returnKit,
  commandSchemas.reportKitLost,
  commandSchemas.replaceKit,
  commandSchemas.recordUnits,
  commandSchemas.recordWearableDays,
  commandSchemas.recordDose,
  commandSchemas.submit,
  commandSchemas.reportAdverseEvent,
  commandSchemas.assessAdverseEvent,
  commandSchemas.planPacking,
  commandSchemas.recordPacking,
  commandSchemas.openEnvelope,
  commandSchemas.checkLeftovers,
  commandSchemas.declarePacker,
  commandSchemas.noteCodeBreak,
  commandSchemas.reportUnblinding,
  commandSchemas.hold,
  commandSchemas.resume,
  commandSchemas.withdraw,
  commandSchemas.complete,
  commandSchemas.correct,
]);

export type Command = z.output<typeof commandSchema>;
export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;
export type Answers = z.output<typeof answers>;
export type DeviceTime = z.output<typeof deviceTime>;
