/** Drafts of protocols and their revisions. */
import type { Database } from './database.ts';
import type { DraftRevisionTable, DraftTable } from './schema.ts';

export type DraftRow = DraftTable & { owner: string };
export type RevisionRow = Omit<DraftRevisionTable, 'saved_by'> & { saved_by: string; saved_by_name: string };

/** By id of the owner; null: of everybody. Last saved first. */
export async function listDrafts({ query }: Database, ownerId: string | null): Promise<DraftRow[]> {
  return query
    .selectFrom('draft')
    .innerJoin('account', 'account.account_id', 'draft.owner_id')
    .selectAll('draft')
    .select('account.name as owner')
    .$if(ownerId !== null, (builder) => builder.where('draft.owner_id', '=', ownerId ?? ''))
    .orderBy('draft.saved_at', 'desc')
    .orderBy('draft.draft_id')
    .execute();
}

export async function readDraft({ query }: Database, draftId: string): Promise<DraftRow | null> {
  const row = await query
    .selectFrom('draft')
    .innerJoin('account', 'account.account_id', 'draft.owner_id')
    .selectAll('draft')
    .select('account.name as owner')
    .where('draft.draft_id', '=', draftId)
    .executeTakeFirst();
  return row ?? null;
}

export async function listRevisions({ query }: Database, draftId: string): Promise<Omit<RevisionRow, 'text'>[]> {
  return query
    .selectFrom('draft_revision as r')
    .innerJoin('account', 'account.account_id', 'r.saved_by')
    .select(['r.draft_id', 'r.revision', 'r.saved_at', 'r.saved_by', 'account.name as saved_by_name'])
    .where('r.draft_id', '=', draftId)
    .orderBy('r.revision', 'desc')
    .execute();
}

export async function readRevision(
  { query }: Database,
  draftId: string,
  revision: number,
): Promise<RevisionRow | null> {
  const row = await query
    .selectFrom('draft_revision as r')
    .innerJoin('account', 'account.account_id', 'r.saved_by')
    .selectAll('r')
    .select('account.name as saved_by_name')
    .where('r.draft_id', '=', draftId)
    .where('r.revision', '=', revision)
    .executeTakeFirst();
  return row ?? null;
}

export async function insertDraft({ query }: Database, draft: DraftTable, text: string): Promise<void> {
  const { draft_id, revision, saved_at, owner_id } = draft;
  await query.transaction().execute(async (tx) => {
    await tx.insertInto('draft').values(draft).execute();
    await tx.insertInto('draft_revision').values({ draft_id, revision, text, saved_at, saved_by: owner_id }).execute();
  });
}

/** Adds the revision after `base`; false where `base` is not the last one any more. */
export async function insertRevision(
  { query }: Database,
  base: number,
  name: string,
  row: DraftRevisionTable,
): Promise<boolean> {
  return query.transaction().execute(async (tx) => {
    const moved = await tx
      .updateTable('draft')
      .set({ revision: row.revision, name, saved_at: row.saved_at })
      .where('draft_id', '=', row.draft_id)
      .where('revision', '=', base)
      .executeTakeFirst();
    if (moved.numUpdatedRows === 0n) return false;
    await tx.insertInto('draft_revision').values(row).execute();
    return true;
  });
}

/** False where `revision` is not the last one any more. */
export async function removeDraft({ query }: Database, draftId: string, revision: number): Promise<boolean> {
  const gone = await query
    .deleteFrom('draft')
    .where('draft_id', '=', draftId)
    .where('revision', '=', revision)
    .executeTakeFirst();
  return gone.numDeletedRows > 0n;
}
