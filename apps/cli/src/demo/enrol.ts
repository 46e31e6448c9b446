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

/** A candidate is seen every quarter of an hour, from nine to seven. */
const minutesBetween = 15;
const perDay = 40;

export async function enrol(given: {
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
}): Promise<{ enrolled: Enrolled[]; screened: number }> {
  const { studyId, protocol, team, clock, settings } = given;
  const weeks = Math.ceil(protocol.epochs.reduce((last, epoch) => Math.max(last, epoch.lastDay), 0) / 7);
  const enrolled: Enrolled[] = [];
  let screened = 0;
  while (enrolled.length < given.wanted) {
    const index = screened;
    screened += 1;
    const at = momentOf(index, given.from);
    await clock.set(at);
    const site = given.sites[index % given.sites.length] as DemoSite;
    const person = drawPerson(index, weeks, settings, given.random);
    const id = (act: string) => `enrol-${String(index).padStart(6, '0')}-${act}`;
    const invited = await team.coordinator.call(routes.inviteParticipant, {
      params: { studyId },
      body: { commandId: id('invite'), siteId: site.siteId, timeZone: site.timeZone },
    });
    const call = await joinAs(given.baseUrl, given.fetch, invited.code);
    const params = { studyId, participantId: invited.participantId };
    await call(routes.screen, {
      params,
      body: { type: 'screen', commandId: id('screen'), ...screeningAnswers(protocol, person, given.random) },
    });
    if (!person.qualifies) {
      await expectRefusal(() =>
        call(routes.consent, {
          params,
          body: { type: 'consent', commandId: id('consent'), ...consentAnswers(protocol) },
        }),
      );
      continue;
    }
    await call(routes.consent, {
      params,
      body: { type: 'consent', commandId: id('consent'), ...consentAnswers(protocol) },
    });
    await team.investigator.call(routes.confirmEligibility, {
      params,
      body: {
        type: 'confirmEligibility',
        commandId: id('confirm'),
        reason: 'All criteria reviewed with the participant',
      },
    });
    const startDate = nextStartDate(protocol, localDate(at, site.timeZone, 1));
    await team.coordinator.call(routes.randomise, {
      params,
      body: { type: 'randomise', commandId: id('randomise'), startDate },
    });
    const kit = (await team.pharmacist.call(routes.participant, { params })).row.kit;
    if (!kit) throw new Error('A randomised participant has no kit');
    await team.pharmacist.call(routes.dispense, {
      params,
      body: { type: 'dispense', commandId: id('dispense'), kit },
    });
    enrolled.push({ person, ...invited, call, kit, startDate, timeZone: site.timeZone });
    given.progress(enrolled.length);
  }
  return { enrolled, screened };
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

function momentOf(index: number, from: string): string {
  const day = Math.floor(index / perDay);
  const minutes = 9 * 60 + (index % perDay) * minutesBetween;
  return new Date(Date.parse(`${from}T00:00:00.000Z`) + (day * 1440 + minutes) * 60_000).toISOString();
}

function localDate(at: string, timeZone: string, plusDays: number): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: plusDays }).toString();
}
