/** One event onto a state. Pure and cheap: called once per event, on writing and on replay. */
import type { Event } from './event.ts';
import type { AdverseEventState, ParticipantState } from './state.ts';

export function initialState(of: { studyId: string; participantId: string }): ParticipantState {
  return {
    ...of,
    seq: 0,
    status: 'invited',
    siteId: '',
    timeZone: 'UTC',
    protocolVersion: null,
    screening: null,
    consent: null,
    eligibilityConfirmed: false,
    kit: null,
    dispensed: false,
    startDate: null,
    dosingStopped: false,
    futureUseRefused: false,
    doses: {},
    lastDoseAt: null,
    submissions: {},
    baseline: {},
    latest: {},
    adverseEvents: [],
    holds: [],
  };
}

export function fold(start: ParticipantState, events: Iterable<Event>): ParticipantState {
  let state = start;
  for (const event of events) state = evolve(state, event);
  return state;
}

export function evolve(before: ParticipantState, event: Event): ParticipantState {
  return { ...before, ...changeOf(before, event), seq: before.seq + 1 };
}

function changeOf(state: ParticipantState, event: Event): Partial<ParticipantState> {
  switch (event.type) {
    case 'participant.invited':
      return { siteId: event.siteId, timeZone: event.timeZone };
    case 'participant.screened':
      return {
        status: event.result === 'ineligible' ? 'ineligible' : 'screened',
        screening: { result: event.result, answers: event.answers },
      };
    case 'participant.consented':
      return {
        status: state.status === 'screened' ? 'consented' : state.status,
        consent: { version: event.version, choices: event.choices },
      };
    case 'participant.eligibilityConfirmed':
      return { status: 'eligible', eligibilityConfirmed: true };
    case 'participant.randomised':
      return {
        status: 'randomised',
        kit: event.kit,
        startDate: event.startDate,
        protocolVersion: event.protocolVersion,
      };
    case 'kit.dispensed':
      return { dispensed: true };
    case 'dose.taken':
      return {
        doses: { ...state.doses, [event.occurrence]: 'taken' },
        lastDoseAt: later(state.lastDoseAt, event.takenAt),
      };
    case 'dose.missed':
      return { doses: { ...state.doses, [event.occurrence]: 'missed' } };
    case 'answers.submitted':
      return {
        submissions: {
          ...state.submissions,
          [event.occurrence]: {
            submissionId: event.submissionId,
            instrument: event.instrument,
            instrumentVersion: event.instrumentVersion,
            timing: event.timing,
            seq: state.seq + 1,
          },
        },
        baseline:
          event.instrument in state.baseline ? state.baseline : { ...state.baseline, [event.instrument]: event.scores },
        latest: { ...state.latest, [event.instrument]: event.scores },
      };
    case 'answer.corrected':
      return correctedScores(state, event);
    case 'adverseEvent.reported':
      return { adverseEvents: [...state.adverseEvents, adverseEventOf(event)] };
    case 'adverseEvent.assessed':
      return {
        adverseEvents: state.adverseEvents.map((one) =>
          one.adverseEventId === event.adverseEventId
            ? { ...one, grade: event.grade, serious: event.serious, ongoing: event.outcome === 'ongoing' }
            : one,
        ),
      };
    case 'dosing.held':
      return {
        holds: [
          ...state.holds,
          { holdId: event.holdId, rule: event.rule, participantMessage: event.participantMessage },
        ],
      };
    case 'dosing.resumed':
      return { holds: state.holds.filter((hold) => hold.holdId !== event.holdId) };
    case 'participant.withdrawn':
      return withdrawal(event.scope);
    case 'participant.completed':
      return { status: 'completed' };
    case 'signal.raised':
    case 'entry.kept':
      return {};
  }
}

function later(one: string | null, other: string): string {
  return one !== null && Date.parse(one) > Date.parse(other) ? one : other;
}

function adverseEventOf(event: AdverseEventState): AdverseEventState {
  const { adverseEventId, term, onset, grade, serious, ongoing } = event;
  return { adverseEventId, term, onset, grade, serious, ongoing };
}

/** The latest scores follow a correction only where it was the latest submission of its instrument. */
function correctedScores(
  state: ParticipantState,
  event: Extract<Event, { type: 'answer.corrected' }>,
): Partial<ParticipantState> {
  const instrument = state.submissions[event.occurrence]?.instrument;
  if (instrument === undefined) return {};
  const own = Object.values(state.submissions)
    .filter((one) => one.instrument === instrument)
    .sort((a, b) => a.seq - b.seq);
  const change: { latest?: ParticipantState['latest']; baseline?: ParticipantState['baseline'] } = {};
  if (own.at(-1)?.submissionId === event.submissionId) change.latest = { ...state.latest, [instrument]: event.scores };
  if (own[0]?.submissionId === event.submissionId) change.baseline = { ...state.baseline, [instrument]: event.scores };
  return change;
}

function withdrawal(scope: 'dosing' | 'study' | 'futureUse'): Partial<ParticipantState> {
  switch (scope) {
    case 'dosing':
      return { dosingStopped: true };
    case 'futureUse':
      return { futureUseRefused: true };
    case 'study':
      return { status: 'withdrawn', dosingStopped: true };
  }
}
