/** Why an entry was not accepted, said to the team rather than to the participant. */
const sentences: Readonly<Record<string, string>> = {
  study_locked: 'It arrived after the study was locked.',
  conflict: 'The same entry had arrived before with other content; the first one counts.',
  participant_withdrawn: 'It arrived after the person had withdrawn.',
  participant_completed: 'It arrived after the person had completed the study.',
  not_consented: 'The consent form had not been signed.',
  not_randomised: 'The person had not been randomised.',
  not_dispensed: 'The kit had not been dispensed.',
  unknown_occurrence: 'The schedule has no such occurrence.',
  not_due_yet: 'Its window had not opened.',
  dosing_on_hold: 'Dosing was on hold.',
  dosing_stopped: 'Dosing had ended for this person.',
  dose_too_soon: 'It came too soon after the capsule before.',
  dose_already_recorded: 'Something was recorded for this capsule before; the first entry counts.',
  dose_limit_reached: 'All capsules of the protocol had been taken.',
  already_answered: 'It had been answered before; the first answers count.',
  earlier_activity_missing: 'Other questions of that day come first.',
  guess_before_outcome: 'The outcomes of that day come before the guess.',
  instrument_mismatch: 'The app used another version of the form.',
  onset_invalid: 'The date of onset lies in the future.',
  time_in_future: 'The time given lies in the future.',
};

export const sentenceOfCode = (code: string): string => sentences[code] ?? `Refused with the code ${code}.`;
