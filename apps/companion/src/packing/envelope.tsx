/** The envelope of the week: found by scanning, opened when it is the right one. Works without a connection. */
import { useState } from 'preact/hooks';
import './packing.css';
import { save } from '../outbox/save.ts';
import { go } from '../page/route.ts';
import { nowMs, ownEntries, type State, useAppState } from '../page/state.ts';
import { Title } from '../page/title.tsx';
import { Scanner } from '../scan/scanner.tsx';
import { dateIn, wordsOfDate } from '../schedule/times.ts';
import type { Today } from '../server/answers.ts';
import { openedIn, type Packing, type Verdict, verdictOn, type Week, weekAt } from './standing.ts';

export function EnvelopeScreen() {
  const state = useAppState();
  const { today } = state;
  const packing = today?.packing;
  if (today === null || packing == null || packing.weeks.length === 0) return <Title>No envelopes yet</Title>;
  const week = weekAt(packing.weeks, dateIn(nowMs(state), today.timeZone));
  if (week === null) return <NotNow today={today} packing={packing} />;
  return <OfWeek key={week.week} state={state} packing={packing} week={week} />;
}

function NotNow({ today, packing }: { today: Today; packing: Packing }) {
  const first = packing.weeks[0]?.from ?? '';
  return (
    <>
      <Title>Your envelopes</Title>
      <p class="card">
        {today.status === 'randomised' && first !== ''
          ? `No envelope is opened now. The first one is for the week of ${wordsOfDate(first)}.`
          : 'No envelope is opened now.'}
      </p>
    </>
  );
}

type Scanned = { readonly token: string | null; readonly verdict: Verdict };

function OfWeek({ state, packing, week }: { state: State; packing: Packing; week: Week }) {
  const [scanned, setScanned] = useState<Scanned | null>(null);
  const opened = openedIn(week, ownEntries(state));
  const tokens = [...packing.weeks.map(({ envelope }) => envelope), ...packing.leftovers];
  const open = async (envelope: string) => {
    await save({ type: 'openEnvelope', envelope, week: week.week }, `Envelope of week ${week.week}`);
    setScanned(null);
  };
  return (
    <>
      <Title>{`Envelope of week ${week.week}`}</Title>
      {opened.length > 0 ? (
        <p class="card">
          The envelope of this week is recorded. Take one capsule on each capsule day, from the bag of that day.
        </p>
      ) : (
        <p class="lead">Scan the envelope before you open it.</p>
      )}
      <div role="status">{scanned === null ? null : <Answer scanned={scanned} week={week} onOpen={open} />}</div>
      <Scanner
        tokens={tokens}
        onEnvelope={(token) => setScanned({ token, verdict: verdictOn(token, packing, week, opened) })}
      />
      {opened.length > 0 ? (
        <button type="button" class="quiet wide" onClick={() => go('')}>
          Back to today
        </button>
      ) : null}
    </>
  );
}

function Answer({ scanned, week, onOpen }: { scanned: Scanned; week: Week; onOpen: (token: string) => Promise<void> }) {
  const { token, verdict } = scanned;
  switch (verdict) {
    case 'thisOne':
      return (
        <section class="card good">
          <h2>This is the one</h2>
          <p>This is the envelope of week {week.week}.</p>
          <button type="button" class="primary wide" onClick={() => void onOpen(token ?? '')}>
            I open it now
          </button>
        </section>
      );
    case 'again':
      return <p class="card">This envelope is recorded already. There is nothing more to do.</p>;
    case 'another':
      return (
        <section class="card">
          <h2>Not this one</h2>
          <p>Put it back unopened, and look for the one you marked “week {week.week}”.</p>
          <AlreadyOpen token={token} onOpen={onOpen} />
        </section>
      );
    case 'unknown':
      return (
        <section class="card">
          <h2>Not one of yours</h2>
          <p>This is not one of your envelopes. Put it back unopened, and look for yours.</p>
          <AlreadyOpen token={token} onOpen={onOpen} />
        </section>
      );
  }
}

/** What has happened is recorded without a reproach, whichever envelope it was. */
function AlreadyOpen({ token, onOpen }: { token: string | null; onOpen: (token: string) => Promise<void> }) {
  if (token === null) return <p class="hint">If it is open already, tell the study team. Nothing is lost.</p>;
  return (
    <details>
      <summary>I have opened it already</summary>
      <p>That happens. Record it, and go on with this envelope for the week. The study team is told.</p>
      <button type="button" class="quiet wide" onClick={() => void onOpen(token)}>
        Record that I opened it
      </button>
    </details>
  );
}
