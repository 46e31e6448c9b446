/** A real server on a real PostgreSQL for tests: two studies, two sites, one person in every role. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Role } from '@limen/conduct';
import { createClient, Refused, type Route, routes } from '@limen/contract';
import { instrumentById, simulateAnswers } from '@limen/instruments';
import { freshDatabase, type TestDatabase } from '@limen/postgres';
import type { z } from 'zod';
import type { Keys } from './record/keys.ts';
import type { Analyse } from './release/analyse.ts';
import type { LogLine } from './server/log.ts';
import {
  migrationsFolder,
  type StudyServer,
  type StudyServerLimits,
  type StudyServerOptions,
  startStudyServer,
} from './server/start.ts';
import { startTestVault, type TestVault } from './test-vault.ts';

export const testProtocol = 'lsd-10ug-every-third-day';
export const password = 'correct horse battery';
export const setupCode = 'SETUP-1234';
export const libraryFolder: string = path.join(import.meta.dirname, '..', '..', '..', 'protocols');

export const testKeys: Keys = {
  idKey: new Uint8Array(32).fill(1),
  checkpointKey: new Uint8Array(32).fill(2),
  personKeyWrap: new Uint8Array(32).fill(3),
};

/** The contract's client, free to send what a well-typed caller could not. */
export type Caller = <R extends Route>(
  target: R,
  input: { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown },
) => Promise<z.output<R['reply']>>;

export type Person = { readonly token: string; readonly call: Caller };
export type TestHouse = {
  readonly server: StudyServer;
  readonly database: TestDatabase;
  readonly vault: TestVault;
  readonly log: LogLine[];
  readonly studyId: string;
  /** Signed in, by role; the administrator belongs to no study. */
  readonly staff: Readonly<Record<Exclude<Role, 'participant'>, Person>>;
  now: number;
  anonymous: Caller;
  as(token: string | null): Caller;
  stepUp(person: Person): Promise<void>;
  commandId(): string;
  close(): Promise<void>;
};

export type TestHouseOptions = {
  limits?: Partial<StudyServerLimits>;
  analyse?: Analyse;
  staticFolders?: StudyServerOptions['staticFolders'];
  reminders?: StudyServerOptions['reminders'];
};

export const staffRoles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;
export const firstMoment: number = Date.parse('2026-03-02T08:00:00.000Z');

export async function startTestHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const database = await freshDatabase(migrationsFolder);
  const vault = await startTestVault();
  const log: LogLine[] = [];
  const clock = { now: firstMoment };
  const server = await startStudyServer({
    databaseUrl: database.connectionString,
    vault,
    port: 0,
    host: '127.0.0.1',
    keys: testKeys,
    clock: () => clock.now,
    analyse:
      options.analyse ??
      ((input) => ({ html: '<h1>Report</h1>', results: { participants: input.participants.length } })),
    library: libraryFolder,
    staticFolders: options.staticFolders,
    reminders: options.reminders,
    setupCode,
    log: (line) => log.push(line),
    limits: { checkpointEveryMs: 3_600_000, ...options.limits },
  });
  const as = (token: string | null) =>
    createClient({ baseUrl: server.address, fetch, token: () => token }) as unknown as Caller;
  let commands = 0;
  const house = {
    server,
    database,
    vault,
    log,
    as,
    anonymous: as(null),
    get now() {
      return clock.now;
    },
    set now(moment: number) {
      clock.now = moment;
    },
    stepUp: async (person: Person) => {
      await person.call(routes.stepUp, { body: { password } });
    },
    commandId: () => {
      commands += 1;
      return `command-${String(commands).padStart(12, '0')}`;
    },
    close: async () => {
      await server.close();
      await vault.close();
      await database.drop();
    },
  };
  const staff = await enrolStaff(house);
  return Object.assign(house, staff) as TestHouse;
}

async function enrolStaff(house: Pick<TestHouse, 'as' | 'anonymous' | 'stepUp'>) {
  const { anonymous, as } = house;
  const { studyId } = await anonymous(routes.installationSetup, {
    body: {
      setupCode,
      name: 'Administrator',
      login: 'administrator',
      password,
      protocol: testProtocol,
      siteName: 'Main clinic',
      siteTimeZone: 'Europe/Berlin',
    },
  });
  const administrator = await signIn(house, 'administrator');
  await house.stepUp(administrator);
  const text = await readFile(path.join(libraryFolder, `${testProtocol}.json`), 'utf8');
  const sites = [
    { siteId: 'north', name: 'North', timeZone: 'Europe/Oslo' },
    { siteId: 'south', name: 'South', timeZone: 'Europe/Rome' },
  ];
  await administrator.call(routes.createStudy, { body: { studyId: 'second', text, sites } });
  const people: Record<string, Person> = { administrator };
  for (const role of staffRoles) {
    await administrator.call(routes.createAccount, {
      body: { name: role, login: role, password, memberships: [{ studyId, role, siteId: null }] },
    });
    people[role] = await signIn({ anonymous, as }, role);
  }
  return { studyId, staff: people };
}

