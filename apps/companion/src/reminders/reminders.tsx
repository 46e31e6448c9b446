/** How and when a person wants to be reminded, and an address for their calendar. */
import { useEffect, useState } from 'preact/hooks';
import { change, readState, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { call, Refused } from '../server/client.ts';
import {
  makeCalendar,
  reminders,
  revokeCalendar,
  setReminders,
  snoozeReminders,
  subscribePush,
} from '../server/routes.ts';
import { fill, languageNow, localeNow } from '../words/index.ts';
import { openPush, type PhoneFault } from './phone.ts';
import { words } from './words/index.ts';

type Standing = Awaited<ReturnType<typeof call<typeof reminders>>>;
type Channel = Standing['channel'];
type Fault = PhoneFault | 'offline' | 'failed';

const mailLanguages = ['en', 'de', 'es', 'pt', 'nl', 'cs'] as const;

const mine = () => {
  const { session } = readState();
  if (session === null) throw new Error('Nobody has joined on this phone.');
  return { studyId: session.studyId, participantId: session.participantId };
};

export function RemindersScreen() {
  const [standing, setStanding] = useState<Standing | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const act = (work: () => Promise<Standing | Fault>, said = '') => {
    void work()
      .catch((error: unknown): Fault => (error instanceof Refused ? 'failed' : 'offline'))
      .then((found) => {
        setFault(typeof found === 'string' ? found : null);
        if (typeof found === 'string') return;
        setStanding(found);
        change({ notice: said });
      });
  };
  useEffect(() => act(() => call(reminders, { params: mine() })), []);
  return (
    <>
      <Title>{words().title}</Title>
      <p class="lead">{words().lead}</p>
      {standing === null && fault === null ? <p class="card placeholder" aria-busy="true" /> : null}
      {standing === null ? null : (
        <>
          <Wish key={`${standing.channel} ${standing.email}`} standing={standing} act={act} />
          <Calendar standing={standing} act={act} />
        </>
      )}
      {fault === null ? null : (
        <p class="card" role="alert">
          {words()[fault]}
        </p>
      )}
    </>
  );
}

type Act = (work: () => Promise<Standing | Fault>, said?: string) => void;

function Wish({ standing, act }: { standing: Standing; act: Act }) {
  const [channel, setChannel] = useState<Channel>(standing.channel);
  const [wish, setWish] = useState({
    hour: standing.hour,
    quietFrom: standing.quietFrom,
    quietUntil: standing.quietUntil,
  });
  const [email, setEmail] = useState(standing.email ?? '');
  const { today } = useAppState();
  const { offered, snoozedUntil } = standing;
  const ways = [
    { value: 'none', label: words().none, able: true, why: '' },
    { value: 'push', label: words().push, able: offered.push !== null, why: words().noPush },
    { value: 'email', label: words().email, able: offered.email, why: words().noEmail },
  ] as const;
  const hourField = (name: keyof typeof wish) => (
    <Hour
      id={`reminder-${name}`}
      label={words()[name]}
      hour={wish[name]}
      onHour={(hour) => setWish((now) => ({ ...now, [name]: hour }))}
    />
  );
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        act(() => save(channel, wish, email, offered.push), words().saved);
      }}
    >
      <fieldset class="options">
        <legend class="label">{words().way}</legend>
        {ways.map(({ value, label, able, why }) => (
          <div key={value}>
            <label class="option">
              <input
                type="radio"
                name="way"
                value={value}
                checked={channel === value}
                disabled={!able}
                aria-describedby={able ? undefined : `no-${value}`}
                onChange={() => setChannel(value)}
              />
              <span>{label}</span>
            </label>
            {able ? null : (
              <p class="hint" id={`no-${value}`}>
                {why}
              </p>
            )}
          </div>
        ))}
      </fieldset>
      {channel === 'email' ? (
        <p>
          <label class="label" for="reminder-email">
            {words().address}
          </label>
          <input
            id="reminder-email"
            type="email"
            autoComplete="email"
            required
            maxLength={200}
            value={email}
            aria-describedby="reminder-email-hint"
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
          <small id="reminder-email-hint">{words().addressHint}</small>
        </p>
      ) : null}
      {channel === 'none' ? null : (
        <>
          {hourField('hour')}
          {hourField('quietFrom')}
          {hourField('quietUntil')}
          <p>
            <small>{fill(words().zone, { zone: today?.timeZone ?? '' })}</small>
          </p>
        </>
      )}
      <button type="submit" class="primary wide">
        {words().save}
      </button>
      {standing.channel === 'none' ? null : (
        <button type="button" class="quiet wide" onClick={() => act(snooze)}>
          {words().snooze}
        </button>
      )}
      <p role="status">{snoozedUntil === null ? '' : fill(words().snoozed, { when: clockTime(snoozedUntil) })}</p>
    </form>
  );
}

type HourProps = { id: string; label: string; hour: number; onHour: (hour: number) => void };

function Hour({ id, label, hour, onHour }: HourProps) {
  return (
    <p>
      <label class="label" for={id}>
        {label}
      </label>
      <select id={id} value={String(hour)} onChange={(event) => onHour(Number(event.currentTarget.value))}>
        {[...Array(24).keys()].map((one) => (
          <option key={one} value={String(one)}>
            {hourWords(one)}
          </option>
        ))}
      </select>
    </p>
  );
}

const hourWords = (hour: number): string =>
  new Intl.DateTimeFormat(localeNow(), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    Date.UTC(2026, 0, 1, hour),
  );

const clockTime = (instant: string): string =>
  new Intl.DateTimeFormat(localeNow(), { hour: 'numeric', minute: '2-digit' }).format(Date.parse(instant));

const snooze = () => call(snoozeReminders, { params: mine(), body: { minutes: 60 } });

async function save(
  channel: Channel,
  wish: { hour: number; quietFrom: number; quietUntil: number },
  email: string,
  publicKey: string | null,
): Promise<Standing | Fault> {
  const params = mine();
  if (channel === 'push') {
    const phone = publicKey === null ? 'failed' : await openPush(publicKey);
    if (typeof phone === 'string') return phone;
    await call(subscribePush, { params, body: phone });
  }
  const language = mailLanguages.find((tag) => tag === languageNow()) ?? 'en';
  const address = channel === 'email' ? { email: email.trim() } : {};
  return call(setReminders, { params, body: { channel, ...wish, language, ...address } });
}

function Calendar({ standing, act }: { standing: Standing; act: Act }) {
  const [address, setAddress] = useState<string | null>(null);
  const make = async (): Promise<Standing> => {
    const { path } = await call(makeCalendar, { params: mine(), body: { wanted: true } });
    setAddress(new URL(path, location.href).href);
    return { ...standing, calendar: true };
  };
  const revoke = async (): Promise<Standing> => {
    setAddress(null);
    return call(revokeCalendar, { params: mine() });
  };
  return (
    <section class="card">
      <h2>{words().calendar}</h2>
      <p>{words().calendarLead}</p>
      {address === null ? null : (
        <p>
          <input
            readOnly
            aria-label={words().calendar}
            value={address}
            onFocus={(event) => event.currentTarget.select()}
          />
          <small>{words().copyHint}</small>
        </p>
      )}
      <button type="button" class="quiet wide" onClick={() => act(make)}>
        {standing.calendar ? words().makeAnother : words().makeCalendar}
      </button>
      {standing.calendar ? (
        <button type="button" class="quiet wide" onClick={() => act(revoke, words().revoked)}>
          {words().revoke}
        </button>
      ) : null}
    </section>
  );
}
