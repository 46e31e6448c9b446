import { commandSchemas } from '@limen/conduct';
import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';
import { base, command, common, one, self, selfOrSite, site } from './command.ts';

const clinical = ['coordinator', 'investigator', 'monitor'] as const;

/** `expiresAt`: when it opens nothing any more if nobody has answered by then; null where somebody has. */
const personalCode = z.object({ participantId: s.participantId, code: z.string(), expiresAt: s.instant.nullable() });

export const participants = route({
  id: 'participants',
  method: 'GET',
  path: base,
  tag: 'Participants',
  summary: 'Participants of my sites, with status and what is due next',
  access: { kind: 'study', roles: [...clinical, 'pharmacist'] },
  params: s.studyParams,
  query: s.pageQuery.extend({ status: z.string().max(40).optional() }),
  body: s.nothing,
  reply: z.object({ participants: z.array(s.participantRow), next: z.string().nullable() }),
});

export const inviteParticipant = route({
  id: 'inviteParticipant',
  method: 'POST',
  path: base,
  tag: 'Participants',
  summary: 'Invite a person: answers the id and the personal code, shown once',
  access: { kind: 'study', roles: ['coordinator', 'investigator'] },
  params: s.studyParams,
  query: s.none,
  body: z.strictObject({
    commandId: s.commandId,
    siteId: s.siteId,
    timeZone: z.string().min(1).max(64),
    /** Kept apart from the study data, under a key of its own. */
    contact: z.strictObject({ name: z.string().max(200).optional(), email: z.string().max(200).optional() }).optional(),
  }),
  reply: personalCode,
});

export const renewPersonalCode = route({
  ...common,
  id: 'renewPersonalCode',
  method: 'POST',
  path: `${one}/personal-codes`,
  summary: 'Make a new personal code in place of the one before, which opens nothing from then on; shown once',
  access: { kind: 'participant', roles: ['coordinator', 'investigator'], stepUp: true },
  body: z.strictObject({ commandId: s.commandId, reason: z.string().min(3).max(1000) }),
  reply: personalCode,
});

export const participant = route({
  ...common,
  id: 'participant',
  method: 'GET',
  path: one,
  summary: 'One participant with the whole schedule',
  access: { kind: 'participant', roles: [...clinical, 'pharmacist'] },
  body: s.nothing,
  reply: s.participantDetail,
});

export const timeline = route({
  ...common,
  id: 'timeline',
  method: 'GET',
  path: `${one}/timeline`,
  summary: 'Doses, answers, events, holds: the participant’s record in order',
  access: { kind: 'participant', roles: clinical },
  query: s.pageQuery,
  body: s.nothing,
  reply: z.object({ entries: z.array(s.timelineEntry), next: z.string().nullable() }),
});

export const walletCard = route({
  ...common,
  id: 'walletCard',
  method: 'GET',
  path: `${one}/wallet-card`,
  summary: 'The card a participant carries for emergencies, as PDF; it says nothing of what this participant takes',
  access: { kind: 'participant', roles: ['coordinator', 'investigator', 'pharmacist'] },
  body: s.nothing,
  reply: z.instanceof(Uint8Array),
  media: 'pdf',
});

export const consentCopy = route({
  ...common,
  id: 'consentCopy',
  method: 'GET',
  path: `${one}/consent-copy`,
  summary: 'The copy of the signed consent to keep, as PDF: the text, the choices, who signed and when',
  access: { kind: 'participant', roles: ['participant', 'coordinator', 'investigator'] },
  body: s.nothing,
  reply: z.instanceof(Uint8Array),
  media: 'pdf',
});

/** Everything the app needs to work offline: the study as a participant may see it, and the whole schedule. */
export const today = route({
  ...common,
  id: 'today',
  method: 'GET',
  path: `${one}/today`,
  summary: 'The participant’s own view: status, schedule, consent to read, contacts',
  access: { kind: 'participant', roles: ['participant'] },
  body: s.nothing,
  reply: z.object({
    participantId: s.participantId,
    studyId: s.studyId,
    studyTitle: z.string(),
    status: z.string(),
    timeZone: z.string(),
    startDate: z.string().nullable(),
    now: s.instant,
    unitLabel: z.string(),
    kit: z.string().nullable(),
    screeningInstrument: z.string(),
    screening: z
      .object({ result: z.enum(['eligible', 'ineligible', 'unknown']), reasons: z.array(z.string()) })
      .nullable(),
    consent: z.record(z.string(), z.unknown()).nullable().describe('The consent version to read and sign'),
    consentedVersion: z.string().nullable(),
    /** A newer version of the protocol waits for this person's consent; until then nothing changes. */
    reconsent: z
      .object({ protocolVersion: s.protocolVersion, consentVersion: z.string(), changes: z.string() })
      .nullable(),
    holdMessage: z.string().nullable(),
    dosingStopped: z.boolean(),
    schedule: z.array(s.todayItem),
    /** People pack their own capsules in this study. */
    selfPacked: z.boolean(),
    packing: s.packing.nullable(),
    contacts: z.array(z.object({ label: z.string(), phone: z.string().optional(), hours: z.string() })),
  }),
});

