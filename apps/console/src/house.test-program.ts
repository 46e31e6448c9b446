/**
 * The console on the real servers: study server, vault and PostgreSQL, with a study under way. For tests. The servers
 * are named at run time: the app itself must never come to import them.
 */
import { type Client, createClient, Refused, type Route, routes } from '@limen/contract';
import { compileCalendar, nextStartDate, parseProtocol } from '@limen/protocol';
import type { Browser, Page } from 'playwright-core';

const room = (name: string) => import(`@limen/${name}`);
const { createTestDatabases } = await room('postgres');
const { consentAnswers, drawPerson, screeningAnswers, scriptParticipant, selfBlinding2021 } = await room('simulation');
const { philox } = await room('statistics');
const { migrationsFolder, startStudyServer } = await room('study');
const vaultRoom = await room('vault');

const support = (file: string) => import(new URL(`../../../tests/support/${file}`, import.meta.url).href);
const { describeViolations, findAccessibilityViolations } = await support('accessibility.ts');

export async function openBrowser(): Promise<Browser> {
  return (await support('browser.ts')).openBrowser();
}

/** What axe finds on the page as it is, in words; empty where it is clean. */
export async function faultsOnPage(page: Page): Promise<string> {
  return describeViolations(await findAccessibilityViolations(page));
}

/** What a virtual participant does: a command and the moment it reaches the server. */
type Act = { readonly deliverAt: string; readonly command: { readonly type: string } };

export const library = 'self-blinding-2021';
export const password = 'a password for tests';
export const setupCode = 'setup-for-tests';
export const staffRoles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;

const pathOf = (place: string) => new URL(place, import.meta.url).pathname;
const timeZone = 'Europe/Amsterdam';
const dayMs = 86_400_000;
const tokens = {
  study: 'console-study-token-01',
  supply: 'console-supply-token-1',
  emergency: 'console-emergency-tok',
};

export type ConsoleHouse = {
  readonly address: string;
  readonly studyId: string;
  readonly clock: { now: number };
  readonly participantIds: readonly string[];
  signIn(login: string): Promise<Client>;
  /** An account of the vault for the physician on call, with the team’s password. */
  enrolPhysician(login: string): Promise<void>;
  /** As if the vault were away. */
  closeVault(): Promise<void>;
  close(): Promise<void>;
};

export type HouseOptions = {
  readonly participants: number;
  /** How many days after the last enrolment the study has run. */
  readonly days: number;
  readonly port?: number;
  /** Days between one enrolment and the next. */
  readonly every?: number;
  /** The built console. */
  readonly pages?: string;
  /** False: the installation waits to be set up. */
  readonly installed?: boolean;
};

