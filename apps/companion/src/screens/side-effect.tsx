/** Reporting something unwanted. Plain questions decide the grade; the person is never asked for one. */
import { adverseEvent } from '@limen/instruments';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Form } from '../questions/form.tsx';
import { reportFrom } from './report.ts';

export function SideEffectScreen() {
  const { today } = useAppState();
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
  return (
    <>
      <Title>Something unwanted</Title>
      <Form
        instrument={adverseEvent}
        subject="adverse-event"
        saveLabel="Send the report"
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
