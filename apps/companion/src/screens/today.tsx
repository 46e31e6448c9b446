/** The day at a glance: the capsule, the questions in their order, what comes next. Or the step before the study. */
import { go } from '../page/route.ts';
import { nowMs, type State, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { forToday, type Standing, standings, upcoming } from '../schedule/standing.ts';
import { dateIn, momentOf, wordsOfDate } from '../schedule/times.ts';
import type { Today } from '../server/answers.ts';
import { fill, listWords, words } from '../words/index.ts';
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
      <Title>{words().frame.today}</Title>
      {state.reach === 'offline' ? (
        <p class="card">{words().today.goOnlineOnce}</p>
      ) : (
        <div class="card placeholder" aria-busy="true">
          {words().common.oneMoment}
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
        {day === undefined ? '' : ` · ${fill(words().today.studyDay, { day })}`}
      </p>
      <Title>{words().frame.today}</Title>
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
      {hasOtherToday ? null : <p class="card">{words().today.nothingDue}</p>}
      <Upcoming items={next} />
    </>
  );
}

/** The study has changed and asks again; until the person decides, nothing changes for them. */
function NewVersion({ state, today }: { state: State; today: Today }) {
  const { reconsent } = today;
  const texts = words().today;
  if (reconsent == null) return null;
  const sent = state.entries.some(
    ({ command, refusal }) =>
      refusal === null && command.type === 'consent' && command.version === reconsent.consentVersion,
  );
  return (
    <section class="card">
      <h2>{texts.changedTitle}</h2>
      {reconsent.changes === '' ? null : <p>{reconsent.changes}</p>}
      {sent ? (
        <p>{texts.changedSigned}</p>
      ) : (
        <>
          <p>{texts.changedRead}</p>
          <button type="button" class="wide" onClick={() => go('consent')}>
            {texts.changedButton}
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
      {item.date < dateIn(now, timeZone) ? (
        <small>{fill(words().today.forDate, { date: wordsOfDate(item.date) })}</small>
      ) : null}
      <small>{whenOf(item, now, timeZone)}</small>
    </span>
  );
}

/** What is due, when and why, in one line. */
export function whenOf(item: Standing, now: number, timeZone: string): string {
  const texts = words().today;
  const at = (instant: string) => ({ when: momentOf(instant, now, timeZone) });
  switch (item.status) {
    case 'done':
      return item.unsent ? texts.doneUnsent : texts.done;
    case 'missed':
      return texts.missed;
    case 'upcoming':
      return fill(texts.opens, at(item.opensAt));
    case 'due':
      return fill(texts.openUntil, at(item.closesAt));
    case 'late':
      return fill(texts.late, at(item.lateUntil));
    case 'blocked':
      return item.waitsFor.length > 0
        ? fill(texts.first, { labels: listWords(item.waitsFor) })
        : (item.reason ?? texts.notNow);
    case 'closed':
      return item.reason ?? fill(texts.closed, at(item.lateUntil));
  }
}

function Upcoming({ items }: { items: readonly Standing[] }) {
  if (items.length === 0) return null;
  const days = [...new Set(items.map(({ date }) => date))];
  return (
    <section>
      <h2 class="part">{words().today.comingUp}</h2>
      <ul class="coming">
        {days.map((date) => (
          <li key={date}>
            <b>{wordsOfDate(date)}</b>
            <span>{listWords(items.filter((item) => item.date === date).map(({ label }) => label))}</span>
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
  const step = stepFor(today, sent);
  return (
    <>
      <Title>{step.title}</Title>
      <NewVersion state={state} today={today} />
      <section class="card">
        <p class="study">{today.studyTitle}</p>
        {step.paragraphs.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {step.next === undefined ? null : (
          <button type="button" class="primary wide" onClick={() => go(step.next?.place ?? '')}>
            {step.next.label}
          </button>
        )}
        {step.firstDay && today.startDate !== null ? (
          <p>
            {words().today.firstDay} <b>{wordsOfDate(today.startDate)}</b>
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

function stepFor(today: Today, sent: (type: string) => boolean): Step {
  const texts = words().before;
  const { onItsWay } = texts;
  if (today.status === 'withdrawn') {
    return {
      title: texts.leftTitle,
      paragraphs: [texts.leftThanks, texts.leftKept],
    };
  }
  if (today.status === 'completed') {
    return {
      title: texts.finishedTitle,
      paragraphs: [texts.finished],
      ...(today.selfPacked ? { next: { label: texts.result, place: 'result' } } : {}),
    };
  }
  if (today.status === 'randomised') {
    return { title: texts.almostTitle, paragraphs: [texts.almost], firstDay: true };
  }
  if (today.consentedVersion !== null) {
    return {
      title: texts.teamNextTitle,
      paragraphs: [texts.teamNext],
      next: { label: texts.readSigned, place: 'consent/copy' },
    };
  }
  if (sent('consent')) return { title: texts.signed, paragraphs: [onItsWay] };
  const { screening } = today;
  if (screening === null && sent('screen')) return { title: texts.thankYou, paragraphs: [onItsWay] };
  if (screening === null) {
    return {
      title: texts.welcome,
      paragraphs: [texts.welcomeHealth, texts.notSure],
      next: { label: texts.begin, place: 'screening' },
    };
  }
  if (screening.result === 'ineligible') {
    return {
      title: texts.ineligibleTitle,
      paragraphs: [...screening.reasons, texts.ineligible],
    };
  }
  if (screening.result === 'unknown') {
    return {
      title: texts.unknownTitle,
      paragraphs: [...screening.reasons, texts.unknown],
      next: { label: texts.readConsent, place: 'consent' },
    };
  }
  return {
    title: texts.eligibleTitle,
    paragraphs: [texts.eligible],
    next: { label: texts.readConsent, place: 'consent' },
  };
}
