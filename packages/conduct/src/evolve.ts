/** What has happened, applied to what is known. No rule is checked here: events are facts. */
import type { Event, EventOf, Scores } from './event.ts';
import { withKit } from './kits.ts';
import { ownRules } from './own-rules.ts';
import type { AdverseEventState, ParticipantState } from './state.ts';

export type Invitation = { readonly siteId: string; readonly timeZone: string };

/** The first event of every participant. */
export function invite({ siteId, timeZone }: Invitation): EventOf<'participant.invited'> {
  return { type: 'participant.invited', siteId, timeZone };
}

export function initialState(ids: { readonly studyId: string; readonly participantId: string }): ParticipantState {
  return {
    studyId: ids.studyId,
    participantId: ids.participantId,
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
    doseTimes: {},
    lastDoseAt: null,
    submissions: {},
    baseline: {},
    latest: {},
    scoredBy: {},
    adverseEvents: [],
    holds: [],
    clockSuspect: false,
  };
}

/** `fold(initialState(ids), events)` is the state after them. */
export function fold(from: ParticipantState, events: Iterable<Event>): ParticipantState {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
}

export function evolve(state: ParticipantState, event: Event): ParticipantState {
  return { ...state, ...changes(state, event), seq: state.seq + 1 };
}

type Changes = Partial<ParticipantState>;

function changes(state: ParticipantState, event: Event): Changes {
  switch (event.type) {
    case 'participant.invited':
      return { siteId: event.siteId, timeZone: event.timeZone };
    case 'participant.screened':
      return {
        status: event.result === 'ineligible' ? 'ineligible' : 'screened',
        screening: { result: event.result, answers: event.answers },
        eligibilityConfirmed: false,
      };
    case 'participant.consented':
      return {
        status: statusAfterConsent(state),
        consent: { version: event.version, choices: event.choices },
        ...versionConsented(state, event),
      };
    case 'participant.eligibilityConfirmed':
      return { status: state.consent === null ? state.status : 'eligible', eligibilityConfirmed: true };
    case 'participant.randomised':
      return {
        status: 'randomised',
        kit: event.kit,
        startDate: event.startDate,
        protocolVersion: event.protocolVersion,
      };
    case 'packing.planned':
    case 'packing.recorded':
    case 'packing.packerDeclared':
    case 'envelope.opened':
    case 'leftovers.checked':
      return packed(state, event);
    case 'kit.dispensed':
      return state.kits === undefined
        ? { dispensed: true }
        : { dispensed: true, kit: event.kit, kits: withKit(state, event.kit, 'dispensed') };
    case 'kit.returned':
      return { kits: withKit(state, event.kit, 'returned') };
    case 'kit.lost':
      return { kits: withKit(state, event.kit, event.cause) };
    case 'kit.assigned':
      return { kits: withKit(state, event.kit, 'assigned') };
    case 'dose.taken':
      return doseTaken(state, event);
    case 'dose.missed':
      return { doses: { ...state.doses, [event.occurrence]: 'missed' } };
    case 'answers.submitted':
      return submitted(state, event);
    case 'adverseEvent.reported':
      return { adverseEvents: [...state.adverseEvents, reported(event)] };
    case 'adverseEvent.assessed':
      return { adverseEvents: state.adverseEvents.map((known) => assessed(known, event)) };
    case 'dosing.held': {
      const { holdId, rule, participantMessage } = event;
      return { holds: [...state.holds, { holdId, rule, participantMessage }] };
    }
    case 'dosing.resumed':
      return { holds: state.holds.filter(({ holdId }) => holdId !== event.holdId) };
    case 'code.broken':
      return {
        unblinded: true,
        codeBreaks: [...(state.codeBreaks ?? []), { at: event.at, kind: event.kind, reported: false }],
      };
    case 'unblinding.reported':
      return event.channel === 'codeBreak' ? oldestReported(state) : { unblinded: true };
    case 'dosing.stopped':
      return { dosingStopped: true, stopMessage: event.participantMessage };
    case 'participant.withdrawn':
      return withdrawn(event);
    case 'participant.completed':
      return { status: 'completed' };
    case 'answer.corrected':
      return rescored(state, event);
    case 'signal.raised':
      return event.rule === ownRules.clock ? { clockSuspect: true } : {};
    case 'kit.unitsRecorded':
    case 'wearable.recorded':
    case 'entry.kept':
      return {};
    default:
      return event satisfies never;
  }
}

type PackingEvent = EventOf<
  'packing.planned' | 'packing.recorded' | 'packing.packerDeclared' | 'envelope.opened' | 'leftovers.checked'
>;

