/** Coming in with the personal code: for the first time, after a lock, or when the session has run out. */
import { useEffect, useState } from 'preact/hooks';
import { type JoinFault, join, signOutAndErase } from '../page/access.ts';
import { goInstead, usePlace } from '../page/route.ts';
import { useAppState, waitingCount } from '../page/state.ts';
import { Title } from '../page/title.tsx';

const faults: Readonly<Record<JoinFault, string>> = {
  tooShort: 'A personal code has at least 16 letters and digits. Check it against your invitation.',
  wrong: 'This code is not known. Check it against your invitation; letters may be large or small.',
  unreachable: 'The study could not be reached. Check your connection and try again.',
  someoneElse: 'This phone holds the diary of another code. Use that code, or erase this phone first.',
  tooMany: 'There were too many attempts. Wait a quarter of an hour and try again.',
  failed: 'Something went wrong on our side. Try again shortly.',
};

const title = { closed: 'Welcome', locked: 'Locked', again: 'Your code, please' } as const;

export function JoinScreen() {
  const state = useAppState();
  const { query } = usePlace();
  const [code, setCode] = useState(query.get('code') ?? '');
  const [fault, setFault] = useState<JoinFault | null>(null);
  const [busy, setBusy] = useState(false);
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
      <Title>{title[kind]}</Title>
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
          Personal code
        </label>
        <p class="hint" id="code-hint">
          From your invitation. Spaces and hyphens do not matter.
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
          {fault === null ? '' : faults[fault]}
        </p>
        <button type="submit" class="primary wide" disabled={busy}>
          {busy ? 'One moment' : kind === 'locked' ? 'Open' : 'Continue'}
        </button>
      </form>
      {fault === 'someoneElse' || kind === 'locked' ? <Erase /> : null}
    </>
  );
}

function Why({ kind, waiting }: { kind: keyof typeof title; waiting: number }) {
  if (kind === 'locked') return <p class="lead">Enter your personal code to open the app. This works offline too.</p>;
  if (kind === 'again') {
    return (
      <p class="lead">
        Your session has ended. Enter your code to go on.
        {waiting > 0 ? ` Your ${waiting} unsent ${waiting === 1 ? 'entry is' : 'entries are'} safe on this phone.` : ''}
      </p>
    );
  }
  return <p class="lead">Enter the personal code from your invitation to begin, or to come back on this phone.</p>;
}

function Erase() {
  const [sure, setSure] = useState(false);
  return (
    <section class="card">
      <h2>Another person’s phone now?</h2>
      <p>Erasing removes everything on this phone, also entries that were never sent.</p>
      {sure ? (
        <button type="button" class="danger wide" onClick={() => void signOutAndErase()}>
          Yes, erase everything
        </button>
      ) : (
        <button type="button" class="quiet wide" onClick={() => setSure(true)}>
          Erase this phone
        </button>
      )}
    </section>
  );
}
