/** Reporting something unwanted. Plain questions decide the grade; the person is never asked for one. */
import { adverseEvent } from '@limen/instruments';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Form } from '../questions/form.tsx';
import { fill, words } from '../words/index.ts';
import { reportFrom } from './report.ts';

export function SideEffectScreen() {
  const { today } = useAppState();
  const status = today?.status;
  if (status !== 'randomised' && status !== 'completed' && status !== 'withdrawn') {
    return (
      <>
        <Title>{words().report.title}</Title>
        <p class="card">{words().report.notYet}</p>
      </>
    );
  }
  return (
    <>
      <Title>{words().report.title}</Title>
      <Form
        instrument={adverseEvent}
        subject="adverse-event"
        saveLabel={words().report.send}
        onSave={async (answers) => {
          const report = reportFrom(answers);
          await save(report, fill(words().report.label, { term: report.term }));
          go('report/sent');
        }}
      />
    </>
  );
}

export function ReportSentScreen() {
  const { entries } = useAppState();
  const waits = entries.some(({ command, refusal }) => command.type === 'reportAdverseEvent' && refusal === null);
  const texts = words().report;
  return (
    <>
      <Title>{texts.thankYou}</Title>
      <p class="card">{waits ? texts.waits : texts.arrived}</p>
      <p>{texts.ifWorse}</p>
      <div class="actions">
        <a class="button quiet" href="#/help">
          {words().frame.helpNow}
        </a>
        <a class="button primary" href="#/">
          {words().common.backToToday}
        </a>
      </div>
    </>
  );
}
