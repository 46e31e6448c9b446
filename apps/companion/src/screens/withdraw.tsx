/** Leaving: two taps from here, whatever the scope, and no question about why has to be answered. */
import { useState } from 'preact/hooks';
import type { Draft } from '../outbox/entry.ts';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { Title } from '../page/title.tsx';
import { OneOf } from '../questions/question.tsx';
import { words } from '../words/index.ts';

type Scope = Extract<Draft, { type: 'withdraw' }>['scope'];

const scopes = ['dosing', 'study', 'futureUse'] as const satisfies readonly Scope[];

export function WithdrawScreen() {
  const [scope, setScope] = useState<Scope | null>(null);
  const [reason, setReason] = useState('');
  const [failed, setFailed] = useState(false);
  const texts = words().withdraw;
  const chosen = scope === null ? null : texts[scope];
  const leave = async () => {
    if (scope === null || chosen === null) return;
    const why = reason.trim();
    try {
      await save({ type: 'withdraw', scope, ...(why === '' ? {} : { reason: why }) }, chosen.label);
      go('');
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <Title>{texts.title}</Title>
      <p class="lead">{texts.lead}</p>
      <fieldset class="question">
        <legend>{texts.what}</legend>
        <OneOf
          id="scope"
          options={scopes.map((one) => ({ value: one, label: texts[one].label }))}
          value={scope}
          onValue={(value) => setScope(value as Scope)}
        />
      </fieldset>
      {chosen === null ? null : (
        <section class="card">
          <p>{chosen.text}</p>
          <label class="label" for="why">
            {texts.why} <span class="optional">{words().common.mayStayEmpty}</span>
          </label>
          <textarea
            autoComplete="off"
            id="why"
            rows={2}
            maxLength={1000}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          {failed ? <p class="fault">{words().common.saveFailed}</p> : null}
          <button type="button" class="danger wide" onClick={() => void leave()}>
            {chosen.button}
          </button>
        </section>
      )}
    </>
  );
}
