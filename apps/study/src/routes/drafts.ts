/** Drafts of protocols. Whoever made one sees it, and administrators see all; for anybody else it does not exist. */
import { createHash } from 'node:crypto';
import { routes } from '@limen/contract';
import type { SessionScope } from '../access/scope.ts';
import {
  type DraftRow,
  insertDraft,
  insertRevision,
  listDrafts,
  listRevisions,
  type RevisionRow,
  readDraft,
  readRevision,
  removeDraft,
} from '../data/drafts.ts';
import { twoArmTemplate } from '../drafts/two-arm.ts';
import { recordIdFor } from '../record/ids.ts';
import { installationId } from '../record/streams.ts';
import { forSession } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { type Problem, problemOf } from '../server/problem.ts';

const draftLimits = { perPerson: 200, revisions: 2_000, nameCharacters: 200 } as const;
const nameless = 'Untitled draft';

const drafts = forSession(routes.drafts, async ({ scope, house }) => {
  const { administrator, accountId } = scope.session;
  const rows = await listDrafts(house.database, administrator ? null : accountId);
  return { drafts: rows.map((row) => summaryOf(row, scope)) };
});

const createDraft = forSession(routes.createDraft, async ({ body, scope, house }) => {
  const text = startingText(house, body.from);
  const { accountId } = scope.session;
  const draftId = recordIdFor(house.deriver, 'draft', installationId, `${accountId}|${body.commandId}`);
  const known = await readDraft(house.database, draftId);
  if (known !== null) return wholeOf(house, scope, known);
  if ((await listDrafts(house.database, accountId)).length >= draftLimits.perPerson) {
    throw problemOf('too_many_drafts');
  }
  const now = house.now();
  const row = { draft_id: draftId, owner_id: accountId, name: nameIn(text, nameless), revision: 1 };
  await insertDraft(house.database, { ...row, created_at: now, saved_at: now }, text);
  await note(house, scope, 'draft.created', draftId, 1, text);
  return wholeOf(house, scope, await ownDraft(house, scope, draftId));
});

const draft = forSession(routes.draft, async ({ params, scope, house }) =>
  wholeOf(house, scope, await ownDraft(house, scope, params.draftId)),
);

const draftAt = forSession(routes.draftAt, async ({ params, scope, house }) => {
  await ownDraft(house, scope, params.draftId);
  return withText(await revisionOf(house, params.draftId, params.revision));
});

const saveDraft = forSession(routes.saveDraft, async ({ params, body, scope, house }) => {
  const { base, text } = body;
  const known = await ownDraft(house, scope, params.draftId);
  if (known.revision >= draftLimits.revisions) throw problemOf('draft_full');
  const revision = base + 1;
  const by = scope.session.accountId;
  const row = { draft_id: known.draft_id, revision, text, saved_at: house.now(), saved_by: by };
  const name = nameIn(text, known.name);
  if (known.revision === base && (await insertRevision(house.database, base, name, row))) {
    await note(house, scope, 'draft.saved', known.draft_id, revision, text);
  } else {
    await assertRepeats(house, known.draft_id, row);
  }
  return summaryOf(await ownDraft(house, scope, known.draft_id), scope);
});

const deleteDraft = forSession(routes.deleteDraft, async ({ params, query, scope, house }) => {
  const known = await ownDraft(house, scope, params.draftId);
  const { draft_id: draftId } = known;
  if (!(await removeDraft(house.database, draftId, query.revision))) throw await changed(house, draftId);
  const deleted = { type: 'draft.deleted', draftId, revision: query.revision } as const;
  await house.streams.note(scope.actor, deleted, `draft|${draftId}|deleted`, house.now());
  return { deleted: true as const };
});

/** The text a study is to be made from: that of the last revision, which must be the one that was looked at. */
export async function readCurrentText(
  house: House,
  scope: SessionScope,
  wanted: { draftId: string; revision: number },
): Promise<string> {
  const known = await ownDraft(house, scope, wanted.draftId);
  if (known.revision !== wanted.revision) throw await changed(house, wanted.draftId);
  return (await revisionOf(house, wanted.draftId, wanted.revision)).text;
}

