/** The shapes that travel. Personal data never appear beside clinical data; no shape has room for an allocation. */
import { answers, commandId, deviceTime, packingModes, packingSteps, roles } from '@limen/conduct';
import { z } from 'zod';

export const pageSizeLimit = 500;

export const studyId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
export const siteId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
export const participantId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{10}$/);
export const instant = z.string();
export const role = z.enum(roles);
export const none = z.strictObject({});
export const nothing = z.undefined().or(z.null()).optional();

export const studyParams = z.strictObject({ studyId });
export const participantParams = z.strictObject({ studyId, participantId });
export const pageQuery = z.strictObject({
  after: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(pageSizeLimit).default(100),
});

export const draftId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{20}$/);
export const documentCharacters = 2_000_000;
/** One saved state of a draft. Revisions count from 1 and are never rewritten. */
export const draftRevision = z.object({ revision: z.number(), savedAt: instant, savedBy: z.string() });

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  /** Where in the request the fault lies. */
  path: z.string().optional(),
  /** True where a participant's entry was refused but kept for the team. */
  kept: z.boolean().optional(),
  /** Faults found side by side, such as every invalid answer. */
  problems: z.array(z.object({ path: z.string(), code: z.string(), detail: z.string() })).optional(),
  /** `draft_changed`: what somebody else saved meanwhile. */
  newer: draftRevision.extend({ text: z.string() }).optional(),
});

/** Where a kit is, as far as a blinded person can know. */
export const kitStatus = z.enum([
  'underway',
  'inStock',
  'keptBack',
  'expired',
  'missing',
  'damaged',
  'assigned',
  'dispensed',
  'returned',
  'lost',
  'destroyed',
]);

/** The receipt of an accepted command. */
export const receipt = z.object({
  commandId,
  accepted: z.literal(true),
  participantId,
  /** Position and hash of the last ledger entry the command wrote. */
  seq: z.number(),
  hash: z.string(),
  recordedAt: instant,
  events: z.array(z.object({ type: z.string(), id: z.string() })),
});

export const membership = z.object({ studyId, role, siteId: siteId.nullable() });
export const session = z.object({
  accountId: z.string(),
  name: z.string(),
  administrator: z.boolean(),
  memberships: z.array(membership),
  /** Set for a participant's session. */
  participant: z.object({ studyId, participantId }).nullable(),
  steppedUpUntil: instant.nullable(),
  expiresAt: instant,
});

export const siteShape = z.object({ siteId, name: z.string(), timeZone: z.string(), participants: z.number() });

export const protocolVersion = z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0');

export const studySummary = z.object({
  studyId,
  shortTitle: z.string(),
  title: z.string(),
  protocolVersion: z.string(),
  protocolHash: z.string(),
  status: z.enum(['open', 'locked', 'released']),
  createdAt: instant,
  participants: z.number(),
  plannedSampleSize: z.number(),
  randomisationCommitment: z.string(),
});

export const guessCounts = z.object({ active: z.number(), placebo: z.number(), unsure: z.number() });

/** A stopping rule as it stands: counts are of people, pooled over all arms. */
export const stoppingRuleStanding = z.object({
  id: z.string(),
  label: z.string(),
  people: z.number(),
  exposed: z.number(),
  /** Pr(rate > limit) as far as the rule asks for one; null: it counts, or too few have taken a capsule. */
  probability: z.number().nullable(),
  threshold: z.number(),
  met: z.boolean(),
});

export const overview = z.object({
  study: studySummary,
  asOf: instant,
  flow: z.object({
    invited: z.number(),
    screened: z.number(),
    ineligible: z.number(),
    consented: z.number(),
    randomised: z.number(),
    dosing: z.number(),
    onHold: z.number(),
    withdrawn: z.number(),
    completed: z.number(),
  }),
  enrolment: z.array(z.object({ date: z.string(), randomised: z.number() })),
  adherence: z.object({ dosesDue: z.number(), taken: z.number(), missed: z.number() }),
  completeness: z.object({ due: z.number(), answered: z.number(), late: z.number() }),
  openSignals: z.object({ urgent: z.number(), prompt: z.number(), routine: z.number() }),
  adverseEvents: z.object({ total: z.number(), serious: z.number(), gradeThreeUp: z.number() }),
  stoppingRules: z.array(stoppingRuleStanding),
  keptEntries: z.number(),
  /** Guesses pooled over all arms, by study week: never split by anything that could separate arms. */
  guesses: z.array(z.object({ week: z.number(), counts: guessCounts, meanConfidence: z.number().nullable() })),
  ledger: z.object({
    entries: z.number(),
    lastCheckpoint: z.number().nullable(),
    lastCheckpointAt: instant.nullable(),
  }),
});

