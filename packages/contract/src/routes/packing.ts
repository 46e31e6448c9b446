/** People who pack their own capsules, and who packs for them. */
import { commandSchemas, packingSteps } from '@limen/conduct';
import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';
import { command, one, self, selfOrSite, site } from './command.ts';

export const planPacking = command(
  'planPacking',
  'packing-plan',
  commandSchemas.planPacking,
  'Plan the envelopes, once: who packs them, oneself or a helper',
  self,
);
export const recordPacking = command(
  'recordPacking',
  'packing-steps',
  commandSchemas.recordPacking,
  'Record a step of packing; steps go in their order',
  self,
);
export const openEnvelope = command(
  'openEnvelope',
  'envelopes',
  commandSchemas.openEnvelope,
  'Record which envelope was opened for a dose week',
  selfOrSite,
);
export const checkLeftovers = command(
  'checkLeftovers',
  'leftover-checks',
  commandSchemas.checkLeftovers,
  'Record the seal of the leftover envelopes at the end',
  selfOrSite,
);
export const declarePacker = command(
  'declarePacker',
  'packers',
  commandSchemas.declarePacker,
  'Say that one packs for this participant, and so will not rate them',
  site,
);

/** A point of P-256, uncompressed, base64url: only its holder can open what comes. */
const publicKey = z.string().regex(/^[A-Za-z0-9_-]{87}$/);
const letter = z.object({ sealed: z.string() });

export const envelopeLabels = route({
  id: 'envelopeLabels',
  method: 'POST',
  path: `${one}/envelope-labels`,
  tag: 'Participants',
  summary: 'The labels to print, in a letter that only the asking device can open; recorded as the step “printed”',
  access: { kind: 'participant', roles: ['participant'] },
  params: s.participantParams,
  query: s.none,
  body: z.strictObject({ commandId: s.commandId, publicKey }),
  reply: letter,
});

const helperCode = z.string().min(16).max(64);
const helper = {
  method: 'POST',
  tag: 'Participants',
  access: { kind: 'public' },
  params: s.none,
  query: s.none,
} as const;

export const packingHelper = route({
  ...helper,
  id: 'packingHelper',
  path: '/v1/packing-helper',
  summary: 'Who packs for somebody else, with the code that person gave them: what is done and what comes next',
  body: z.strictObject({ code: helperCode }),
  reply: z.object({
    studyId: s.studyId,
    participantId: s.participantId,
    studyTitle: z.string(),
    done: z.array(z.enum(packingSteps)),
  }),
});

export const packingHelperLabels = route({
  ...helper,
  id: 'packingHelperLabels',
  path: '/v1/packing-helper/labels',
  summary: 'The labels to print, for the helper alone',
  body: z.strictObject({
    code: helperCode,
    commandId: s.commandId,
    publicKey,
    /** “I do not record or judge how this person is, and tell nobody what I packed.” */
    declares: z.literal(true),
  }),
  reply: letter,
});

export const packingHelperStep = route({
  ...helper,
  id: 'packingHelperStep',
  path: '/v1/packing-helper/steps',
  summary: 'Record a step of packing as the helper',
  body: commandSchemas.recordPacking.extend({ code: helperCode }),
  reply: z.object({ done: z.array(z.enum(packingSteps)) }),
});

/** Told after the person's own last day and after the release; of nobody else, and with no token. */
export const ownResult = route({
  id: 'ownResult',
  method: 'GET',
  path: `${one}/result`,
  tag: 'Participants',
  summary: 'What the participant’s own capsules held, once that may be told',
  access: { kind: 'participant', roles: ['participant'] },
  params: s.participantParams,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    waitsFor: z.enum(['ownEnd', 'release', 'nothing', 'notOffered']),
    capsules: z.array(z.object({ date: z.string(), taken: z.boolean(), label: z.string() })),
  }),
});
