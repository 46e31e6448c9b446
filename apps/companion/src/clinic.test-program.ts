/**
 * A clinic for the app's own tests: the real study server, the real vault and PostgreSQL, the built app on a real phone
 * screen. The servers are named at run time: the app itself must never come to import them.
 */
import { createClient, routes } from '@limen/contract';
import { encodeQR } from 'qr';

const room = (name: string) => import(`@limen/${name}`);
const support = (file: string) => import(new URL(`../../../tests/support/${file}`, import.meta.url).href);

/** A folder with the built app; the caller removes it. */
export const buildCompanion = async (): Promise<string> => (await support('companion-build.ts')).buildApp();

const password = 'correct horse battery';
const tokens = { study: 'phone-study-token-001', supply: 'phone-supply-token-01', emergency: 'phone-emergency-token' };
const usualProtocol = 'lsd-10ug-every-third-day';
export const timeZone = 'Europe/Berlin';

export type Library = { readonly folder: string; readonly remove: () => void };

/** One shipped protocol that asks for more instruments on the first day, under their titles. */
export const libraryWith = async (protocol: string, instruments: readonly string[]): Promise<Library> =>
  (await support('library.ts')).libraryWith(protocol, instruments);

/** Where an instrument of `libraryWith` is opened on the day's screen. */
export const askedFor = (instrument: string): string => `a.task[href*="asked-${instrument}"]`;

export type Clinic = Awaited<ReturnType<typeof openClinic>>;

/** `companion`: the folder of the built app; `more`: of the study server. */
export async function openClinic(
  start: string,
  companion: string,
  protocol: string = usualProtocol,
  more: Readonly<Record<string, unknown>> = {},
) {
  const [{ createTestDatabases }, study, vaults] = await Promise.all([room('postgres'), room('study'), room('vault')]);
  // One cluster for both, to be quick: what keeps them apart is tested elsewhere.
  const cluster = createTestDatabases();
  const [studyDatabase, vaultDatabase] = [await cluster.freshDatabase(), await cluster.freshDatabase()];
  const clock = { now: Date.parse(start) };
  const vault = await vaults.startVault({
    databaseUrl: vaultDatabase.connectionString,
    key: new Uint8Array(32).fill(9),
    tokens,
    port: 0,
    clock: { now: () => new Date(clock.now).toISOString() },
    random: (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)),
    log: () => undefined,
  });
  const options = {
    databaseUrl: studyDatabase.connectionString,
    vault: { address: vault.address, token: tokens.study },
    host: '127.0.0.1',
    keys: {
      idKey: new Uint8Array(32).fill(1),
      checkpointKey: new Uint8Array(32).fill(2),
      personKeyWrap: new Uint8Array(32).fill(3),
    },
    clock: () => clock.now,
    analyse: () => ({ html: '', results: {} }),
    library: new URL('../../../protocols', import.meta.url).pathname,
    staticFolders: { companion },
    setupCode: 'SETUP-1234',
    limits: { checkpointEveryMs: 3_600_000 },
    ...more,
  };
  let server = await study.startStudyServer({ ...options, port: 0 });
  const { address } = server;
  const port = Number(new URL(address).port);
  const as = (token: string | null) => createClient({ baseUrl: address, fetch, token: () => token });
  const staff = await employ(as, protocol);
  let commands = 0;
  const commandId = () => {
    commands += 1;
    return `clinic-command-${String(commands).padStart(6, '0')}`;
  };
  return {
    address,
    clock,
    staff,
    commandId,
    as,
    remind: (): Promise<number> => server.remind(),
    stop: () => server.close(),
    restart: async () => {
      server = await study.startStudyServer({ ...options, port });
    },
    close: async () => {
      await server.close();
      await vault.close();
      await Promise.all([studyDatabase.drop(), vaultDatabase.drop()]);
      await cluster.close();
    },
  };
}

async function employ(as: (token: string | null) => ReturnType<typeof createClient>, protocol: string) {
  const anyone = as(null);
  const setup = { setupCode: 'SETUP-1234', name: 'Administrator', login: 'administrator', password };
  const place = { protocol, siteName: 'Main clinic', siteTimeZone: timeZone };
  const { studyId, siteId } = await anyone(routes.installationSetup, { body: { ...setup, ...place } });
  const signIn = async (login: string) => {
    const { token } = await anyone(routes.signIn, { body: { login, password } });
    await as(token)(routes.stepUp, { body: { password } });
    return as(token);
  };
  const administrator = await signIn('administrator');
  for (const role of ['coordinator', 'investigator'] as const) {
    const memberships = [{ studyId, role, siteId: null }];
    await administrator(routes.createAccount, { body: { name: role, login: role, password, memberships } });
  }
  return {
    studyId,
    siteId,
    coordinator: await signIn('coordinator'),
    investigator: await signIn('investigator'),
    signIn,
  };
}

export async function invite({ staff, commandId }: Clinic) {
  const { studyId, siteId } = staff;
  const coordinator = await staff.signIn('coordinator');
  const body = { commandId: commandId(), siteId, timeZone };
  return coordinator(routes.inviteParticipant, { params: { studyId }, body });
}