async function ownDraft(house: House, scope: SessionScope, draftId: string): Promise<DraftRow> {
  const row = await readDraft(house.database, draftId);
  const visible = row !== null && (scope.session.administrator || row.owner_id === scope.session.accountId);
  if (!visible) throw problemOf('unknown_draft');
  return row;
}

async function revisionOf(house: House, draftId: string, revision: number): Promise<RevisionRow> {
  const row = await readRevision(house.database, draftId, revision);
  if (row === null) throw problemOf('unknown_draft');
  return row;
}

/** The same save sent twice, because its answer was lost, is one save; anything else has to be decided by a person. */
async function assertRepeats(
  house: House,
  draftId: string,
  row: { revision: number; text: string; saved_by: string },
): Promise<void> {
  const last = await lastRevision(house, draftId);
  const same = last.revision === row.revision && last.text === row.text && last.saved_by === row.saved_by;
  if (!same) throw problemOf('draft_changed', { newer: withText(last) });
}

async function changed(house: House, draftId: string): Promise<Problem> {
  return problemOf('draft_changed', { newer: withText(await lastRevision(house, draftId)) });
}

async function lastRevision(house: House, draftId: string): Promise<RevisionRow> {
  const row = await readDraft(house.database, draftId);
  if (row === null) throw problemOf('unknown_draft');
  return revisionOf(house, draftId, row.revision);
}

type Source = (typeof routes.createDraft)['body']['_zod']['output']['from'];

function startingText(house: House, from: Source): string {
  switch (from.kind) {
    case 'template':
      return `${JSON.stringify(twoArmTemplate, null, 2)}\n`;
    case 'document':
      return from.text;
    case 'library': {
      const entry = house.library.get(from.library);
      if (entry === null) throw problemOf('unknown_protocol', { path: 'from.library' });
      return entry.text;
    }
    default:
      return from satisfies never;
  }
}

/** The short title of a document that can be read that far; otherwise what the draft was called before. */
function nameIn(text: string, before: string): string {
  try {
    const { shortTitle, title } = JSON.parse(text) as { shortTitle?: unknown; title?: unknown };
    const name = [shortTitle, title].find((one) => typeof one === 'string' && readable(one) !== '');
    return typeof name === 'string' ? readable(name) : before;
  } catch {
    return before;
  }
}

/** A JSON escape may stand for what no table can hold. */
function readable(name: string): string {
  return name
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, draftLimits.nameCharacters)
    .toWellFormed();
}

async function note(
  house: House,
  scope: SessionScope,
  type: 'draft.created' | 'draft.saved',
  draftId: string,
  revision: number,
  text: string,
): Promise<void> {
  const contentHash = createHash('sha256').update(text).digest('hex');
  const saved = { type, draftId, revision, contentHash } as const;
  await house.streams.note(scope.actor, saved, `draft|${draftId}|${revision}`, house.now());
}

function summaryOf(row: DraftRow, scope: SessionScope) {
  return {
    draftId: row.draft_id,
    name: row.name,
    owner: row.owner,
    mine: row.owner_id === scope.session.accountId,
    revision: row.revision,
    createdAt: row.created_at,
    savedAt: row.saved_at,
  };
}

async function wholeOf(house: House, scope: SessionScope, row: DraftRow) {
  const [{ text }, revisions] = await Promise.all([
    revisionOf(house, row.draft_id, row.revision),
    listRevisions(house.database, row.draft_id),
  ]);
  return { ...summaryOf(row, scope), text, revisions: revisions.map(shortOf) };
}

const shortOf = (row: Omit<RevisionRow, 'text'>) => ({
  revision: row.revision,
  savedAt: row.saved_at,
  savedBy: row.saved_by_name,
});

const withText = (row: RevisionRow) => ({ ...shortOf(row), text: row.text });

export const draftHandlers = { drafts, createDraft, draft, draftAt, saveDraft, deleteDraft };
