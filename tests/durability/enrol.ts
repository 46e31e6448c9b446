/** Participants from invitation to a kit in hand, through the same routes as people use. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Client, createClient, routes, Unreachable } from '@limen/contract';
import { instrumentById } from '@limen/instruments';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { consentAnswers } from '@limen/simulation';
import { type Installation, root, setupCode } from './installation.ts';

export const libraryProtocol = 'lsd-10ug-every-third-day';

export type Due = { readonly occurrence: string; readonly instrument: string; readonly instrumentVersion: string };

export type Subject = {
  readonly participantId: string;
  readonly token: string;
  /** The daily check-ins in the order of their days. */
  readonly checkIns: readonly Due[];
};

export type Enrolled = {
  readonly studyId: string;
  /** First study day, such as `2027-02-03`. */
  readonly startDate: string;
  readonly subjects: readonly Subject[];
};

const password = 'a password of some length';
export const timeZone = 'Europe/Amsterdam';
const enrolledAtOnce = 8;
const staffRoles = ['coordinator', 'investigator', 'pharmacist'] as const;

type Team = Record<(typeof staffRoles)[number], Client>;

/** A study that takes in people. */
export type Enrolment = {
  readonly installation: Installation;
  readonly protocol: ProtocolDocument;
  readonly studyId: string;
  readonly siteId: string;
  readonly team: Team;
  /** First study day, such as `2027-02-03`. */
  readonly startDate: string;
};

export async function openEnrolment(installation: Installation): Promise<Enrolment> {
  const protocol = readProtocol();
  const startDate = new Date(installation.now + 2 * 86_400_000).toISOString().slice(0, 10);
  return { installation, protocol, startDate, ...(await setUp(installation)) };
}

export async function enrol(installation: Installation, count: number): Promise<Enrolled> {
  const enrolment = await openEnrolment(installation);
  const subjects = await inTurns(count, (index) => enrolOne(enrolment, index));
  return { studyId: enrolment.studyId, startDate: enrolment.startDate, subjects };
}

/** A few at once. */
export async function inTurns<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const done = new Array<T>(count);
  let next = 0;
  const inTurn = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) done[index] = await work(index);
  };
  await Promise.all(Array.from({ length: enrolledAtOnce }, inTurn));
  return done;
}

/** A clock time in the evening of a study day, counted from 0, when its check-in is open. */
export function eveningOf(startDate: string, day: number): number {
  return Temporal.PlainDate.from(startDate).add({ days: day }).toZonedDateTime({ timeZone, plainTime: '20:00' })
    .epochMilliseconds;
}

function readProtocol(): ProtocolDocument {
  const parsed = parseProtocol(readFileSync(path.join(root, 'protocols', `${libraryProtocol}.json`), 'utf8'));
  if (!parsed.ok) throw new Error('The library protocol cannot be read.');
  return parsed.protocol;
}

export function clientFor(installation: Pick<Installation, 'address'>, token: string | null): Client {
  return createClient({ baseUrl: installation.address, fetch, token: () => token });
}

/** Stays good when the server is started again at another address; between two servers there is none to reach. */
function clientOf(installation: Pick<Installation, 'address'>, token: string): Client {
  return ((route, input) => {
    let call: Client;
    try {
      call = clientFor(installation, token);
    } catch (error) {
      return Promise.reject(new Unreachable('The server is not running.', error));
    }
    return call(route, input);
  }) as Client;
}

async function setUp(installation: Installation): Promise<{ studyId: string; siteId: string; team: Team }> {
  const anonymous = clientFor(installation, null);
  const { studyId, siteId } = await anonymous(routes.installationSetup, {
    body: {
      setupCode,
      name: 'Administrator',
      login: 'administrator',
      password,
      protocol: libraryProtocol,
      siteName: 'Main clinic',
      siteTimeZone: timeZone,
    },
  });
  const signIn = async (login: string): Promise<Client> => {
    const { token } = await anonymous(routes.signIn, { body: { login, password } });
    const client = clientOf(installation, token);
    await client(routes.stepUp, { body: { password } });
    return client;
  };
  const administrator = await signIn('administrator');
  for (const role of staffRoles) {
    const memberships = [{ studyId, role, siteId: null }];
    await administrator(routes.createAccount, { body: { name: role, login: role, password, memberships } });
  }
  const [coordinator, investigator, pharmacist] = await Promise.all(staffRoles.map(signIn));
  return { studyId, siteId, team: { coordinator, investigator, pharmacist } as Team };
}

const actId = (index: number, act: string) => `enrol-${String(index).padStart(5, '0')}-${act.padEnd(10, '-')}`;

/** Invited, screened, consented and confirmed as eligible: all but randomised. */
export async function admit(
  enrolment: Enrolment,
  index: number,
): Promise<{ readonly participantId: string; readonly token: string }> {
  const { installation, protocol, studyId, siteId, team } = enrolment;
  const id = (act: string) => actId(index, act);
  const { participantId, code } = await team.coordinator(routes.inviteParticipant, {
    params: { studyId },
    body: { commandId: id('invite'), siteId, timeZone },
  });
  const { token } = await clientFor(installation, null)(routes.participantSignIn, { body: { code } });
  const participant = clientFor(installation, token);
  const params = { studyId, participantId };
  const screening = screeningAnswers(protocol);
  await participant(routes.screen, { params, body: { type: 'screen', commandId: id('screen'), ...screening } });
  const consent = consentAnswers(protocol);
  await participant(routes.consent, { params, body: { type: 'consent', commandId: id('consent'), ...consent } });
  await team.investigator(routes.confirmEligibility, {
    params,
    body: { type: 'confirmEligibility', commandId: id('confirm'), reason: 'Seen and spoken with' },
  });
  return { participantId, token };
}

export async function enrolOne(enrolment: Enrolment, index: number): Promise<Subject> {
  const { installation, studyId, team, startDate } = enrolment;
  const { participantId, token } = await admit(enrolment, index);
  const params = { studyId, participantId };
  await team.coordinator(routes.randomise, {
    params,
    body: { type: 'randomise', commandId: actId(index, 'randomise'), startDate },
  });
  const { kit } = (await team.pharmacist(routes.participant, { params })).row;
  await team.pharmacist(routes.dispense, {
    params,
    body: { type: 'dispense', commandId: actId(index, 'dispense'), kit: kit ?? '' },
  });
  const { schedule } = await clientFor(installation, token)(routes.today, { params });
  const checkIns = schedule
    .filter(({ instrument }) => instrument === 'daily-check-in')
    .sort((a, b) => a.studyDay - b.studyDay)
    .map(({ occurrence, instrument, instrumentVersion }) => ({
      occurrence,
      instrument: instrument ?? '',
      instrumentVersion: instrumentVersion ?? '',
    }));
  return { participantId, token, checkIns };
}

/** Of somebody who may take part by the rules of the library protocol. */
function screeningAnswers(protocol: ProtocolDocument) {
  const instrument = instrumentById(protocol.population.screeningInstrument);
  const history = instrument.items.flatMap((item) => {
    if (item.kind !== 'choice') return [];
    const options = instrument.responseSets[item.responseSet] ?? [];
    return options.includes('no') && item.showWhen === undefined ? [[item.id, 'no'] as const] : [];
  });
  const answers = {
    ...Object.fromEntries(history),
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
  return { instrumentVersion: instrument.version, answers, medications: [] };
}
