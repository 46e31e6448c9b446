/**
 * Everything the conduct of a study can refuse, with its HTTP status and a sentence a person can act on. No sentence
 * depends on an arm, gives a rule away that decides on eligibility, or asks anyone to take more than one capsule.
 *
 * `keep`: what a participant entered is not thrown away; see `keptEntry`.
 */
type Occurrence = { occurrence: string };
type Opening = { opensAt: string };

const team = 'The study team sees it.';
const noCapsule = 'Please take no capsule now and speak with the study team.';

export const problems = {
  unknown_participant: {
    status: 404,
    title: 'Unknown participant',
    keep: false,
    detail: () => 'There is no such participant in this study.',
  },
  wrong_study: {
    status: 409,
    title: 'Another study',
    keep: false,
    detail: () => 'This participant belongs to another study. Open the right study and try again.',
  },
  role_not_allowed: {
    status: 403,
    title: 'Not your role',
    keep: false,
    detail: (p: { role: string }) => `Only a person in the role of ${p.role} can do this.`,
  },
  study_locked: {
    status: 423,
    title: 'Study locked',
    keep: true,
    detail: () =>
      'The data of this study are locked, so nothing can be added. What a participant enters is put aside for the team.',
  },
  conflict: {
    status: 409,
    title: 'Same id, other content',
    keep: true,
    detail: () =>
      'This entry was sent before with other content. The first one counts; ask the study team to correct it.',
  },
  participant_withdrawn: {
    status: 409,
    title: 'Participation has ended',
    keep: true,
    detail: () => 'Taking part has ended, so nothing can be added. What was recorded before is kept.',
  },
  participant_completed: {
    status: 409,
    title: 'Participation is complete',
    keep: true,
    detail: () => 'Taking part is complete, so nothing can be added. Tell the study team if something is missing.',
  },
  not_screened: {
    status: 409,
    title: 'Not screened yet',
    keep: false,
    detail: () => 'Answer the screening questions first.',
  },
  already_screened: {
    status: 409,
    title: 'Screened already',
    keep: false,
    detail: () => 'The screening questions were answered before. The study team can go through them again with you.',
  },
  not_eligible: {
    status: 409,
    title: 'Not eligible',
    keep: false,
    detail: () => 'This study is not suitable for you at present. The study team can talk it over with you.',
  },
  eligibility_unknown: {
    status: 409,
    title: 'Eligibility not decided yet',
    keep: false,
    detail: () =>
      'An investigator must look at the screening answers before you can go on. There is nothing you need to do.',
  },
  consent_version_outdated: {
    status: 409,
    title: 'Consent form has changed',
    keep: false,
    detail: (p: { newest: string }) => `The consent form has changed. Read and sign version ${p.newest}.`,
  },
  consent_choice_required: {
    status: 422,
    title: 'A choice is needed',
    keep: false,
    detail: () => 'Taking part is only possible if you agree to every point that is marked as required.',
  },
  comprehension_not_passed: {
    status: 422,
    title: 'Please read this again',
    keep: false,
    detail: () =>
      'Some answers about the study were not right. Read the explanations, ask what you like, and try again.',
  },
  already_consented: {
    status: 409,
    title: 'Consent given already',
    keep: false,
    detail: () => 'This version of the consent form was signed before.',
  },
  not_consented: {
    status: 409,
    title: 'No consent yet',
    keep: true,
    detail: () => 'The consent form must be signed first.',
  },
  eligibility_not_confirmed: {
    status: 409,
    title: 'Eligibility not confirmed',
    keep: false,
    detail: () => 'An investigator must confirm eligibility first.',
  },
  already_confirmed: {
    status: 409,
    title: 'Eligibility confirmed already',
    keep: false,
    detail: () => 'Eligibility was confirmed before.',
  },
  already_randomised: {
    status: 409,
    title: 'Randomised already',
    keep: false,
    detail: () => 'This participant was randomised before.',
  },
  not_randomised: {
    status: 409,
    title: 'Not randomised yet',
    keep: true,
    detail: () => 'The participant must be randomised first.',
  },
  start_date_invalid: {
    status: 422,
    title: 'Start date not possible',
    keep: false,
    detail: (p: { earliest: string; latest: string; weekday: string | null }) =>
      `Choose a start date from ${p.earliest} to ${p.latest}${p.weekday === null ? '' : `, on a ${p.weekday}`}.`,
  },
  kit_missing: {
    status: 503,
    title: 'Randomisation is waiting',
    keep: false,
    detail: () => 'Randomisation is waiting. Nothing was changed; try again shortly.',
  },
  kit_mismatch: {
    status: 409,
    title: 'Another kit',
    keep: false,
    detail: (p: { kit: string }) => `This is not the participant’s kit. Hand over kit ${p.kit} and no other.`,
  },
  already_dispensed: {
    status: 409,
    title: 'Handed over already',
    keep: false,
    detail: () => 'The kit was handed over before, and no other kit is waiting.',
  },
  kit_not_usable: {
    status: 409,
    title: 'Kit kept back',
    keep: false,
    detail: (p: { kit: string }) =>
      `Kit ${p.kit} may not be handed over: it has expired or its shipment is kept back. Look at the supply page.`,
  },
  unknown_kit: {
    status: 422,
    title: 'Not this participant’s kit',
    keep: false,
    detail: (p: { kit: string }) => `This participant has not been given kit ${p.kit}.`,
  },
  already_returned: {
    status: 409,
    title: 'Returned before',
    keep: false,
    detail: (p: { kit: string }) => `Kit ${p.kit} was returned and counted before.`,
  },
  already_reported: {
    status: 409,
    title: 'Reported before',
    keep: false,
    detail: (p: { kit: string }) => `Kit ${p.kit} was reported before.`,
  },
  kit_not_handed_over: {
    status: 409,
    title: 'Not handed over',
    keep: false,
    detail: (p: { kit: string }) => `Kit ${p.kit} was not handed over, so it cannot be returned by the participant.`,
  },
  too_many_returned: {
    status: 422,
    title: 'More capsules than the kit held',
    keep: false,
    detail: (p: { held: number }) => `The kit held ${p.held} capsules. Count again.`,
  },
  no_code_break_open: {
    status: 409,
    title: 'No code break to report',
    keep: false,
    detail: () =>
      'No code break of this participant waits for a report. If somebody came to know in another way, say which.',
  },
  names_treatment: {
    status: 422,
    title: 'Could say what was found',
    keep: false,
    detail: () =>
      'This could say what was found, and people who must not know will read it. Say it without naming a treatment, a group, or what a capsule held.',
  },
  kit_waiting: {
    status: 409,
    title: 'A kit is waiting',
    keep: false,
    detail: (p: { kit: string }) => `Kit ${p.kit} is waiting to be handed over.`,
  },
  kit_not_lost: {
    status: 409,
    title: 'No kit is missing',
    keep: false,
    detail: () => 'A kit is replaced when it has been reported lost or damaged.',
  },
  not_dispensed: {
    status: 409,
    title: 'Kit not handed over yet',
    keep: true,
    detail: () => `The study kit has not been handed over yet. ${noCapsule}`,
  },
  unknown_occurrence: {
    status: 422,
    title: 'Not in the schedule',
    keep: true,
    detail: (p: Occurrence) => `The schedule has nothing like “${p.occurrence}”. Reload the app. ${team}`,
  },
  not_due_yet: {
    status: 409,
    title: 'Not due yet',
    keep: true,
    detail: (p: Opening) => `This opens on ${p.opensAt}. If you need it earlier, contact the study team.`,
  },
  dosing_on_hold: {
    status: 409,
    title: 'Capsules are on hold',
    keep: true,
    detail: () => `Capsules are on hold until the study team has spoken with you. ${noCapsule}`,
  },
  dosing_stopped: {
    status: 409,
    title: 'Capsules have ended',
    keep: true,
    detail: () => `Capsules have ended for you. ${noCapsule}`,
  },
  dose_already_recorded: {
    status: 409,
    title: 'Capsule recorded already',
    keep: true,
    detail: () => `This capsule was recorded before; the first record counts. Never take a second one. ${team}`,
  },
  dose_too_soon: {
    status: 409,
    title: 'Too soon after another capsule',
    keep: true,
    detail: (p: { hours: number }) =>
      `There must be at least ${p.hours} hours between two capsules. ${noCapsule} What you entered was put aside for them.`,
  },
  dose_limit_reached: {
    status: 409,
    title: 'All capsules taken',
    keep: true,
    detail: (p: { maximum: number }) => `All ${p.maximum} capsules of the study have been recorded. ${noCapsule}`,
  },
  guess_before_outcome: {
    status: 409,
    title: 'Other questions come first',
    keep: true,
    detail: (p: { waitsFor: string }) => `Please answer “${p.waitsFor}” before you give your guess.`,
  },
  earlier_activity_missing: {
    status: 409,
    title: 'Other questions come first',
    keep: true,
    detail: (p: { waitsFor: string }) => `Please answer “${p.waitsFor}” first.`,
  },
  already_answered: {
    status: 409,
    title: 'Answered already',
    keep: true,
    detail: () => `This was answered before; the first answers count. The new ones were put aside. ${team}`,
  },
  instrument_mismatch: {
    status: 409,
    title: 'Another version of the form',
    keep: true,
    detail: (p: { instrument: string }) => `The study uses ${p.instrument} here. Update the app. ${team}`,
  },
  answer_out_of_range: {
    status: 422,
    title: 'A value is out of range',
    keep: false,
    detail: (p: { item: string }) => `The value for “${p.item}” is outside its limits. Correct it and send it again.`,
  },
  answer_invalid: {
    status: 422,
    title: 'An answer does not fit',
    keep: false,
    detail: (p: { item: string }) =>
      `The answer to “${p.item}” does not fit the question. Correct it and send it again.`,
  },
  answer_missing: {
    status: 422,
    title: 'An answer is missing',
    keep: false,
    detail: (p: { item: string }) => `The question “${p.item}” needs an answer.`,
  },
  onset_invalid: {
    status: 422,
    title: 'Date of onset',
    keep: true,
    detail: () => 'The date of onset lies in the future. Correct it and send it again.',
  },
  time_in_future: {
    status: 422,
    title: 'Time lies in the future',
    keep: true,
    detail: () => 'The time given lies in the future. Check the date and time of your device.',
  },
  not_self_packed: {
    status: 409,
    title: 'Nothing to pack',
    keep: false,
    detail: () => 'In this study the capsules are handed over ready; there is nothing to pack.',
  },
  envelopes_missing: {
    status: 503,
    title: 'The envelopes cannot be planned now',
    keep: false,
    detail: () => 'The envelopes cannot be planned at this moment. Try again in a few minutes; nothing was changed.',
  },
  packing_planned_already: {
    status: 409,
    title: 'Planned already',
    keep: false,
    detail: () => 'The envelopes were planned before, and the plan stays as it is.',
  },
  packing_not_planned: {
    status: 409,
    title: 'Packing not begun',
    keep: true,
    detail: () => 'Begin with packing first: the envelopes are planned then.',
  },
  packing_step_order: {
    status: 409,
    title: 'Another step comes first',
    keep: false,
    detail: (p: { first: string }) => `Another step comes first: ${p.first}. Nothing was changed.`,
  },
  packing_step_done: {
    status: 409,
    title: 'Step done already',
    keep: false,
    detail: () => 'This step was recorded before. Go on with the next one.',
  },
  packing_facts_missing: {
    status: 422,
    title: 'Something is missing for this step',
    keep: false,
    detail: () =>
      'Weighing needs three weights and what the scale can show; sealing needs the code of the seal; other steps need neither.',
  },
  packing_not_finished: {
    status: 409,
    title: 'Packing is not finished',
    keep: true,
    detail: () => 'The packing is not finished. Go through its steps first.',
  },
  helper_packs: {
    status: 409,
    title: 'Another person packs',
    keep: false,
    detail: () => 'Another person packs for you. This step is theirs; they do it with the code you gave them.',
  },
  helper_may_not: {
    status: 403,
    title: 'Not for the helper',
    keep: false,
    detail: () => 'This step is for the participant alone.',
  },
  packer_declared_already: {
    status: 409,
    title: 'Said before',
    keep: false,
    detail: () => 'It is recorded already that you pack for this person.',
  },
  packer_may_not_rate: {
    status: 403,
    title: 'You packed for this person',
    keep: false,
    detail: () => 'You packed for this person, so somebody else must record and judge how they are.',
  },
  envelope_unknown: {
    status: 409,
    title: 'Not one of your envelopes',
    keep: true,
    detail: () => 'This is not one of your envelopes. Put it back unopened, and look for yours.',
  },
  envelope_recorded_already: {
    status: 409,
    title: 'Recorded already',
    keep: false,
    detail: () => 'This envelope was recorded before. There is nothing more to do.',
  },
  leftovers_checked_already: {
    status: 409,
    title: 'Checked already',
    keep: false,
    detail: () => 'The leftover envelopes were checked before. There is nothing more to do.',
  },
  unknown_adverse_event: {
    status: 404,
    title: 'Unknown adverse event',
    keep: false,
    detail: () => 'There is no such adverse event for this participant.',
  },
  no_such_hold: {
    status: 404,
    title: 'No such hold',
    keep: false,
    detail: () => 'There is no such open hold. It may have been lifted before; reload the page.',
  },
  already_held: {
    status: 409,
    title: 'On hold already',
    keep: false,
    detail: () => 'The team has put dosing on hold before, and the hold is still open.',
  },
  already_withdrawn: {
    status: 409,
    title: 'Withdrawn already',
    keep: false,
    detail: () => 'This was withdrawn before. There is nothing more to do.',
  },
  unknown_submission: {
    status: 404,
    title: 'Unknown answers',
    keep: false,
    detail: () => 'There are no such answers for this participant.',
  },
  nothing_to_correct: {
    status: 422,
    title: 'Nothing to correct',
    keep: false,
    detail: () => 'The answer is already as you want it.',
  },
  not_yet_complete: {
    status: 409,
    title: 'Not complete yet',
    keep: false,
    detail: (p: { lastDate: string; open: number }) =>
      `The schedule runs until ${p.lastDate} and ${p.open} of its entries are open. Wait, or withdraw the participant.`,
  },
} as const satisfies Record<string, Definition>;

type Definition = {
  readonly status: number;
  readonly title: string;
  readonly keep: boolean;
  readonly detail: (params: never) => string;
};

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** One fault inside a command, such as one answer of a form. */
export type Fault = { readonly path: string; readonly code: ProblemCode; readonly detail: string };

/** What a problem document (RFC 9457) says. */
export type Problem = {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Where in the command the fault lies, such as `answers.mood`. */
  readonly path?: string;
  /** Faults found side by side. */
  readonly problems?: readonly Fault[];
};

type Params<C extends ProblemCode> = Parameters<(typeof problems)[C]['detail']>;

/** `problem('dose_too_soon', { hours: 20 })` */
export function problem<C extends ProblemCode>(code: C, ...params: Params<C>): Problem {
  const { status, title, detail } = problems[code];
  return { code, status, title, detail: (detail as (...given: Params<C>) => string)(...params) };
}
