/** Participants as the team sees them, and as they see themselves. */
import { kitsOf, type ParticipantState, unblindingReportHours } from '@limen/conduct';
import { routes } from '@limen/contract';
import { isReconsentDue, newestConsent } from '@limen/protocol';
import { sealContact } from '../access/person.ts';
import { invitationEnds } from '../access/personal-code.ts';
import type { ParticipantScope } from '../access/scope.ts';
import { replaceParticipantCode, writeParticipantAccess } from '../data/accounts.ts';
import { factsOf, listStream } from '../data/ledger.ts';
import { countOpenSignals, type ListedParticipant, listParticipants } from '../data/participants.ts';
import type { LedgerTable } from '../data/schema.ts';
import { siteExists } from '../data/studies.ts';
import { rowOf } from '../record/fold.ts';
import { personalCodeFor } from '../record/ids.ts';
import { readRecords } from '../record/participants.ts';
import type { OpenStudy } from '../record/studies.ts';
import { consentsOf } from '../record/version-path.ts';
import { forParticipant, forStudy } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { isTimeZone } from './create-study.ts';
import { cutPage, readCursor, seqCursor, writeCursor } from './cursor.ts';
import { packingFor } from './packing.ts';
import { adherenceOf, nextDueOf, protocolOf, scheduleOf, studyDayAt, type TodayItem } from './schedule.ts';
import { codeHashOf } from './sessions.ts';
import { openStudy } from './studies.ts';

const participants = forStudy(routes.participants, async ({ scope, query, house }) => {
  const study = await openStudy(house, scope.studyId);
  const now = house.now();
  const { after, limit, status } = query;
  const rows = await listParticipants(house.database, scope, { after, limit: limit + 1, status });
  const [shown, next] = cutPage(rows, limit, (row) => row.participant_id);
  const ids = shown.map((row) => row.participant_id);
  const records = await readRecords(house.database, scope.studyId, ids);
  const states = new Map(records.map(({ state }) => [state.participantId, state]));
  const listed = shown.flatMap((row) => {
    const state = states.get(row.participant_id);
    if (state === undefined) return [];
    return [participantRow(house, study, row, state, scheduleOf(house, study, state, now), now)];
  });
  return { participants: listed, next };
});

function participantRow(
  house: House,
  study: OpenStudy,
  row: Omit<ListedParticipant, 'state' | 'state_seq'>,
  state: ParticipantState,
  schedule: readonly TodayItem[],
  now: string,
) {
  const until = row.ended_at !== null && row.ended_at < now ? row.ended_at : now;
  const { dosesDue, answersDue, answered } = adherenceOf(house, study, state, until);
  return {
    participantId: row.participant_id,
    siteId: row.site_id,
    status: row.status,
    onHold: row.on_hold,
    kit: row.kit,
    dispensed: row.dispensed,
    startDate: row.start_date,
    studyDay: row.start_date === null ? null : studyDayAt(row.start_date, row.time_zone, now),
    dosesTaken: row.doses_taken,
    dosesDue,
    answered,
    answersDue,
    openSignals: row.open_signals,
    nextDue: state.status === 'randomised' ? nextDueOf(schedule) : null,
  };
}

const inviteParticipant = forStudy(routes.inviteParticipant, async ({ scope, body, house }) => {
  const { commandId, siteId, timeZone, contact } = body;
  const { studyId, actor } = scope;
  const known = await siteExists(house.database, studyId, siteId);
  if (!known || (scope.siteId !== null && scope.siteId !== siteId)) {
    throw problemOf('unknown_site', { path: 'siteId' });
  }
  if (!isTimeZone(timeZone)) throw problemOf('invalid_time_zone', { path: 'timeZone' });
  const study = await openStudy(house, studyId);
  const invitation = { commandId, siteId, timeZone };
  const now = house.now();
  const participantId = await house.writer.invite({ study, actor, now }, invitation);
  const code = personalCodeFor(house.deriver, studyId, participantId);
  const bound = `${studyId}/${participantId}`;
  const person = contact === undefined ? null : sealContact(contact, house.keys.personKeyWrap, bound);
  const access = { studyId, participantId, codeHash: codeHashOf(code), issuedAt: now };
  await writeParticipantAccess(house.database, { ...access, person });
  return { participantId, code, expiresAt: invitationEnds(now) };
});

