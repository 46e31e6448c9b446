import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';

const team = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor', 'administrator'] as const;
const readers = ['coordinator', 'investigator', 'statistician', 'monitor', 'administrator'] as const;
const clinical = ['coordinator', 'investigator', 'monitor'] as const;

export const checkProtocol = route({
  id: 'checkProtocol',
  method: 'POST',
  path: '/v1/protocol-checks',
  tag: 'Studies',
  summary: 'Parse a protocol document and report its findings; nothing is stored',
  access: { kind: 'signedIn' },
  params: s.none,
  query: s.none,
  body: z.strictObject({ text: z.string().min(2).max(s.documentCharacters) }),
  reply: z.object({
    valid: z.boolean(),
    problems: z.array(
      z.object({ code: z.string(), path: z.string(), line: z.number(), column: z.number(), message: z.string() }),
    ),
    findings: z.array(
      z.object({
        severity: z.enum(['error', 'warning', 'advice']),
        code: z.string(),
        path: z.string(),
        message: z.string(),
      }),
    ),
  }),
});

export const studies = route({
  id: 'studies',
  method: 'GET',
  path: '/v1/studies',
  tag: 'Studies',
  summary: 'The studies I am a member of',
  access: { kind: 'signedIn' },
  params: s.none,
  query: s.none,
  body: s.nothing,
  reply: z.object({ studies: z.array(s.studySummary) }),
});

export const createStudy = route({
  id: 'createStudy',
  method: 'POST',
  path: '/v1/studies',
  tag: 'Studies',
  summary: 'Create a study from a protocol document; the randomisation is committed before anyone can enrol',
  access: { kind: 'installation', stepUp: true },
  params: s.none,
  query: s.none,
  body: z.strictObject({
    studyId: s.studyId,
    /** A protocol of the library by its id, a whole document as text, or a draft as it was last saved: one of them. */
    library: z.string().max(64).optional(),
    text: z.string().max(s.documentCharacters).optional(),
    draft: z.strictObject({ draftId: s.draftId, revision: z.int().min(1) }).optional(),
    sites: z
      .array(
        z.strictObject({ siteId: s.siteId, name: z.string().min(1).max(200), timeZone: z.string().min(1).max(64) }),
      )
      .min(1)
      .max(200),
  }),
  reply: s.studySummary,
});

export const study = route({
  id: 'study',
  method: 'GET',
  path: '/v1/studies/:studyId',
  tag: 'Studies',
  summary: 'A study',
  access: { kind: 'study', roles: [...team, 'participant'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: s.studySummary,
});

export const studySynopsis = route({
  id: 'studySynopsis',
  method: 'GET',
  path: '/v1/studies/:studyId/protocol/synopsis',
  tag: 'Studies',
  summary: 'The synopsis of the protocol as PDF; the same version gives the same bytes',
  access: { kind: 'study', roles: team },
  params: s.studyParams,
  /** Absent: the newest version. */
  query: z.strictObject({ version: s.protocolVersion.optional() }),
  body: s.nothing,
  reply: z.instanceof(Uint8Array),
  media: 'pdf',
});

export const studyProtocol = route({
  id: 'studyProtocol',
  method: 'GET',
  path: '/v1/studies/:studyId/protocol',
  tag: 'Studies',
  summary: 'The protocol document with its findings, as the study team sees it',
  access: { kind: 'study', roles: team },
  params: s.studyParams,
  /** Absent: the newest version. */
  query: z.strictObject({ version: s.protocolVersion.optional() }),
  body: s.nothing,
  reply: z.object({
    protocol: z.record(z.string(), z.unknown()),
    hash: z.string(),
    findings: z.array(
      z.object({
        severity: z.enum(['error', 'warning', 'advice']),
        code: z.string(),
        path: z.string(),
        message: z.string(),
      }),
    ),
  }),
});

export const protocolVersions = route({
  id: 'protocolVersions',
  method: 'GET',
  path: '/v1/studies/:studyId/protocol-versions',
  tag: 'Studies',
  summary: 'The versions of the protocol, oldest first, and how many people in the study are on each',
  access: { kind: 'study', roles: team },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    versions: z.array(
      z.object({
        version: s.protocolVersion,
        hash: z.string(),
        adoptedAt: s.instant,
        /** null: the study was created with it. */
        adoptedBy: z.string().nullable(),
        reconsent: z.boolean(),
        reason: z.string().nullable(),
        people: z.number(),
      }),
    ),
    /** People who have consented and are asked again. */
    reconsentDue: z.number(),
  }),
});

