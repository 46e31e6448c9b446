/** Studies, their protocols, calendars, sites and the overview. */
import { routes } from '@limen/contract';
import { compileCalendar, findings, ProtocolError, parseProtocol } from '@limen/protocol';
import { readLedgerSummary } from '../data/checkpoints.ts';
import {
  listSites,
  listStudies,
  readCohorts,
  readEnrolment,
  readFlow,
  readGuesses,
  readSafetyCounts,
  readStoppingCounts,
  readStudy,
  type StudyRow,
} from '../data/studies.ts';
import type { CalendarKey, OpenStudy, StudyVersion } from '../record/studies.ts';
import { consentsIn } from '../record/version-path.ts';
import { forSession, forStudy } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { createStudyFrom, isTimeZone } from './create-study.ts';
import { readCurrentText } from './drafts.ts';
import { stoppingRulesOf } from './stopping-rules.ts';
import { synopsisOnPaper } from './synopsis.ts';

export function summaryOf(row: StudyRow) {
  return {
    studyId: row.study_id,
    shortTitle: row.short_title,
    title: row.title,
    protocolVersion: row.protocol_version,
    protocolHash: row.protocol_hash,
    status: row.status,
    createdAt: row.created_at,
    participants: row.participants,
    plannedSampleSize: row.planned,
    randomisationCommitment: row.commitment,
  };
}

export async function studyRow(house: House, studyId: string): Promise<StudyRow> {
  const row = await readStudy(house.database, studyId);
  if (row === null) throw problemOf('unknown_study');
  return row;
}

export async function openStudy(house: House, studyId: string): Promise<OpenStudy> {
  const found = await house.studies.get(studyId);
  if (found === null) throw problemOf('unknown_study');
  return found;
}

const checkProtocol = forSession(routes.checkProtocol, async ({ body }) => {
  const parsed = parseProtocol(body.text);
  if (!parsed.ok) return { valid: false, problems: [...parsed.problems], findings: [] };
  const found = findings(parsed.protocol);
  return { valid: !found.some(({ severity }) => severity === 'error'), problems: [], findings: [...found] };
});

const studies = forSession(routes.studies, async ({ scope, house }) => {
  const { administrator, memberships } = scope.session;
  const ids = administrator ? null : memberships.map(({ studyId }) => studyId);
  return { studies: (await listStudies(house.database, ids)).map(summaryOf) };
});

const createStudy = forSession(routes.createStudy, async ({ body, scope, house }) => {
  const { studyId, library, text, draft, sites } = body;
  if ([library, text, draft].filter((source) => source !== undefined).length !== 1) {
    const detail = 'Give one of these: a protocol of the library, a text, or a draft.';
    throw problemOf('invalid_input', { path: 'body', detail });
  }
  const drafted = draft === undefined ? undefined : await readCurrentText(house, scope, draft);
  const document = drafted ?? text ?? house.library.get(library ?? '')?.text;
  if (document === undefined) throw problemOf('unknown_protocol', { path: 'library' });
  await createStudyFrom(house, scope.actor, { studyId, text: document, sites }, house.now());
  if (draft !== undefined) {
    const used = { type: 'draft.used', ...draft, studyId } as const;
    await house.streams.note(scope.actor, used, `draft|${draft.draftId}|${studyId}`, house.now());
  }
  return summaryOf(await studyRow(house, studyId));
});

const study = forStudy(routes.study, async ({ scope, house }) => summaryOf(await studyRow(house, scope.studyId)));

async function versionAsked(house: House, studyId: string, version: string | undefined): Promise<StudyVersion> {
  const { versions } = await openStudy(house, studyId);
  const wanted = version ?? versions.at(-1)?.protocol.version;
  const found = versions.find(({ protocol }) => protocol.version === wanted);
  if (found === undefined) throw problemOf('unknown_version', { path: 'query.version' });
  return found;
}

const studySynopsis = forStudy(routes.studySynopsis, async ({ scope, query, house, reply }) => {
  const version = await versionAsked(house, scope.studyId, query.version);
  const name = `${version.protocol.id}-${version.protocol.version}-synopsis.pdf`;
  reply.header('content-disposition', `attachment; filename="${name}"`);
  return synopsisOnPaper(version);
});

const studyProtocol = forStudy(routes.studyProtocol, async ({ scope, query, house }) => {
  const found = await versionAsked(house, scope.studyId, query.version);
  return { protocol: found.protocol, hash: found.hash, findings: [...findings(found.protocol)] };
});

