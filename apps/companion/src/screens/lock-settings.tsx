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
import { count, type Texts, words } from '../words/index.ts';

type Fault = keyof Texts['lock']['faults'];

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
    change({ guards: now, notice: found === null ? words().lock.done : '' });
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
      <Title>{words().lock.title}</Title>
      <p class="lead">{words().lock.lead}</p>
      <form
        autoComplete="off"
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void newPin();
        }}
      >
        {field('code', words().lock.codeHint)}
        {field('pin', words().lock.pinHint)}
        {field('again', null)}
        <p class="fault" aria-live="assertive">
          {fault === null ? '' : words().lock.faults[fault]}
        </p>
        <button type="submit" class="primary wide" disabled={busy}>
          {words().lock.set}
        </button>
        {offersPasskey && !guards.passkey ? (
          <button type="button" class="quiet wide" onClick={act(async () => faultOf(await setPasskey(values.code)))}>
            {words().lock.passkey}
          </button>
        ) : null}
        {guards.pin ? (
          <Removal label={words().lock.removePin} onRemove={act(() => gone(takePinAway(values.code)))} />
        ) : null}
        {guards.passkey ? (
          <Removal label={words().lock.removePasskey} onRemove={act(() => gone(takePasskeyAway(values.code)))} />
        ) : null}
      </form>
      {isGuarded ? (
        <section class="card">
          <label class="label" for="after">
            {words().lock.after}
          </label>
          <select
            id="after"
            value={String(preferences.lockAfterMinutes ?? usualMinutes)}
            onChange={(event) => void prefer({ ...preferences, lockAfterMinutes: Number(event.currentTarget.value) })}
          >
            {choices.map((minutes) => (
              <option key={minutes} value={String(minutes)}>
                {count(words().lock.minutes, minutes)}
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
        {words().lock[name]}
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
