import { z } from 'zod';
import { route } from '../route.ts';
import * as s from '../shapes.ts';

const login = z.string().min(3).max(200);
const password = z.string().min(10).max(200);

export const installationStatus = route({
  id: 'installationStatus',
  method: 'GET',
  path: '/v1/installation',
  tag: 'Installation',
  summary: 'Whether this installation has been set up, and the library of protocols it ships',
  access: { kind: 'public' },
  params: s.none,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    ready: z.boolean(),
    version: z.string(),
    library: z.array(z.object({ id: z.string(), shortTitle: z.string(), title: z.string(), version: z.string() })),
  }),
});

export const installationSetup = route({
  id: 'installationSetup',
  method: 'POST',
  path: '/v1/installation',
  tag: 'Installation',
  summary: 'First run: create the administrator and the first study from a library protocol',
  access: { kind: 'public' },
  params: s.none,
  query: s.none,
  body: z.strictObject({
    setupCode: z.string().min(6).max(64).describe('Printed by the program at its first start'),
    name: z.string().min(1).max(200),
    login,
    password,
    protocol: z.string().min(1).max(64),
    siteName: z.string().min(1).max(200),
    siteTimeZone: z.string().min(1).max(64),
  }),
  reply: z.object({ studyId: s.studyId, siteId: s.siteId }),
});

export const signIn = route({
  id: 'signIn',
  method: 'POST',
  path: '/v1/sessions',
  tag: 'Sessions',
  summary: 'Sign in as a member of the study team',
  access: { kind: 'public' },
  params: s.none,
  query: s.none,
  body: z.strictObject({ login, password: z.string().min(1).max(200) }),
  reply: s.session.extend({ token: z.string().describe('Also set as a cookie') }),
});

export const participantSignIn = route({
  id: 'participantSignIn',
  method: 'POST',
  path: '/v1/participant-sessions',
  tag: 'Sessions',
  summary: 'Join or return as a participant with the personal code from the invitation',
  access: { kind: 'public' },
  params: s.none,
  query: s.none,
  body: z.strictObject({ code: z.string().min(16).max(64) }),
  reply: s.session.extend({ token: z.string() }),
});

export const currentSession = route({
  id: 'currentSession',
  method: 'GET',
  path: '/v1/sessions/current',
  tag: 'Sessions',
  summary: 'Who I am and what I may do',
  access: { kind: 'signedIn' },
  params: s.none,
  query: s.none,
  body: s.nothing,
  reply: s.session,
});

export const stepUp = route({
  id: 'stepUp',
  method: 'POST',
  path: '/v1/sessions/current/step-up',
  tag: 'Sessions',
  summary: 'Confirm it is you, before a signature or another act that needs it',
  access: { kind: 'signedIn' },
  params: s.none,
  query: s.none,
  body: z.strictObject({ password: z.string().min(1).max(200) }),
  reply: s.session,
});

export const signOut = route({
  id: 'signOut',
  method: 'DELETE',
  path: '/v1/sessions/current',
  tag: 'Sessions',
  summary: 'Sign out',
  access: { kind: 'signedIn' },
  params: s.none,
  query: s.none,
  body: s.nothing,
  reply: z.object({ signedOut: z.literal(true) }),
});

export const accounts = route({
  id: 'accounts',
  method: 'GET',
  path: '/v1/accounts',
  tag: 'Accounts',
  summary: 'The study team’s accounts and memberships',
  access: { kind: 'installation' },
  params: s.none,
  query: s.none,
  body: s.nothing,
  reply: z.object({
    accounts: z.array(
      z.object({
        accountId: z.string(),
        name: z.string(),
        login: z.string(),
        administrator: z.boolean(),
        memberships: z.array(s.membership),
      }),
    ),
  }),
});

export const createAccount = route({
  id: 'createAccount',
  method: 'POST',
  path: '/v1/accounts',
  tag: 'Accounts',
  summary: 'Create an account with its memberships; a person holds one role per study',
  access: { kind: 'installation', stepUp: true },
  params: s.none,
  query: s.none,
  body: z.strictObject({
    name: z.string().min(1).max(200),
    login,
    password,
    memberships: z
      .array(
        z.strictObject({
          studyId: s.studyId,
          role: s.role.exclude(['participant', 'administrator']),
          siteId: s.siteId.nullable(),
        }),
      )
      .max(100),
  }),
  reply: z.object({ accountId: z.string() }),
});
