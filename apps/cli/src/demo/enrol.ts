/** Enrolment: invited, screened, consented, confirmed, randomised, dispensed; the ones who do not qualify stay behind. */
import { type Client, createClient, type Fetch, Refused, routes } from '@limen/contract';
import type { ProtocolDocument } from '@limen/protocol';
import { nextStartDate } from '@limen/protocol';
import { consentAnswers, drawPerson, type Person, type Settings, screeningAnswers } from '@limen/simulation';
import type { Random } from '@limen/statistics';
import type { DemoClock } from './clock.ts';
import type { Team } from './team.ts';

export type Enrolled = {
  readonly person: Person;
  readonly participantId: string;
  readonly code: string;
  readonly call: Client;
  readonly kit: string;
  readonly startDate: string;
  readonly timeZone: string;
};

export type DemoSite = { readonly siteId: string; readonly timeZone: string };

/** Four candidates are seen together, every hour from nine to seven; ten such hours make a day. */
const together = 4;
const hoursPerDay = 10;
const hourMs = 3_600_000;

type Given = {
  baseUrl: string;
  fetch: Fetch;
  studyId: string;
  protocol: ProtocolDocument;
  sites: readonly DemoSite[];
  team: Team;
  clock: DemoClock;
  wanted: number;
  from: string;
  settings: Settings;
  random: Random;
  progress: (enrolled: number) => void;
};

type Candidate = Omit<Enrolled, 'kit' | 'startDate'> & { readonly index: number };

export async function enrol(given: Given): Promise<{ enrolled: Enrolled[]; screened: number }> {
  const { protocol, settings, random } = given;
  const weeks = Math.ceil(protocol.epochs.reduce((last, epoch) => Math.max(last, epoch.lastDay), 0) / 7);
  const enrolled: Enrolled[] = [];
  let screened = 0;
  for (let hour = 0; enrolled.length < given.wanted; hour += 1) {
    const at = momentOf(hour, given.from);
    await given.clock.set(at);
    const seen = Array.from({ length: Math.min(together, given.wanted - enrolled.length) }, () => {
      const index = screened++;
      const person = drawPerson(index, weeks, settings, random);
      return { index, person, answers: screeningAnswers(protocol, person, random) };
    });
    const candidates = await Promise.all(
      seen.map(({ index, person, answers }) => screenCandidate(given, index, person, answers)),
    );
    const eligible = candidates.filter(({ person }) => person.qualifies);
    // One after the other: the order of randomisation decides who gets which place in the list.
    for (const candidate of eligible) await randomise(given, candidate, startDateOf(given, candidate, at));
    enrolled.push(
      ...(await Promise.all(
        eligible.map(async (one) => ({
          ...one,
          kit: await dispense(given, one),
          startDate: startDateOf(given, one, at),
        })),
      )),
    );
    given.progress(enrolled.length);
  }
  return { enrolled, screened };
}

const idOf = (index: number, act: string) => `enrol-${String(index).padStart(6, '0')}-${act}`;

/** From the invitation to the confirmation of eligibility, or to the refusal of somebody who does not qualify. */
async function screenCandidate(
  { baseUrl, fetch, studyId, protocol, sites, team }: Given,
  index: number,
  person: Person,
  answers: ReturnType<typeof screeningAnswers>,
): Promise<Candidate> {
  const site = sites[index % sites.length] as DemoSite;
  const invited = await team.coordinator.call(routes.inviteParticipant, {
    params: { studyId },
    body: { commandId: idOf(index, 'invite'), siteId: site.siteId, timeZone: site.timeZone },
  });
  const call = await joinAs(baseUrl, fetch, invited.code);
  const params = { studyId, participantId: invited.participantId };
  await call(routes.screen, { params, body: { type: 'screen', commandId: idOf(index, 'screen'), ...answers } });
  const consent = () =>
    call(routes.consent, {
      params,
      body: { type: 'consent', commandId: idOf(index, 'consent'), ...consentAnswers(protocol) },
    });
  if (person.qualifies) {
    await consent();
    await team.investigator.call(routes.confirmEligibility, {
      params,
      body: {
        type: 'confirmEligibility',
        commandId: idOf(index, 'confirm'),
        reason: 'All criteria reviewed with the participant',
      },
    });
  } else await expectRefusal(consent);
  return { index, person, ...invited, call, timeZone: site.timeZone };
}

function startDateOf({ protocol }: Given, { timeZone }: Candidate, at: string): string {
  return nextStartDate(protocol, localDate(at, timeZone, 1));
}

async function randomise({ team, studyId }: Given, { index, participantId }: Candidate, startDate: string) {
  await team.coordinator.call(routes.randomise, {
    params: { studyId, participantId },
    body: { type: 'randomise', commandId: idOf(index, 'randomise'), startDate },
  });
}

async function dispense({ team, studyId }: Given, { index, participantId }: Candidate): Promise<string> {
  const params = { studyId, participantId };
  const { kit } = (await team.pharmacist.call(routes.participant, { params })).row;
  if (!kit) throw new Error('A randomised participant has no kit');
  await team.pharmacist.call(routes.dispense, {
    params,
    body: { type: 'dispense', commandId: idOf(index, 'dispense'), kit },
  });
  return kit;
}

async function joinAs(baseUrl: string, fetch: Fetch, code: string): Promise<Client> {
  let token: string | null = null;
  const call = createClient({ baseUrl, fetch, token: () => token });
  token = (await call(routes.participantSignIn, { body: { code } })).token;
  return call;
}

async function expectRefusal(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Refused) return;
    throw error;
  }
  throw new Error('A person who does not qualify was let through');
}

function momentOf(hour: number, from: string): string {
  const ofDay = 9 + (hour % hoursPerDay);
  const ms = Math.floor(hour / hoursPerDay) * 24 * hourMs + ofDay * hourMs;
  return new Date(Date.parse(`${from}T00:00:00.000Z`) + ms).toISOString();
}

function localDate(at: string, timeZone: string, plusDays: number): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: plusDays }).toString();
}
