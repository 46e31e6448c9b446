/** The frame around every screen: help at the top, the state of sending, the four places at the bottom. */
import { urgentWaits } from '../schedule/standing.ts';
import { isClockWrong } from '../schedule/times.ts';
import { ActivityScreen } from '../screens/activity.tsx';
import { ConsentScreen } from '../screens/consent.tsx';
import { ConsentCopyScreen } from '../screens/consent-copy.tsx';
import { HelpScreen } from '../screens/help.tsx';
import { JoinScreen } from '../screens/join.tsx';
import { LockedScreen } from '../screens/locked.tsx';
import { ScreeningScreen } from '../screens/screening.tsx';
import { SettingsScreen } from '../screens/settings.tsx';
import { ReportSentScreen, SideEffectScreen } from '../screens/side-effect.tsx';
import { TodayScreen } from '../screens/today.tsx';
import { WithdrawScreen } from '../screens/withdraw.tsx';
import { count, words } from '../words/index.ts';
import { Later } from './later.tsx';
import { takeNewVersion } from './new-version.ts';
import { type Place, usePlace } from './route.ts';
import { type State, useAppState, waitingCount } from './state.ts';
import { Title } from './title.tsx';

/** Where one thing is done at a time: the way out stands at the top, and nothing else asks for attention. */
const tasks = new Set([
  'do',
  'screening',
  'consent',
  'report',
  'withdraw',
  'help',
  'packing',
  'envelope',
  'leftovers',
  'helper',
  'result',
  'lock',
]);

export function App() {
  const state = useAppState();
  const place = usePlace();
  const first = place.path[0] ?? '';
  const isTask = tasks.has(first);
  const texts = words().frame;
  const showsPlaces = state.phase === 'open' && !isTask;
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        {texts.skip}
      </button>
      <header class="top">
        {isTask ? (
          <a class="brand" href="#/">
            <span aria-hidden="true">‹</span> {texts.today}
          </a>
        ) : (
          <a class="brand" href="#/" aria-label={texts.toToday}>
            <Mark />
            <span>Limen</span>
          </a>
        )}
        {first === 'help' ? null : (
          <a class="button help" href="#/help">
            {texts.helpNow}
          </a>
        )}
      </header>
      <Standing state={state} />
      <main id="main" tabIndex={-1}>
        <Screen state={state} place={place} />
      </main>
      <p class="notice" role="status">
        {state.notice}
      </p>
      {showsPlaces ? <Places at={first} refused={state.entries.some(({ refusal }) => refusal !== null)} /> : null}
    </>
  );
}

function skip(): void {
  document.querySelector<HTMLElement>('main')?.focus();
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path
        d="M8 24v-9a8 8 0 0 1 16 0v9M4.500 24h23"
        fill="none"
        stroke="currentColor"
        stroke-width="2.600"
        stroke-linecap="round"
      />
      <circle class="dot" cx="16" cy="17" r="2.400" />
    </svg>
  );
}

/** Whether entries are on their way. Said in words, and only when there is something to say. */
function Standing({ state }: { state: State }) {
  const unsent = waitingCount(state);
  const asksCode = state.phase === 'open' && state.session?.token === null;
  const texts = words().frame;
  return (
    <>
      <div class="bar" role="status">
        {asksCode ? <span>{texts.sessionEnded}</span> : state.reach === 'offline' ? <span>{texts.offline}</span> : null}
        {unsent === 0 || state.storageFull ? null : <span>{count(texts.unsent, unsent)}</span>}
        {asksCode ? <a href="#/join">{texts.enterCode}</a> : null}
      </div>
      {state.storageFull ? (
        <div class="bar" role="alert">
          <span>{texts.full}</span>
        </div>
      ) : null}
      {isClockWrong(state.clockLeadMs) ? (
        <div class="bar" role="status">
          <span>{texts.clock}</span>
        </div>
      ) : null}
      {urgentWaits(state.entries, state.deviceMs) ? (
        <div class="bar" role="alert">
          <span>{texts.urgentWaits}</span>
          <a href="#/help">{texts.numbersToCall}</a>
        </div>
      ) : null}
      {state.newVersion && unsent === 0 ? (
        <div class="bar">
          <span>{texts.newVersion}</span>
          <button type="button" class="link" onClick={takeNewVersion}>
            {texts.useNow}
          </button>
        </div>
      ) : null}
    </>
  );
}

function Screen({ state, place }: { state: State; place: Place }) {
  const [first = '', second = ''] = place.path;
  if (first === 'help') return <HelpScreen />;
  // Needs no session: another person's phone, or this one before anybody has joined.
  if (first === 'helper') return <Later screen="HelperScreen" />;
  switch (state.phase) {
    case 'starting':
      return <p aria-busy="true" class="placeholder" />;
    case 'unusable':
      return <Unusable />;
    case 'closed':
      return <JoinScreen />;
    case 'locked':
      return first === 'join' ? <JoinScreen /> : <LockedScreen />;
    case 'open':
      break;
  }
  switch (first) {
    case '':
      return <TodayScreen />;
    case 'join':
      return <JoinScreen />;
    case 'screening':
      return <ScreeningScreen />;
    case 'consent':
      return second === 'copy' ? <ConsentCopyScreen /> : <ConsentScreen />;
    case 'do':
      return <ActivityScreen key={second} occurrence={second} />;
    case 'report':
      return second === 'sent' ? <ReportSentScreen /> : <SideEffectScreen />;
    case 'packing':
      return <Later screen="PackingScreen" />;
    case 'envelope':
      return <Later screen="EnvelopeScreen" />;
    case 'leftovers':
      return <Later screen="LeftoversScreen" />;
    case 'result':
      return <Later screen="ResultScreen" />;
    case 'history':
      return <Later screen="HistoryScreen" />;
    case 'withdraw':
      return <WithdrawScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'wearables':
      return <Later screen="WearablesScreen" />;
    case 'reminders':
      return <Later screen="RemindersScreen" />;
    case 'lock':
      return <Later screen="LockSettingsScreen" />;
    default:
      return <TodayScreen />;
  }
}

function Unusable() {
  return (
    <>
      <Title>{words().frame.unusableTitle}</Title>
      <p class="card">{words().frame.unusable}</p>
    </>
  );
}

const places = [
  { path: '', name: 'today', icon: 'M5 12l5 5L20 6' },
  { path: 'report', name: 'report', icon: 'M12 5v9M12 18.500v.1' },
  { path: 'history', name: 'history', icon: 'M4 17l5-6 4 4 7-9' },
  { path: 'settings', name: 'settings', icon: 'M4 7h16M4 17h16M9 7v.1M15 17v.1' },
] as const;

function Places({ at, refused }: { at: string; refused: boolean }) {
  const texts = words().frame;
  return (
    <nav class="places" aria-label={texts.places}>
      {places.map(({ path, name, icon }) => (
        <a key={path} href={`#/${path}`} aria-current={at === path ? 'page' : undefined}>
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path
              d={icon}
              fill="none"
              stroke="currentColor"
              stroke-width="2"
              stroke-linecap="round"
              stroke-linejoin="round"
            />
          </svg>
          {texts[name]}
          {path === 'history' && refused ? <span class="flagged"> {texts.needsYou}</span> : null}
        </a>
      ))}
    </nav>
  );
}
