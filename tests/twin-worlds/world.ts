/**
 * One world: the real study server on the real vault, each on its own cluster, lived through by the same people in the
 * same way. What differs between two worlds is the allocation and nothing else: clock, keys, ids and inputs are given.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, createClient, Refused, type Route, routes } from '@limen/contract';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import { compileCalendar, nextStartDate, type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { consentAnswers, drawPerson, screeningAnswers, scriptParticipant, selfBlinding2021 } from '@limen/simulation';
import { philox } from '@limen/statistics';
import { type StudyServer, startStudyServer } from '@limen/study';
import { startVault, type Vault, vaultClient } from '@limen/vault';

export type Leak = {
  readonly name: string;
  /** Changes what the vault answers the study server; knows the arm. */
  readonly vault?: (answer: { kit: string }, arm: string) => { status?: number; body: unknown };
  /** Changes what the study server answers anybody; knows every participant's arm. */
  readonly study?: (
    answer: { path: string; status: number; body: string },
    arms: ReadonlyMap<string, string>,
  ) => { status: number; body: string };
  /** Adds a line to the study server's log. */
  readonly log?: (arms: ReadonlyMap<string, string>) => string;
};

export type WorldOptions = {
  readonly library: string;
  /** Decides the seed, and so the allocation. */
  readonly draw: string;
  /** Exchanges the contents of the first two arms. */
  readonly swapped?: boolean;
  readonly participants: number;
  readonly days: number;
  readonly leak?: Leak;
};

export type Heard = { readonly role: string; readonly request: string; readonly answer: string };

export type World = {
  readonly protocol: ProtocolDocument;
  readonly studyId: string;
  readonly participantIds: readonly string[];
  readonly draftId: string;
  readonly arms: ReadonlyMap<string, string>;
  /** Every byte every blinded person received while living through it. */
  readonly heard: Heard[];
  readonly log: string[];
  readonly tokens: Readonly<Record<string, string>>;
  /** One request as a role, heard like any other. */
  ask(role: string, method: string, path: string): Promise<void>;
  close(): Promise<void>;
};

const vaultTokens = {
  study: 'twin-study-token-0001',
  supply: 'twin-supply-token-001',
  emergency: 'twin-emergency-token',
};
const keys = {
  idKey: new Uint8Array(32).fill(1),
  checkpointKey: new Uint8Array(32).fill(2),
  personKeyWrap: new Uint8Array(32).fill(3),
};
const libraryFolder = new URL('../../protocols/', import.meta.url).pathname;
const password = 'twin worlds password';
const start = Date.parse('2027-02-01T09:00:00.000Z');
const minute = 60_000;
const staffRoles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;

let clusters: { study: TestDatabases; vault: TestDatabases } | null = null;
export function openClusters() {
  clusters ??= { study: createTestDatabases(), vault: createTestDatabases() };
  return clusters;
}
export async function closeClusters() {
  await Promise.all([clusters?.study.close(), clusters?.vault.close()]);
  clusters = null;
}

function seeded(seed: string) {
  let n = 0;
  return (length: number) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) parts.push(createHmac('sha256', seed).update(String(n++)).digest());
    return Buffer.concat(parts).subarray(0, length);
  };
}

