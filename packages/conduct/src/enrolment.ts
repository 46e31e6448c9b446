/** Screening, consent, confirmation, randomisation: in this order, each once. */
import { instrumentById, validateAnswers } from '@limen/instruments';
import { eligibility, nextStartDate } from '@limen/protocol';
import { answerFaults } from './answer-faults.ts';
import type { CommandOf } from './command.ts';
import { type DecisionContext, momentOf } from './context.ts';
import type { Event } from './event.ts';
import { type Problem, problem } from './problems.ts';
import type { ParticipantState } from './state.ts';
import { whenOf } from './when.ts';

const startWindowDays = { back: 7, ahead: 366 } as const;

/** Once; again only while the result is unknown and nothing was signed. */
export function screen(
  state: ParticipantState,
  command: CommandOf<'screen'>,
  context: DecisionContext,
): Event[] | Problem {
  if (state.screening && (state.screening.result !== 'unknown' || state.consent)) return problem('already_screened');
  const { protocol } = context;
  const instrument = instrumentById(protocol.population.screeningInstrument);
  if (command.instrumentVersion !== instrument.version)
    return problem('instrument_mismatch', { path: 'instrumentVersion' });
  const checked = validateAnswers(instrument, command.answers);
  if (!checked.ok) return answerFaults(checked.problems);
  const { result, decisions } = eligibility(protocol, { answers: command.answers, medications: command.medications });
  return [
    {
      type: 'participant.screened',
      instrument: instrument.id,
      instrumentVersion: instrument.version,
      answers: command.answers,
      medications: command.medications,
      result,
      decisions,
      ...whenOf(momentOf(command.device, context.now), command.device),
    },
  ];
}

export function consent(
  state: ParticipantState,
  command: CommandOf<'consent'>,
  context: DecisionContext,
): Event[] | Problem {
  if (!state.screening) return problem('not_screened');
  if (state.screening.result === 'ineligible') return problem('not_eligible');
  if (state.screening.result === 'unknown') return problem('eligibility_unknown');
  const versions = context.protocol.consent.filter((one) => one.language === context.protocol.language);
  const newest = (versions.length > 0 ? versions : context.protocol.consent).at(-1);
  if (!newest || command.version !== newest.version) return problem('consent_version_outdated', { path: 'version' });
  if (state.consent?.version === newest.version) return problem('already_consented');
  const refused = newest.choices.find((choice) => choice.required && command.choices[choice.id] !== true);
  if (refused) return problem('consent_choice_required', { path: `choices.${refused.id}` });
  const wrong = newest.comprehension.filter((question) => command.comprehension[question.id] !== question.correct);
  if (wrong.length > 0) {
    return problem('comprehension_not_passed', {
      problems: wrong.map((question) => ({
        path: `comprehension.${question.id}`,
        code: 'comprehension_not_passed',
        detail: question.explanation,
      })),
    });
  }
  return [
    {
      type: 'participant.consented',
      version: newest.version,
      choices: command.choices,
      signature: command.signature,
      ...whenOf(momentOf(command.device, context.now), command.device),
    },
  ];
}

export function confirmEligibility(
  state: ParticipantState,
  command: CommandOf<'confirmEligibility'>,
): Event[] | Problem {
  if (!state.screening) return problem('not_screened');
  if (!state.consent) return problem('not_consented');
  if (state.eligibilityConfirmed) return problem('already_confirmed');
  return [{ type: 'participant.eligibilityConfirmed', reason: command.reason }];
}

export function randomise(
  state: ParticipantState,
  command: CommandOf<'randomise'>,
  context: DecisionContext,
): Event[] | Problem {
  if (!state.consent) return problem('not_consented');
  if (!state.eligibilityConfirmed) return problem('eligibility_not_confirmed');
  if (state.kit !== null) return problem('already_randomised');
  if (!startDateFits(state, command.startDate, context)) return problem('start_date_invalid', { path: 'startDate' });
  if (context.kit === undefined) return problem('kit_missing');
  return [
    {
      type: 'participant.randomised',
      kit: context.kit,
      startDate: command.startDate,
      protocolVersion: context.protocol.version,
    },
  ];
}

function startDateFits(state: ParticipantState, startDate: string, { protocol, now }: DecisionContext): boolean {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(state.timeZone).toPlainDate();
  const start = Temporal.PlainDate.from(startDate);
  const ahead = today.until(start).days;
  if (ahead < -startWindowDays.back || ahead > startWindowDays.ahead) return false;
  return nextStartDate(protocol, startDate) === startDate;
}
