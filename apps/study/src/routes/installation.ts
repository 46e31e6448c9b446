/** First run and accounts. */
import { timingSafeEqual } from 'node:crypto';
import { hashPassword } from '@limen/access';
import { routes } from '@limen/contract';
import type { Membership } from '../access/scope.ts';
import { isInstalled, listAccounts, readAccountByLogin, writeAccount } from '../data/accounts.ts';
import { isIntegrityViolation } from '../data/database.ts';
import { readStudy, siteExists } from '../data/studies.ts';
import { accountIdFor } from '../record/ids.ts';
import { forAnyone, forSession } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { serverVersion } from '../server/version.ts';
import { createStudyFrom } from './create-study.ts';
import { loginKeyOf } from './sessions.ts';

const installationStatus = forAnyone(routes.installationStatus, async ({ house }) => ({
  ready: await isInstalled(house.database),
  version: serverVersion,
  library: house.library.list().map(({ id, protocol }) => ({
    id,
    shortTitle: protocol.shortTitle,
    title: protocol.title,
    version: protocol.version,
  })),
}));

/** The site of a first run has no id yet; its name is for people and may be in any script. */
const firstSiteId = 'main';

const installationSetup = forAnyone(routes.installationSetup, async ({ body, house, request }) => {
  if (house.signInsByAddress.blocked(request.ip)) throw problemOf('too_many_requests');
  if (house.setupCode === null || !sameText(body.setupCode, house.setupCode)) {
    house.signInsByAddress.fail(request.ip);
    throw problemOf('sign_in_refused');
  }
  if (await isInstalled(house.database)) throw problemOf('already_set_up');
  const entry = house.library.get(body.protocol);
  if (entry === null) throw problemOf('unknown_protocol', { path: 'protocol' });
  const now = house.now();
  const accountId = accountIdFor(house.deriver, loginKeyOf(body.login));
  const actor = { id: accountId, role: 'administrator' } as const;
  const studyId = entry.protocol.id;
  const sites = [{ siteId: firstSiteId, name: body.siteName, timeZone: body.siteTimeZone }];
  // The study first: should the vault not answer, the installation is still to be set up.
  if ((await readStudy(house.database, studyId)) === null) {
    await createStudyFrom(house, actor, { studyId, text: entry.text, sites }, now);
  }
  await createAccountFrom(house, actor, { ...body, administrator: true, memberships: [] }, now);
  await house.streams.note(actor, { type: 'installation.setUp', accountId }, `setup|${accountId}`, now);
  return { studyId, siteId: firstSiteId };
});

const accounts = forSession(routes.accounts, async ({ house }) => ({ accounts: await listAccounts(house.database) }));

const createAccount = forSession(routes.createAccount, async ({ body, scope, house }) => {
  const accountId = await createAccountFrom(house, scope.actor, { ...body, administrator: false }, house.now());
  return { accountId };
});

type NewAccount = {
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly administrator: boolean;
  readonly memberships: readonly Membership[];
};

async function createAccountFrom(
  house: House,
  actor: { id: string; role: string },
  account: NewAccount,
  now: string,
): Promise<string> {
  await assertMemberships(house, account.memberships);
  const loginKey = loginKeyOf(account.login);
  if ((await readAccountByLogin(house.database, loginKey)) !== null) {
    throw problemOf('login_taken', { path: 'login' });
  }
  const accountId = accountIdFor(house.deriver, loginKey);
  const { administrator, memberships } = account;
  const row = {
    account_id: accountId,
    name: account.name,
    login: account.login,
    login_key: loginKey,
    password_hash: await hashPassword(account.password),
    administrator,
    created_at: now,
  };
  await writeAccount(house.database, row, memberships).catch((error) => {
    throw isIntegrityViolation(error) ? problemOf('login_taken', { path: 'login' }) : error;
  });
  const created = { type: 'account.created', accountId, administrator, memberships } as const;
  await house.streams.note(actor, created, `account|${accountId}`, now);
  return accountId;
}

/** Known studies, known sites, one role per study. */
async function assertMemberships(house: House, memberships: readonly Membership[]): Promise<void> {
  const seen = new Set<string>();
  for (const [index, { studyId, siteId }] of memberships.entries()) {
    const path = `memberships[${index}]`;
    if (seen.has(studyId)) {
      throw problemOf('invalid_input', {
        path,
        detail: 'A person holds one role per study; this study is named twice.',
      });
    }
    seen.add(studyId);
    if ((await readStudy(house.database, studyId)) === null) throw problemOf('unknown_study', { path });
    if (siteId !== null && !(await siteExists(house.database, studyId, siteId))) {
      throw problemOf('unknown_site', { path });
    }
  }
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.alloc(64), Buffer.alloc(64)];
  a.write(given);
  b.write(expected);
  return timingSafeEqual(a, b) && given.length === expected.length;
}

export const installationHandlers = { installationStatus, installationSetup, accounts, createAccount };
