/**
 * From events to tables. The write path and the replay use these functions and no others, so that a table that differs
 * from its ledger can only have been changed by another hand.
 */
import { evolve, type ParticipantState } from '@limen/conduct';
import type { Head } from '@limen/ledger';
import type { FoldedRows } from '../data/append.ts';
import type { ParticipantTable } from '../data/schema.ts';
import type { ParticipantEvent } from './facts.ts';
import { versionPathOf } from './version-path.ts';

/** When a participant reached what the study counts. */
export type Milestones = {
  readonly invitedAt: string;
  readonly screenedAt: string | null;
  readonly consentedAt: string | null;
  readonly randomisedAt: string | null;
  readonly endedAt: string | null;
};

export type ParticipantRecord = {
  readonly state: ParticipantState;
  readonly milestones: Milestones;
  readonly head: Head;
  /** The entry up to which the stored state goes. */
  readonly stateSeq: number;
};

export type Recorded = { readonly eventId: string; readonly recordedAt: string; readonly actorId: string };

export function evolveState(state: ParticipantState, event: ParticipantEvent): ParticipantState {
  switch (event.type) {
    case 'signal.acknowledged':
    case 'personalCode.renewed':
    case 'entry.erased':
      return { ...state, seq: state.seq + 1 };
    default:
      return evolve(state, event);
  }
}

export function evolveMilestones(milestones: Milestones, event: ParticipantEvent, at: string): Milestones {
  switch (event.type) {
    case 'participant.screened':
      return { ...milestones, screenedAt: milestones.screenedAt ?? at };
    case 'participant.consented':
      return { ...milestones, consentedAt: milestones.consentedAt ?? at };
    case 'participant.randomised':
      return { ...milestones, randomisedAt: at };
    case 'participant.withdrawn':
      return event.scope === 'study' ? { ...milestones, endedAt: milestones.endedAt ?? at } : milestones;
    case 'participant.completed':
      return { ...milestones, endedAt: milestones.endedAt ?? at };
    default:
      return milestones;
  }
}

export function rowOf({ state, milestones, head }: ParticipantRecord): Omit<ParticipantTable, 'state' | 'state_seq'> {
  const doses = Object.values(state.doses);
  const submissions = Object.values(state.submissions);
  const taken = doses.reduce((n, outcome) => (outcome === 'taken' ? n + 1 : n), 0);
  return {
    study_id: state.studyId,
    participant_id: state.participantId,
    site_id: state.siteId,
    seq: head.seq,
    head_hash: head.hash,
    head_at: head.recordedAt ?? milestones.invitedAt,
    status: state.status,
    on_hold: state.holds.length > 0,
    dosing_stopped: state.dosingStopped,
    kit: state.kit,
    dispensed: state.dispensed,
    time_zone: state.timeZone,
    start_date: state.startDate,
    protocol_version: versionPathOf(state),
    consent_version: state.consent?.version ?? null,
    screening_result: state.screening?.result ?? null,
    eligibility_confirmed: state.eligibilityConfirmed,
    doses_taken: taken,
    doses_missed: doses.length - taken,
    answered: submissions.length,
    answered_late: submissions.reduce((n, { timing }) => (timing === 'onTime' ? n : n + 1), 0),
    invited_at: milestones.invitedAt,
    screened_at: milestones.screenedAt,
    consented_at: milestones.consentedAt,
    randomised_at: milestones.randomisedAt,
    ended_at: milestones.endedAt,
  };
}

/** The record of a participant: the stored state with the entries since then folded onto it. */
export function recordOf(row: ParticipantTable, tail: readonly ParticipantEvent[]): ParticipantRecord {
  return {
    state: tail.reduce(evolveState, JSON.parse(row.state) as ParticipantState),
    stateSeq: row.state_seq,
    milestones: {
      invitedAt: row.invited_at,
      screenedAt: row.screened_at,
      consentedAt: row.consented_at,
      randomisedAt: row.randomised_at,
      endedAt: row.ended_at,
    },
    head: {
      studyId: row.study_id,
      stream: row.participant_id,
      seq: row.seq,
      hash: row.head_hash,
      recordedAt: row.head_at,
    },
  };
}

type Change = readonly [table: string, row: Record<string, unknown>];

