/** Leaving: two taps from here, whatever the scope, and no question about why has to be answered. */
import { useState } from 'preact/hooks';
import type { Draft } from '../outbox/entry.ts';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { Title } from '../page/title.tsx';
import { OneOf } from '../questions/question.tsx';

type Scope = Extract<Draft, { type: 'withdraw' }>['scope'];

const scopes: readonly { value: Scope; label: string; text: string; button: string }[] = [
  {
    value: 'dosing',
    label: 'Stop the capsules',
    text: 'You take no more capsules. The questions go on, so that the team can look after you.',
    button: 'Stop the capsules',
  },
  {
    value: 'study',
    label: 'Leave the study',
    text: 'No more capsules and no more questions. What you recorded so far is kept, as the consent form says.',
    button: 'Leave the study',
  },
  {
    value: 'futureUse',
    label: 'Take back the use of my answers for other research',
    text: 'You go on as before. Your answers are used for this study alone.',
    button: 'Take it back',
  },
];

export function WithdrawScreen() {
  const [scope, setScope] = useState<Scope | null>(null);
  const [reason, setReason] = useState('');
  const [failed, setFailed] = useState(false);
  const chosen = scopes.find(({ value }) => value === scope);
  const leave = async () => {
    if (chosen === undefined) return;
    const why = reason.trim();
    try {
      await save({ type: 'withdraw', scope: chosen.value, ...(why === '' ? {} : { reason: why }) }, chosen.label);
      go('');
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <Title>Stop or leave</Title>
      <p class="lead">You can stop at any time. You need no reason, and your care does not depend on it.</p>
      <fieldset class="question">
        <legend>What would you like to stop?</legend>
        <OneOf id="scope" options={scopes} value={scope} onValue={(value) => setScope(value as Scope)} />
      </fieldset>
      {chosen === undefined ? null : (
        <section class="card">
          <p>{chosen.text}</p>
          <label class="label" for="why">
            Why <span class="optional">(may stay empty)</span>
          </label>
          <textarea
            autoComplete="off"
            id="why"
            rows={2}
            maxLength={1000}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          {failed ? <p class="fault">This could not be saved on this phone. Please try again.</p> : null}
          <button type="button" class="danger wide" onClick={() => void leave()}>
            {chosen.button}
          </button>
        </section>
      )}
    </>
  );
}
