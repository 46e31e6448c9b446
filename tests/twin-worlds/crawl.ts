/** Visits every route that reads, as every blinded role: the list is the router's own, a new route is visited by itself. */
import { allRoutes, urlOf } from '@limen/contract';
import type { World } from './world.ts';

export const blindedRoles = [
  'coordinator',
  'investigator',
  'pharmacist',
  'statistician',
  'monitor',
  'administrator',
  'participant 0',
  'nobody',
] as const;

const filled: Record<string, (world: World) => readonly string[]> = {
  studyId: (world) => [world.studyId],
  participantId: (world) => world.participantIds,
  draftId: (world) => [world.draftId, 'Z'.repeat(20)],
  revision: () => ['1', '2'],
  table: () => ['participants', 'doses', 'answers', 'scores', 'adverse-events', 'no-such-table'],
};
const queries: Record<string, readonly Record<string, string>[]> = {
  studyCalendar: [{ startDate: '2027-02-08', timeZone: 'Europe/Amsterdam' }],
  participants: [{}, { limit: '2' }, { status: 'randomised' }],
  signals: [{}, { open: 'true' }],
  ledgerEntries: [{}, { limit: '5' }, { type: 'participant.randomised' }],
};
/** A stream that never ends is listened to while the study is lived through. */
const endless = new Set(['studyLive']);

/** Answers the ids of the routes visited. Throws for a path parameter it does not know how to fill. */
export async function crawl(world: World): Promise<ReadonlySet<string>> {
  const visited = new Set<string>();
  for (const route of allRoutes) {
    if (route.method !== 'GET') continue;
    visited.add(route.id);
    if (endless.has(route.id)) continue;
    for (const params of fillings(route.path, world)) {
      for (const query of queries[route.id] ?? [{}]) {
        for (const role of blindedRoles) await world.ask(role, 'GET', urlOf(route, params, query));
      }
    }
  }
  for (const role of blindedRoles) {
    for (const path of ['/health', '/ready', '/docs', '/docs/openapi.json', '/no-such-page'])
      await world.ask(role, 'GET', path);
  }
  return visited;
}

function fillings(path: string, world: World): Record<string, string>[] {
  const names = [...path.matchAll(/:([A-Za-z]+)/g)].map((match) => match[1] as string);
  let made: Record<string, string>[] = [{}];
  for (const name of names) {
    const values = filled[name]?.(world);
    if (!values) throw new Error(`The crawler does not know what to put for :${name} in ${path}`);
    made = made.flatMap((known) => values.map((value) => ({ ...known, [name]: value })));
  }
  return made;
}
