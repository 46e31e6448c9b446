/** What is due, how much was done, where a participant stands: read off state and calendar at an instant. */
import type { Calendar, Occurrence, ProtocolDocument } from '@limen/protocol';
import { isAsked } from '@limen/protocol';
import { firstAwaited } from './decide/submission.ts';
import { activitiesOf, occurrencesOf, type TimedOccurrence } from './lookup.ts';
import { dateIn } from './moment.ts';
import { viewOf } from './safety.ts';
import type { ParticipantState, ParticipantStatus } from './state.ts';

/**
 * `missed`: a capsule recorded as missed. `closed`: its time has passed, or it is no longer expected. `blocked`: its time
 * has come and something stands before it.
 */
export type DueStatus = 'upcoming' | 'due' | 'late' | 'done' | 'missed' | 'closed' | 'blocked';
export type DueCause = 'window' | 'ended' | 'dosingStopped' | 'hold' | 'notDispensed' | 'after' | 'notAsked';
export type DueItem = {
  readonly occurrence: Occurrence;
  readonly status: DueStatus;
  readonly cause: DueCause | null;
  /** Why it is blocked or closed, in words for the participant. */
  readonly reason: string | null;
};

type Standing = Omit<DueItem, 'occurrence'>;

/**
 * Everything of the calendar with its status now, in calendar order. With the protocol, activities whose `when` is false
 * are left out; without a verdict they are asked.
 */
export function dueNow(
  state: ParticipantState,
  calendar: Calendar,
  now: string,
  protocol?: ProtocolDocument,
): DueItem[] {
  const nowMs = Date.parse(now);
  const all = occurrencesOf(calendar);
  const notAsked = protocol === undefined ? noneLeftOut : leftOutBy(protocol, state);
  return [...all.values()].map((occurrence) => {
    const standing = standingOf(state, occurrence, nowMs, all);
    const leftOut = notAsked.has(occurrence.activityId) && standing.status !== 'done' && standing.cause !== 'ended';
    return { occurrence, ...(leftOut ? is('closed', 'notAsked') : standing) };
  });
}

const noneLeftOut: ReadonlySet<string> = new Set();

/** Activities that are not asked as the scores stand. */
function leftOutBy(protocol: ProtocolDocument, state: ParticipantState): ReadonlySet<string> {
  const conditional = protocol.activities.filter(({ when }) => when !== undefined);
  if (conditional.length === 0) return noneLeftOut;
  const view = viewOf(state);
  return new Set(conditional.filter((activity) => !isAsked(activity, view)).map(({ id }) => id));
}

/** Today's list: what belongs to today in the participant's zone, and what is still open from earlier days. */
export function dueToday(
  state: ParticipantState,
  calendar: Calendar,
  now: string,
  protocol?: ProtocolDocument,
): DueItem[] {
  const today = dateIn(calendar.timeZone, now).toString();
  const open: ReadonlySet<DueStatus> = new Set(['due', 'late', 'blocked']);
  return dueNow(state, calendar, now, protocol).filter(
    ({ occurrence, status }) => occurrence.date === today || (occurrence.date < today && open.has(status)),
  );
}

function standingOf(
  state: ParticipantState,
  occurrence: TimedOccurrence,
  nowMs: number,
  all: ReadonlyMap<string, TimedOccurrence>,
): Standing {
  const { id, kind, opensMs, closesMs, lateMs } = occurrence;
  const dose = state.doses[id];
  if (dose === 'taken' || Object.hasOwn(state.submissions, id)) return is('done');
  if (dose === 'missed') return is('missed');
  if (state.status !== 'randomised') return is('closed', 'ended');
  if (kind === 'dose' && state.dosingStopped) return is('closed', 'dosingStopped');
  if (nowMs > lateMs) return is('closed', 'window');
  if (nowMs < opensMs) return is('upcoming');
  return blockOf(state, occurrence, nowMs, all) ?? is(nowMs > closesMs ? 'late' : 'due');
}

