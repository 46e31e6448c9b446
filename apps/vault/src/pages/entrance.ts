/** Coming in, going out, the first run, one's own password. */
import { timingSafeEqual } from 'node:crypto';
import { cookieFor } from '@limen/access';
import { html } from '@limen/protocol';
import {
  changePassword,
  createPerson,
  hasKeeper,
  loginKeyOf,
  type Person,
  personByPassword,
  shortestPassword,
} from '../people/people.ts';
import { closeSession, openSession, sessionMs } from '../people/sessions.ts';
import { Refusal } from '../refusals.ts';
import { inTransaction } from '../store.ts';
import { appendHouseTrail } from '../trail.ts';
import { vaultCookie } from './bind.ts';
import { field, type Page } from './page.ts';
import type { Answer, PageRoute, Visit } from './route.ts';

async function comeIn({ house, secure, query }: Visit, person: Person): Promise<Answer> {
  const token = await openSession(house, person);
  await note({ house } as Visit, 'session.opened', person.personId);
  const cookie = cookieFor(token, sessionMs / 1000, secure, vaultCookie);
  return { redirect: placeIn(query.get('to')), cookie };
}

/** A page of this vault and nothing else. */
const placeIn = (to: string | null): string =>
  to !== null && /^\/room\/[\w/-]+(\?[\w=&%.:~-]*)?$/.test(to) ? to : '/room';

async function note({ house }: Visit, type: string, personId: string): Promise<void> {
  await inTransaction(house, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtext('limen vault house'))");
    const actor = { id: personId, role: 'person' };
    await appendHouseTrail(house, client, { type, actor, cause: personId, payload: { personId } });
  });
}

const signInPage: Page = {
  title: 'Sign in',
  lead: 'For pharmacists, physicians on call and members of the safety board. The study’s own pages have another sign-in.',
  body: html`<section><form method="post">${field({ name: 'login', label: 'Sign-in name', autocomplete: 'username' })}${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}<button>Sign in</button></form></section>`,
};

const signIn: PageRoute = {
  path: '/sign-in',
  who: 'anyone',
  get: async ({ house, session, query }) => {
    if (session !== null) return { redirect: placeIn(query.get('to')) };
    return (await hasKeeper(house)) ? { page: signInPage } : { redirect: '/room/set-up' };
  },
  post: async (visit) => {
    const { form, house, ip } = visit;
    const { byLogin, byAddress } = house.attempts;
    const login = form.get('login') ?? '';
    const key = loginKeyOf(login);
    if (byLogin.blocked(key) || byAddress.blocked(ip)) {
      throw new Refusal('unauthorised', 'Too many attempts. Wait a quarter of an hour, or ask the keeper.');
    }
    const person = await personByPassword(house, login, form.get('password') ?? '');
    if (person === null) {
      byLogin.fail(key);
      byAddress.fail(ip);
      throw new Refusal('unauthorised', 'Name or password is not right.');
    }
    byLogin.clear(key);
    return comeIn(visit, person);
  },
};

const signOut: PageRoute = {
  path: '/sign-out',
  who: 'somebody',
  post: async (visit) => {
    await closeSession(visit.house, visit.session);
    await note(visit, 'session.closed', visit.session.person.personId);
    return { redirect: '/room/sign-in', cookie: cookieFor('', 0, visit.secure, vaultCookie) };
  },
};

const setUpPage: Page = {
  title: 'Set up the vault',
  lead: 'The first account is the keeper’s: it gives others their accounts and roles and sees no allocation.',
  body: html`<section><form method="post">${field({ name: 'code', label: 'Set-up code', hint: 'It was printed when the vault started.' })}${field({ name: 'name', label: 'Your name', autocomplete: 'name' })}${field({ name: 'login', label: 'Sign-in name', autocomplete: 'username' })}${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', hint: `At least ${shortestPassword} characters.` })}<button>Set up</button></form></section>`,
};

const setUp: PageRoute = {
  path: '/set-up',
  who: 'anyone',
  get: async ({ house }) => ((await hasKeeper(house)) ? { redirect: '/room/sign-in' } : { page: setUpPage }),
  post: async (visit) => {
    const { form, house, ip } = visit;
    const { byAddress } = house.attempts;
    if (byAddress.blocked(ip)) throw new Refusal('unauthorised', 'Too many attempts. Wait a quarter of an hour.');
    if (await hasKeeper(house)) throw new Refusal('unauthorised', 'The vault is set up already.');
    if (house.setupCode === null || !sameText(form.get('code') ?? '', house.setupCode)) {
      byAddress.fail(ip);
      throw new Refusal('unauthorised', 'The set-up code is not right.');
    }
    const [login, name, password] = [form.get('login') ?? '', form.get('name') ?? '', form.get('password') ?? ''];
    await createPerson(house, '', { login, name, keeper: true }, password);
    const person = await personByPassword(house, login, password);
    if (person === null) throw new Refusal('unavailable', 'The account could not be opened.');
    return comeIn(visit, person);
  },
};

const password: PageRoute = {
  path: '/password',
  who: 'somebody',
  get: async ({ session }) => ({
    page: {
      title: 'Your password',
      ...(session.person.starting ? { lead: 'The one you were given opens this page alone. Choose your own.' } : {}),
      body: html`<section><form method="post">${field({ name: 'password', label: 'Present password', type: 'password', autocomplete: 'current-password' })}${field({ name: 'next', label: 'New password', type: 'password', autocomplete: 'new-password', hint: `At least ${shortestPassword} characters.` })}<button>Change</button></form></section>`,
    },
  }),
  confirms: true,
  post: async ({ house, session, form }) => {
    const next = form.get('next') ?? '';
    if (next === form.get('password')) throw new Refusal('request_invalid', 'The new password is the old one.');
    await changePassword(house, session.person.personId, next);
    return { redirect: '/room' };
  },
};

/** Where somebody without a page asks: the first page or the sign-in. */
const root: PageRoute = { path: '/', who: 'anyone', get: async () => ({ redirect: '/room' }) };

export const entrancePages: readonly PageRoute[] = [signIn, signOut, setUp, password, root];

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
