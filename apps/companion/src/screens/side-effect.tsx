/** Reporting something unwanted. Plain questions decide the grade; the person is never asked for one. */
import { type Answers, adverseEvent } from '@limen/instruments';
import type { Draft } from '../outbox/entry.ts';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { nowMs, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Form } from '../questions/form.tsx';
import { dateIn } from '../schedule/times.ts';

export function SideEffectScreen() {
  const state = useAppState();
  const { today } = state;
  const status = today?.status;
  if (status !== 'randomised' && status !== 'completed' && status !== 'withdrawn') {
    return (
      <>
        <Title>Something unwanted</Title>
        <p class="card">
          You can report here once the study has begun for you. If you are unwell now, see Help now or call the study
          team.
        </p>
      </>
    );
  }
  const date = dateIn(nowMs(state), today?.timeZone ?? 'UTC');
  return (
    <>
      <Title>Something unwanted</Title>
      <Form
        instrument={adverseEvent}
        subject="adverse-event"
        saveLabel="Send the report"
        start={{ onset: date }}
        onSave={async (answers) => {
          const report = reportFrom(answers);
          await save(report, `Report: ${report.term}`);
          go('report/sent');
        }}
      />
    </>
  );
}

export function ReportSentScreen() {
  const { entries } = useAppState();
  const waits = entries.some(({ command, refusal }) => command.type === 'reportAdverseEvent' && refusal === null);
  return (
    <>
      <Title>Thank you</Title>
      <p class="card">
        {waits
          ? 'Your report is saved on this phone and goes to the study team as soon as the phone is online.'
          : 'Your report has reached the study team.'}
      </p>
      <p>If it gets worse, or you are in danger, do not wait for an answer: call.</p>
      <div class="actions">
        <a class="button quiet" href="#/help">
          Help now
        </a>
        <a class="button primary" href="#/">
          Back to today
        </a>
      </div>
    </>
  );
}

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