const renewPersonalCode = forParticipant(routes.renewPersonalCode, async ({ scope, body, house }) => {
  const { studyId, participantId, actor } = scope;
  const { commandId, reason } = body;
  const study = await openStudy(house, studyId);
  const renewed = { type: 'personalCode.renewed', reason } as const;
  const act = { study, participantId, actor, now: house.now() };
  const { recordedAt: at } = await house.writer.note(act, commandId, body, renewed, async () => undefined);
  const code = personalCodeFor(house.deriver, studyId, participantId, commandId);
  await replaceParticipantCode(house.database, { studyId, participantId, codeHash: codeHashOf(code), issuedAt: at });
  house.sessions.forget({ studyId, participantId });
  const [record] = await readRecords(house.database, studyId, [participantId]);
  return { participantId, code, expiresAt: record?.state.status === 'invited' ? invitationEnds(at) : null };
});

async function readSelf(house: House, scope: ParticipantScope) {
  const [record] = await readRecords(house.database, scope.studyId, [scope.participantId]);
  if (record === undefined) throw problemOf('unknown_participant');
  const { state } = record;
  const row = rowOf(record);
  const study = await openStudy(house, scope.studyId);
  const now = house.now();
  return { row, state, study, now, schedule: scheduleOf(house, study, state, now) };
}

const participant = forParticipant(routes.participant, async ({ scope, house }) => {
  const { row, state, study, now, schedule } = await readSelf(house, scope);
  const listed = { ...row, open_signals: await countOpenSignals(house.database, scope) };
  const clinical = scope.role !== 'pharmacist';
  const entries = await listStream(house.database, scope, {
    after: null,
    limit: 200,
    types: ['participant.screened', 'dosing.held'],
  });
  return {
    row: participantRow(house, study, listed, state, schedule, now),
    timeZone: row.time_zone,
    protocolVersion: row.protocol_version === null ? null : protocolOf(study, state, now).version,
    reconsentDue: reconsentOf(study, state) !== null,
    consentVersion: row.consent_version,
    screening: clinical ? screeningIn(entries) : null,
    eligibilityConfirmed: row.eligibility_confirmed,
    holds: clinical ? holdsIn(entries, state) : [],
    schedule,
    lastDoseAt: state.lastDoseAt,
    cardNumber: Object.keys(kitsOf(state))[0] ?? null,
    codeBreaks: (state.codeBreaks ?? []).map(({ at, kind, reported }) => ({
      ...{ at, reported, kind: kind as 'emergency' | 'planned' },
      reportDueAt: new Date(Date.parse(at) + unblindingReportHours * 3_600_000).toISOString(),
    })),
    kits: Object.entries(kitsOf(state)).map(([kit, status]) => ({ kit, status })),
  };
});

type Screening = {
  result: 'eligible' | 'ineligible' | 'unknown';
  decisions: { criterion: string; verdict: string; explanation: string }[];
};

/** The screening that counts is the last one. */
function screeningIn(entries: readonly LedgerTable[]): Screening | null {
  const last = entries.findLast(({ type }) => type === 'participant.screened');
  const facts = last === undefined ? null : factsOf(last);
  if (facts === null) return null;
  return { result: facts.result as Screening['result'], decisions: facts.decisions as Screening['decisions'] };
}

function holdsIn(entries: readonly LedgerTable[], state: ParticipantState) {
  const held = new Set(state.holds.map(({ holdId }) => holdId));
  return entries.flatMap((entry) => {
    const facts = entry.type === 'dosing.held' ? factsOf(entry) : null;
    const holdId = String(facts?.holdId ?? '');
    if (facts === null || !held.has(holdId)) return [];
    return [{ holdId, rule: String(facts.rule), reason: String(facts.reason), at: entry.recorded_at }];
  });
}

const timeline = forParticipant(routes.timeline, async ({ scope, query, house }) => {
  const [after = null] = readCursor(query.after, seqCursor) ?? [];
  const rows = await listStream(house.database, scope, { after, limit: query.limit + 1 });
  const [shown, next] = cutPage(rows, query.limit, (row) => writeCursor([row.seq]));
  return {
    entries: shown.map((row) => ({
      seq: row.seq,
      eventId: row.event_id,
      type: row.type,
      recordedAt: row.recorded_at,
      actor: { id: row.actor_id, role: row.actor_role },
      data: factsOf(row) ?? {},
    })),
    next,
  };
});

