/** At the end: is the seal of the leftovers still the one of the beginning? Nothing is lost, whatever the answer. */
import { useState } from 'preact/hooks';
import './packing.css';
import { save } from '../outbox/save.ts';
import { ownEntries, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { OneOf } from '../questions/question.tsx';
import { leftoversChecked } from './standing.ts';
import { SealLeftovers } from './steps.tsx';

const answers = [
  { value: 'yes', label: 'Yes, it is whole' },
  { value: 'no', label: 'No, it is torn or was opened' },
];

export function LeftoversScreen() {
  const state = useAppState();
  const { today } = state;
  const [intact, setIntact] = useState<string | null>(null);
  if (today?.packing == null) return <Title>No envelopes</Title>;
  if (leftoversChecked(today.packing, ownEntries(state))) {
    return (
      <>
        <Title>Thank you</Title>
        <p class="card">
          The seal is recorded. Keep the leftover envelopes closed, out of reach of others, until the study team tells
          you what to do with them.
        </p>
      </>
    );
  }
  return (
    <>
      <Title>The leftover envelopes</Title>
      <p class="lead">Look at the seal on the large envelope. Whatever you find, your answers count all the same.</p>
      <fieldset class="question">
        <legend>Is the seal whole?</legend>
        <OneOf id="intact" options={answers} value={intact} onValue={(value) => setIntact(String(value))} />
      </fieldset>
      {intact === null ? null : (
        <section class="card">
          <SealLeftovers
            button="Save"
            onDone={({ sealCode = '' } = {}) =>
              void save({ type: 'checkLeftovers', sealCode, intact: intact === 'yes' }, 'Seal of the leftovers')
            }
          />
        </section>
      )}
    </>
  );
}
