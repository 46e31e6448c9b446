/** Randomisation. The allocation is not known here: a kit is a label and nothing else. */
import { newestConsent, type Weekday, weekdays } from '@limen/protocol';
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import { dateIn } from '../moment.ts';
import { type Problem, problem } from '../problems.ts';
import type { ParticipantState } from '../state.ts';

export const startLimits = { daysBack: 7, daysAhead: 366 } as const;

export function decideRandomisation(
  state: ParticipantState,
  { startDate }: CommandOf<'randomise'>,
  context: DecisionContext,
): Verdict {
  const against =
    againstRandomisation(state) ?? againstOldConsent(context) ?? problemWithStart(state, startDate, context);
  if (against !== null) return against;
  if (context.kit === undefined || context.kit === null) return problem('kit_missing');
  const protocolVersion = context.protocol.version;
  return [{ type: 'participant.randomised', kit: context.kit, startDate, protocolVersion }];
}

function againstRandomisation(state: ParticipantState): Problem | null {
  if (state.status === 'randomised') return problem('already_randomised');
  if (state.screening === null) return problem('not_screened');
  if (state.screening.result === 'ineligible') return problem('not_eligible');
  if (state.consent === null) return problem('not_consented');
  if (!state.eligibilityConfirmed) return problem('eligibility_not_confirmed');
  if (state.dosingStopped) return problem('dosing_stopped');
  return state.holds.length > 0 ? problem('dosing_on_hold') : null;
}

/** Nobody begins on a version that has been replaced. */
function againstOldConsent(context: DecisionContext): Problem | null {
  if (context.reconsentDue !== true) return null;
  return problem('consent_version_outdated', { newest: newestConsent(context.newest ?? context.protocol).version });
}

function problemWithStart(state: ParticipantState, startDate: string, context: DecisionContext): Problem | null {
  const today = dateIn(state.timeZone, context.now);
  const earliest = today.subtract({ days: startLimits.daysBack }).toString();
  const latest = today.add({ days: startLimits.daysAhead }).toString();
  const weekday = context.protocol.startsOn ?? null;
  const start = dateOf(startDate);
  const fits = weekday === null || (start !== null && weekdays[start.dayOfWeek - 1] === weekday);
  if (start !== null && fits && earliest <= startDate && startDate <= latest) return null;
  const params = { earliest, latest, weekday: weekday === null ? null : weekdayNames[weekday] };
  return { ...problem('start_date_invalid', params), path: 'startDate' };
}

const weekdayNames: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

function dateOf(text: string): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return null;
  }
}