const today = forParticipant(routes.today, async ({ scope, house }) => {
  const { row, state, study, now, schedule } = await readSelf(house, scope);
  const protocol = protocolOf(study, state, now);
  const entries = await listStream(house.database, scope, { after: null, limit: 200, types: ['participant.screened'] });
  const screening = screeningIn(entries);
  const reasons = new Map(protocol.population.eligibility.map(({ id, reason }) => [id, reason]));
  const undecided = screening?.decisions.filter(({ verdict }) => verdict !== 'met') ?? [];
  return {
    participantId: row.participant_id,
    studyId: row.study_id,
    studyTitle: protocol.title,
    status: row.status,
    timeZone: row.time_zone,
    startDate: row.start_date,
    now,
    unitLabel: protocol.dosing.unitLabel,
    kit: row.kit,
    screeningInstrument: protocol.population.screeningInstrument,
    screening:
      screening === null
        ? null
        : { result: screening.result, reasons: undecided.map(({ criterion }) => reasons.get(criterion) ?? criterion) },
    consent: { ...newestConsent(study.protocol) },
    consentedVersion: row.consent_version,
    reconsent: reconsentOf(study, state),
    holdMessage: state.holds[0]?.participantMessage ?? state.stopMessage ?? null,
    dosingStopped: row.dosing_stopped,
    schedule: schedule.filter(({ asked }) => asked),
    ...packingFor(house, study, state, now, schedule),
    contacts: protocol.safety.contacts.map(({ label, phone, hours }) =>
      phone === undefined ? { label, hours } : { label, phone, hours },
    ),
  };
});

/** What a person who consented is asked to read again: why, in the words of the newest version. */
function reconsentOf({ versions, protocol }: OpenStudy, state: ParticipantState) {
  if (state.status === 'withdrawn' || state.status === 'completed') return null;
  if (!isReconsentDue(versions, consentsOf(state))) return null;
  const changes = protocol.identity?.versions?.at(-1)?.changes ?? '';
  return { protocolVersion: protocol.version, consentVersion: newestConsent(protocol).version, changes };
}

/** What a participant did, of everything their stream holds. */
const ownActs = [
  'participant.screened',
  'participant.consented',
  'dose.taken',
  'dose.missed',
  'wearable.recorded',
  'packing.recorded',
  'envelope.opened',
  'leftovers.checked',
  'answers.submitted',
  'adverseEvent.reported',
  'participant.withdrawn',
  'answer.corrected',
  'entry.kept',
] as const;

const ownHistory = forParticipant(routes.ownHistory, async ({ scope, query, house }) => {
  const { versions } = await openStudy(house, scope.studyId);
  const [after = null] = readCursor(query.after, seqCursor) ?? [];
  const page = { after, limit: query.limit + 1, newestFirst: true, types: ownActs };
  const rows = await listStream(house.database, scope, page);
  const [shown, next] = cutPage(rows, query.limit, (row) => writeCursor([row.seq]));
  const labels = new Map(
    versions.flatMap(({ protocol }) => [
      ...protocol.activities.map(({ id, label }): [string, string] => [id, label]),
      ['dose', protocol.dosing.unitLabel] as [string, string],
    ]),
  );
  return { entries: shown.map((row) => historyEntry(row, labels)), next };
});

const actLabels: Readonly<Record<string, string>> = {
  'packing.recorded': 'Packing',
  'envelope.opened': 'Envelope opened',
  'leftovers.checked': 'Leftovers checked',
};

function historyEntry(row: LedgerTable, labels: ReadonlyMap<string, string>) {
  const facts = factsOf(row) ?? {};
  const occurrence = typeof facts.occurrence === 'string' ? facts.occurrence : null;
  const activity = occurrence?.split('@')[0] ?? '';
  const answers = typeof facts.answers === 'object' ? (facts.answers as Record<string, unknown> | null) : null;
  return {
    eventId: row.event_id,
    type: row.type,
    occurrence,
    label: labels.get(activity) ?? actLabels[row.type] ?? (typeof facts.term === 'string' ? facts.term : row.type),
    at: typeof facts.takenAt === 'string' ? facts.takenAt : row.recorded_at,
    timing: typeof facts.timing === 'string' ? facts.timing : null,
    answers,
  };
}

export const participantHandlers = {
  participants,
  inviteParticipant,
  renewPersonalCode,
  participant,
  timeline,
  today,
  ownHistory,
};
