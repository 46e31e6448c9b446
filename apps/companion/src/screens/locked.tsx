/** The locked app of somebody with a PIN or a passkey. Help now stays at the top, as everywhere. */
import { useEffect, useState } from 'preact/hooks';
import { openApp } from '../page/access.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { openWithPasskey } from '../storage/passkey.ts';
import { openWithPin, type Tried } from '../storage/pin.ts';
import { JoinScreen } from './join.tsx';

const words = {
  lead: 'What you typed and what was not sent yet are safe on this phone.',
  pin: 'PIN',
  open: 'Open',
  passkey: 'Open with your passkey',
  passkeyFailed: 'The passkey did not open the app. Try again, or use another way.',
  useCode: 'Use the personal code instead',
  wrong: 'That is not the PIN.',
  left: (tries: number) =>
    `${tries} more ${tries === 1 ? 'try' : 'tries'}; after that the personal code opens the app.`,
  wait: (seconds: number) =>
    seconds > 60 ? `Please wait ${Math.ceil(seconds / 60)} minutes.` : `Please wait ${seconds} seconds.`,
  removed: 'There were too many wrong PINs, so the PIN is off. Your personal code opens the app; nothing is lost.',
};

export function LockedScreen() {
  const { guards } = useAppState();
  const [tried, setTried] = useState<Tried | null>(null);
  if (tried?.outcome === 'removed' || !(guards.pin || guards.passkey)) {
    return (
      <>
        {tried?.outcome === 'removed' ? (
          <p class="note" role="alert">
            {words.removed}
          </p>
        ) : null}
        <JoinScreen />
      </>
    );
  }
  return (
    <>
      <Title>Locked</Title>
      <p class="lead">{words.lead}</p>
      {guards.pin ? <PinForm tried={tried} onTried={setTried} /> : null}
      {guards.passkey ? <PasskeyButton /> : null}
      <p>
        <a href="#/join">{words.useCode}</a>
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
        {words.pin}
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
        {tried?.outcome === 'wrong' ? `${words.wrong} ${words.left(tried.triesLeft)} ` : ''}
        {waiting > 0 ? words.wait(waiting) : ''}
      </p>
      <button type="submit" class="primary wide" disabled={busy || waiting > 0}>
        {words.open}
      </button>
    </form>
  );
}

/** Seconds until the next try. */
function useWait(tried: Tried | null): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const untilMs = Date.now() + (tried !== null && 'waitMs' in tried ? tried.waitMs : 0);
    const count = () => setSeconds(Math.max(0, Math.ceil((untilMs - Date.now()) / 1000)));
    count();
    const timer = setInterval(count, 1000);
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
        {words.passkey}
      </button>
      <p class="fault" aria-live="assertive">
        {failed ? words.passkeyFailed : ''}
      </p>
    </section>
  );
}