/** Rows of the folded tables that one event adds or changes. */
export function changesOf(
  state: ParticipantState,
  event: ParticipantEvent,
  recorded: Recorded,
  guessActivity: string | undefined,
): readonly Change[] {
  const { eventId, recordedAt, actorId } = recorded;
  const person = { study_id: state.studyId, participant_id: state.participantId };
  const sited = { ...person, site_id: state.siteId };
  switch (event.type) {
    case 'answers.submitted': {
      const place = { ...person, submission_id: event.submissionId };
      const studyDay = studyDayOf(event.occurrence);
      const submission = {
        ...place,
        occurrence: event.occurrence,
        activity: event.activity,
        study_day: studyDay,
        instrument: event.instrument,
        instrument_version: event.instrumentVersion,
        timing: event.timing,
        recorded_at: recordedAt,
        answers: event.answers,
        scores: event.scores,
      };
      if (event.activity !== guessActivity) return [['submission', submission]];
      const { guess, confidence } = event.answers;
      const guessed = {
        ...place,
        site_id: state.siteId,
        week: weekOf(studyDay),
        guess: typeof guess === 'string' ? guess : null,
        confidence: typeof confidence === 'number' ? confidence : null,
      };
      return [
        ['submission', submission],
        ['guess', guessed],
      ];
    }
    case 'answer.corrected': {
      const place = { ...person, submission_id: event.submissionId };
      const submission = { ...place, answers: { [event.item]: event.to }, scores: event.scores };
      const guessed = {
        ...place,
        item: event.item,
        guess: typeof event.to === 'string' ? event.to : null,
        confidence: typeof event.to === 'number' ? event.to : null,
      };
      const isGuess = event.occurrence.split('@')[0] === guessActivity;
      const changed: Change = ['submission_changes', submission];
      return isGuess ? [changed, ['guess_changes', guessed]] : [changed];
    }
    case 'dose.taken':
    case 'dose.missed': {
      const taken = event.type === 'dose.taken';
      const dose = {
        ...person,
        occurrence: event.occurrence,
        study_day: studyDayOf(event.occurrence),
        outcome: taken ? 'taken' : 'missed',
        taken_at: taken ? event.takenAt : null,
        timing: taken ? event.timing : null,
        reason: taken ? null : event.reason,
        recorded_at: recordedAt,
      };
      return [['dose', dose]];
    }
    case 'participant.randomised':
    case 'kit.assigned':
      return [['kit', { ...sited, kit: event.kit, status: 'assigned', units_returned: null, changed_at: recordedAt }]];
    case 'kit.dispensed':
    case 'kit.returned':
    case 'kit.lost': {
      const status = event.type === 'kit.lost' ? event.cause : event.type.slice('kit.'.length);
      const units = event.type === 'kit.returned' ? { units_returned: event.units } : {};
      return [['kit_changes', { ...person, kit: event.kit, status, changed_at: recordedAt, ...units }]];
    }
    case 'signal.raised': {
      const { signalId, rule, severity, about, message } = event;
      const signal = { ...sited, signal_id: signalId, rule, severity, about, message, raised_at: recordedAt };
      return [['signal', { ...signal, acknowledged_at: null, acknowledged_by: null, disposition: null }]];
    }
    case 'signal.acknowledged': {
      const acknowledged = { acknowledged_at: recordedAt, acknowledged_by: actorId, disposition: event.disposition };
      return [['signal_changes', { ...person, signal_id: event.signalId, ...acknowledged }]];
    }
    case 'adverseEvent.reported': {
      const { adverseEventId, term, onset, grade, serious, ongoing } = event;
      const reported = { ...sited, adverse_event_id: adverseEventId, term, onset, grade, serious, ongoing };
      const unassessed = { relatedness: null, outcome: null, reported_at: recordedAt, note: event.note ?? null };
      return [['adverse_event', { ...reported, ...unassessed }]];
    }
    case 'adverseEvent.assessed': {
      const { adverseEventId, grade, serious, relatedness, outcome } = event;
      const ongoing = outcome === 'ongoing';
      const assessed = { adverse_event_id: adverseEventId, grade, serious, ongoing, relatedness, outcome };
      return [['adverse_event_changes', { ...person, ...assessed }]];
    }
    case 'entry.kept': {
      const { command, code, content } = event;
      return [['kept_entry', { ...sited, event_id: eventId, recorded_at: recordedAt, command, code, content }]];
    }
    default:
      return [];
  }
}

/** Changes grouped by table, as the write path takes them; null where there is nothing to move. */
export function groupRows(changes: readonly Change[]): FoldedRows | null {
  if (changes.length === 0) return null;
  const grouped: Record<string, object[]> = {};
  for (const [table, row] of changes) {
    const rows = grouped[table];
    if (rows === undefined) grouped[table] = [row];
    else rows.push(row);
  }
  return grouped;
}

/** The study day of an occurrence such as `dose@12`. */
export function studyDayOf(occurrence: string): number {
  return Number(occurrence.slice(occurrence.indexOf('@') + 1));
}

function weekOf(studyDay: number): number {
  return Math.floor((studyDay - 1) / 7) + 1;
}
