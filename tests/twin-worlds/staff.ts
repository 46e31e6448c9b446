/** The study team of every world: accounts made once, memberships and sessions put in place for each study. */
import { createHash } from 'node:crypto';
import { createClient, routes } from '@limen/contract';
import type pg from 'pg';
import { send } from './http.ts';

/** One account per role that the study server knows, and one that is bound to a single site. */
export const staffRoles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;
export const siteBound = 'coordinator of the last site';
export const teamRoles = [...staffRoles, siteBound, 'administrator'] as const;
export type TeamRole = (typeof teamRoles)[number];

export const password = 'twin worlds password';
export const setupCode = 'twin-setup';
/** The study of the first run: a neighbour to every study lived through afterwards. */
export const neighbour = 'lsd-n-of-1';

export type Accounts = Readonly<Record<TeamRole, string>>;

export const loginOf = (role: TeamRole): string => role.replaceAll(' ', '-');

/** First run by the real routes: everything else in the installation begins with it. */
export async function setUp(address: string): Promise<{ accounts: Accounts; administrator: string }> {
  const clientWith = (token: string | null) =>
    createClient({
      baseUrl: '',
      token: () => token,
      fetch: async (path, init) => {
        const reply = await send(address, { path, ...init });
        return { ok: reply.status < 400, status: reply.status, text: async () => reply.body };
      },
    });
  const anyone = clientWith(null);
  await anyone(routes.installationSetup, {
    body: {
      setupCode,
      name: 'Administrator',
      login: 'administrator',
      password,
      protocol: neighbour,
      siteName: 'Neighbour',
      siteTimeZone: 'Europe/Amsterdam',
    },
  });
  const { token, accountId } = await anyone(routes.signIn, { body: { login: 'administrator', password } });
  const administrator = clientWith(token);
  await administrator(routes.stepUp, { body: { password } });
  const accounts: Partial<Record<TeamRole, string>> = { administrator: accountId };
  for (const role of teamRoles) {
    if (role === 'administrator') continue;
    const made = await administrator(routes.createAccount, {
      body: { name: role, login: loginOf(role), password, memberships: [] },
    });
    accounts[role] = made.accountId;
  }
  return { accounts: accounts as Accounts, administrator: token };
}

const tokenOf = (studyId: string, role: string): string =>
  createHash('sha256').update(`session of ${role} in ${studyId}`).digest('base64url');

/**
 * Makes the team members of a study and of the neighbour, and of no other; opens a session for each. Hashing passwords
 * for every world would be most of the run; signing in by the routes is an act of the scenarios.
 */
export async function enter(
  database: pg.Pool,
  accounts: Accounts,
  study: { readonly studyId: string; readonly lastSite: string; readonly at: string },
): Promise<Record<TeamRole, string>> {
  const { studyId, lastSite, at } = study;
  await database.query('delete from membership');
  const members = [...staffRoles, siteBound] as const;
  const roles = members.map((role) => (role === siteBound ? 'coordinator' : role));
  const ids = members.map((role) => accounts[role]);
  const sites = members.map((role) => (role === siteBound ? lastSite : null));
  await database.query(
    `insert into membership (account_id, study_id, role, site_id)
     select account, $4, role, site from unnest($1::text[], $2::text[], $3::text[]) as m (account, role, site)`,
    [ids, roles, sites, studyId],
  );
  const tokens = teamRoles.map((role) => tokenOf(studyId, role));
  const hashes = tokens.map((token) => createHash('sha256').update(token).digest());
  await database.query(
    `insert into session (token_hash, account_id, opened_at, seen_at, expires_at, stepped_up_at)
     select hash, account, $3, $3, $3::timestamptz + interval '5 years', $3
     from unnest($1::bytea[], $2::text[]) as s (hash, account)`,
    [hashes, teamRoles.map((role) => accounts[role]), at],
  );
  return Object.fromEntries(teamRoles.map((role, index) => [role, tokens[index]])) as Record<TeamRole, string>;
}