export async function liveThrough(options: WorldOptions): Promise<World> {
  const { study: studyCluster, vault: vaultCluster } = openClusters();
  const parsed = parseProtocol(readFileSync(`${libraryFolder}${options.library}.json`, 'utf8'));
  if (!parsed.ok) throw new Error('The library protocol cannot be read');
  const { protocol } = parsed;
  const clock = { now: start };
  const [studyDatabase, vaultDatabase] = [await studyCluster.freshDatabase(), await vaultCluster.freshDatabase()];
  const vault = await startVault({
    databaseUrl: vaultDatabase.connectionString,
    key: new Uint8Array(32).fill(9),
    tokens: vaultTokens,
    port: 0,
    clock: { now: () => new Date(clock.now).toISOString() },
    random: seeded(options.draw),
    log: () => undefined,
  });
  const arms = new Map<string, string>();
  const vaultDoor = await standBefore(vault, options, arms);
  const log: string[] = [];
  const server = await startStudyServer({
    databaseUrl: studyDatabase.connectionString,
    vault: { address: vaultDoor.address, token: vaultTokens.study },
    port: 0,
    host: '127.0.0.1',
    keys,
    clock: () => clock.now,
    analyse: () => {
      throw new Error('Nothing is analysed before release');
    },
    library: libraryFolder,
    setupCode: 'twin-setup',
    log: (line) => log.push(JSON.stringify(withoutDuration(line as Record<string, unknown>))),
    limits: { checkpointEveryMs: 3_600_000 },
  });
  const studyDoor = await openStudyDoor(server, options.leak, arms);
  const heard: Heard[] = [];
  const secrets = new Map<string, string>();
  const world = await inhabit({ options, protocol, clock, address: studyDoor.address, heard, secrets });
  if (options.leak?.log) log.push(options.leak.log(arms));
  return {
    ...world,
    protocol,
    arms,
    heard,
    log: log.map((line) => masked(line, secrets)),
    close: async () => {
      studyDoor.close();
      await server.close();
      vaultDoor.close();
      await vault.close();
      await Promise.all([studyDatabase.drop(), vaultDatabase.drop()]);
    },
  };
}

/** How long things took is measured elsewhere, and a request's id is drawn by the process; the property is about the rest. */
function withoutDuration(line: Record<string, unknown>): Record<string, unknown> {
  const { ms: _, id: __, ...rest } = line;
  return rest;
}

/** Session tokens and join codes are drawn by the system: they are replaced by their order of appearance. */
function masked(text: string, secrets: ReadonlyMap<string, string>): string {
  let clean = text;
  for (const [secret, name] of secrets) clean = clean.replaceAll(secret, name);
  return clean;
}

type Door = { readonly address: string; close(): void };

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

