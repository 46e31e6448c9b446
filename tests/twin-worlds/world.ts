/** One world: a scenario lived through in an installation, and every byte that a blinded person can have received. */
import { Refused, routes } from '@limen/contract';
import { parseProtocol } from '@limen/protocol';
import { drawPerson, selfBlinding2021 } from '@limen/simulation';
import { philox } from '@limen/statistics';
import { acts } from './acts.ts';
import { blindedRolesOf, crawl } from './crawl.ts';
import type { Draws } from './draws.ts';
import { listenTo } from './http.ts';
import type { Installation } from './installation.ts';
import type { Leak } from './leak.ts';
import { listenFor, type Place, readCounts, type Someone } from './place.ts';
import { rowsOfStudy } from './rows.ts';
import { type Scenario, siteIds, textOf } from './scenario.ts';
import { enter, siteBound } from './staff.ts';

export type Lived = {
  /** What was received, in order: first line who and what, then the bytes. */
  readonly lines: readonly string[];
  /** What was drawn for each participant. */
  readonly drawn: Readonly<Record<string, string>>;
  readonly routes: readonly string[];
  readonly roles: readonly string[];
};

/** `studyId` is new to the installation. `draws` null: as the vault draws by itself. */
export async function liveThrough(
  installation: Installation,
  scenario: Scenario,
  options: { readonly studyId: string; readonly draws: Draws | null; readonly leak: Leak | null },
): Promise<Lived> {
  const { studyId, draws, leak } = options;
  const { clock, drawer, log, asked, looked } = installation;
  installation.plant(leak);
  drawer.expect(studyId, draws);
  clock.now = Date.parse(scenario.startsAt);
  const [logged, answered, told] = [log.length, asked.length, looked.length];
  const place = await openPlace(installation, scenario, studyId, leak);
  const streams = await Promise.all(
    ['monitor', siteBound].map(async (role) => ({
      role,
      stream: await listenTo(`${installation.address}/v1/studies/${studyId}/live`, place.tokens[role] ?? ''),
    })),
  );
  for (const { act, who, minutes } of scenario.steps) {
    clock.now += minutes * 60_000;
    await tolerant(acts[act](place, place.people[who] as Someone));
  }
  const ids = place.people.flatMap(({ participantId }) => participantId ?? []);
  for (const { role, stream } of streams) {
    const frames = await stream.end();
    place.heard.push(`${role}: live\n${leak?.live ? leak.live(frames, ids, installation.knows) : frames}`);
  }
  const visited = await crawl(place);
  if (leak?.database) await leak.database(installation.database, studyId, ids, installation.knows);
  const lines = [
    ...place.heard,
    ...asked.slice(answered),
    ...oncePerAnswer(looked.slice(told)).sort(),
    ...log.slice(logged).map((line) => `log: ${line}`),
    ...(leak?.log ? leak.log(ids, installation.knows) : []).map((line) => `log: ${line}`),
    ...(await rowsOfStudy(installation.database, studyId)),
  ];
  const drawn = Object.fromEntries(ids.map((id) => [id, installation.drawn.get(id)?.all ?? 'none']));
  return { lines, drawn, routes: visited, roles: blindedRolesOf(place) };
}

/** How often the study server asks for facts is its own pace; that the same question got the same answer is compared. */
const oncePerAnswer = (looked: readonly string[]): string[] =>
  looked.filter((line, index) => !/^study server: GET \/facts/.test(line) || looked.indexOf(line) === index);

async function openPlace(
  installation: Installation,
  scenario: Scenario,
  studyId: string,
  leak: Leak | null,
): Promise<Place> {
  const { database, accounts, clock } = installation;
  const countsBefore = await readCounts(installation.address);
  const text = textOf(scenario.design);
  const parsed = parseProtocol(text);
  if (!parsed.ok) throw new Error(`${scenario.seed}: the document cannot be read`);
  const sites = siteIds(scenario.design.sites);
  const tokens: Record<string, string> = { administrator: installation.administrator };
  const heard: string[] = [];
  const random = philox(`${scenario.seed} people`);
  const people = Array.from({ length: scenario.people }, (_, index) => someone(index, sites, random));
  const heardAs = listenFor({ installation, tokens, heard, leak, language: scenario.language, people });
  await heardAs.call('administrator')(routes.createStudy, {
    body: { studyId, text, sites: sites.map((siteId) => ({ siteId, name: siteId, timeZone: 'Europe/Amsterdam' })) },
  });
  const at = new Date(clock.now).toISOString();
  Object.assign(tokens, await enter(database, accounts, { studyId, lastSite: sites.at(-1) ?? '', at }));
  let made = 0;
  return {
    scenario: { ...scenario, leak },
    countsBefore,
    installation,
    studyId,
    protocol: parsed.protocol,
    text,
    people,
    tokens,
    heard,
    draftId: null,
    commandId: () => {
      made += 1;
      return `act-${String(made).padStart(16, '0')}`;
    },
    ...heardAs,
  };
}

const zones = ['Europe/Amsterdam', 'America/New_York', 'Asia/Kathmandu'] as const;

function someone(index: number, sites: readonly string[], random: ReturnType<typeof philox>): Someone {
  const person = drawPerson(index, 10, { ...selfBlinding2021, ineligible: 0 }, random);
  return {
    index,
    role: `participant ${index}`,
    siteId: sites[index % sites.length] as string,
    timeZone: zones[index % zones.length] as string,
    person: { ...person, leavesAfterWeek: null },
    participantId: null,
    code: null,
    kit: null,
    startDate: null,
    script: null,
    next: 0,
    lastSubmission: null,
    lastEntry: null,
    adverseEventId: null,
    holdId: null,
  };
}

async function tolerant(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}