/** What the team does after consent: eligibility, randomisation, the kit. */
export async function admit(clinic: Clinic, participantId: string, startDate: string) {
  const kit = await randomise(clinic, participantId, startDate);
  const handing = { type: 'dispense', commandId: clinic.commandId(), kit } as const;
  await clinic.staff.coordinator(routes.dispense, {
    params: { studyId: clinic.staff.studyId, participantId },
    body: handing,
  });
}

/** As `admit`, where the participant packs and nothing is handed over. */
export async function randomise(clinic: Clinic, participantId: string, startDate: string): Promise<string> {
  const { staff, commandId } = clinic;
  const params = { studyId: staff.studyId, participantId };
  const investigator = await staff.signIn('investigator');
  const confirmation = { type: 'confirmEligibility', commandId: commandId(), reason: 'Seen and spoken with' } as const;
  await investigator(routes.confirmEligibility, { params, body: confirmation });
  const draw = { type: 'randomise', commandId: commandId(), startDate } as const;
  const coordinator = await staff.signIn('coordinator');
  await coordinator(routes.randomise, { params, body: draw });
  const { row } = await coordinator(routes.participant, { params });
  return row.kit ?? '';
}

/** The record as the team reads it. */
export async function recordOf({ staff }: Clinic, participantId: string) {
  const coordinator = await staff.signIn('coordinator');
  const params = { studyId: staff.studyId, participantId };
  const { entries } = await coordinator(routes.timeline, { params, query: { limit: 500 } });
  return entries;
}

/** A person of the simulation, screened through the contract; answers their code and id. */
export async function screen(clinic: Clinic) {
  const [{ screeningAnswers, drawPerson, selfBlinding2021 }, { philox }] = await Promise.all([
    room('simulation'),
    room('statistics'),
  ]);
  const { studyId } = clinic.staff;
  const coordinator = await clinic.staff.signIn('coordinator');
  const { protocol } = await coordinator(routes.studyProtocol, { params: { studyId }, query: {} });
  const { participantId, code } = await invite(clinic);
  const { token } = await clinic.as(null)(routes.participantSignIn, { body: { code } });
  const call = clinic.as(token);
  const params = { studyId, participantId };
  const random = philox('clinic');
  const person = drawPerson(0, 10, { ...selfBlinding2021, ineligible: 0 }, random);
  const screening = { type: 'screen', commandId: clinic.commandId(), ...screeningAnswers(protocol, person, random) };
  await call(routes.screen, { params, body: screening });
  return { participantId, code, params, call, protocol };
}

/** As `screen`, and the consent is signed. */
export async function enter(clinic: Clinic) {
  const [{ consentAnswers }, { protocol, ...person }] = await Promise.all([room('simulation'), screen(clinic)]);
  const consent = { type: 'consent', commandId: clinic.commandId(), ...consentAnswers(protocol) };
  await person.call(routes.consent, { params: person.params, body: consent });
  return person;
}

const phone = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
  timezoneId: timeZone,
  locale: 'en-GB',
  reducedMotion: 'reduce',
} as const;

/** A phone, with its clock set to the clinic's. `flags`: of the browser. */
export async function openPhone(clinic: Clinic, options: Record<string, unknown> = {}, flags: readonly string[] = []) {
  const { openBrowser } = await support('browser.ts');
  const browser = await openBrowser(undefined, flags);
  const context = await browser.newContext({ ...phone, ...options });
  await context.clock.install({ time: clinic.clock.now });
  const page = await context.newPage();
  return { browser, context, page };
}

/** As `openPhone`, with everything the browser stores in a folder that stays. */
export async function openPhoneIn(clinic: Clinic, folder: string) {
  const { openProfile } = await support('browser.ts');
  const context = await openProfile(folder, phone);
  await context.clock.install({ time: clinic.clock.now });
  const page = await context.newPage();
  return { context, page };
}

/** axe-core’s complaints about the page as it is, as text. */
export async function complaintsOf(page: unknown): Promise<string> {
  const { findAccessibilityViolations, describeViolations } = await support('accessibility.ts');
  return describeViolations(await findAccessibilityViolations(page));
}

/** A short film of a label lying still, YUV4MPEG2. */
export function filmOf(token: string): Uint8Array {
  const [width, height, scale, frames] = [640, 480, 10, 10];
  const rows = encodeQR(token, 'raw', { ecc: 'medium', border: 4 });
  const luma = new Uint8Array(width * height).fill(200);
  const [left, top] = [Math.floor((width - rows.length * scale) / 2), Math.floor((height - rows.length * scale) / 2)];
  for (const [y, row] of rows.entries()) {
    for (const [x, dark] of row.entries()) {
      for (let line = 0; line < scale; line += 1) {
        const at = (top + y * scale + line) * width + left + x * scale;
        luma.fill(dark ? 20 : 235, at, at + scale);
      }
    }
  }
  const text = new TextEncoder();
  const frame = [text.encode('FRAME\n'), luma, new Uint8Array((width * height) / 2).fill(128)];
  const head = text.encode(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  const parts = [head, ...Array(frames).fill(frame).flat()] as Uint8Array[];
  const film = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    film.set(part, at);
    at += part.length;
  }
  return film;
}
