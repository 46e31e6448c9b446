/** PIN and passkey of this phone: set, taken away, and after how long the app locks by itself. */
import { useEffect, useState } from 'preact/hooks';
import { prefer } from '../page/access.ts';
import { usualMinutes } from '../page/auto-lock.ts';
import { change, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { readGuards } from '../storage/keys.ts';
import { mayHavePasskey, type PasskeyOutcome, setPasskey, takePasskeyAway } from '../storage/passkey.ts';
import { setPin, takePinAway } from '../storage/pin.ts';
import { faultOfPin } from '../storage/tries.ts';

const words = {
  title: 'Lock this app',
  lead: 'With a PIN or a passkey the app locks when it is closed or left alone, and what is stored cannot be read without it. Your personal code always opens it too: keep the invitation. Help now works while locked.',
  code: 'Personal code',
  codeHint: 'Asked so that nobody else can set a lock on your phone.',
  pin: 'New PIN',
  pinHint: 'Six to twelve digits. More digits protect better.',
  again: 'The PIN again',
  set: 'Set the PIN',
  passkey: 'Open with a passkey',
  removePin: 'Take the PIN away',
  removePasskey: 'Take the passkey away',
  after: 'Lock after',
  minutes: (minutes: number) => (minutes === 1 ? '1 minute' : `${minutes} minutes`),
  done: 'Done.',
  faults: {
    wrongCode: 'This is not the personal code of this phone’s diary.',
    length: 'A PIN has six to twelve digits.',
    digits: 'A PIN has digits only.',
    simple: 'This PIN is among the first that others would try. Choose another.',
    differs: 'The two PINs differ.',
    notAble: 'This phone or browser cannot open the app with a passkey. A PIN works everywhere.',
    cancelled: 'No passkey was made.',
    failed: 'This could not be stored. Nothing has changed.',
  },
};
type Fault = keyof typeof words.faults;

const choices = [1, 5, 15] as const;

export function LockSettingsScreen() {
  const { guards, preferences } = useAppState();
  const [values, setValues] = useState({ code: '', pin: '', again: '' });
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const offersPasskey = usePasskeyOffer();

  const act = (work: () => Promise<Fault | null>) => async () => {
    if (busy) return;
    setBusy(true);
    const found = await work().catch((): Fault => 'failed');
    const now = await readGuards();
    change({ guards: now, notice: found === null ? words.done : '' });
    setFault(found);
    setBusy(false);
    if (found === null) setValues({ code: '', pin: '', again: '' });
  };
  const newPin = act(async () => {
    const weak = faultOfPin(values.pin);
    if (weak !== null) return weak;
    if (values.pin !== values.again) return 'differs';
    return (await setPin(values.code, values.pin)) ? null : 'wrongCode';
  });
  const field = (name: keyof typeof values, hint: string | null) => (
    <Field
      name={name}
      hint={hint}
      value={values[name]}
      onValue={(value) => setValues((now) => ({ ...now, [name]: value }))}
    />
  );
  const isGuarded = guards.pin || guards.passkey;

  return (
    <>
      <Title>{words.title}</Title>
      <p class="lead">{words.lead}</p>
      <form
        autoComplete="off"
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void newPin();
        }}
      >
        {field('code', words.codeHint)}
        {field('pin', words.pinHint)}
        {field('again', null)}
        <p class="fault" aria-live="assertive">
          {fault === null ? '' : words.faults[fault]}
        </p>
        <button type="submit" class="primary wide" disabled={busy}>
          {words.set}
        </button>
        {offersPasskey && !guards.passkey ? (
          <button type="button" class="quiet wide" onClick={act(async () => faultOf(await setPasskey(values.code)))}>
            {words.passkey}
          </button>
        ) : null}
        {guards.pin ? <Removal label={words.removePin} onRemove={act(() => gone(takePinAway(values.code)))} /> : null}
        {guards.passkey ? (
          <Removal label={words.removePasskey} onRemove={act(() => gone(takePasskeyAway(values.code)))} />
        ) : null}
      </form>
      {isGuarded ? (
        <section class="card">
          <label class="label" for="after">
            {words.after}
          </label>
          <select
            id="after"
            value={String(preferences.lockAfterMinutes ?? usualMinutes)}
            onChange={(event) => void prefer({ ...preferences, lockAfterMinutes: Number(event.currentTarget.value) })}
          >
            {choices.map((minutes) => (
              <option key={minutes} value={String(minutes)}>
                {words.minutes(minutes)}
              </option>
            ))}
          </select>
        </section>
      ) : null}
    </>
  );
}

const faultOf = (outcome: PasskeyOutcome): Fault | null => (outcome === 'set' ? null : outcome);
const gone = async (done: Promise<boolean>): Promise<Fault | null> => ((await done) ? null : 'wrongCode');

function usePasskeyOffer(): boolean {
  const [offers, setOffers] = useState(false);
  useEffect(() => {
    void mayHavePasskey().then(setOffers);
  }, []);
  return offers;
}

function Removal({ label, onRemove }: { label: string; onRemove: () => Promise<void> }) {
  return (
    <button type="button" class="quiet wide" onClick={() => void onRemove()}>
      {label}
    </button>
  );
}

type FieldProps = {
  name: 'code' | 'pin' | 'again';
  hint: string | null;
  value: string;
  onValue: (value: string) => void;
};

function Field({ name, hint, value, onValue }: FieldProps) {
  const common = {
    id: `lock-${name}`,
    autoComplete: 'off',
    value,
    ...(hint === null ? {} : { 'aria-describedby': `lock-${name}-hint` }),
    onInput: (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  } as const;
  return (
    <>
      <label class="label" for={`lock-${name}`}>
        {words[name]}
      </label>
      {hint === null ? null : (
        <p class="hint" id={`lock-${name}-hint`}>
          {hint}
        </p>
      )}
      {name === 'code' ? (
        <input {...common} class="code" maxLength={64} />
      ) : (
        <input {...common} type="password" inputMode="numeric" maxLength={12} />
      )}
    </>
  );
}