function blockOf(
  state: ParticipantState,
  occurrence: TimedOccurrence,
  nowMs: number,
  all: ReadonlyMap<string, TimedOccurrence>,
): Standing | null {
  if (occurrence.kind === 'dose') {
    const [hold] = state.holds;
    if (hold !== undefined) return { status: 'blocked', cause: 'hold', reason: hold.participantMessage };
    return state.dispensed ? null : is('blocked', 'notDispensed');
  }
  return firstAwaited(state, occurrence, nowMs, all) === undefined ? null : is('blocked', 'after');
}

const words: Readonly<Record<Exclude<DueCause, 'hold'>, string | null>> = {
  window: null,
  ended: null,
  dosingStopped: 'Capsules have ended for you.',
  notDispensed: 'The study kit has not been handed over yet.',
  after: 'Other questions of this day come first.',
  notAsked: 'Not asked, as earlier answers stand.',
};

function is(status: DueStatus, cause: Exclude<DueCause, 'hold'> | null = null): Standing {
  return { status, cause, reason: cause === null ? null : words[cause] };
}

export type Adherence = {
  /** Capsules whose time has passed or that were recorded; what is neither taken nor missed was not recorded. */
  readonly dosesDue: number;
  readonly taken: number;
  /** Recorded as missed. */
  readonly missed: number;
  /** Required questionnaires and diaries whose time has passed or that were answered. */
  readonly answersDue: number;
  readonly answered: number;
  /** Of those answered: after their window. */
  readonly late: number;
};

/**
 * Counts up to `now`. The state does not say when dosing or participation ended, so afterwards only what was recorded
 * counts as due: leaving is never counted against a person.
 */
export function adherence(
  state: ParticipantState,
  calendar: Calendar,
  now: string,
  protocol: ProtocolDocument,
): Adherence {
  const activities = activitiesOf(protocol);
  const counts = { dosesDue: 0, taken: 0, missed: 0, answersDue: 0, answered: 0, late: 0 };
  for (const { occurrence, cause } of dueNow(state, calendar, now, protocol)) {
    const passed = cause === 'window';
    if (occurrence.kind === 'dose') {
      const outcome = state.doses[occurrence.id];
      if (outcome !== undefined) counts[outcome] += 1;
      if (outcome !== undefined || passed) counts.dosesDue += 1;
    } else if (activities.get(occurrence.activityId)?.required === true) {
      const submission = state.submissions[occurrence.id];
      if (submission !== undefined) counts.answered += 1;
      if (submission !== undefined && submission.timing !== 'onTime') counts.late += 1;
      if (submission !== undefined || passed) counts.answersDue += 1;
    }
  }
  return counts;
}

export type StatusSummary = {
  readonly status: ParticipantStatus;
  readonly onHold: boolean;
  /** Neutral words for the participant; the newest open hold's. */
  readonly holdMessage: string | null;
  readonly openHolds: readonly { readonly holdId: string; readonly rule: string }[];
  readonly dosingStopped: boolean;
  readonly dispensed: boolean;
  readonly dosesTaken: number;
  readonly dosesMissed: number;
  readonly answered: number;
  readonly answeredLate: number;
  readonly ongoingAdverseEvents: number;
};

export function statusSummary(state: ParticipantState): StatusSummary {
  const doses = Object.values(state.doses);
  const submissions = Object.values(state.submissions);
  const dosesTaken = doses.filter((outcome) => outcome === 'taken').length;
  return {
    status: state.status,
    onHold: state.holds.length > 0,
    holdMessage: state.holds.at(-1)?.participantMessage ?? null,
    openHolds: state.holds.map(({ holdId, rule }) => ({ holdId, rule })),
    dosingStopped: state.dosingStopped,
    dispensed: state.dispensed,
    dosesTaken,
    dosesMissed: doses.length - dosesTaken,
    answered: submissions.length,
    answeredLate: submissions.filter(({ timing }) => timing !== 'onTime').length,
    ongoingAdverseEvents: state.adverseEvents.filter(({ ongoing }) => ongoing).length,
  };
}
