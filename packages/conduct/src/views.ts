/** What follows from state, calendar and time: what is due, and how complete the record is. */
import type { Calendar, Occurrence, ProtocolDocument } from '@limen/protocol';
import type { ParticipantState } from './state.ts';

export type DueStatus = 'upcoming' | 'due' | 'late' | 'done' | 'missed' | 'closed' | 'blocked';

export type DueItem = {
  readonly occurrence: Occurrence;
  readonly status: DueStatus;
  /** Why it is blocked, in words for the participant. */
  readonly reason: string | null;
};

/** Everything of the calendar with its status now, in calendar order. */
export function dueNow(state: ParticipantState, calendar: Calendar, now: string): DueItem[] {
  const at = Date.parse(now);
  const over = state.status === 'withdrawn' || state.status === 'completed';
  return calendar.occurrences.map((occurrence) => {
    const done = doneStatus(state, occurrence);
    if (done) return { occurrence, status: done, reason: null };
    if (over) return { occurrence, status: 'closed', reason: null };
    if (at < Date.parse(occurrence.opensAt)) return { occurrence, status: 'upcoming', reason: null };
    const blocked = blockedBecause(state, occurrence);
    if (at > Date.parse(occurrence.lateUntil)) return { occurrence, status: 'closed', reason: null };
    if (blocked) return { occurrence, status: 'blocked', reason: blocked };
    return { occurrence, status: at > Date.parse(occurrence.closesAt) ? 'late' : 'due', reason: null };
  });
}

function doneStatus(state: ParticipantState, occurrence: Occurrence): 'done' | 'missed' | null {
  if (occurrence.kind === 'activity') return state.submissions[occurrence.id] ? 'done' : null;
  const outcome = state.doses[occurrence.id];
  return outcome === 'taken' ? 'done' : outcome === 'missed' ? 'missed' : null;
}

function blockedBecause(state: ParticipantState, occurrence: Occurrence): string | null {
  if (occurrence.kind === 'dose') {
    const hold = state.holds[0];
    if (hold) return hold.participantMessage;
    if (state.dosingStopped) return 'You have stopped taking capsules in this study.';
    if (!state.dispensed) return 'Your kit has not been handed over yet.';
    return null;
  }
  const missing = occurrence.after.some((before) => !state.submissions[before]);
  return missing ? 'Something else of this day comes first.' : null;
}

export type Adherence = {
  readonly dosesDue: number;
  readonly taken: number;
  readonly missed: number;
  readonly answersDue: number;
  readonly answered: number;
  readonly late: number;
};

/** Counts up to now: what has closed is due, what was done early counts too. */
export function adherence(
  state: ParticipantState,
  calendar: Calendar,
  now: string,
  protocol: ProtocolDocument,
): Adherence {
  const at = Date.parse(now);
  const required = new Set(protocol.activities.filter((activity) => activity.required).map((activity) => activity.id));
  const count = { dosesDue: 0, taken: 0, missed: 0, answersDue: 0, answered: 0, late: 0 };
  for (const occurrence of calendar.occurrences) {
    const closed = Date.parse(occurrence.closesAt) < at;
    if (occurrence.kind === 'dose') {
      const outcome = state.doses[occurrence.id];
      if (closed || outcome) count.dosesDue += 1;
      if (outcome === 'taken') count.taken += 1;
      if (outcome === 'missed') count.missed += 1;
      continue;
    }
    const submission = state.submissions[occurrence.id];
    if (required.has(occurrence.activityId) && (closed || submission)) count.answersDue += 1;
    if (submission && required.has(occurrence.activityId)) count.answered += 1;
    if (submission && submission.timing !== 'onTime') count.late += 1;
  }
  return count;
}