export const amendProtocol = route({
  id: 'amendProtocol',
  method: 'POST',
  path: '/v1/studies/:studyId/protocol-versions',
  tag: 'Studies',
  summary:
    'Adopt a new version of the protocol; with `reconsent`, people stay on theirs until they have consented to it',
  access: { kind: 'study', roles: ['investigator'], stepUp: true },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({
    commandId: s.commandId,
    text: z.string().min(2).max(s.documentCharacters),
    /** The version that is replaced, as the sender saw it. */
    replaces: s.protocolVersion,
    reconsent: z.boolean(),
    reason: z.string().min(3).max(1000),
  }),
  reply: z.object({ study: s.studySummary, version: s.protocolVersion, hash: z.string() }),
});

export const studyCalendar = route({
  id: 'studyCalendar',
  method: 'GET',
  path: '/v1/studies/:studyId/calendar',
  tag: 'Studies',
  summary: 'The calendar of a sample participant',
  access: { kind: 'study', roles: team },
  params: s.studyParams,
  query: z.strictObject({ startDate: z.iso.date(), timeZone: z.string().min(1).max(64) }),
  body: s.nothing,
  reply: z.object({
    startDate: z.string(),
    timeZone: z.string(),
    lastDate: z.string(),
    occurrences: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['dose', 'activity']),
        activityId: z.string(),
        studyDay: z.number(),
        week: z.number(),
        date: z.string(),
        opensAt: z.string(),
        closesAt: z.string(),
      }),
    ),
  }),
});

export const sites = route({
  id: 'sites',
  method: 'GET',
  path: '/v1/studies/:studyId/sites',
  tag: 'Studies',
  summary: 'The sites I may see',
  access: { kind: 'study', roles: team },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({ sites: z.array(s.siteShape) }),
});

export const studyOverview = route({
  id: 'studyOverview',
  method: 'GET',
  path: '/v1/studies/:studyId/overview',
  tag: 'Studies',
  summary: 'Enrolment, adherence, completeness, safety and the guesses pooled over all arms',
  access: { kind: 'study', roles: readers },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: s.overview,
});

export const studyLive = route({
  id: 'studyLive',
  method: 'GET',
  path: '/v1/studies/:studyId/live',
  tag: 'Studies',
  summary: 'Server-sent events: one `change` per committed act, without its content',
  access: { kind: 'study', roles: readers },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.string(),
  media: 'events',
});

export const signals = route({
  id: 'signals',
  method: 'GET',
  path: '/v1/studies/:studyId/signals',
  tag: 'Safety',
  summary: 'The safety inbox',
  access: { kind: 'study', roles: clinical },
  params: s.studyParams,
  query: s.pageQuery.extend({ open: z.enum(['true', 'false']).optional() }),
  body: s.nothing,
  reply: z.object({ signals: z.array(s.signal), next: z.string().nullable() }),
});

export const acknowledgeSignal = route({
  id: 'acknowledgeSignal',
  method: 'POST',
  path: '/v1/studies/:studyId/signals/:signalId/acknowledgement',
  tag: 'Safety',
  summary: 'Say that a signal was seen and what was done',
  access: { kind: 'study', roles: ['investigator', 'coordinator'] },
  params: s.studyParams.extend({ signalId: z.string().min(1).max(64) }),
  query: s.none,
  body: z.strictObject({ commandId: s.commandId, disposition: z.string().min(3).max(1000) }),
  reply: s.signal,
});

