/** One activity of the schedule: its questionnaire, or why it cannot be answered just now. */
import { findInstrument } from '@limen/instruments';
import { save } from '../outbox/save.ts';
import { prefer } from '../page/access.ts';
import { Later } from '../page/later.tsx';
import { go } from '../page/route.ts';
import { nowMs, readState, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Form } from '../questions/form.tsx';
import { type Standing, standings } from '../schedule/standing.ts';
import { dateIn, wordsOfDate } from '../schedule/times.ts';
import { words } from '../words/index.ts';
import { outOfDate } from './out-of-date.tsx';
import { whenOf } from './today.tsx';

type PlainAnswers = Record<string, string | number | string[] | null>;

export function ActivityScreen({ occurrence }: { occurrence: string }) {
  const state = useAppState();
  const { today } = state;
  if (today === null) return <p>{words().common.noScheduleYet}</p>;
  const now = nowMs(state);
  const item = standings(today, state.entries, now, state.sent).find((one) => one.occurrence === occurrence);
  if (item === undefined || item.instrument === null) return <NotHere />;
  if (item.status !== 'due' && item.status !== 'late') {
    return (
      <>
        <Title>{item.label}</Title>
        <p class="card">{whenOf(item, now, today.timeZone)}</p>
        <a class="button quiet" href="#/">
          {words().common.backToToday}
        </a>
      </>
    );
  }
  return <Open item={item} isEarlier={item.date < dateIn(now, today.timeZone)} />;
}

function Open({ item, isEarlier }: { item: Standing; isEarlier: boolean }) {
  const instrument = findInstrument(item.instrument ?? '');
  const warning = outOfDate(instrument, item.instrumentVersion);
  if (instrument?.task !== undefined && warning === null) {
    return <Later screen="TaskScreen" given={{ instrument: { ...instrument, task: instrument.task }, item }} />;
  }
  return (
    <>
      <p class="eyebrow">
        {wordsOfDate(item.date)}
        {isEarlier ? `, ${words().activity.enteredLate}` : ''}
      </p>
      <Title>{item.label}</Title>
      {warning}
      {instrument === undefined || warning !== null ? null : (
        <Form
          instrument={instrument}
          subject={item.occurrence}
          saveLabel={words().common.save}
          onSave={async (answers, mode) => {
            const { occurrence } = item;
            const form = { instrument: instrument.id, instrumentVersion: instrument.version };
            const plain = structuredClone(answers) as PlainAnswers;
            const entered = mode === null ? {} : { inputMode: mode };
            await save({ type: 'submit', occurrence, ...form, answers: plain, ...entered }, item.label);
            if (typeof plain.caffeine === 'number')
              await prefer({ ...readState().preferences, usualCups: plain.caffeine });
            go('');
          }}
        />
      )}
    </>
  );
}

function NotHere() {
  return (
    <>
      <Title>{words().activity.notHereTitle}</Title>
      <p class="card">{words().activity.notHere}</p>
      <a class="button quiet" href="#/">
        {words().common.backToToday}
      </a>
    </>
  );
}
