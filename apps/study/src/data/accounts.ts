/** Accounts, memberships, sessions and personal codes. */
import type { Role } from '@limen/conduct';
import type { Membership, OpenSession } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { AccountTable, SessionTable } from './schema.ts';

export async function isInstalled({ query }: Database): Promise<boolean> {
  return (await query.selectFrom('account').select('account_id').limit(1).executeTakeFirst()) !== undefined;
}

export async function readAccountByLogin({ query }: Database, loginKey: string): Promise<AccountTable | null> {
  return (await query.selectFrom('account').selectAll().where('login_key', '=', loginKey).executeTakeFirst()) ?? null;
}

export async function readAccount({ query }: Database, accountId: string): Promise<AccountTable | null> {
  const found = await query.selectFrom('account').selectAll().where('account_id', '=', accountId).executeTakeFirst();
  return found ?? null;
}

/** Account and memberships together or not at all. */
export async function writeAccount(
  { query }: Database,
  account: AccountTable,
  memberships: readonly Membership[],
): Promise<void> {
  await query.transaction().execute(async (tx) => {
    await tx.insertInto('account').values(account).execute();
    if (memberships.length === 0) return;
    const rows = memberships.map(({ studyId, role, siteId }) => ({
      account_id: account.account_id,
      study_id: studyId,
      role,
      site_id: siteId,
    }));
    await tx.insertInto('membership').values(rows).execute();
  });
}

export async function listAccounts({ query }: Database) {
  const accounts = await query.selectFrom('account').selectAll().orderBy('account_id').execute();
  const memberships = await query.selectFrom('membership').selectAll().orderBy('study_id').execute();
  return accounts.map((account) => ({
    accountId: account.account_id,
    name: account.name,
    login: account.login,
    administrator: account.administrator,
    memberships: memberships.filter(({ account_id }) => account_id === account.account_id).map(membershipOf),
  }));
}

function membershipOf(row: { study_id: string; role: string; site_id: string | null }): Membership {
  return { studyId: row.study_id, role: row.role as Role, siteId: row.site_id };
}

export async function writeSession({ query }: Database, session: SessionTable): Promise<void> {
  await query.insertInto('session').values(session).execute();
}

export async function readSession({ query }: Database, tokenHash: string): Promise<OpenSession | null> {
  const row = await query
    .selectFrom('session')
    .leftJoin('account', 'account.account_id', 'session.account_id')
    .leftJoin('participant', (join) =>
      join
        .onRef('participant.study_id', '=', 'session.study_id')
        .onRef('participant.participant_id', '=', 'session.participant_id'),
    )
    .select([
      'session.account_id',
      'session.study_id',
      'session.participant_id',
      'session.opened_at',
      'session.seen_at',
      'session.expires_at',
      'session.stepped_up_at',
      'account.name',
      'account.administrator',
      'participant.site_id',
    ])
    .where('token_hash', '=', Buffer.from(tokenHash, 'hex'))
    .executeTakeFirst();
  if (row === undefined) return null;
  const memberships = row.account_id === null ? [] : await readMemberships({ query }, row.account_id);
  const { study_id: studyId, participant_id: participantId, site_id: siteId } = row;
  const participant =
    studyId !== null && participantId !== null && siteId !== null ? { studyId, participantId, siteId } : null;
  return {
    tokenHash,
    accountId: row.account_id ?? participantId ?? '',
    name: row.name ?? '',
    administrator: row.administrator ?? false,
    memberships: participant === null ? memberships : [{ studyId: participant.studyId, role: 'participant', siteId }],
    participant,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    steppedUpAt: row.stepped_up_at,
  };
}

export async function readMemberships({ query }: Pick<Database, 'query'>, accountId: string): Promise<Membership[]> {
  const rows = await query
    .selectFrom('membership')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('study_id')
    .execute();
  return rows.map(membershipOf);
}

export async function touchSession(
  { query }: Database,
  tokenHash: string,
  change: Partial<Pick<SessionTable, 'seen_at' | 'stepped_up_at'>>,
): Promise<void> {
  await query.updateTable('session').set(change).where('token_hash', '=', Buffer.from(tokenHash, 'hex')).execute();
}

export async function deleteSession({ query }: Database, tokenHash: string): Promise<void> {
  await query.deleteFrom('session').where('token_hash', '=', Buffer.from(tokenHash, 'hex')).execute();
}

export async function deleteExpiredSessions({ query }: Database, now: string): Promise<void> {
  await query.deleteFrom('session').where('expires_at', '<', now).execute();
}

export async function writeParticipantAccess(
  { query }: Database,
  access: {
    studyId: string;
    participantId: string;
    codeHash: Buffer;
    issuedAt: string;
    person: { wrappedKey: Buffer; sealed: Buffer } | null;
  },
): Promise<void> {
  const { studyId: study_id, participantId: participant_id, codeHash: code_hash, issuedAt: issued_at, person } = access;
  await query.transaction().execute(async (tx) => {
    await tx
      .insertInto('participant_code')
      .values({ code_hash, study_id, participant_id, issued_at, replaced_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (person === null) return;
    await tx
      .insertInto('person')
      .values({ study_id, participant_id, wrapped_key: person.wrappedKey, sealed: person.sealed })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/**
 * The new code opens, the old one does not, and every phone that was in has to come in anew. Nothing happens where the
 * code is known already, or where a later one has been made meanwhile.
 */
export async function replaceParticipantCode(
  { query }: Database,
  access: { studyId: string; participantId: string; codeHash: Buffer; issuedAt: string },
): Promise<void> {
  const { studyId: study_id, participantId: participant_id, codeHash: code_hash, issuedAt: issued_at } = access;
  await query.transaction().execute(async (tx) => {
    const codes = await tx
      .selectFrom('participant_code')
      .select(['code_hash', 'issued_at'])
      .where('study_id', '=', study_id)
      .where('participant_id', '=', participant_id)
      .forUpdate()
      .execute();
    if (codes.some((known) => known.code_hash.equals(code_hash) || known.issued_at > issued_at)) return;
    await tx
      .updateTable('participant_code')
      .set({ replaced_at: issued_at })
      .where('study_id', '=', study_id)
      .where('participant_id', '=', participant_id)
      .where('replaced_at', 'is', null)
      .execute();
    await tx
      .insertInto('participant_code')
      .values({ code_hash, study_id, participant_id, issued_at, replaced_at: null })
      .execute();
    await tx
      .deleteFrom('session')
      .where('study_id', '=', study_id)
      .where('participant_id', '=', participant_id)
      .execute();
  });
}

export type PersonalCode = {
  readonly codeHash: string;
  readonly studyId: string;
  readonly participantId: string;
  /** Of the participant. */
  readonly status: string;
  readonly issuedAt: string;
  readonly replacedAt: string | null;
};

export async function readPersonalCode({ query }: Database, codeHash: Buffer): Promise<PersonalCode | null> {
  const row = await query
    .selectFrom('participant_code')
    .innerJoin('participant', (join) =>
      join
        .onRef('participant.study_id', '=', 'participant_code.study_id')
        .onRef('participant.participant_id', '=', 'participant_code.participant_id'),
    )
    .select(['participant.study_id', 'participant.participant_id', 'status', 'issued_at', 'replaced_at'])
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { study_id: studyId, participant_id: participantId, status } = row;
  return {
    codeHash: codeHash.toString('hex'),
    studyId,
    participantId,
    status,
    issuedAt: row.issued_at,
    replacedAt: row.replaced_at,
  };
}
