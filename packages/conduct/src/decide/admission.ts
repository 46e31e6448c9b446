/** From invitation to eligibility: screening, consent, the investigator's signature. */

import { findInstrument, type Instrument, scoreInstrument } from '@limen/instruments';
import { type ConsentVersion, eligibility, newestConsent } from '@limen/protocol';
import { problemWithAnswers } from '../answers.ts';
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import type { Event } from '../event.ts';
import { dateIn, momentOf } from '../moment.ts';
import { ownRules } from '../own-rules.ts';
import { type Fault, type Problem, problem } from '../problems.ts';
import { signalOf } from '../safety.ts';
import type { ParticipantState } from '../state.ts';

/**
 * Screening may be repeated until consent. Who was found ineligible is not asked again by the app: trying answers until
 * they pass is no screening; the team may go through the questions with the person.
 */
export function decideScreening(
  state: ParticipantState,
  command: CommandOf<'screen'>,
  context: DecisionContext,
): Verdict {
  const { newest: protocol = context.protocol, now, actor } = context;
  const selfAgain = state.screening?.result === 'ineligible' && actor.role === 'participant';
  if (state.consent !== null || selfAgain) return problem('already_screened');
  const instrument = findInstrument(protocol.population.screeningInstrument);
  if (instrument?.version !== command.instrumentVersion) {
    return problem('instrument_mismatch', {
      instrument: nameOf(instrument, protocol.population.screeningInstrument),
    });
  }
  const invalid = problemWithAnswers(instrument, command.answers);
  if (invalid !== null) return invalid;
  const { answers, medications } = command;
  const on = dateIn(state.timeZone, now).toString();
  const { result, decisions } = eligibility(protocol, { answers, medications, on });
  const { when } = momentOf({ now, device: command.device, startDate: null });
  const screened: Event = {
    type: 'participant.screened',
    instrument: instrument.id,
    instrumentVersion: instrument.version,
    answers: command.answers,
    medications: command.medications,
    result,
    decisions,
    ...when,
  };
  return [screened, ...alarm(context, scoreInstrument(instrument, command.answers).flags)];
}

const nameOf = (instrument: Instrument | undefined, id: string): string =>
  instrument === undefined ? id : `${id} ${instrument.version}`;

/** Eligible or not, somebody who thinks of suicide is called. */
function alarm(context: DecisionContext, flags: readonly string[]): Event[] {
  if (!flags.includes('suicidality')) return [];
  const message = 'Screening answers point to thoughts of ending one’s life. Call the person today.';
  return [signalOf(context, ownRules.suicidality, 'urgent', 'screening', message)];
}

export function decideConsent(
  state: ParticipantState,
  command: CommandOf<'consent'>,
  context: DecisionContext,
): Verdict {
  const protocol = context.newest ?? context.protocol;
  const form = newestConsent(protocol);
  const against =
    againstConsent(state, command.version) ??
    (form.version === command.version ? null : problem('consent_version_outdated', { newest: form.version })) ??
    problemWithChoices(form, command.choices) ??
    problemWithComprehension(form, command.comprehension);
  if (against !== null) return against;
  const { version, choices, signature } = command;
  const attempts = attemptsAt(form, command.attempts);
  const { when } = momentOf({ now: context.now, device: command.device, startDate: state.startDate });
  const effectiveFrom =
    state.startDate === null ? null : dateIn(state.timeZone, context.now).add({ days: 1 }).toString();
  const counts = { protocolVersion: protocol.version, effectiveFrom };
  return [{ type: 'participant.consented', version, choices, signature, ...attempts, ...counts, ...when }];
}

/** Of the questions that the form asks, and of no other. */
function attemptsAt(form: ConsentVersion, counted: CommandOf<'consent'>['attempts']) {
  if (counted === undefined) return {};
  const asked = form.comprehension.flatMap(({ id }) => (Object.hasOwn(counted, id) ? [[id, counted[id] ?? 1]] : []));
  return { attempts: Object.fromEntries(asked) as Readonly<Record<string, number>> };
}

function againstConsent(state: ParticipantState, version: string): Problem | null {
  if (state.screening === null) return problem('not_screened');
  if (state.screening.result === 'ineligible') return problem('not_eligible');
  if (state.screening.result === 'unknown' && !state.eligibilityConfirmed) return problem('eligibility_unknown');
  return state.consent?.version === version ? problem('already_consented') : null;
}

function problemWithChoices(form: ConsentVersion, choices: Readonly<Record<string, boolean>>): Problem | null {
  const offered = new Set(form.choices.map(({ id }) => id));
  const unknown = Object.keys(choices).find((id) => !offered.has(id));
  if (unknown !== undefined) return { ...problem('answer_invalid', { item: unknown }), path: `choices.${unknown}` };
  const needed = form.choices.filter(({ id, required }) => required && !(Object.hasOwn(choices, id) && choices[id]));
  const [first] = needed;
  if (first === undefined) return null;
  const against = problem('consent_choice_required');
  const parts = needed.map(({ id }) => ({ path: `choices.${id}`, code: against.code, detail: against.detail }));
  return { ...against, path: `choices.${first.id}`, problems: parts };
}

/** Wrong answers come back with the explanation, and may be tried again. */
function problemWithComprehension(form: ConsentVersion, given: Readonly<Record<string, number>>): Problem | null {
  const wrong = form.comprehension
    .filter(({ id, correct }) => !Object.hasOwn(given, id) || given[id] !== correct)
    .map(
      ({ id, explanation }): Fault => ({
        path: `comprehension.${id}`,
        code: 'comprehension_not_passed',
        detail: explanation,
      }),
    );
  const [first] = wrong;
  if (first === undefined) return null;
  return { ...problem('comprehension_not_passed'), path: first.path, problems: wrong };
}

/**
 * The investigator signs after consent. Where the rules leave eligibility open, the signature decides it, and may come
 * before consent.
 */
export function decideConfirmation(
  state: ParticipantState,
  command: CommandOf<'confirmEligibility'>,
  { actor }: DecisionContext,
): Verdict {
  if (actor.role !== 'investigator') return problem('role_not_allowed', { role: 'investigator' });
  if (state.screening === null) return problem('not_screened');
  if (state.screening.result === 'ineligible') return problem('not_eligible');
  if (state.eligibilityConfirmed) return problem('already_confirmed');
  if (state.screening.result === 'eligible' && state.consent === null) return problem('not_consented');
  return [{ type: 'participant.eligibilityConfirmed', reason: command.reason }];
}
