/** An export of a watch or phone: read here, looked at here, and only the ticked days go into the outbox. */
import type { DaySummary, ReadExport } from '@limen/wearables';
import { useState } from 'preact/hooks';
import { OutboxFull, save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { wordsOfDate } from '../schedule/times.ts';
import { count } from '../words/index.ts';
import { readFile } from './read-file.ts';
import type { english } from './words/en.ts';
import { words } from './words/index.ts';

type Fault = keyof typeof english.faults;
type Measure = keyof typeof english.measures;

const measures = Object.keys(words().measures) as Measure[];

/** A month before the first study day is a baseline; older days are nobody's business here. */
const daysBefore = 30;
const daysShown = 400;

export function WearablesScreen() {
  const { today } = useAppState();
  const [share, setShare] = useState<number | null>(null);
  const [found, setFound] = useState<ReadExport | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const open = async (file: File) => {
    setFault(null);
    setFound(null);
    setShare(0);
    const outcome = await readFile(file, setShare);
    setShare(null);
    if ('code' in outcome) setFault(outcome.code);
    else setFound({ ...outcome.found, days: ofTheStudy(outcome.found.days, today?.startDate ?? null) });
  };
  return (
    <>
      <Title>{words().title}</Title>
      <p class="lead">{words().lead}</p>
      <section class="card">
        <label for="wearable-file">{words().choose}</label>
        <input
          id="wearable-file"
          type="file"
          accept=".zip,.xml,.json,.ndjson"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) void open(file);
          }}
        />
        {share === null ? null : (
          <p>
            <label for="wearable-share">{words().reading}</label> <progress id="wearable-share" value={share} max={1} />
          </p>
        )}
        {fault === null ? null : <p role="alert">{words().faults[fault]}</p>}
      </section>
      {found === null ? null : <Days key={found.days.length} found={found} setFault={setFault} />}
    </>
  );
}

function ofTheStudy(days: readonly DaySummary[], startDate: string | null): DaySummary[] {
  const earliest = startDate === null ? Date.now() : Date.parse(startDate);
  const since = new Date(earliest - daysBefore * 86_400_000).toISOString().slice(0, 10);
  return days.filter(({ date }) => date >= since).slice(0, daysShown);
}

function Days({ found, setFault }: { found: ReadExport; setFault: (fault: Fault) => void }) {
  const { days, source } = found;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const used = measures.filter((measure) => days.some((day) => day[measure] !== undefined));
  if (days.length === 0) return <p class="card">{words().noDays}</p>;
  const tick = (date: string) => {
    const next = new Set(ticked);
    if (!next.delete(date)) next.add(date);
    setTicked(next);
  };
  const send = async () => {
    try {
      const chosen = days.filter(({ date }) => ticked.has(date));
      await save({ type: 'recordWearableDays', source, days: chosen }, words().label);
      go('');
    } catch (error) {
      setFault(error instanceof OutboxFull ? 'full' : 'failed');
    }
  };
  return (
    <section class="card">
      <h2>{words().tick}</h2>
      <p>{words().shown}</p>
      <button
        type="button"
        class="quiet"
        onClick={() => setTicked(ticked.size > 0 ? new Set() : new Set(days.map(({ date }) => date)))}
      >
        {ticked.size > 0 ? words().none : words().all}
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
      <section style={{ overflowX: 'auto' }} tabIndex={0} aria-label={words().title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words().date}</th>
              {used.map((measure) => (
                <th key={measure} scope="col">
                  {words().measures[measure]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.date}>
                <th scope="row">
                  <label>
                    <input type="checkbox" checked={ticked.has(day.date)} onChange={() => tick(day.date)} />{' '}
                    {wordsOfDate(day.date)}
                  </label>
                </th>
                {used.map((measure) => (
                  <td key={measure}>{day[measure] ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <button type="button" class="wide" disabled={ticked.size === 0} onClick={() => void send()}>
        {count(words().send, ticked.size)}
      </button>
    </section>
  );
}
