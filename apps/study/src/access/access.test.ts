import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Access, allRoutes, type Route, routes, urlOf } from '@limen/contract';
import { type AnyHandlers, assertDeclared } from '../server/bind.ts';
import { handlers } from '../server/handlers.ts';
import {
  addColleague,
  enrolSubject,
  type Person,
  type Subject,
  startTestHouse,
  type TestHouse,
} from '../test-house.ts';

let house: TestHouse;
let subject: Subject;
let neighbour: Subject;
let elsewhere: Person;
let northern: Person;

before(async () => {
  house = await startTestHouse();
  subject = await enrolSubject(house);
  neighbour = await enrolSubject(house);
  elsewhere = await addColleague(house, 'elsewhere', { studyId: 'second', role: 'investigator', siteId: null });
  northern = await addColleague(house, 'northern', { studyId: 'second', role: 'coordinator', siteId: 'north' });
});
after(() => house.close());

const roles = [
  'nobody',
  'participant',
  'coordinator',
  'investigator',
  'pharmacist',
  'statistician',
  'monitor',
  'administrator',
] as const;
type MatrixRole = (typeof roles)[number];

function tokenFor(role: MatrixRole): string | null {
  if (role === 'nobody') return null;
  return role === 'participant' ? subject.token : house.staff[role].token;
}

/** Calls with a body that fits no route, so that an allowed call gets as far as its shape and changes nothing. */
async function knock(route: Route, token: string | null, params: Record<string, string>) {
  const known = { signalId: 'nothing', table: 'doses', ...params };
  const abort = new AbortController();
  const reply = await fetch(house.server.address + urlOf(route, known), {
    method: route.method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(route.method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    ...(route.method === 'POST' ? { body: '{"unheard-of":true}' } : {}),
    signal: abort.signal,
  });
  const type = reply.headers.get('content-type') ?? '';
  const code = type.startsWith('application/problem+json') ? ((await reply.json()) as { code: string }).code : null;
  abort.abort();
  return { status: reply.status, code };
}

/** What the declaration says must come of it; null: not refused for who is asking. */
function expected(access: Access, role: MatrixRole): string | null {
  if (access.kind === 'public') return null;
  if (role === 'nobody') return 'not_signed_in';
  if (access.kind === 'signedIn') return null;
  if (access.kind === 'anyStudy') return (access.roles as readonly string[]).includes(role) ? null : 'forbidden';
  if (access.kind === 'installation') {
    if (role !== 'administrator') return 'forbidden';
  } else if (!access.roles.includes(role)) return 'forbidden';
  return access.stepUp === true ? 'step_up_required' : null;
}

const aboutTheCaller = new Set([
  'not_signed_in',
  'forbidden',
  'step_up_required',
  'unknown_study',
  'unknown_participant',
]);

describe('who may call what', () => {
  it('is what the contract declares, for every role and every route', async () => {
    house.now += 6 * 60_000; // Nobody is freshly confirmed any more.
    let cells = 0;
    for (const route of allRoutes) {
      // These two would end the session under test; they have tests of their own.
      if (route.id === 'signOut' || route.id === 'installationSetup') continue;
      for (const role of roles) {
        const { status, code } = await knock(route, tokenFor(role), subject.params);
        const wanted = expected(route.access, role);
        const said = code !== null && aboutTheCaller.has(code) ? code : null;
        assert.equal(said, wanted, `${route.id} as ${role}: ${status} ${code}`);
        assert.ok(status < 500, `${route.id} as ${role}: ${status} ${code}`);
        cells += 1;
      }
    }
    assert.equal(cells, (allRoutes.length - 2) * roles.length);
  });

  it('hides studies from those who are no members of them', async () => {
    for (const route of allRoutes) {
      if (route.access.kind !== 'study' && route.access.kind !== 'participant') continue;
      const { studyId } = subject.params;
      const real = await knock(route, elsewhere.token, { ...subject.params, studyId });
      const unreal = await knock(route, elsewhere.token, { ...subject.params, studyId: 'no-such-study' });
      assert.deepEqual(real, { status: 404, code: 'unknown_study' }, route.id);
      assert.deepEqual(unreal, real, route.id);
      const administrator = await knock(route, house.staff.administrator.token, {
        ...subject.params,
        studyId: 'no-such-study',
      });
      assert.deepEqual(administrator, real, route.id);
    }
  });

  it('answers for another participant as for one who never was', async () => {
    for (const route of allRoutes) {
      if (route.access.kind !== 'participant') continue;
      const params = { studyId: house.studyId };
      if (route.access.roles.includes('participant')) {
        const other = await knock(route, subject.token, { ...params, participantId: neighbour.participantId });
        const none = await knock(route, subject.token, { ...params, participantId: '0000000000' });
        assert.deepEqual(other, { status: 404, code: 'unknown_participant' }, route.id);
        assert.deepEqual(none, other, route.id);
      }
      if (!route.access.roles.includes('coordinator')) continue;
      // A colleague of another study's site, with a participant id that exists in ours.
      const foreign = { studyId: 'second', participantId: subject.participantId };
      const seen = await knock(route, northern.token, foreign);
      assert.deepEqual(seen, { status: 404, code: 'unknown_participant' }, route.id);
      const malformed = await knock(route, northern.token, { studyId: 'second', participantId: 'no-id' });
      assert.deepEqual(malformed, seen, route.id);
    }
  });

  it('keeps people of one site to the participants of that site', async () => {
    const southern = await addColleague(house, 'southern', { studyId: 'second', role: 'coordinator', siteId: 'south' });
    const { participantId } = await northern.call(routes.inviteParticipant, {
      params: { studyId: 'second' },
      body: { commandId: house.commandId(), siteId: 'north', timeZone: 'Europe/Oslo' },
    });
    const params = { studyId: 'second', participantId };
    assert.deepEqual(await knock(routes.participant, southern.token, params), {
      status: 404,
      code: 'unknown_participant',
    });
    const list = await southern.call(routes.participants, { params: { studyId: 'second' } });
    assert.equal(list.participants.length, 0);
    const own = await northern.call(routes.participants, { params: { studyId: 'second' } });
    assert.deepEqual(
      own.participants.map((row) => row.participantId),
      [participantId],
    );
    const sites = await southern.call(routes.sites, { params: { studyId: 'second' } });
    assert.deepEqual(
      sites.sites.map((site) => site.siteId),
      ['south'],
    );
  });
});

describe('the table of handlers', () => {
  it('must hold every declared route and no other', () => {
    const known: AnyHandlers = { ...handlers } as unknown as AnyHandlers;
    assert.doesNotThrow(() => assertDeclared(known));
    const { studyOverview: _, ...missing } = known;
    assert.throws(() => assertDeclared(missing), /studyOverview, which has no handler/);
    const added = { ...known, secretRoute: { kind: 'public', run: async () => ({}) } as never };
    assert.throws(() => assertDeclared(added), /secretRoute, which the contract does not declare/);
  });

  it('must work for the kind of caller the contract names', () => {
    const known = { ...handlers } as unknown as AnyHandlers;
    const wrong = { ...known, studyOverview: { ...handlers.studyOverview, kind: 'public' } as never };
    assert.throws(() => assertDeclared(wrong), /studyOverview works for public, the contract says study/);
  });
});
