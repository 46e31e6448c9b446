/** Every refusal: its HTTP status, its title and the sentence a person can act on. No sentence depends on the arm. */
type Entry = { readonly status: number; readonly title: string; readonly detail: string };

export const problems = {
  unknown_participant: { status: 404, title: 'Not found', detail: 'There is no such participant here.' },
  wrong_study: { status: 404, title: 'Not found', detail: 'There is no such participant in this study.' },
  participant_withdrawn: {
    status: 409,
    title: 'Withdrawn',
    detail: 'You have left the study, so this was not added to it. Your study team can see that you sent it.',
  },
  participant_completed: {
    status: 409,
    title: 'Study completed',
    detail: 'Your study is complete, so this was not added to it. Your study team can see that you sent it.',
  },
  study_locked: {
    status: 409,
    title: 'Study locked',
    detail: 'The study’s data are closed, so nothing can be added. Entries that arrive are kept for the team.',
  },
  already_screened: { status: 409, title: 'Already screened', detail: 'The screening questions have been answered.' },
  not_screened: { status: 409, title: 'Not screened', detail: 'The screening questions come first.' },
  not_eligible: {
    status: 409,
    title: 'Not eligible',
    detail: 'From the screening answers, this study is not suitable for you. Your study team can explain why.',
  },
  eligibility_unknown: {
    status: 409,
    title: 'Eligibility not known',
    detail:
      'Some screening answers are missing or unclear. A member of the team needs to talk them over with you first.',
  },
  already_consented: { status: 409, title: 'Already signed', detail: 'This version of the consent form is signed.' },
  consent_version_outdated: {
    status: 409,
    title: 'Newer consent form',
    detail: 'There is a newer version of the consent form. Please read and sign that one.',
  },
  consent_choice_required: {
    status: 422,
    title: 'Choice needed',
    detail: 'A statement that taking part depends on is not agreed to.',
  },
  comprehension_not_passed: {
    status: 422,
    title: 'Please look again',
    detail:
      'One or more answers about the study are not right yet. Read the explanation and try again, or ask the team.',
  },
  not_consented: { status: 409, title: 'No consent', detail: 'The consent form must be signed first.' },
  already_confirmed: { status: 409, title: 'Already confirmed', detail: 'Eligibility is already confirmed.' },
  eligibility_not_confirmed: {
    status: 409,
    title: 'Eligibility not confirmed',
    detail: 'An investigator must confirm eligibility first.',
  },
  already_randomised: { status: 409, title: 'Already randomised', detail: 'This participant is already randomised.' },
  not_randomised: { status: 409, title: 'Not randomised', detail: 'This participant is not randomised yet.' },
  start_date_invalid: {
    status: 422,
    title: 'Start date',
    detail:
      'The first study day must fall on the weekday the protocol asks for, not more than a week back or a year ahead.',
  },
  kit_missing: { status: 503, title: 'Please wait', detail: 'No kit can be assigned at the moment. Try again later.' },
  kit_mismatch: { status: 409, title: 'Another kit', detail: 'This is not the kit assigned to this participant.' },
  already_dispensed: { status: 409, title: 'Already dispensed', detail: 'The kit was already handed over.' },
  not_dispensed: { status: 409, title: 'No kit yet', detail: 'The kit has not been handed over yet.' },
  unknown_occurrence: { status: 422, title: 'Not planned', detail: 'The plan has nothing of this kind on this day.' },
  not_due_yet: { status: 409, title: 'Not open yet', detail: 'This is not open yet. Please come back when it is due.' },
  dosing_on_hold: {
    status: 409,
    title: 'Dosing on hold',
    detail: 'Capsules are on hold. Please take none until your study team says so. What you sent is kept for them.',
  },
  dosing_stopped: { status: 409, title: 'Dosing stopped', detail: 'You have stopped taking capsules in this study.' },
  dose_already_recorded: {
    status: 409,
    title: 'Already recorded',
    detail: 'This capsule is already recorded. If that is wrong, tell your study team; never take another one.',
  },
  dose_too_soon: {
    status: 409,
    title: 'Too soon',
    detail: 'The last capsule was too recent for another one. What you sent is kept for your study team.',
  },
  dose_limit_reached: {
    status: 409,
    title: 'No more capsules',
    detail: 'The number of capsules of this study is reached.',
  },
  guess_before_outcome: {
    status: 409,
    title: 'Ratings first',
    detail: 'Please answer the ratings of that day first; the guess comes after them.',
  },
  earlier_activity_missing: {
    status: 409,
    title: 'Something comes first',
    detail: 'Something else of that day has to be answered first.',
  },
  already_answered: {
    status: 409,
    title: 'Already answered',
    detail: 'This was already answered, perhaps on another device. Both answers are kept for your study team.',
  },
  instrument_mismatch: {
    status: 422,
    title: 'Another form',
    detail: 'The protocol asks for another form, or another version of it. Please update the app.',
  },
  answer_out_of_range: {
    status: 422,
    title: 'Out of range',
    detail: 'An answer is outside the range of its question.',
  },
  answer_invalid: { status: 422, title: 'Not an answer', detail: 'An answer does not fit its question.' },
  answer_missing: { status: 422, title: 'Answer missing', detail: 'A question that is needed has no answer.' },
  time_in_future: {
    status: 422,
    title: 'Time in the future',
    detail: 'The time of this entry lies in the future. Please check the clock of the device.',
  },
  unknown_adverse_event: { status: 404, title: 'Not found', detail: 'There is no such adverse event.' },
  onset_invalid: { status: 422, title: 'Date of onset', detail: 'The date of onset lies in the future.' },
  no_such_hold: { status: 409, title: 'No such hold', detail: 'There is no open hold of this kind.' },
  already_held: { status: 409, title: 'Already on hold', detail: 'Dosing is already on hold.' },
  unknown_submission: { status: 404, title: 'Not found', detail: 'There is no such submission.' },
  nothing_to_correct: { status: 422, title: 'No change', detail: 'The new answer is the same as the old one.' },
  not_yet_complete: { status: 409, title: 'Not yet complete', detail: 'The plan still has things to come.' },
  conflict: {
    status: 409,
    title: 'Conflict',
    detail: 'This was sent before with other content. Both are kept, and your study team can see them.',
  },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof problems;

/** One fault inside a request, such as one answer of a form. */
export type Fault = { readonly path: string; readonly code: ProblemCode; readonly detail: string };

export type Problem = {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly path?: string;
  readonly problems?: readonly Fault[];
};

export function problem(code: ProblemCode, more: Partial<Omit<Problem, 'code'>> = {}): Problem {
  return { code, detail: problems[code].detail, ...more };
}