export const adverseEvents = route({
  id: 'adverseEvents',
  method: 'GET',
  path: '/v1/studies/:studyId/adverse-events',
  tag: 'Safety',
  summary: 'Adverse events of my sites',
  access: { kind: 'study', roles: clinical },
  params: s.studyParams,
  query: s.pageQuery,
  body: s.nothing,
  reply: z.object({ adverseEvents: z.array(s.adverseEvent), next: z.string().nullable() }),
});

export const keptEntries = route({
  id: 'keptEntries',
  method: 'GET',
  path: '/v1/studies/:studyId/kept-entries',
  tag: 'Safety',
  summary: 'Entries of participants that could not be accepted, kept whole',
  access: { kind: 'study', roles: clinical },
  params: s.studyParams,
  query: s.pageQuery,
  body: s.nothing,
  reply: z.object({ entries: z.array(s.keptEntry), next: z.string().nullable() }),
});

export const ledgerEntries = route({
  id: 'ledgerEntries',
  method: 'GET',
  path: '/v1/studies/:studyId/ledger',
  tag: 'Record',
  summary: 'The audit trail, newest first',
  access: { kind: 'study', roles: ['investigator', 'monitor', 'administrator'] },
  params: s.studyParams,
  query: s.pageQuery.extend({ stream: z.string().max(64).optional(), type: z.string().max(64).optional() }),
  body: s.nothing,
  reply: z.object({ entries: z.array(s.ledgerEntry), next: z.string().nullable() }),
});

