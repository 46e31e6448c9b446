/** The demonstration's accounts: one per role, with passwords that are printed. Never used outside a demonstration. */
import { type Client, createClient, type Fetch, Refused, routes } from '@limen/contract';

export const teamRoles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;
export type TeamRole = (typeof teamRoles)[number] | 'administrator';

export type Login = { readonly role: TeamRole; readonly login: string; readonly password: string };
export type Member = Login & { readonly call: Client; stepUp(): Promise<void> };
export type Team = Readonly<Record<TeamRole, Member>>;

export function loginOf(role: TeamRole): Login {
  return { role, login: `${role}@demo.limen`, password: `limen-demo-${role}` };
}

/** A signed-in member; a session that ran out under the accelerated clock is opened again. */
export async function signIn(baseUrl: string, fetch: Fetch, login: Login): Promise<Member> {
  let token: string | null = null;
  const bare = createClient({ baseUrl, fetch, token: () => token });
  const open = async () => {
    token = null;
    token = (await bare(routes.signIn, { body: { login: login.login, password: login.password } })).token;
  };
  const call: Client = async (route, input) => {
    try {
      return await bare(route, input);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status !== 401) throw error;
      await open();
      return bare(route, input);
    }
  };
  await open();
  return {
    ...login,
    call,
    stepUp: async () => {
      await call(routes.stepUp, { body: { password: login.password } });
    },
  };
}

/** Creates the accounts of the other roles and signs everybody in. */
export async function assembleTeam(baseUrl: string, fetch: Fetch, studyId: string): Promise<Team> {
  const administrator = await signIn(baseUrl, fetch, loginOf('administrator'));
  await administrator.stepUp();
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