export const ownHistory = route({
  ...common,
  id: 'ownHistory',
  method: 'GET',
  path: `${one}/history`,
  summary: 'The participant’s own entries, newest first',
  access: { kind: 'participant', roles: ['participant'] },
  query: s.pageQuery,
  body: s.nothing,
  reply: z.object({
    entries: z.array(
      z.object({
        eventId: z.string(),
        type: z.string(),
        occurrence: z.string().nullable(),
        label: z.string(),
        at: s.instant,
        timing: z.string().nullable(),
        answers: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
});

export const screen = command(
  'screen',
  'screening',
  commandSchemas.screen,
  'Answer the screening questions',
  selfOrSite,
);
export const consent = command('consent', 'consent', commandSchemas.consent, 'Sign the consent form', self);
export const confirmEligibility = command(
  'confirmEligibility',
  'eligibility',
  commandSchemas.confirmEligibility,
  'Sign that the person is eligible',
  { roles: ['investigator'], stepUp: true },
);
export const randomise = command(
  'randomise',
  'randomisation',
  commandSchemas.randomise,
  'Randomise: the answer is a kit label and nothing else',
  site,
);
export const dispense = command(
  'dispense',
  'dispensing',
  commandSchemas.dispense,
  'Record that the kit was handed over',
  {
    roles: ['pharmacist', 'coordinator'],
  },
);
export const returnKit = command(
  'returnKit',
  'kit-returns',
  commandSchemas.returnKit,
  'Record that a kit came back, with the capsules counted in it',
  { roles: ['pharmacist', 'coordinator'] },
);
export const reportKitLost = command(
  'reportKitLost',
  'kit-losses',
  commandSchemas.reportKitLost,
  'Report a kit as lost or damaged',
  site,
);
export const replaceKit = command(
  'replaceKit',
  'kit-replacements',
  commandSchemas.replaceKit,
  'Replace a lost or damaged kit: the answer is a kit label and nothing else',
  site,
);
export const reportUnblinding = command(
  'reportUnblinding',
  'unblinding-reports',
  commandSchemas.reportUnblinding,
  'Write down why a code was broken or how somebody came to know, who knows now, and what it means',
  { roles: ['coordinator', 'investigator', 'monitor'], stepUp: true },
);
export const recordDose = command(
  'recordDose',
  'doses',
  commandSchemas.recordDose,
  'Record a capsule taken or missed',
  selfOrSite,
);
export const recordWearableDays = command(
  'recordWearableDays',
  'wearable-days',
  commandSchemas.recordWearableDays,
  'Send chosen days of my own watch or phone',
  self,
);
export const submit = command(
  'submit',
  'submissions',
  commandSchemas.submit,
  'Submit a questionnaire, diary or guess',
  selfOrSite,
);
export const reportAdverseEvent = command(
  'reportAdverseEvent',
  'adverse-events',
  commandSchemas.reportAdverseEvent,
  'Report an adverse event',
  selfOrSite,
);
export const assessAdverseEvent = command(
  'assessAdverseEvent',
  'adverse-event-assessments',
  commandSchemas.assessAdverseEvent,
  'Assess an adverse event',
  { roles: ['investigator'], stepUp: true },
);
export const hold = command('hold', 'holds', commandSchemas.hold, 'Hold dosing', site);
export const resume = command('resume', 'resumptions', commandSchemas.resume, 'Resume dosing after a hold', {
  roles: ['investigator'],
  stepUp: true,
});
export const withdraw = command('withdraw', 'withdrawal', commandSchemas.withdraw, 'Withdraw', selfOrSite);
export const complete = command('complete', 'completion', commandSchemas.complete, 'Close a participant’s study', site);
export const correct = command('correct', 'corrections', commandSchemas.correct, 'Correct an answer, with a reason', {
  roles: ['participant', 'investigator'],
});
