/** Visits every route that reads, as every blinded role: the list is the router's own, a new route is visited by itself. */
import { allRoutes, type Route, urlOf } from '@limen/contract';
import { philox } from '@limen/statistics';
import {
  costly,
  endless,
  filled,
  filledInVault,
  operations,
  pagesTurned,
  queries,
  straying,
  unknowable,
} from './fillings.ts';
import { send } from './http.ts';
import { vaultTokens } from './installation.ts';
import type { Place } from './place.ts';
import { teamRoles } from './staff.ts';

/** Where a leak is planted it is looked for by those who between them may read everything. */
const rolesThatSeeMost = ['monitor', 'statistician', 'pharmacist'] as const;

export function blindedRolesOf({ people, scenario }: Place): string[] {
  if (scenario.leak) return [...rolesThatSeeMost, people[0]?.role ?? ''];
  const participants = people.filter((_, index) => scenario.thorough || index === 0 || index === people.length - 1);
  return [...teamRoles, ...participants.map(({ role }) => role), 'nobody'];
}

/** One study's share of counters that run on for as long as the server does. */
const sinceThen = (heard: string, before: Place['countsBefore']): string =>
  heard
    .split('\n')
    .map((line) => {
      const [, name = '', count] = /^(limen_[a-z_]+(?:\{.*\})?) (\d+)$/.exec(line) ?? [];
      return count === undefined ? line : `${name} ${Number(count) - (before.get(name) ?? 0)}`;
    })
    .join('\n');

/** Answers the ids of the routes visited. Throws for a parameter it does not know how to fill. */
export async function crawl(place: Place): Promise<string[]> {
  const visited: string[] = [];
  for (const route of allRoutes) {
    if (route.method !== 'GET') continue;
    if (costly.has(route.id) && !place.scenario.thorough) continue;
    visited.push(route.id);
    if (endless.has(route.id)) continue;
    for (const role of blindedRolesOf(place)) await visit(place, role, route);
  }
  for (const path of operations) for (const role of ['monitor', 'nobody']) await askPlain(place, role, path);
  if (!place.scenario.leak) await crawlVault(place);
  return visited;
}

async function visit(place: Place, role: string, route: Route): Promise<void> {
  const asked = fillingsOf(route.path, filled, place).flatMap((params) =>
    queriesOf(route, place).map((query) => ({ params, query })),
  );
  for (const { params, query } of asked) if (await turnPages(place, role, route, params, query)) break;
  const studyId = straying[role];
  if (studyId === undefined || !route.path.includes(':studyId')) return;
  const [params] = fillingsOf(route.path, filled, place);
  await askPlain(place, role, urlOf(route, { ...params, studyId }));
}

/** All, or one that another scenario has another of. */
function queriesOf(route: Route, place: Place): readonly Record<string, string>[] {
  const all = queries[route.id]?.(place) ?? [{}];
  const { seed, thorough, leak } = place.scenario;
  const one = leak ? 0 : philox(seed, route.id).integer(0, all.length - 1);
  return thorough ? all : all.slice(one, one + 1);
}

/** Whether the role may not ask this at all, which is looked at before anything of the address. */
async function turnPages(
  place: Place,
  role: string,
  route: Route,
  params: Record<string, string>,
  query: Record<string, string>,
): Promise<boolean> {
  let after: Record<string, string> = {};
  for (let page = 0; page <= pagesTurned; page += 1) {
    const body = await askPlain(place, role, urlOf(route, params, { ...query, ...after }));
    const next = nextIn(body);
    if (next === null) return /"code":"(forbidden|not_signed_in)"/.test(body);
    after = { after: next };
  }
  return false;
}

const nextIn = (body: string): string | null => /"next":"([^"]+)"/.exec(body)?.[1] ?? null;

/** Metrics are heard without what a clock or the memory of the machine says: see `measured elsewhere` in README.md. */
async function askPlain(place: Place, role: string, path: string): Promise<string> {
  const body = await place.ask(role, { method: 'GET', path });
  if (path === '/metrics') place.heard.push(sinceThen(withoutClock(place.heard.pop() ?? ''), place.countsBefore));
  return body;
}

const ofTheMachine =
  /^(limen_request_seconds_(bucket|sum)|limen_resident_bytes|limen_database_|limen_code_break_slowest_seconds )|^content-length/i;

const withoutClock = (heard: string): string =>
  heard
    .split('\n')
    .filter((line) => !ofTheMachine.test(line))
    .join('\n');

/** @throws where a name has no filling and there is none `otherwise` */
function fillingsOf(
  path: string,
  by: typeof filled,
  place: Place,
  otherwise?: readonly string[],
): Record<string, string>[] {
  const names = [...path.matchAll(/:([A-Za-z0-9]+)/g)].map((match) => match[1] as string);
  let made: Record<string, string>[] = [{}];
  for (const name of names) {
    const values = by[name]?.(place) ?? otherwise;
    if (!values) throw new Error(`The crawler does not know what to put for :${name} in ${path}; see fillings.ts`);
    made = made.flatMap((known) => values.map((value) => ({ ...known, [name]: value })));
  }
  return made;
}

/** The vault, as the study server's token and as nobody find it: every address, and a release that one person approved. */
async function crawlVault(place: Place): Promise<void> {
  const { vault } = place.installation;
  const bearer = { authorization: `Bearer ${vaultTokens.study}` };
  const ask = async (who: string, headers: Record<string, string>, method: string, path: string, body?: object) => {
    const typed = body ? { ...headers, 'content-type': 'application/json' } : headers;
    const reply = await send(vault.address, { method, path, headers: typed, body: body && JSON.stringify(body) });
    const heard = `${who}: ${method} ${path} of the vault\n${reply.status} ${reply.headers.join('\n')}\n${reply.body}`;
    place.heard.push(path === '/metrics' ? withoutClock(heard) : heard);
  };
  for (const { method, path } of vault.routes) {
    if (method !== 'GET' && method !== 'POST') continue;
    for (const params of fillingsOf(path, filledInVault, place, unknowable)) {
      const url = path.replace(/:([A-Za-z0-9]+)/g, (_, name: string) => params[name] ?? '');
      const body = method === 'POST' ? {} : undefined;
      await ask('study server', bearer, method, url, body);
      if (method === 'GET' && place.scenario.thorough) await ask('nobody', {}, method, url);
    }
  }
  const approvals = [{ actorId: 'one', role: 'investigator', at: '2027-02-01T08:00:00.000Z' }];
  const release = { lockHash: 'f'.repeat(64), approvals };
  await ask('study server', bearer, 'POST', `/studies/${place.studyId}/release`, release);
}
