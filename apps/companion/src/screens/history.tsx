/** What the person recorded: as curves and as a list, with what has not been sent yet. */
import { findInstrument } from '@limen/instruments';
import { useEffect, useState } from 'preact/hooks';
import { refreshHistory } from '../outbox/refresh.ts';
import { nowMs, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { wordsOf } from '../questions/spoken.ts';
import { momentOf } from '../schedule/times.ts';
import type { HistoryEntry, Today } from '../server/answers.ts';
import { count, fill, words } from '../words/index.ts';
import { Curve } from './curve.tsx';
import { ownDataAsCsv, ownDataAsJson } from './own-data.ts';
import { type OwnDays, ownDaysOf } from './own-days.ts';
import { saveFile } from './save-file.ts';
import { type Series, seriesOf } from './series.ts';
import { Unsent } from './unsent.tsx';

export function HistoryScreen() {
  const state = useAppState();
  const { history, today, kept } = state;
  const [asked, setAsked] = useState<'asking' | 'answered' | 'unanswered'>('asking');
  useEffect(() => {
    void refreshHistory().then((came) => setAsked(came ? 'answered' : 'unanswered'));
  }, [state.entries.length]);
  const series = history === null || today === null ? [] : seriesOf(history, today);
  const days = history === null || today === null ? null : ownDaysOf(history, today, nowMs(state));
  const texts = words().history;
  return (
    <>
      <Title>{words().frame.history}</Title>
      <Unsent />
      {kept.length === 0 ? null : (
        <section class="card">
          <h2>{texts.keptTitle}</h2>
          <p>{texts.kept}</p>
          <ul class="plain">
            {kept.map(({ label, at, detail }) => (
              <li key={`${at}${label}`}>
                <b>{label}</b> {detail}
              </li>
            ))}
          </ul>
        </section>
      )}
      {days === null || days.recorded === 0 ? null : <Days of={days} />}
      {series.length === 0 ? null : <Curves all={series} />}
      <Entries entries={history} today={today} now={nowMs(state)} asked={asked} />
      {history === null || today === null || history.length === 0 ? null : <Export history={history} today={today} />}
    </>
  );
}

const fewestInARow = 3;

/** What was done, without a word on what was not. */
function Days({ of: { of, recorded, inARow } }: { of: OwnDays }) {
  const texts = words().history;
  return (
    <section class="card">
      <h2>{texts.days}</h2>
      <p>
        {fill(count(texts.daysOf, of), { recorded })} {inARow < fewestInARow ? '' : count(texts.inARow, inARow)}
      </p>
      <p class="hint">{texts.daysLeftOut}</p>
    </section>
  );
}

function Curves({ all }: { all: readonly Series[] }) {
  const [id, setId] = useState(all[0]?.id ?? '');
  const chosen = all.find((one) => one.id === id) ?? all[0];
  if (chosen === undefined) return null;
  return (
    <section class="card">
      <h2>{words().history.curves}</h2>
      <label class="label" for="curve">
        {words().history.whatToShow}
      </label>
      <select id="curve" value={chosen.id} onChange={(event) => setId(event.currentTarget.value)}>
        {all.map((one) => (
          <option key={one.id} value={one.id}>
            {one.label}
          </option>
        ))}
      </select>
      <Curve series={chosen} />
    </section>
  );
}

function Export({ history, today }: { history: readonly HistoryEntry[]; today: Today }) {
  const entries = [...history];
  const texts = words().history;
  return (
    <section class="card">
      <h2>{texts.exportTitle}</h2>
      <p>{texts.export}</p>
      <div class="pair">
        <button
          type="button"
          class="quiet"
          onClick={() => saveFile('my-entries.csv', 'text/csv;charset=utf-8', ownDataAsCsv(entries))}
        >
          {texts.asTable}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => saveFile('my-entries.json', 'application/json', ownDataAsJson(entries, today))}
        >
          {texts.asJson}
        </button>
      </div>
    </section>
  );
}

const shownAtFirst = 20;

type EntriesProps = {
  entries: readonly HistoryEntry[] | null;
  today: Today | null;
  now: number;
  asked: 'asking' | 'answered' | 'unanswered';
};

function Entries({ entries, today, now, asked }: EntriesProps) {
  const [shown, setShown] = useState(shownAtFirst);
  const texts = words().history;
  if (entries === null) {
    return (
      <p class="card" aria-busy={asked === 'asking'}>
        {asked === 'asking' ? words().common.oneMoment : texts.shownOnline}
      </p>
    );
  }
  if (entries.length === 0) return <p class="card">{texts.nothing}</p>;
  const timeZone = today?.timeZone ?? 'UTC';
  return (
    <section>
      <h2 class="part">{texts.entries}</h2>
      {asked === 'unanswered' ? <p class="hint">{texts.asOfOnline}</p> : null}
      <ul class="entries">
        {entries.slice(0, shown).map((entry) => (
          <li key={entry.eventId}>
            <details>
              <summary>
                <span class="words">
                  <b>{nameOf(entry)}</b>
                  <small>
                    {momentOf(entry.at, now, timeZone)}
                    {entry.timing === 'late'
                      ? ` · ${texts.late}`
                      : entry.timing === 'outOfWindow'
                        ? ` · ${texts.outside}`
                        : ''}
                  </small>
                </span>
              </summary>
              <Answered entry={entry} today={today} />
            </details>
          </li>
        ))}
      </ul>
      {entries.length > shown ? (
        <button type="button" class="quiet wide" onClick={() => setShown(shown + shownAtFirst)}>
          {texts.showMore}
        </button>
      ) : null}
    </section>
  );
}

function nameOf({ type, label }: HistoryEntry): string {
  const { acts, taken, missed, report } = words().history;
  if (type === 'dose.taken') return fill(taken, { label });
  if (type === 'dose.missed') return fill(missed, { label });
  if (type === 'adverseEvent.reported') return fill(report, { label });
  return (acts as Readonly<Record<string, string>>)[type] ?? label;
}

function Answered({ entry, today }: { entry: HistoryEntry; today: Today | null }) {
  const given = entry.answers;
  if (given === null) return <p class="hint">{words().history.noAnswers}</p>;
  const scheduled = today?.schedule.find(({ occurrence }) => occurrence === entry.occurrence)?.instrument;
  const id = scheduled ?? (entry.type === 'participant.screened' ? today?.screeningInstrument : undefined);
  const instrument = findInstrument(id ?? '');
  const asked = instrument === undefined ? null : wordsOf(instrument);
  const question = (item: string) => {
    const text = asked?.items[item];
    return typeof text === 'string' ? text : (text?.text ?? item);
  };
  const answer = (item: string, value: unknown): string => {
    const found = instrument?.items.find((one) => one.id === item);
    const set = found !== undefined && 'responseSet' in found ? asked?.options[found.responseSet] : undefined;
    const one = (part: unknown) => set?.[String(part)] ?? String(part);
    return Array.isArray(value) ? value.map(one).join(', ') : one(value);
  };
  return (
    <dl class="answers">
      {Object.entries(given).map(([item, value]) => (
        <div key={item}>
          <dt>{question(item)}</dt>
          <dd>{answer(item, value)}</dd>
        </div>
      ))}
    </dl>
  );
}
