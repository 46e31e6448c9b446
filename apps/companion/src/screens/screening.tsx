/** The questions before taking part, and what came of them. Nothing here says which answer would have passed. */
import { findInstrument } from '@limen/instruments';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Form } from '../questions/form.tsx';
import { words } from '../words/index.ts';
import { outOfDate } from './out-of-date.tsx';

export function ScreeningScreen() {
  const { today } = useAppState();
  const instrument = findInstrument(today?.screeningInstrument ?? '');
  const warning = outOfDate(instrument, null);
  if (today === null) return null;
  return (
    <>
      <Title>{words().screening.title}</Title>
      {warning}
      {instrument === undefined ? null : (
        <Form
          instrument={instrument}
          subject="screening"
          saveLabel={words().screening.send}
          onSave={async (answers) => {
            const medications = Array.isArray(answers.medications) ? [...answers.medications] : [];
            const plain = structuredClone(answers) as Record<string, string | number | string[] | null>;
            const { version } = instrument;
            await save(
              { type: 'screen', instrumentVersion: version, answers: plain, medications },
              words().screening.label,
            );
            go('');
          }}
        />
      )}
    </>
  );
}
