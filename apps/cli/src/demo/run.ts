/** The demonstration, from an empty folder to a report. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, routes } from '@limen/contract';
import { compileCalendar, parseProtocol } from '@limen/protocol';
import { scriptParticipant, selfBlinding2021 } from '@limen/simulation';
import { philox } from '@limen/statistics';
import { Failure } from '../failure.ts';
import { type House, startHouse } from '../house/house.ts';
import { protocolsFolder } from '../places.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { createDemoClock } from './clock.ts';
import { type Closed, closeStudy } from './close.ts';
import { type DemoSite, enrol } from './enrol.ts';
import { type Played, play } from './play.ts';
import { type DemoSummary, summarise } from './summary.ts';
import { supplyKits } from './supply.ts';
import { assembleTeam, loginOf } from './team.ts';
import { createTransport } from './transport.ts';

export type DemoOutcome = {
  readonly house: House;
  readonly summary: DemoSummary;
  readonly closed: Closed;
  readonly played: Played;
  readonly archive: string;
  readonly phoneCode: string;
  readonly seconds: number;
};

const library = 'self-blinding-2021';
const firstSite = { siteId: 'main', name: 'Demo site East', timeZone: 'Europe/Amsterdam' } as const;
/** Enrolment opens on a Monday in winter, so the ten weeks run over a change of the clocks. */
const opens = '2027-02-01T08:00:00.000Z';
const dayMs = 86_400_000;

export async function runDemo(given: {
  folder: string;
  participants: number;
  port: number;
  seed: string;
  terminal: Terminal;
  verbose: boolean;
  /** Stops the run: its house is stopped, and what it was doing fails. */
  interrupted: AbortSignal;
}): Promise<DemoOutcome> {
  const started = performance.now();
  const { terminal } = given;
  const parsed = parseProtocol(await readFile(path.join(protocolsFolder, `${library}.json`), 'utf8'));
  if (!parsed.ok) throw new Failure('protocol_invalid', 'The library protocol cannot be read.');
  const { protocol } = parsed;
  const setupCode = `demo-${given.seed}`.padEnd(12, '-').slice(0, 64);
  const house = await startHouse({
    folder: given.folder,
    port: given.port,
    vaultPort: 0,
    setupCode,
    demo: { seed: given.seed, now: opens },
    say: terminal.remark,
    ...(given.verbose ? { log: terminal.remark } : {}),
  });
  const transport = createTransport();
  const interruption = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Failure('interrupted', 'The demonstration was interrupted.'));
    if (given.interrupted.aborted) giveUp();
    else given.interrupted.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([playThrough(), interruption]);
  } catch (error) {
    await house.stop();
    throw error;
  } finally {
    transport.close();
  }

  async function playThrough(): Promise<DemoOutcome> {
    const { fetch } = transport;
    const baseUrl = house.address;
    const administrator = loginOf('administrator');
    const bare = createClient({ baseUrl, fetch });
    const { studyId, siteId } = await bare(routes.installationSetup, {
      body: {
        setupCode,
        name: 'Demo administrator',
        login: administrator.login,
        password: administrator.password,
        protocol: library,
        siteName: firstSite.name,
        siteTimeZone: firstSite.timeZone,
      },
    });
    const sites: readonly DemoSite[] = [{ siteId, timeZone: firstSite.timeZone }];
    const clock = createDemoClock([house.vault, house.study], opens);
    const team = await assembleTeam(baseUrl, fetch, studyId);
    const settings = selfBlinding2021;
    const random = philox(given.seed, 'demo');

    const enrolling = terminal.progress('Enrolling', given.participants);
    const supply = await supplyKits(house, studyId, protocol);
    const { enrolled, screened } = await enrol({
      baseUrl,
      fetch,
      studyId,
      protocol,
      sites,
      team,
      clock,
      wanted: given.participants,
      from: opens.slice(0, 10),
      settings,
      random,
      progress: (done) => enrolling.at(done),
    });
    enrolling.finish(`${screened} screened`);

    const scripts = [];
    for (const participant of enrolled) {
      const calendar = compileCalendar(protocol, {
        startDate: participant.startDate,
        timeZone: participant.timeZone,
        drawSeed: participant.participantId,
      });
      const contents = await supply.contentsOf(participant.kit);
      scripts.push({
        participant,
        acts: scriptParticipant({ protocol, calendar, person: participant.person, contents, settings, random }).acts,
        calendar,
      });
    }
    const acts = scripts.reduce((sum, script) => sum + script.acts.length, 0);
    const playing = terminal.progress('Ten study weeks', acts);
    const played = await play({
      studyId,
      scripts,
      clock,
      team,
      progress: (done, now) => playing.at(done, now.slice(0, 10)),
    });
    playing.finish(`${played.delivered} submissions`);

    const last =
      scripts
        .map((script) => script.calendar.lastDate)
        .sort()
        .at(-1) ?? opens.slice(0, 10);
    const end = Math.max(Date.parse(`${last}T12:00:00.000Z`) + 3 * dayMs, Date.parse(clock.now) + dayMs);
    const closing = terminal.progress('Lock, release, report', 3);
    closing.at(0);
    const closed = await closeStudy({
      studyId,
      team,
      clock,
      enrolled,
      at: new Date(end).toISOString(),
      say: () => undefined,
    });
    closing.at(2, 'verifying');
    const archive = await team.monitor.call(routes.archive, { params: { studyId } });
    const overview = await team.investigator.call(routes.studyOverview, { params: { studyId } });
    const summary = await summarise({
      house,
      screened,
      enrolled: enrolled.length,
      played,
      closed,
      archive,
      overview,
      seed: given.seed,
    });
    closing.finish();
    return {
      house,
      summary,
      closed,
      played,
      archive,
      phoneCode: enrolled[0]?.code ?? '',
      seconds: (performance.now() - started) / 1000,
    };
  }
}
