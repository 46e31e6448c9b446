/** The demonstration's accounts: one per role, with passwords that are printed. Never used outside a demonstration. */
import { type Client, createClient, type Fetch, Refused, routes } from '@limen/contract';

export const teamRoles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;
export type TeamRole = (typeof teamRoles)[number] | 'administrator';

export type Login = { readonly role: TeamRole; readonly login: string; readonly password: string };
export type Member = Login & { readonly call: Client };
export type Team = Readonly<Record<TeamRole, Member>>;

export function loginOf(role: TeamRole): Login {
  return { role, login: `${role}@demo.limen`, password: `limen-demo-${role}` };
}

/** A signed-in member. Under the accelerated clock sessions run out at once: they are opened and confirmed again as asked. */
export async function signIn(baseUrl: string, fetch: Fetch, login: Login): Promise<Member> {
  let token: string | null = null;
  const bare = createClient({ baseUrl, fetch, token: () => token });
  const open = async () => {
    token = null;
    token = (await bare(routes.signIn, { body: { login: login.login, password: login.password } })).token;
  };
  // Calls that run out together are mended by one sign-in.
  const shared = (work: () => Promise<unknown>) => {
    let running: Promise<unknown> | null = null;
    return () => {
      running ??= work().finally(() => {
        running = null;
      });
      return running;
    };
  };
  const mend: Readonly<Record<string, () => Promise<unknown>>> = {
    not_signed_in: shared(open),
    step_up_required: shared(() => bare(routes.stepUp, { body: { password: login.password } })),
  };
  const call: Client = async (route, input) => {
    for (const mended = new Set<string>(); ; ) {
      try {
        return await bare(route, input);
      } catch (error) {
        const code = error instanceof Refused ? error.problem.code : '';
        const repair = mend[code];
        if (!repair || mended.has(code)) throw error;
        mended.add(code);
        await repair();
      }
    }
  };
  await open();
  return { ...login, call };
}

/** Creates the accounts of the other roles and signs everybody in. */
export async function assembleTeam(baseUrl: string, fetch: Fetch, studyId: string): Promise<Team> {
  const administrator = await signIn(baseUrl, fetch, loginOf('administrator'));
  const members: Partial<Record<TeamRole, Member>> = { administrator };
  for (const role of teamRoles) {
    const login = loginOf(role);
    await administrator.call(routes.createAccount, {
      body: {
        name: `Demo ${role}`,
        login: login.login,
        password: login.password,
        memberships: [{ studyId, role, siteId: null }],
      },
    });
    members[role] = await signIn(baseUrl, fetch, login);
  }
  return members as Team;
}
