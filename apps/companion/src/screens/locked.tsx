/** The locked app of somebody with a PIN or a passkey. Help now stays at the top, as everywhere. */
import { useEffect, useState } from 'preact/hooks';
import { openApp } from '../page/access.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { openWithPasskey } from '../storage/passkey.ts';
import { openWithPin, type Tried } from '../storage/pin.ts';
import { count, words } from '../words/index.ts';
import { JoinScreen } from './join.tsx';

export function LockedScreen() {
  const { guards } = useAppState();
  const [tried, setTried] = useState<Tried | null>(null);
  if (tried?.outcome === 'removed' || !(guards.pin || guards.passkey)) {
    return (
      <>
        {tried?.outcome === 'removed' ? (
          <p class="note" role="alert">
            {words().locked.removed}
          </p>
        ) : null}
        <JoinScreen />
      </>
    );
  }
  return (
    <>
      <Title>{words().join.locked}</Title>
      <p class="lead">{words().locked.lead}</p>
      {guards.pin ? <PinForm tried={tried} onTried={setTried} /> : null}
      {guards.passkey ? <PasskeyButton /> : null}
      <p>
        <a href="#/join">{words().locked.useCode}</a>
      </p>
    </>
  );
}

function PinForm({ tried, onTried }: { tried: Tried | null; onTried: (tried: Tried) => void }) {
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const waiting = useWait(tried);
  const enter = async () => {
    setBusy(true);
    const found = await openWithPin(pin);
    setPin('');
    setBusy(false);
    onTried(found);
    if (found.outcome === 'open') await openApp();
  };
  return (
    <form
      autoComplete="off"
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && waiting === 0 && pin !== '') void enter();
      }}
    >
      <label class="label" for="pin">
        {words().locked.pin}
      </label>
      <input
        id="pin"
        type="password"
        inputMode="numeric"
        autoComplete="off"
        maxLength={12}
        value={pin}
        aria-describedby="pin-fault"
        onInput={(event) => setPin(event.currentTarget.value)}
      />
      <p class="fault" id="pin-fault" aria-live="assertive">
        {tried?.outcome === 'wrong' ? `${words().locked.wrong} ${count(words().locked.left, tried.triesLeft)} ` : ''}
        {waiting > 0 ? waitWords(waiting) : ''}
      </p>
      <button type="submit" class="primary wide" disabled={busy || waiting > 0}>
        {words().join.open}
      </button>
    </form>
  );
}

function waitWords(seconds: number): string {
  const { waitMinutes, waitSeconds } = words().locked;
  return seconds > 60 ? count(waitMinutes, Math.ceil(seconds / 60)) : count(waitSeconds, seconds);
}

/** Seconds until the next try. */
function useWait(tried: Tried | null): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const untilMs = tried !== null && 'untilMs' in tried ? tried.untilMs : 0;
    const look = () => setSeconds(Math.max(0, Math.ceil((untilMs - Date.now()) / 1000)));
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [tried]);
  return seconds;
}

function PasskeyButton() {
  const [failed, setFailed] = useState(false);
  const enter = async () => {
    const opened = await openWithPasskey();
    setFailed(!opened);
    if (opened) await openApp();
  };
  return (
    <section class="card">
      <button type="button" class="quiet wide" onClick={() => void enter()}>
        {words().locked.passkey}
      </button>
      <p class="fault" aria-live="assertive">
        {failed ? words().locked.passkeyFailed : ''}
      </p>
    </section>
  );
}