export const checkpoints = route({
  id: 'checkpoints',
  method: 'GET',
  path: '/v1/studies/:studyId/checkpoints',
  tag: 'Record',
  summary: 'Signed checkpoints of the record',
  access: { kind: 'study', roles: ['investigator', 'monitor', 'administrator'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({ checkpoints: z.array(s.checkpoint) }),
});

export const takeCheckpoint = route({
  id: 'takeCheckpoint',
  method: 'POST',
  path: '/v1/studies/:studyId/checkpoints',
  tag: 'Record',
  summary: 'Sign a checkpoint now',
  access: { kind: 'study', roles: ['monitor', 'administrator'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: s.checkpoint,
});

export const archive = route({
  id: 'archive',
  method: 'GET',
  path: '/v1/studies/:studyId/archive',
  tag: 'Record',
  summary: 'The whole record as NDJSON, for the stand-alone verifier',
  access: { kind: 'study', roles: ['monitor', 'administrator'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.string(),
  media: 'ndjson',
});

export const exportTables = ['participants', 'doses', 'answers', 'scores', 'adverse-events'] as const;

export const exportTable = route({
  id: 'exportTable',
  method: 'GET',
  path: '/v1/studies/:studyId/exports/:table',
  tag: 'Record',
  summary: 'A blinded table as CSV',
  access: { kind: 'study', roles: ['investigator', 'statistician', 'monitor'] },
  params: s.studyParams.extend({ table: z.enum(exportTables) }),
  query: s.none,
  body: s.nothing,
  reply: z.string(),
  media: 'csv',
});

export const lockStudy = route({
  id: 'lockStudy',
  method: 'POST',
  path: '/v1/studies/:studyId/lock',
  tag: 'Release',
  summary: 'Lock the data: nothing is accepted afterwards, entries that arrive are kept aside',
  access: { kind: 'study', roles: ['investigator'], stepUp: true },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({ commandId: s.commandId, reason: z.string().min(3).max(1000) }),
  reply: z.object({ study: s.studySummary, lockHash: z.string() }),
});

export const approveRelease = route({
  id: 'approveRelease',
  method: 'POST',
  path: '/v1/studies/:studyId/release-approvals',
  tag: 'Release',
  summary: 'Approve the release of the allocation; the second person’s approval opens the vault and runs the analysis',
  access: { kind: 'study', roles: ['investigator', 'statistician', 'monitor'], stepUp: true },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({ commandId: s.commandId, reason: z.string().min(3).max(1000) }),
  reply: z.object({ study: s.studySummary, approvals: z.number(), released: z.boolean() }),
});

const afterRelease = ['investigator', 'statistician', 'monitor', 'administrator'] as const;

export const report = route({
  id: 'report',
  method: 'GET',
  path: '/v1/studies/:studyId/report',
  tag: 'Release',
  summary: 'The report, after release',
  access: { kind: 'study', roles: afterRelease },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.string(),
  media: 'html',
});

export const reportPdf = route({
  id: 'reportPdf',
  method: 'GET',
  path: '/v1/studies/:studyId/report.pdf',
  tag: 'Release',
  summary: 'The report as PDF, after release; the same report gives the same bytes',
  access: { kind: 'study', roles: afterRelease },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.instanceof(Uint8Array),
  media: 'pdf',
});

export const results = route({
  id: 'results',
  method: 'GET',
  path: '/v1/studies/:studyId/results',
  tag: 'Release',
  summary: 'The results as JSON, after release',
  access: { kind: 'study', roles: afterRelease },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.record(z.string(), z.unknown()),
});

export const bundle = route({
  id: 'bundle',
  method: 'GET',
  path: '/v1/studies/:studyId/bundle',
  tag: 'Release',
  summary: 'Everything a third party needs to run the analysis again, after release',
  access: { kind: 'study', roles: ['statistician', 'administrator'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({ format: z.literal('limen-bundle/1'), files: z.record(z.string(), z.string()) }),
});

/** Made without a question to the vault: whatever the allocation, the bytes are the same. */
export const dryRun = route({
  id: 'dryRun',
  method: 'GET',
  path: '/v1/studies/:studyId/dry-run',
  tag: 'Release',
  summary: 'The planned analysis of the data so far on a dummy allocation, plainly marked; at any time',
  access: { kind: 'study', roles: ['statistician'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.string(),
  media: 'html',
});

export const releasedAllocations = route({
  id: 'releasedAllocations',
  method: 'GET',
  path: '/v1/studies/:studyId/allocations',
  tag: 'Release',
  summary: 'The allocations, the seed and the commitment, after release',
  access: { kind: 'study', roles: afterRelease },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.record(z.string(), z.unknown()),
});

/** Where the treatment of one participant can be opened in an emergency, and what to do when it cannot. */
export const emergency = route({
  id: 'emergency',
  method: 'GET',
  path: '/v1/studies/:studyId/emergency',
  tag: 'Safety',
  summary: 'The way to a code break: the vault’s page, the telephone fallback, what happens afterwards',
  access: { kind: 'study', roles: ['coordinator', 'investigator', 'pharmacist', 'monitor'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    /** The vault's own page for people with an account there; null where the server was not told. */
    vaultPages: z.string().nullable(),
    /** Whether the way is open now. */
    open: z.boolean(),
    contacts: z.array(z.object({ label: z.string(), phone: z.string().optional(), hours: z.string() })),
    /** As the protocol says. */
    instructions: z.string().nullable(),
    available: z.string().nullable(),
    backup: z.string().nullable(),
    afterwards: z.string().nullable(),
    lastDrillAt: s.instant.nullable(),
  }),
});

export const orderClosedReport = route({
  id: 'orderClosedReport',
  method: 'POST',
  path: '/v1/studies/:studyId/safety-board',
  tag: 'Safety',
  summary: 'Order a meeting of the safety board: the blinded data as they are now go into the vault',
  access: { kind: 'study', roles: ['monitor', 'statistician'], stepUp: true },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({ commandId: s.commandId, reason: z.string().min(3).max(1000) }),
  /** SHA-256 of what was handed over. */
  reply: z.object({ dataHash: z.string() }),
});

export const safetyBoard = route({
  id: 'safetyBoard',
  method: 'GET',
  path: '/v1/studies/:studyId/safety-board',
  tag: 'Safety',
  summary: 'Meetings ordered, and what the board recommended: one of four words and the day, nothing else',
  access: { kind: 'study', roles: ['investigator', 'monitor', 'statistician', 'administrator'] },
  params: s.studyParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    orders: z.array(
      z.object({ at: s.instant, role: z.string(), reason: z.string(), participants: z.number(), dataHash: z.string() }),
    ),
    recommendations: z.array(
      z.object({ at: s.instant, recommendation: z.enum(['continue', 'continueWithChange', 'pause', 'stop']) }),
    ),
  }),
});