async function listen(handler: Handler): Promise<Door> {
  const server = http.createServer((request, response) => {
    handler(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Between study server and vault: exchanges contents for a swapped world, learns the arms, plants a leak. */
async function standBefore(vault: Vault, options: WorldOptions, arms: Map<string, string>): Promise<Door> {
  const supply = vaultClient({ address: vault.address, token: vaultTokens.supply });
  return listen(async (request, response) => {
    const path = request.url ?? '';
    let body = await bodyOf(request);
    if (path === '/studies' && options.swapped) body = JSON.stringify(swapContents(JSON.parse(body)));
    const reply = await fetch(vault.address + path, {
      method: request.method ?? 'POST',
      headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
      body,
    });
    let status = reply.status;
    let text = await reply.text();
    if (path.endsWith('/allocations') && reply.ok) {
      const { kit } = JSON.parse(text) as { kit: string };
      const studyId = path.split('/')[2] ?? '';
      const { capsules } = await supply.packingList(studyId, kit);
      const arm = capsules.map(({ intervention }) => intervention).join();
      const { participantId } = JSON.parse(body) as { participantId: string };
      arms.set(participantId, arm);
      if (options.leak?.vault) {
        const leaked = options.leak.vault({ kit }, arm);
        status = leaked.status ?? status;
        text = JSON.stringify(leaked.body);
      }
    }
    // The commitment is a hash of the seed: it differs between worlds, tells nothing, and is not compared.
    if (path === '/studies') text = JSON.stringify({ commitment: '0'.repeat(64) });
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
}

function swapContents(design: { arms: { content: unknown }[] }) {
  const [first, second, ...rest] = design.arms;
  if (!first || !second) return design;
  return { ...design, arms: [{ ...first, content: second.content }, { ...second, content: first.content }, ...rest] };
}

/** Between people and the study server: hands everything through, or plants a leak. */
async function openStudyDoor(
  server: StudyServer,
  leak: Leak | undefined,
  arms: ReadonlyMap<string, string>,
): Promise<Door> {
  if (!leak?.study) return { address: server.address, close: () => undefined };
  const change = leak.study;
  return listen(async (request, response) => {
    if (request.url?.endsWith('/live')) {
      http.get(server.address + request.url, { headers: request.headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.on('error', () => response.destroy()).pipe(response);
      });
      return;
    }
    const body = await bodyOf(request);
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
        ? [[name, value] as [string, string]]
        : [],
    );
    const reply = await fetch(server.address + (request.url ?? ''), {
      method: request.method ?? 'GET',
      headers,
      ...(body === '' ? {} : { body }),
    });
    const leaked = change({ path: request.url ?? '', status: reply.status, body: await reply.text() }, arms);
    const passed = [...reply.headers].filter(
      ([name]) => !['content-length', 'transfer-encoding', 'connection'].includes(name),
    );
    response.writeHead(leaked.status, passed.flat()).end(leaked.body);
  });
}

type Inhabited = Pick<World, 'studyId' | 'participantIds' | 'draftId' | 'tokens' | 'ask'>;

async function inhabit(given: {
  options: WorldOptions;
  protocol: ProtocolDocument;
  clock: { now: number };
  address: string;
  heard: Heard[];
  secrets: Map<string, string>;
}): Promise<Inhabited> {
  const { protocol, clock, address, heard, secrets } = given;
  const tokens: Record<string, string> = {};
  const keep = (secret: string, name: string) => {
    secrets.set(secret, `«${name}»`);
    return secret;
  };
  const listenTo =
    (role: string) => async (url: string, init: { method: string; headers: Record<string, string>; body?: string }) => {
      const reply = await fetch(url, init);
      const text = await reply.text();
      const secret = /"(?:token|code)":"([^"]{16,})"/.exec(text)?.[1];
      if (secret && !secrets.has(secret)) keep(secret, `secret ${secrets.size}`);
      heard.push({
        role,
        request: `${init.method} ${new URL(url).pathname}${new URL(url).search}`,
        answer: masked(`${reply.status} ${headersOf(reply)} ${text}`, secrets),
      });
      return { ok: reply.ok, status: reply.status, text: async () => text };
    };
  const clientOf = (role: string): Client =>
    createClient({ baseUrl: address, fetch: listenTo(role), token: () => tokens[role] ?? null });
  const enter = async (role: string, login: string) => {
    tokens[role] = (await clientOf(role)(routes.signIn, { body: { login, password } })).token;
    if (role === 'administrator' || role === 'investigator')
      await clientOf(role)(routes.stepUp, { body: { password } });
    return clientOf(role);
  };

  const { studyId, siteId } = await clientOf('administrator')(routes.installationSetup, {
    body: {
      setupCode: 'twin-setup',
      name: 'Administrator',
      login: 'administrator',
      password,
      protocol: given.options.library,
      siteName: 'Site',
      siteTimeZone: 'Europe/Amsterdam',
    },
  });
  const administrator = await enter('administrator', 'administrator');
  for (const role of staffRoles) {
    await administrator(routes.createAccount, {
      body: { name: role, login: role, password, memberships: [{ studyId, role, siteId: null }] },
    });
  }
  const team: Record<string, Client> = {};
  for (const role of staffRoles) team[role] = await enter(role, role);
  const as = (role: string) => team[role] as Client;

  const { draftId } = await as('investigator')(routes.createDraft, {
    body: { commandId: 'twin-draft-000001', from: { kind: 'template', template: 'two-arm' } },
  });
  const live = await listenLive(`${address}/v1/studies/${studyId}/live`, tokens.monitor ?? '');
  const random = philox('twin worlds');
  const people = [];
  for (let index = 0; index < given.options.participants; index += 1) {
    clock.now += minute / 4;
    const person = { ...drawPerson(index, 10, { ...selfBlinding2021, ineligible: 0 }, random), leavesAfterWeek: null };
    const id = (act: string) => `twin-${String(index).padStart(4, '0')}-${act}`.padEnd(16, '-');
    const invited = await as('coordinator')(routes.inviteParticipant, {
      params: { studyId },
      body: { commandId: id('invite'), siteId, timeZone: 'Europe/Amsterdam' },
    });
    const role = `participant ${index}`;
    tokens[role] = (await clientOf(role)(routes.participantSignIn, { body: { code: invited.code } })).token;
    const call = clientOf(role);
    const params = { studyId, participantId: invited.participantId };
    await call(routes.screen, {
      params,
      body: { type: 'screen', commandId: id('screen'), ...screeningAnswers(protocol, person, random) },
    });
    await call(routes.consent, {
      params,
      body: { type: 'consent', commandId: id('consent'), ...consentAnswers(protocol) },
    });
    await as('investigator')(routes.confirmEligibility, {
      params,
      body: { type: 'confirmEligibility', commandId: id('confirm'), reason: 'Reviewed' },
    });
    const startDate = nextStartDate(protocol, new Date(clock.now + 86_400_000).toISOString().slice(0, 10));
    await tolerant(
      as('coordinator')(routes.randomise, {
        params,
        body: { type: 'randomise', commandId: id('randomise'), startDate },
      }),
    );
    const { kit } = (await as('pharmacist')(routes.participant, { params })).row;
    if (protocol.randomisation.procedure.kind === 'selfBlindingWeeks') await packAndOpen(call, params, id);
    else if (kit)
      await tolerant(
        as('pharmacist')(routes.dispense, { params, body: { type: 'dispense', commandId: id('dispense'), kit } }),
      );
    const calendar = compileCalendar(protocol, {
      startDate,
      timeZone: 'Europe/Amsterdam',
      drawSeed: invited.participantId,
    });
    // What a capsule does to a body is an input; here it does the same in both worlds.
    const contents = calendar.occurrences.map(() => 'placebo' as const);
    const { acts } = scriptParticipant({ protocol, calendar, person, contents, settings: selfBlinding2021, random });
    people.push({ call, params, acts });
  }
  const until = clock.now + given.options.days * 86_400_000;
  const acts = people
    .flatMap(({ acts: own, ...who }) => own.map((act) => ({ ...who, act })))
    .filter(({ act }) => Date.parse(act.deliverAt) <= until)
    .sort((a, b) => a.act.deliverAt.localeCompare(b.act.deliverAt));
  const routeOf: Partial<Record<string, Route>> = {
    recordDose: routes.recordDose,
    submit: routes.submit,
    reportAdverseEvent: routes.reportAdverseEvent,
    withdraw: routes.withdraw,
  };
  for (const { call, params, act } of acts) {
    clock.now = Math.max(clock.now, Date.parse(act.deliverAt));
    const target = routeOf[act.command.type];
    if (target) await tolerant(call(target, { params, body: act.command } as never));
  }
  heard.push({ role: 'monitor', request: 'GET live', answer: await live.end() });
  for (const role of [...staffRoles, 'administrator']) await enter(role, role);
  return {
    studyId,
    draftId,
    participantIds: people.map(({ params }) => params.participantId),
    tokens,
    ask: async (role, method, path) => {
      const token = tokens[role];
      await listenTo(role)(address + path, { method, headers: token ? { authorization: `Bearer ${token}` } : {} });
    },
  };
}

/** Packs the own envelopes, opens the one of week 1 and then a leftover: everything but the labels, which are for the packer. */
async function packAndOpen(
  call: Client,
  params: { studyId: string; participantId: string },
  id: (act: string) => string,
): Promise<void> {
  await call(routes.planPacking, { params, body: { type: 'planPacking', commandId: id('plan'), mode: 'self' } });
  for (const step of ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const) {
    const weights = step === 'weighed' ? { weights: [300, 310, 305], resolutionMg: 10 } : {};
    const sealCode = step === 'sealed' ? { sealCode: 'ABCDE-12345' } : {};
    const body = { type: 'recordPacking', commandId: id(`pack-${step}`), step, ...weights, ...sealCode } as const;
    await call(routes.recordPacking, { params, body });
  }
  const { packing } = await call(routes.today, { params });
  for (const envelope of [packing?.weeks[0]?.envelope, packing?.leftovers[0], '7'.repeat(26)]) {
    const commandId = id(`open-${envelope}`);
    const body = { type: 'openEnvelope', commandId, envelope: envelope ?? '', week: 1 } as const;
    await tolerant(call(routes.openEnvelope, { params, body }));
  }
}

/** The live stream of the study, frame by frame; heartbeats keep time and are left out. */
async function listenLive(url: string, token: string): Promise<{ end(): Promise<string> }> {
  let text = '';
  const request = http.get(url, { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } });
  await new Promise<void>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      resolve();
    });
  });
  return {
    async end() {
      for (let before = -1; before !== text.length; ) {
        before = text.length;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      request.destroy();
      return text
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .join('\n');
    },
  };
}

async function tolerant(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

/** All headers but the date; a changed length or tag shows. */
function headersOf(reply: Response): string {
  return JSON.stringify([...reply.headers].filter(([name]) => name !== 'date').sort());
}
