/** The day at a glance: the capsule, the questions in their order, what comes next. Or the step before the study. */
import { go } from '../page/route.ts';
import { nowMs, type State, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { forToday, type Standing, standings, upcoming } from '../schedule/standing.ts';
import { dateIn, momentOf, wordsOfDate } from '../schedule/times.ts';
import type { Today } from '../server/answers.ts';
import { CapsuleCard } from './capsule.tsx';
import { EnvelopeCard } from './envelope-card.tsx';

export function TodayScreen() {
  const state = useAppState();
  const { today } = state;
  if (today === null) return <Waiting state={state} />;
  // Who has left has left, also before the server knows.
  if (state.entries.some(isLeaving)) return <Before state={state} today={{ ...today, status: 'withdrawn' }} />;
  if (today.status === 'randomised' && today.schedule.length > 0) return <Day state={state} today={today} />;
  return <Before state={state} today={today} />;
}

function isLeaving({ command, refusal }: State['entries'][number]): boolean {
  return refusal === null && command.type === 'withdraw' && command.scope === 'study';
}

function Waiting({ state }: { state: State }) {
  return (
    <>
      <Title>Today</Title>
      {state.reach === 'offline' ? (
        <p class="card">
          Your schedule has not reached this phone yet. Go online once, and it works offline afterwards.
        </p>
      ) : (
        <div class="card placeholder" aria-busy="true">
          One moment
        </div>
      )}
    </>
  );
}

const comingUp = 6;
const dayMs = 86_400_000;

function Day({ state, today }: { state: State; today: Today }) {
  const now = nowMs(state);
  const date = dateIn(now, today.timeZone);
  const all = standings(today, state.entries, now, state.sent);
  const items = forToday(all, date, dateIn(now - dayMs, today.timeZone));
  const capsules = items.filter(({ kind }) => kind === 'dose');
  const activities = items.filter(({ kind }) => kind === 'activity');
  const next = upcoming(all, date, comingUp);
  const day = items.find((item) => item.date === date)?.studyDay;
  const hasOtherToday = activities.length > 0 || capsules.length > 0;
  return (
    <>
      <p class="eyebrow">
        {wordsOfDate(date)}
        {day === undefined ? '' : ` · study day ${day}`}
      </p>
      <Title>Today</Title>
      {today.holdMessage === null ? null : <p class="note hold">{today.holdMessage}</p>}
      <NewVersion state={state} today={today} />
      <EnvelopeCard state={state} today={today} date={date} />
      {capsules.map((item) => (
        <CapsuleCard key={item.occurrence} item={item} today={today} now={now} clockLeadMs={state.clockLeadMs} />
      ))}
      {activities.length === 0 ? null : (
        <ul class="tasks">
          {activities.map((item) => (
            <li key={item.occurrence}>
              <Task item={item} now={now} timeZone={today.timeZone} />
            </li>
          ))}
        </ul>
      )}
      {hasOtherToday ? null : <p class="card">Nothing is due today. You can always report something unwanted.</p>}
      <Upcoming items={next} />
    </>
  );
}

/** The study has changed and asks again; until the person decides, nothing changes for them. */
function NewVersion({ state, today }: { state: State; today: Today }) {
  const { reconsent } = today;
  if (reconsent == null) return null;
  const sent = state.entries.some(
    ({ command, refusal }) =>
      refusal === null && command.type === 'consent' && command.version === reconsent.consentVersion,
  );
  return (
    <section class="card">
      <h2>The study has changed</h2>
      {reconsent.changes === '' ? null : <p>{reconsent.changes}</p>}
      {sent ? (
        <p>You have signed. It is saved on this phone and counts from the day after it has arrived.</p>
      ) : (
        <>
          <p>
            Please read the new information and decide. Until you do, everything goes on as you agreed to it before.
          </p>
          <button type="button" class="wide" onClick={() => go('consent')}>
            Read the new information
          </button>
        </>
      )}
    </section>
  );
}

function Task({ item, now, timeZone }: { item: Standing; now: number; timeZone: string }) {
  const open = item.status === 'due' || item.status === 'late';
  const words = <Words item={item} now={now} timeZone={timeZone} />;
  if (!open) return <div class={`task ${item.status}`}>{words}</div>;
  return (
    <a class={`task ${item.status}`} href={`#/do/${encodeURIComponent(item.occurrence)}`}>
      {words}
      <span class="arrow" aria-hidden="true">
        ›
      </span>
    </a>
  );
}

function Words({ item, now, timeZone }: { item: Standing; now: number; timeZone: string }) {
  return (
    <span class="words">
      <b>{item.label}</b>
      {item.date < dateIn(now, timeZone) ? <small>For {wordsOfDate(item.date)}</small> : null}
      <small>{whenOf(item, now, timeZone)}</small>
    </span>
  );
}

/** What is due, when and why, in one line. */
export function whenOf(item: Standing, now: number, timeZone: string): string {
  const until = (instant: string) => momentOf(instant, now, timeZone);
  switch (item.status) {
    case 'done':
      return item.unsent ? 'Done. Saved on this phone, not sent yet.' : 'Done';
    case 'missed':
      return 'Left out';
    case 'upcoming':
      return `Opens ${until(item.opensAt)}`;
    case 'due':
      return `Open until ${until(item.closesAt)}`;
    case 'late':
      return `Late, still possible until ${until(item.lateUntil)}`;
    case 'blocked':
      return item.waitsFor.length > 0 ? `First: ${item.waitsFor.join(', ')}` : (item.reason ?? 'Not possible just now');
    case 'closed':
      return item.reason ?? `Closed ${until(item.lateUntil)}`;
  }
}

function Upcoming({ items }: { items: readonly Standing[] }) {
  if (items.length === 0) return null;
  const days = [...new Set(items.map(({ date }) => date))];
  return (
    <section>
      <h2 class="part">Coming up</h2>
      <ul class="coming">
        {days.map((date) => (
          <li key={date}>
            <b>{wordsOfDate(date)}</b>
            <span>
              {items
                .filter((item) => item.date === date)
                .map(({ label }) => label)
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Everything that is not a day of the study: the way in, the wait, the end. */
function Before({ state, today }: { state: State; today: Today }) {
  const sent = (type: string) =>
    state.entries.some(({ command, refusal }) => command.type === type && refusal === null);
  const words = wordsFor(today, sent);
  return (
    <>
      <Title>{words.title}</Title>
      <NewVersion state={state} today={today} />
      <section class="card">
        <p class="study">{today.studyTitle}</p>
        {words.paragraphs.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {words.next === undefined ? null : (
          <button type="button" class="primary wide" onClick={() => go(words.next?.place ?? '')}>
            {words.next.label}
          </button>
        )}
        {words.firstDay && today.startDate !== null ? (
          <p>
            Your first study day is <b>{wordsOfDate(today.startDate)}</b>.
          </p>
        ) : null}
      </section>
      {today.status === 'randomised' || today.status === 'completed' ? (
        <EnvelopeCard state={state} today={today} date={dateIn(nowMs(state), today.timeZone)} />
      ) : null}
    </>
  );
}

type Step = {
  title: string;
  paragraphs: readonly string[];
  next?: { label: string; place: string };
  firstDay?: true;
};

function wordsFor(today: Today, sent: (type: string) => boolean): Step {
  const onItsWay = 'Your answers are saved on this phone and go out as soon as it is online.';
  if (today.status === 'withdrawn') {
    return {
      title: 'You have left the study',
      paragraphs: [
        'Thank you for the time you gave. Nothing more is expected of you.',
        'What you recorded before is kept, as the consent form says. Your entries can still be read under History.',
      ],
    };
  }
  if (today.status === 'completed') {
    return {
      title: 'You have finished',
      paragraphs: ['Thank you. Nothing more is due. Your entries are under History.'],
      ...(today.selfPacked ? { next: { label: 'What your capsules held', place: 'result' } } : {}),
    };
  }
  if (today.status === 'randomised') {
    return { title: 'Almost there', paragraphs: ['Your schedule is being made.'], firstDay: true };
  }
  if (today.consentedVersion !== null) {
    return {
      title: 'The study team is next',
      paragraphs: ['You have signed. Someone from the team will confirm that all is in order and hand over your kit.'],
      next: { label: 'Read what you signed', place: 'consent/copy' },
    };
  }
  if (sent('consent')) return { title: 'Signed', paragraphs: [onItsWay] };
  const { screening } = today;
  if (screening === null && sent('screen')) return { title: 'Thank you', paragraphs: [onItsWay] };
  if (screening === null) {
    return {
      title: 'Welcome',
      paragraphs: [
        'First come some questions about your health. They take about four minutes and decide whether taking part is safe for you.',
        '“Not sure” is a good answer.',
      ],
      next: { label: 'Begin', place: 'screening' },
    };
  }
  if (screening.result === 'ineligible') {
    return {
      title: 'This study is not for you at present',
      paragraphs: [
        ...screening.reasons,
        'This says nothing about you as a person. The study team can talk it over with you; their contacts are under Help now.',
      ],
    };
  }
  if (screening.result === 'unknown') {
    return {
      title: 'Someone will look at this with you',
      paragraphs: [
        ...screening.reasons,
        'A person from the study team reads your answers and gets in touch. There is nothing you need to do. Once they have told you that you can go on, sign the consent form here.',
      ],
      next: { label: 'Read the consent form', place: 'consent' },
    };
  }
  return {
    title: 'You can take part, if you want to',
    paragraphs: [
      'Next is the consent form: what the study is, what may happen, and what you decide. It takes its time.',
    ],
    next: { label: 'Read the consent form', place: 'consent' },
  };
}
