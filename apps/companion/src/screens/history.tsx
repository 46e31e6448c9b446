/** What the person recorded: as curves and as a list, with what has not been sent yet. */
import { findInstrument, textsOf } from '@limen/instruments';
import { useEffect, useState } from 'preact/hooks';
import { refreshHistory } from '../outbox/refresh.ts';
import { nowMs, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { momentOf } from '../schedule/times.ts';
import type { HistoryEntry, Today } from '../server/answers.ts';
import { Curve } from './curve.tsx';
import { ownDataAsCsv, ownDataAsJson } from './own-data.ts';
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
  return (
    <>
      <Title>History</Title>
      <Unsent />
      {kept.length === 0 ? null : (
        <section class="card">
          <h2>Kept for your team</h2>
          <p>These could not be added to your diary. Nothing is lost: the study team has them.</p>
          <ul class="plain">
            {kept.map(({ label, at, detail }) => (
              <li key={`${at}${label}`}>
                <b>{label}</b> {detail}
              </li>
            ))}
          </ul>
        </section>
      )}
      {series.length === 0 ? null : <Curves all={series} />}
      <Entries entries={history} today={today} now={nowMs(state)} asked={asked} />
      {history === null || today === null || history.length === 0 ? null : <Export history={history} today={today} />}
    </>
  );
}

function Curves({ all }: { all: readonly Series[] }) {
  const [id, setId] = useState(all[0]?.id ?? '');
  const chosen = all.find((one) => one.id === id) ?? all[0];
  if (chosen === undefined) return null;
  return (
    <section class="card">
      <h2>Your own curves</h2>
      <label class="label" for="curve">
        What to show
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
  return (
    <section class="card">
      <h2>Take your entries with you</h2>
      <p>A file with everything you recorded. It lies open on this phone: keep it where others cannot read it.</p>
      <div class="pair">
        <button
          type="button"
          class="quiet"
          onClick={() => saveFile('my-entries.csv', 'text/csv;charset=utf-8', ownDataAsCsv(entries))}
        >
          As a table (CSV)
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => saveFile('my-entries.json', 'application/json', ownDataAsJson(entries, today))}
        >
          As JSON
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
  const [count, setCount] = useState(shownAtFirst);
  if (entries === null) {
    return (
      <p class="card" aria-busy={asked === 'asking'}>
        {asked === 'asking' ? 'One moment' : 'Your entries are shown here once this phone is online.'}
      </p>
    );
  }
  if (entries.length === 0) return <p class="card">Nothing is recorded yet.</p>;
  const timeZone = today?.timeZone ?? 'UTC';
  return (
    <section>
      <h2 class="part">Entries</h2>
      {asked === 'unanswered' ? <p class="hint">As of the last time this phone was online.</p> : null}
      <ul class="entries">
        {entries.slice(0, count).map((entry) => (
          <li key={entry.eventId}>
            <details>
              <summary>
                <span class="words">
                  <b>{nameOf(entry)}</b>
                  <small>
                    {momentOf(entry.at, now, timeZone)}
                    {entry.timing === 'late' ? ' · late' : entry.timing === 'outOfWindow' ? ' · outside its time' : ''}
                  </small>
                </span>
              </summary>
              <Answered entry={entry} today={today} />
            </details>
          </li>
        ))}
      </ul>
      {entries.length > count ? (
        <button type="button" class="quiet wide" onClick={() => setCount(count + shownAtFirst)}>
          Show more
        </button>
      ) : null}
    </section>
  );
}

const acts: Readonly<Record<string, string>> = {
  'participant.screened': 'Screening questions',
  'participant.consented': 'Consent form signed',
  'participant.withdrawn': 'Left the study, or a part of it',
  'answer.corrected': 'An answer was corrected',
  'entry.kept': 'An entry kept for the team',
};

function nameOf({ type, label }: HistoryEntry): string {
  if (type === 'dose.taken') return `${label}: taken`;
  if (type === 'dose.missed') return `${label}: left out`;
  if (type === 'adverseEvent.reported') return `Report: ${label}`;
  return acts[type] ?? label;
}

function Answered({ entry, today }: { entry: HistoryEntry; today: Today | null }) {
  const given = entry.answers;
  if (given === null) return <p class="hint">There are no answers to show.</p>;
  const scheduled = today?.schedule.find(({ occurrence }) => occurrence === entry.occurrence)?.instrument;
  const id = scheduled ?? (entry.type === 'participant.screened' ? today?.screeningInstrument : undefined);
  const instrument = findInstrument(id ?? '');
  const words = instrument === undefined ? null : textsOf(instrument);
  const question = (item: string) => {
    const text = words?.items[item];
    return typeof text === 'string' ? text : (text?.text ?? item);
  };
  const answer = (item: string, value: unknown): string => {
    const found = instrument?.items.find((one) => one.id === item);
    const set = found !== undefined && 'responseSet' in found ? words?.options[found.responseSet] : undefined;
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