export async function startConsoleHouse(options: HouseOptions): Promise<ConsoleHouse> {
  // Two clusters, as everywhere: the vault shares none with the study.
  const clusters = { study: createTestDatabases(), vault: createTestDatabases() };
  const studyDatabase = await clusters.study.freshDatabase(migrationsFolder);
  const vaultDatabase = await clusters.vault.freshDatabase(vaultRoom.migrationsFolder);
  const { every = 1, days, participants } = options;
  // The browser's clock is the machine's: the study has to have begun before now for its pages to agree with it.
  const now = Date.now();
  const clock = { now: now - (days + every * participants) * dayMs };
  const vault = await vaultRoom.startVault({
    databaseUrl: vaultDatabase.connectionString,
    key: new Uint8Array(32).fill(9),
    tokens,
    port: 0,
    clock: { now: () => new Date(clock.now).toISOString() },
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    setupCode,
    log: () => undefined,
  });
  const server = await startStudyServer({
    databaseUrl: studyDatabase.connectionString,
    vault: { address: vault.address, token: tokens.study, pages: `${vault.address}/room` },
    port: options.port ?? 0,
    host: '127.0.0.1',
    keys: {
      idKey: new Uint8Array(32).fill(1),
      checkpointKey: new Uint8Array(32).fill(2),
      personKeyWrap: new Uint8Array(32).fill(3),
    },
    clock: () => clock.now,
    analyse: ({ participants: people }: { participants: readonly unknown[] }) => ({
      html: `<!doctype html><html lang="en"><title>Report</title><h1>Report</h1><p>${people.length} participants</p></html>`,
      results: { participants: people.length },
    }),
    library: pathOf('../../../protocols'),
    staticFolders: { console: options.pages ?? pathOf('../dist') },
    setupCode,
    log: () => undefined,
    limits: { checkpointEveryMs: 3_600_000, factsEveryMs: 200 },
  });
  const { address } = server;
  let vaultIsOpen = true;
  const closeVault = async () => {
    if (vaultIsOpen) await vault.close();
    vaultIsOpen = false;
  };
  const close = async () => {
    await server.close();
    await closeVault();
    await Promise.all([studyDatabase.drop(), vaultDatabase.drop()]);
    await Promise.all([clusters.study.close(), clusters.vault.close()]);
  };
  const signIn = async (login: string) => {
    let token: string | null = null;
    const client = createClient({ baseUrl: address, fetch, token: () => token });
    token = (await client(routes.signIn, { body: { login, password } })).token;
    await client(routes.stepUp, { body: { password } });
    return client;
  };
  const enrolPhysician = (login: string) => enrolInVault(vault.address, login);
  const common = { address, studyId: library, clock, signIn, enrolPhysician, closeVault, close };
  if (options.installed === false) return { ...common, participantIds: [] };
  try {
    const participantIds = await inhabit({ address, clock, signIn, options, until: now });
    return { ...common, participantIds };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Through the vault's own forms: the keeper is set up, makes the account, gives the role; the person chooses a password. */
async function enrolInVault(address: string, login: string): Promise<void> {
  const visitor = () => {
    let cookie = '';
    return async (path: string, form: Record<string, string>) => {
      const body = new URLSearchParams(form);
      const reply = await fetch(address + path, { method: 'POST', redirect: 'manual', headers: { cookie }, body });
      cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      return reply.text();
    };
  };
  const keeper = visitor();
  await keeper('/room/set-up', { code: setupCode, name: 'Keeper', login: 'keeper', password });
  const made = await keeper('/room/people', { name: login, login, password });
  const starting = /class="big label">([^<]+)</.exec(made)?.[1] ?? '';
  const personId = /people\/([\w-]+)"/.exec(made)?.[1] ?? '';
  await keeper(`/room/people/${personId}`, { role: `${library}|physician`, password });
  const person = visitor();
  await person('/room/sign-in', { login, password: starting });
  await person('/room/password', { password: starting, next: password });
}

type Inhabiting = {
  readonly address: string;
  readonly clock: { now: number };
  readonly signIn: (login: string) => Promise<Client>;
  readonly options: HouseOptions;
  readonly until: number;
};

/** Staff, participants and what they did up to now. */
async function inhabit({ address, clock, signIn, options, until }: Inhabiting): Promise<string[]> {
  const studyId = library;
  const place = new URL(`../../../protocols/${library}.json`, import.meta.url).href;
  const { default: document } = await import(place, { with: { type: 'json' } });
  const parsed = parseProtocol(JSON.stringify(document));
  if (!parsed.ok) throw new Error('The library protocol cannot be read.');
  const { protocol } = parsed;
  const anonymous = createClient({ baseUrl: address, fetch });
  await anonymous(routes.installationSetup, {
    body: {
      setupCode,
      name: 'Administrator',
      login: 'administrator',
      password,
      protocol: library,
      siteName: 'Main clinic',
      siteTimeZone: timeZone,
    },
  });
  const administrator = await signIn('administrator');
  for (const role of staffRoles) {
    const name = `Test ${role}`;
    await administrator(routes.createAccount, {
      body: { name, login: role, password, memberships: [{ studyId, role, siteId: null }] },
    });
  }
  const random = philox('console');
  const scripts: { act: Act; code: string; params: { studyId: string; participantId: string } }[] = [];
  const participantIds: string[] = [];
  for (let index = 0; index < options.participants; index += 1) {
    clock.now += (options.every ?? 1) * dayMs;
    const [coordinator, investigator] = [await signIn('coordinator'), await signIn('investigator')];
    const id = (act: string) => `console-${String(index).padStart(5, '0')}-${act}`;
    const person = { ...drawPerson(index, 10, selfBlinding2021, random), leavesAfterWeek: index === 1 ? 3 : null };
    const invited = await coordinator(routes.inviteParticipant, {
      params: { studyId },
      body: { commandId: id('invite'), siteId: 'main', timeZone },
    });
    const { participantId, code } = invited;
    const params = { studyId, participantId };
    participantIds.push(participantId);
    const { token } = await anonymous(routes.participantSignIn, { body: { code } });
    const call = createClient({ baseUrl: address, fetch, token: () => token });
    const asked = { type: 'screen', commandId: id('screen'), ...screeningAnswers(protocol, person, random) } as const;
    await tolerant(call(routes.screen, { params, body: asked }));
    const consent = { type: 'consent', commandId: id('consent'), ...consentAnswers(protocol) } as const;
    const confirmation = { type: 'confirmEligibility', commandId: id('confirm'), reason: 'Spoken with' } as const;
    const startDate = nextStartDate(protocol, new Date(clock.now + dayMs).toISOString().slice(0, 10));
    const enrolled =
      (await tolerant(call(routes.consent, { params, body: consent }))) &&
      (await tolerant(investigator(routes.confirmEligibility, { params, body: confirmation }))) &&
      (await tolerant(
        coordinator(routes.randomise, { params, body: { type: 'randomise', commandId: id('randomise'), startDate } }),
      ));
    if (!enrolled) continue;
    const kit = (await coordinator(routes.participant, { params })).row.kit ?? '';
    // One packs the own envelopes and opens another one than planned; to the others a kit is handed over.
    if (index === packer) await packAndOpen(call, params, id);
    else await coordinator(routes.dispense, { params, body: { type: 'dispense', commandId: id('dispense'), kit } });
    const calendar = compileCalendar(protocol, { startDate, timeZone, drawSeed: participantId });
    const contents = calendar.occurrences.map(() => 'placebo' as const);
    const { acts } = scriptParticipant({ protocol, calendar, person, contents, settings: selfBlinding2021, random });
    scripts.push(...acts.map((act: Act) => ({ act, code, params })));
  }
  const due = scripts
    .filter(({ act }) => Date.parse(act.deliverAt) <= until)
    .sort((a, b) => a.act.deliverAt.localeCompare(b.act.deliverAt));
  let reviewed = clock.now;
  const participantTokens = new Map<string, { token: string; at: number }>();
  for (const { act, code, params } of due) {
    clock.now = Math.max(clock.now, Date.parse(act.deliverAt));
    // The newest signals stay for whoever opens the inbox.
    if (clock.now - reviewed > dayMs && until - clock.now > unreviewedDays * dayMs) {
      reviewed = clock.now;
      await review(studyId, await signIn('investigator'), String(reviewed));
    }
    const known = participantTokens.get(code);
    let token = known !== undefined && clock.now - known.at < dayMs ? known.token : undefined;
    token ??= (await anonymous(routes.participantSignIn, { body: { code } })).token;
    participantTokens.set(code, { token, at: clock.now });
    const call = createClient({ baseUrl: address, fetch, token: () => token ?? null });
    const target = routeOf[act.command.type];
    if (target !== undefined) await tolerant(call(target, { params, body: act.command } as never));
  }
  clock.now = until;
  return participantIds;
}

const unreviewedDays = 6;

/** What a team does every day: reads the inbox and lifts the holds it has looked into. */
async function review(studyId: string, investigator: Client, mark: string): Promise<void> {
  const inbox = await investigator(routes.signals, { params: { studyId }, query: { open: 'true', limit: 200 } });
  for (const { signalId } of inbox.signals) {
    await investigator(routes.acknowledgeSignal, {
      params: { studyId, signalId },
      body: {
        commandId: `review-${signalId}`.padEnd(16, '-').slice(0, 64),
        disposition: 'Spoken with the participant',
      },
    });
  }
  for (const participantId of new Set(inbox.signals.map((signal) => signal.participantId))) {
    const params = { studyId, participantId };
    const { holds } = await investigator(routes.participant, { params });
    for (const { holdId } of holds) {
      const commandId = `resume-${mark}-${holdId}`.padEnd(16, '-').slice(0, 64);
      const reason = 'Spoken with the participant; dosing may go on';
      await tolerant(investigator(routes.resume, { params, body: { type: 'resume', commandId, holdId, reason } }));
    }
  }
}

const routeOf: Partial<Record<string, Route>> = {
  recordDose: routes.recordDose,
  submit: routes.submit,
  reportAdverseEvent: routes.reportAdverseEvent,
  withdraw: routes.withdraw,
};

/** Refusals are part of a study's life: somebody does not qualify, an entry comes too late. */
async function tolerant(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise;
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}

/** The participant who packs the own envelopes; the page of this one is looked at. */
const packer = 0;

async function packAndOpen(
  call: Client,
  params: { studyId: string; participantId: string },
  id: (act: string) => string,
): Promise<void> {
  await call(routes.planPacking, {
    params,
    body: { type: 'planPacking', commandId: id('plan-packing'), mode: 'self' },
  });
  for (const step of ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const) {
    const weights = step === 'weighed' ? { weights: [300, 310, 400], resolutionMg: 10 } : {};
    const sealCode = step === 'sealed' ? { sealCode: 'ABCDE-12345' } : {};
    const body = { type: 'recordPacking', commandId: id(`pack-${step}`), step, ...weights, ...sealCode } as const;
    await call(routes.recordPacking, { params, body });
  }
  const { packing } = await call(routes.today, { params });
  const envelope = packing?.leftovers[0] ?? '';
  await call(routes.openEnvelope, {
    params,
    body: { type: 'openEnvelope', commandId: id('open-envelope'), envelope, week: 1 },
  });
}