const studyCalendar = forStudy(routes.studyCalendar, async ({ scope, query, house }) => {
  const { protocol } = await openStudy(house, scope.studyId);
  if (!isTimeZone(query.timeZone)) throw problemOf('invalid_time_zone', { path: 'query.timeZone' });
  try {
    const calendar = compileCalendar(protocol, { ...query, drawSeed: 'sample' });
    const { startDate, timeZone, lastDate } = calendar;
    return { startDate, timeZone, lastDate, occurrences: [...calendar.occurrences] };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const path = error.code === 'time_zone_unknown' ? 'query.timeZone' : 'query.startDate';
    throw problemOf('invalid_input', { path, detail: error.message });
  }
});

const sites = forStudy(routes.sites, async ({ scope, house }) => {
  const rows = await listSites(house.database, scope);
  return {
    sites: rows.map((row) => ({
      siteId: row.site_id,
      name: row.name,
      timeZone: row.time_zone,
      participants: row.participants,
    })),
  };
});

const studyOverview = forStudy(routes.studyOverview, async ({ scope, house }) => {
  const { database } = house;
  const opened = await openStudy(house, scope.studyId);
  const asOf = house.now();
  const [row, flow, enrolment, cohorts, counts, guesses, ledger, stopping] = await Promise.all([
    studyRow(house, scope.studyId),
    readFlow(database, scope),
    readEnrolment(database, scope),
    readCohorts(database, scope),
    readSafetyCounts(database, scope),
    readGuesses(database, scope),
    readLedgerSummary(database, scope.studyId),
    readStoppingCounts(database, scope.studyId),
  ]);
  return {
    study: summaryOf(row),
    asOf,
    flow: {
      invited: flow.invited ?? 0,
      screened: flow.screened ?? 0,
      ineligible: flow.ineligible ?? 0,
      consented: flow.consented ?? 0,
      randomised: flow.randomised ?? 0,
      dosing: flow.dosing ?? 0,
      onHold: flow.on_hold ?? 0,
      withdrawn: flow.withdrawn ?? 0,
      completed: flow.completed ?? 0,
    },
    enrolment,
    ...sumCohorts(house, opened, cohorts, asOf),
    openSignals: { urgent: counts.urgent ?? 0, prompt: counts.prompt ?? 0, routine: counts.routine ?? 0 },
    adverseEvents: {
      total: counts.total ?? 0,
      serious: counts.serious ?? 0,
      gradeThreeUp: counts.severe ?? 0,
    },
    stoppingRules: stoppingRulesOf(opened.protocol, stopping),
    keptEntries: counts.kept ?? 0,
    guesses: guesses.map(({ week, active, placebo, unsure, mean_confidence }) => ({
      week,
      counts: { active, placebo, unsure },
      meanConfidence: mean_confidence === null ? null : Math.round(mean_confidence * 10) / 10,
    })),
    ledger,
  };
});

type Cohort = Awaited<ReturnType<typeof readCohorts>>[number];

/** What was due by now to everybody who shares a calendar, and what came. */
function sumCohorts(house: House, opened: OpenStudy, cohorts: readonly Cohort[], asOf: string) {
  const sums = { dosesDue: 0, taken: 0, missed: 0, due: 0, answered: 0, late: 0 };
  for (const cohort of cohorts) {
    const { people, start_date: startDate, time_zone: timeZone } = cohort;
    const until = cohort.ended_at !== null && cohort.ended_at < asOf ? cohort.ended_at : asOf;
    const consents = consentsIn(cohort.protocol_version);
    const closed = closedBy(house, opened, { participantId: 'cohort', startDate, timeZone, consents }, until);
    // What was done before it closed was due as well.
    sums.dosesDue += Math.max(closed.doses * people, cohort.taken + cohort.missed);
    sums.due += Math.max(closed.activities * people, cohort.answered);
    sums.taken += cohort.taken;
    sums.missed += cohort.missed;
    sums.answered += cohort.answered;
    sums.late += cohort.late;
  }
  const { dosesDue, taken, missed, due, answered, late } = sums;
  return { adherence: { dosesDue, taken, missed }, completeness: { due, answered, late } };
}

/** How many capsules and required questionnaires have closed up to an instant. */
function closedBy(house: House, opened: OpenStudy, cohort: CalendarKey, until: string) {
  const required = new Set(opened.protocol.activities.filter((one) => one.required).map(({ id }) => id));
  const { occurrences } = house.studies.calendar(opened, cohort);
  let [doses, activities] = [0, 0];
  for (const { kind, activityId, closesAt } of occurrences) {
    if (closesAt > until) continue;
    if (kind === 'dose') doses += 1;
    else if (required.has(activityId)) activities += 1;
  }
  return { doses, activities };
}

export const studyHandlers = {
  checkProtocol,
  studies,
  createStudy,
  study,
  studyProtocol,
  studySynopsis,
  studyCalendar,
  sites,
  studyOverview,
};
