/** Drafts of protocols: documents that are still being written, seen by who made them and by administrators. */
import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';

const access = { kind: 'anyStudy', roles: ['administrator', 'investigator'] } as const;
const draftParams = z.strictObject({ draftId: s.draftId });
const text = z.string().min(1).max(s.documentCharacters);

const draftSummary = z.object({
  draftId: s.draftId,
  /** The short title of the document, as far as it has one. */
  name: z.string(),
  owner: z.string(),
  mine: z.boolean(),
  revision: z.number(),
  createdAt: s.instant,
  savedAt: s.instant,
});
const draftShape = draftSummary.extend({ text: z.string(), revisions: z.array(s.draftRevision) });

export const drafts = route({
  id: 'drafts',
  method: 'GET',
  path: '/v1/drafts',
  tag: 'Drafts',
  summary: 'My drafts of protocols; for an administrator, everybody’s',
  access,
  params: s.none,
  query: s.none,
  body: s.nothing,
  reply: z.object({ drafts: z.array(draftSummary) }),
});

export const createDraft = route({
  id: 'createDraft',
  method: 'POST',
  path: '/v1/drafts',
  tag: 'Drafts',
  summary: 'Start a draft from a template, a protocol of the library or a document; it may be unfinished or broken',
  access,
  params: s.none,
  query: s.none,
  body: z.strictObject({
    commandId: s.commandId,
    from: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('template'), template: z.enum(['two-arm']) }),
      z.strictObject({ kind: z.literal('library'), library: z.string().min(1).max(64) }),
      z.strictObject({ kind: z.literal('document'), text }),
    ]),
  }),
  reply: draftShape,
});

export const draft = route({
  id: 'draft',
  method: 'GET',
  path: '/v1/drafts/:draftId',
  tag: 'Drafts',
  summary: 'A draft as it was last saved, and the list of its revisions, newest first',
  access,
  params: draftParams,
  query: s.none,
  body: s.nothing,
  reply: draftShape,
});

export const draftAt = route({
  id: 'draftAt',
  method: 'GET',
  path: '/v1/drafts/:draftId/revisions/:revision',
  tag: 'Drafts',
  summary: 'A draft as it was saved at a revision',
  access,
  params: draftParams.extend({ revision: z.coerce.number().int().min(1).max(1_000_000) }),
  query: s.none,
  body: s.nothing,
  reply: s.draftRevision.extend({ text: z.string() }),
});

export const saveDraft = route({
  id: 'saveDraft',
  method: 'POST',
  path: '/v1/drafts/:draftId/revisions',
  tag: 'Drafts',
  summary:
    'Save a draft; refused with `draft_changed` and the newer version where it is not based on the last revision',
  access,
  params: draftParams,
  query: s.none,
  body: z.strictObject({ base: z.int().min(1), text }),
  reply: draftSummary,
});

export const deleteDraft = route({
  id: 'deleteDraft',
  method: 'DELETE',
  path: '/v1/drafts/:draftId',
  tag: 'Drafts',
  summary: 'Delete a draft with all its revisions, if this is its last revision',
  access,
  params: draftParams,
  query: z.strictObject({ revision: z.coerce.number().int().min(1) }),
  body: s.nothing,
  reply: z.object({ deleted: z.literal(true) }),
});
