/** Coming in with the personal code: for the first time, after a lock, or when the session has run out. */
import { useEffect, useState } from 'preact/hooks';
import { type JoinFault, join, signOutAndErase } from '../page/access.ts';
import { goInstead, usePlace } from '../page/route.ts';
import { useAppState, waitingCount } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { count, words } from '../words/index.ts';
import { LanguageChoice } from './language-choice.tsx';

const titles = { closed: 'welcome', locked: 'locked', again: 'again' } as const;

export function JoinScreen() {
  const state = useAppState();
  const { query } = usePlace();
  const [code, setCode] = useState(query.get('code') ?? '');
  const [fault, setFault] = useState<JoinFault | null>(null);
  const [busy, setBusy] = useState(false);
  const texts = words().join;
  const kind = state.phase === 'open' ? 'again' : state.phase === 'locked' ? 'locked' : 'closed';

  useEffect(() => {
    // The code must not stay in the address, where the next person or a bookmark could find it.
    if (query.has('code')) goInstead('join');
  }, []);

  const enter = async () => {
    setBusy(true);
    setFault(null);
    const found = await join(code).catch((): JoinFault => 'failed');
    setBusy(false);
    setFault(found);
    if (found === null) goInstead('');
  };

  return (
    <>
      <Title>{texts[titles[kind]]}</Title>
      <Why kind={kind} waiting={waitingCount(state)} />
      <form
        autoComplete="off"
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void enter();
        }}
      >
        <label class="label" for="code">
          {texts.code}
        </label>
        <p class="hint" id="code-hint">
          {texts.codeHint}
        </p>
        <input
          id="code"
          class="code"
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          maxLength={64}
          aria-describedby={fault === null ? 'code-hint' : 'code-hint code-fault'}
          aria-invalid={fault !== null}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
        <p class="fault" id="code-fault" aria-live="assertive">
          {fault === null ? '' : texts.faults[fault]}
        </p>
        <button type="submit" class="primary wide" disabled={busy}>
          {busy ? words().common.oneMoment : kind === 'locked' ? texts.open : words().common.continue}
        </button>
      </form>
      {kind === 'closed' ? <LanguageChoice /> : null}
      {fault === 'someoneElse' || kind === 'locked' ? <Erase /> : null}
    </>
  );
}

function Why({ kind, waiting }: { kind: keyof typeof titles; waiting: number }) {
  const texts = words().join;
  if (kind === 'locked') return <p class="lead">{texts.leadLocked}</p>;
  if (kind === 'again') {
    return (
      <p class="lead">
        {texts.leadAgain} {waiting > 0 ? count(texts.unsentSafe, waiting) : ''}
      </p>
    );
  }
  return <p class="lead">{texts.lead}</p>;
}

function Erase() {
  const [sure, setSure] = useState(false);
  const texts = words().join;
  return (
    <section class="card">
      <h2>{texts.anotherPerson}</h2>
      <p>{texts.erasing}</p>
      {sure ? (
        <button type="button" class="danger wide" onClick={() => void signOutAndErase()}>
          {texts.eraseSure}
        </button>
      ) : (
        <button type="button" class="quiet wide" onClick={() => setSure(true)}>
          {texts.erase}
        </button>
      )}
    </section>
  );
}
