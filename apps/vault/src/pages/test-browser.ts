/** For tests: a browser's way through the vault's forms, without the browser. */
import type { Vault } from '../index.ts';
import { createPerson, personByPassword, setRoles, type VaultRole } from '../people/people.ts';

export const password = 'a long password for tests';

export type Visited = {
  readonly status: number;
  readonly to: string | null;
  readonly text: string;
  readonly headers: Headers;
};

/** Keeps its cookie, follows no redirect. */
export function openVisitor(vault: Vault) {
  let cookie = '';
  return async (
    path: string,
    form?: Record<string, string | string[]>,
    headers: Record<string, string> = {},
  ): Promise<Visited> => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(form ?? {})) for (const one of [value].flat()) body.append(name, one);
    const reply = await fetch(`${vault.address}${path}`, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie, ...headers },
      ...(form ? { body } : {}),
    });
    cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return {
      status: reply.status,
      to: reply.headers.get('location'),
      text: await reply.text(),
      headers: reply.headers,
    };
  };
}

/** Somebody with these roles in a study, signed in. */
export async function signedIn(vault: Vault, login: string, studyId: string, roles: readonly VaultRole[]) {
  await createPerson(vault.house, 'test', { login, name: login, keeper: false }, password);
  const person = await personByPassword(vault.house, login, password);
  await setRoles(
    vault.house,
    'test',
    person?.personId ?? '',
    roles.map((role) => ({ studyId, role })),
  );
  const visit = openVisitor(vault);
  await visit('/room/sign-in', { login, password });
  return visit;
}