export async function signIn(house: Pick<TestHouse, 'as' | 'anonymous'>, login: string): Promise<Person> {
  const { token } = await house.anonymous(routes.signIn, { body: { login, password } });
  return { token, call: house.as(token) };
}

/** A colleague of one site of a study. */
export async function addColleague(
  house: TestHouse,
  login: string,
  membership: { studyId: string; role: (typeof staffRoles)[number]; siteId: string | null },
): Promise<Person> {
  const { administrator } = house.staff;
  await house.stepUp(administrator);
  await administrator.call(routes.createAccount, { body: { name: login, login, password, memberships: [membership] } });
  return signIn(house, login);
}

export type Subject = Person & {
  readonly participantId: string;
  readonly code: string;
  readonly params: { studyId: string; participantId: string };
};

export async function inviteSubject(house: TestHouse, siteId = 'main'): Promise<Subject> {
  const { studyId } = house;
  const { participantId, code } = await house.staff.coordinator.call(routes.inviteParticipant, {
    params: { studyId },
    body: { commandId: house.commandId(), siteId, timeZone: 'Europe/Berlin', contact: { name: 'A. Person' } },
  });
  const { token } = await house.anonymous(routes.participantSignIn, { body: { code } });
  return { participantId, code, token, call: house.as(token), params: { studyId, participantId } };
}

/** From invitation to a kit in hand; the first study day is the house's today. */
export async function enrolSubject(house: TestHouse): Promise<Subject> {
  const subject = await inviteSubject(house);
  const { params } = subject;
  await screenAndConsent(house, subject);
  const { investigator, coordinator } = house.staff;
  await house.stepUp(investigator);
  await investigator.call(routes.confirmEligibility, {
    params,
    body: { type: 'confirmEligibility', commandId: house.commandId(), reason: 'Seen and spoken with' },
  });
  const startDate = new Date(house.now).toISOString().slice(0, 10);
  await coordinator.call(routes.randomise, {
    params,
    body: { type: 'randomise', commandId: house.commandId(), startDate },
  });
  const { row } = await coordinator.call(routes.participant, { params });
  await coordinator.call(routes.dispense, {
    params,
    body: { type: 'dispense', commandId: house.commandId(), kit: row.kit ?? '' },
  });
  return subject;
}

export async function screenAndConsent(house: TestHouse, subject: Subject): Promise<void> {
  const { params } = subject;
  await subject.call(routes.screen, { params, body: screeningBody(house.commandId()) });
  const { consent } = await subject.call(routes.today, { params });
  await subject.call(routes.consent, { params, body: consentBody(house.commandId(), consent) });
}

export function screeningBody(commandId: string) {
  const instrument = instrumentById('screening-questionnaire');
  return {
    type: 'screen' as const,
    commandId,
    instrumentVersion: instrument.version,
    answers: healthyAnswers,
    medications: [],
  };
}

type ConsentText = {
  version: string;
  comprehension: { id: string; correct: number }[];
  choices: { id: string }[];
};

export function consentBody(commandId: string, consent: Record<string, unknown> | null) {
  const { version, comprehension, choices } = consent as ConsentText;
  return {
    type: 'consent' as const,
    commandId,
    version,
    choices: Object.fromEntries(choices.map(({ id }) => [id, true])),
    comprehension: Object.fromEntries(comprehension.map(({ id, correct }) => [id, correct])),
    signature: 'A. Person',
  };
}

/** Answers to whatever instrument a due item asks for: the usual ones, which alarm nobody. */
export function answersTo(instrumentId: string): Record<string, number | string> {
  const random = { uniform: () => 0, normal: (mean: number) => mean };
  const answers = simulateAnswers(instrumentById(instrumentId), { random, severity: 0, skip: 1 });
  return answers as Record<string, number | string>;
}

/** The problem a call is refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused['problem']> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error('The call was not refused.');
}

const noHistory = [
  'personalPsychosis',
  'familyPsychosis',
  'personalBipolar',
  'familyBipolar',
  'seizure',
  'valveDisease',
  'heartDisease',
  'stroke',
  'highBloodPressure',
  'liverKidney',
  'glaucoma',
  'lastingPerception',
  'allergy',
  'substanceProblem',
  'suicidality',
  'suicideAttempt',
  'takesMedication',
  'microdosedBefore',
  'safetySensitiveWork',
];

/** Of somebody who may take part by the rules of the test protocol. */
const healthyAnswers: Record<string, number | string | string[] | null> = {
  ...Object.fromEntries(noHistory.map((item) => [item, 'no'])),
  age: 34,
  sex: 'female',
  pregnancy: 'notApplicable',
  breastfeeding: 'notApplicable',
  bloodPressureKnown: 'yes',
  systolic: 118,
  diastolic: 75,
  alcoholPerWeek: 2,
  substancesPastMonth: ['none'],
  psychedelicExperience: 'none',
};