function packed({ packing }: ParticipantState, event: PackingEvent): Changes {
  if (event.type === 'packing.planned') {
    const { mode, weeks, leftovers } = event;
    const nothing = { done: [], sealCode: null, opened: [], leftoversChecked: false, packers: [] };
    return { packing: { mode, weeks, leftovers, ...nothing } };
  }
  if (packing === undefined) return {};
  switch (event.type) {
    case 'packing.recorded': {
      const { step, sealCode } = event;
      const done = packing.done.includes(step) ? packing.done : [...packing.done, step];
      return { packing: { ...packing, done, sealCode: sealCode ?? packing.sealCode } };
    }
    case 'packing.packerDeclared':
      return { packing: { ...packing, packers: [...packing.packers, event.accountId] } };
    case 'envelope.opened': {
      const { week, envelope } = event;
      return { packing: { ...packing, opened: [...packing.opened, { week, envelope }] } };
    }
    case 'leftovers.checked':
      return { packing: { ...packing, leftoversChecked: true } };
    default:
      return event satisfies never;
  }
}

function oldestReported({ codeBreaks = [] }: ParticipantState): Changes {
  const open = codeBreaks.findIndex(({ reported }) => !reported);
  return { codeBreaks: codeBreaks.map((one, index) => (index === open ? { ...one, reported: true } : one)) };
}

/** Consent to a newer version changes nothing of what has been reached. */
function statusAfterConsent(state: ParticipantState): ParticipantState['status'] {
  if (state.consent !== null) return state.status;
  return state.eligibilityConfirmed ? 'eligible' : 'consented';
}

function versionConsented(state: ParticipantState, event: EventOf<'participant.consented'>): Changes {
  const { protocolVersion, effectiveFrom = null } = event;
  if (protocolVersion === undefined) return {};
  return { versions: [...(state.versions ?? []), { protocolVersion, fromDate: effectiveFrom }] };
}

function doseTaken(state: ParticipantState, { occurrence, takenAt }: EventOf<'dose.taken'>): Changes {
  const later = state.lastDoseAt === null || Date.parse(takenAt) > Date.parse(state.lastDoseAt);
  return {
    doses: { ...state.doses, [occurrence]: 'taken' },
    doseTimes: { ...state.doseTimes, [occurrence]: takenAt },
    lastDoseAt: later ? takenAt : state.lastDoseAt,
  };
}

function submitted(state: ParticipantState, event: EventOf<'answers.submitted'>): Changes {
  const { submissionId, instrument, instrumentVersion, occurrence, timing, scores } = event;
  const submissions: ParticipantState['submissions'] = {
    ...state.submissions,
    [occurrence]: { submissionId, instrument, instrumentVersion, timing },
  };
  const known = state.scoredBy[instrument];
  const first = known === undefined || isBefore(occurrence, known.first);
  const latest = known === undefined || isBefore(known.latest, occurrence);
  if (!first && !latest) return { submissions };
  return {
    submissions,
    ...scored(state, instrument, scores, { first, latest }),
    scoredBy: {
      ...state.scoredBy,
      [instrument]: { first: first ? occurrence : known.first, latest: latest ? occurrence : known.latest },
    },
  };
}

function rescored(state: ParticipantState, { occurrence, scores }: EventOf<'answer.corrected'>): Changes {
  const instrument = state.submissions[occurrence]?.instrument;
  const known = instrument === undefined ? undefined : state.scoredBy[instrument];
  if (instrument === undefined || known === undefined) return {};
  return scored(state, instrument, scores, { first: known.first === occurrence, latest: known.latest === occurrence });
}

function scored(
  state: ParticipantState,
  instrument: string,
  scores: Scores,
  is: { readonly first: boolean; readonly latest: boolean },
): Changes {
  return {
    ...(is.first ? { baseline: { ...state.baseline, [instrument]: scores } } : null),
    ...(is.latest ? { latest: { ...state.latest, [instrument]: scores } } : null),
  };
}

/** By study day, then by name, so that every order of arrival gives the same state. */
function isBefore(a: string, b: string): boolean {
  const days = studyDayOf(a) - studyDayOf(b);
  return days === 0 ? a < b : days < 0;
}

function studyDayOf(occurrence: string): number {
  return Number(occurrence.slice(occurrence.lastIndexOf('@') + 1));
}

function reported(event: EventOf<'adverseEvent.reported'>): AdverseEventState {
  const { adverseEventId, term, onset, grade, serious, ongoing } = event;
  return { adverseEventId, term, onset, grade, serious, ongoing };
}

function assessed(known: AdverseEventState, event: EventOf<'adverseEvent.assessed'>): AdverseEventState {
  if (known.adverseEventId !== event.adverseEventId) return known;
  const ongoing = event.outcome === 'unknown' ? known.ongoing : event.outcome === 'ongoing';
  return { ...known, grade: event.grade, serious: event.serious, ongoing };
}

function withdrawn({ scope }: EventOf<'participant.withdrawn'>): Changes {
  switch (scope) {
    case 'study':
      return { status: 'withdrawn', dosingStopped: true };
    case 'dosing':
      return { dosingStopped: true };
    case 'futureUse':
      return { futureUseRefused: true };
    default:
      return scope satisfies never;
  }
}
