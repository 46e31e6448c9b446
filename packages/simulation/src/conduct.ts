/** Drives the pure core: one virtual participant from invitation to the end of the calendar, event by event. */
import {
  type Command,
  decide,
  type Event,
  evolve,
  initialState,
  invite,
  keptEntry,
  type ParticipantState,
} from '@limen/conduct';
import { compileCalendar, nextStartDate, type ProtocolDocument } from '@limen/protocol';
import type { Random } from '@limen/statistics';
import { consentAnswers, screeningAnswers } from './answers.ts';
import type { Content, Person } from './person.ts';
import { scriptParticipant } from './script.ts';
import type { Settings } from './settings.ts';

export type RecordedEvent = { readonly seq: number; readonly recordedAt: string; readonly event: Event };

export type ConductedParticipant = {
  readonly state: ParticipantState;
  readonly events: readonly RecordedEvent[];
  readonly refused: Readonly<Record<string, number>>;
};

type Given = {
  readonly protocol: ProtocolDocument;
  readonly person: Person;
  readonly participantId: string;
  readonly siteId: string;
  readonly timeZone: string;
  /** The instant of screening; the study starts on the next day the protocol allows. */
  readonly screenedAt: string;
  readonly contents: (doses: number) => readonly Content[];
  readonly settings: Settings;
  readonly random: Random;
};

const dayMs = 86_400_000;
const reviewAfterMs = 2 * dayMs;

/** Entries sent again are left to the server: the core sees every command once. */
export function conductParticipant(given: Given): ConductedParticipant {
  const { protocol, person, random } = given;
  const events: RecordedEvent[] = [];
  const refused: Record<string, number> = {};
  let state = initialState({ studyId: protocol.id, participantId: given.participantId });
  let made = 0;
  const record = (now: string, happened: readonly Event[]) => {
    for (const event of happened) {
      state = evolve(state, event);
      events.push({ seq: state.seq, recordedAt: now, event });
    }
  };
  const startDate = nextStartDate(
    protocol,
    Temporal.Instant.from(given.screenedAt)
      .toZonedDateTimeISO(given.timeZone)
      .toPlainDate()
      .add({ days: 1 })
      .toString(),
  );
  const calendar = compileCalendar(protocol, { startDate, timeZone: given.timeZone, drawSeed: given.participantId });
  const act = (now: string, role: 'participant' | 'investigator' | 'pharmacist', command: Command) => {
    const context = {
      protocol,
      calendar: state.startDate === null ? null : calendar,
      now,
      actor: { id: role === 'participant' ? given.participantId : role, role },
      newId: (kind: string) => {
        made += 1;
        return `${kind}-${given.participantId}-${made}`;
      },
      studyLocked: false,
      kit: `KIT-${given.participantId}`,
    } as const;
    const decision = decide(state, command, context);
    if (decision.ok) record(now, decision.events);
    else {
      refused[decision.problem.code] = (refused[decision.problem.code] ?? 0) + 1;
      if (decision.keep) record(now, keptEntry(command, decision.problem, context, state));
    }
    return decision.ok;
  };
  const id = (name: string) => `virtual-${given.participantId}-${name}`.padEnd(16, '-');

  record(given.screenedAt, [invite({ siteId: given.siteId, timeZone: given.timeZone })]);
  act(given.screenedAt, 'participant', {
    type: 'screen',
    commandId: id('screen'),
    ...screeningAnswers(protocol, person, random),
  });
  const consented = act(given.screenedAt, 'participant', {
    type: 'consent',
    commandId: id('consent'),
    ...consentAnswers(protocol),
  });
  if (!consented) return { state, events, refused };
  act(given.screenedAt, 'investigator', {
    type: 'confirmEligibility',
    commandId: id('confirm'),
    reason: 'All criteria reviewed',
  });
  act(given.screenedAt, 'investigator', { type: 'randomise', commandId: id('randomise'), startDate });
  if (state.kit !== null)
    act(given.screenedAt, 'pharmacist', { type: 'dispense', commandId: id('dispense'), kit: state.kit });

  const doses = calendar.occurrences.filter((occurrence) => occurrence.kind === 'dose').length;
  const { acts } = scriptParticipant({ ...given, calendar, contents: given.contents(doses) });
  let heldSince: string | null = null;
  for (const { command, deliverAt } of acts) {
    if (state.holds.length === 0) heldSince = null;
    else heldSince ??= deliverAt;
    if (heldSince !== null && Date.parse(deliverAt) - Date.parse(heldSince) >= reviewAfterMs) {
      for (const { holdId } of state.holds) {
        act(deliverAt, 'investigator', {
          type: 'resume',
          commandId: id(`resume-${holdId}`),
          holdId,
          reason: 'Reviewed with the participant',
        });
      }
      heldSince = null;
    }
    act(deliverAt, 'participant', command);
  }
  const last = Math.max(
    Date.parse(given.screenedAt),
    ...calendar.occurrences.map((occurrence) => Date.parse(occurrence.lateUntil)),
  );
  const end = new Date(last + dayMs).toISOString();
  act(end, 'investigator', { type: 'complete', commandId: id('complete') });
  return { state, events, refused };
}
