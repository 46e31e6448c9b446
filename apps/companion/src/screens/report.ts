/** From the form about something unwanted to the report. Plain answers decide grade and seriousness. Pure. */
import { type Answers, adverseEvent } from '@limen/instruments';
import type { Draft } from '../outbox/entry.ts';

const lifeThreatening = 4;
const noteLimit = 4_000;

/** Grade 1 to 3 by what it stopped the person doing, 4 where life was in danger (CTCAE v5.0, general grades). */
export function reportFrom(answers: Answers): Extract<Draft, { type: 'reportAdverseEvent' }> {
  const listed = Array.isArray(answers.serious) ? answers.serious.filter((one) => one !== 'none') : [];
  const grade = listed.includes('lifeThreatening') ? lifeThreatening : Number(answers.limits);
  const note = noteFrom(answers, listed);
  return {
    type: 'reportAdverseEvent',
    term: String(answers.term),
    onset: String(answers.onset),
    ongoing: answers.ongoing === 'yes',
    grade,
    serious: listed.length > 0,
    ...(note === '' ? {} : { note }),
  };
}

/** What the report has no field for goes into the note, in the words of the form. */
function noteFrom(answers: Answers, serious: readonly string[]): string {
  const { options } = adverseEvent.texts.en;
  const wordsFor = (set: string, values: readonly string[]) => values.map((value) => options[set]?.[value] ?? value);
  const actions = Array.isArray(answers.action) ? answers.action : [];
  const lines = [
    typeof answers.note === 'string' ? answers.note : '',
    typeof answers.endedOn === 'string' ? `Ended on ${answers.endedOn}.` : '',
    serious.length === 0 ? '' : `Serious because: ${wordsFor('serious', serious).join('; ')}.`,
    actions.length === 0 ? '' : `What was done: ${wordsFor('action', actions).join('; ')}.`,
  ];
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, noteLimit);
}