export const participantRow = z.object({
  participantId,
  siteId,
  status: z.string(),
  onHold: z.boolean(),
  kit: z.string().nullable(),
  dispensed: z.boolean(),
  startDate: z.string().nullable(),
  studyDay: z.number().nullable(),
  dosesTaken: z.number(),
  dosesDue: z.number(),
  answered: z.number(),
  answersDue: z.number(),
  openSignals: z.number(),
  nextDue: z.object({ occurrence: z.string(), label: z.string(), at: instant }).nullable(),
});

export const todayItem = z.object({
  occurrence: z.string(),
  activityId: z.string(),
  kind: z.enum(['dose', 'activity']),
  label: z.string(),
  instrument: z.string().nullable(),
  instrumentVersion: z.string().nullable(),
  studyDay: z.number(),
  date: z.string(),
  opensAt: instant,
  closesAt: instant,
  lateUntil: instant,
  after: z.array(z.string()),
  status: z.enum(['upcoming', 'due', 'late', 'done', 'missed', 'closed', 'blocked']),
  reason: z.string().nullable(),
});

export const participantDetail = z.object({
  row: participantRow,
  timeZone: z.string(),
  protocolVersion: z.string().nullable(),
  /** A newer version waits for this person's consent. */
  reconsentDue: z.boolean(),
  consentVersion: z.string().nullable(),
  screening: z
    .object({
      result: z.enum(['eligible', 'ineligible', 'unknown']),
      decisions: z.array(z.object({ criterion: z.string(), verdict: z.string(), explanation: z.string() })),
    })
    .nullable(),
  eligibilityConfirmed: z.boolean(),
  holds: z.array(z.object({ holdId: z.string(), rule: z.string(), reason: z.string(), at: instant })),
  schedule: z.array(todayItem),
  /** When the last capsule was taken, as far as it was entered. */
  lastDoseAt: instant.nullable(),
  /** Printed on the wallet card: with it, or with the label of a kit, the vault finds the participant. */
  cardNumber: z.string().nullable(),
  codeBreaks: z.array(
    z.object({ at: instant, kind: z.enum(['emergency', 'planned']), reported: z.boolean(), reportDueAt: instant }),
  ),
  /** In the order in which they were given. */
  kits: z.array(
    z.object({ kit: z.string(), status: z.enum(['assigned', 'dispensed', 'returned', 'lost', 'damaged']) }),
  ),
});

/** One line of a participant's record, as the ledger has it. */
export const timelineEntry = z.object({
  seq: z.number(),
  eventId: z.string(),
  type: z.string(),
  recordedAt: instant,
  actor: z.object({ id: z.string(), role: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

export const signal = z.object({
  signalId: z.string(),
  participantId,
  siteId,
  rule: z.string(),
  severity: z.enum(['urgent', 'prompt', 'routine']),
  about: z.string(),
  message: z.string(),
  raisedAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  disposition: z.string().nullable(),
});

export const adverseEvent = z.object({
  adverseEventId: z.string(),
  participantId,
  siteId,
  term: z.string(),
  onset: z.string(),
  grade: z.number(),
  serious: z.boolean(),
  ongoing: z.boolean(),
  relatedness: z.string().nullable(),
  outcome: z.string().nullable(),
  reportedAt: instant,
  note: z.string().nullable(),
});

export const ledgerEntry = z.object({
  stream: z.string(),
  seq: z.number(),
  eventId: z.string(),
  type: z.string(),
  recordedAt: instant,
  actor: z.object({ id: z.string(), role: z.string() }),
  cause: z.string(),
  commitment: z.string(),
  previous: z.string(),
  hash: z.string(),
  data: z.record(z.string(), z.unknown()).nullable(),
});

export const checkpoint = z.object({
  number: z.number(),
  takenAt: instant,
  streams: z.number(),
  entries: z.number(),
  root: z.string(),
  previous: z.string(),
  publicKey: z.string(),
  signature: z.string(),
});

export const keptEntry = z.object({
  eventId: z.string(),
  participantId,
  recordedAt: instant,
  command: z.string(),
  code: z.string(),
  content: z.unknown(),
});

/** Of a person who packs the own capsules. */
export const packing = z.object({
  mode: z.enum(packingModes),
  done: z.array(z.enum(packingSteps)),
  /** For the person who packs; null where the participant packs, and once the envelopes are closed. */
  helperCode: z.string().nullable(),
  /** Empty until the envelopes are closed and shuffled: nobody is given the plan and the labels together. */
  weeks: z.array(
    z.object({
      week: z.number(),
      envelope: z.string(),
      /** First and last capsule day. */
      from: z.string(),
      until: z.string(),
      opened: z.array(z.string()),
    }),
  ),
  leftovers: z.array(z.string()),
  leftoversChecked: z.boolean(),
});

export { answers, commandId, deviceTime };
