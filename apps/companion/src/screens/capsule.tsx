/**
 * The capsule of the day: taken, and when; or left out, and why. One capsule, one record: a missed one is never made up
 * for, and on hold the screen asks for none.
 */
import { useState } from 'preact/hooks';
import { save } from '../outbox/save.ts';
import type { Standing } from '../schedule/standing.ts';
import { clockOf, lastTimeShown, momentOf } from '../schedule/times.ts';

type Props = { item: Standing; unitLabel: string; now: number; timeZone: string };
type Asked = 'nothing' | 'time' | 'reason';

export function CapsuleCard({ item, unitLabel, now, timeZone }: Props) {
  const [asked, setAsked] = useState<Asked>('nothing');
  const [failed, setFailed] = useState(false);
  const record = async (outcome: 'taken' | 'missed', more: { takenAt?: string; reason?: string }) => {
    try {
      await save({ type: 'recordDose', occurrence: item.occurrence, outcome, ...more }, unitLabel);
      setAsked('nothing');
    } catch {
      setFailed(true);
    }
  };
  return (
    <section class={`card capsule ${item.status}`} aria-label={unitLabel}>
      <h2>{unitLabel}</h2>
      <p class="capsule-state">{stateOf(item, now, timeZone)}</p>
      {item.status === 'due' || item.status === 'late' ? (
        <Recording asked={asked} onAsk={setAsked} onRecord={record} />
      ) : null}
      {item.status === 'blocked' ? <TakenAnyway asked={asked} onAsk={setAsked} onRecord={record} /> : null}
      {failed ? <p class="fault">This could not be saved on this phone. Please try again.</p> : null}
    </section>
  );
}

function stateOf(item: Standing, now: number, timeZone: string): string {
  const unsent = item.unsent ? ' Saved on this phone, not sent yet.' : '';
  switch (item.status) {
    case 'done':
      return `Recorded as taken.${unsent}`;
    case 'missed':
      return `Recorded as left out. The next one is taken on its own day, never two.${unsent}`;
    case 'due':
      return `One capsule, until ${momentOf(item.closesAt, now, timeZone)}.`;
    case 'late':
      return `Later than planned, still possible until ${momentOf(item.lateUntil, now, timeZone)}. One capsule, never two.`;
    case 'upcoming':
      return `From ${momentOf(item.opensAt, now, timeZone)}.`;
    case 'blocked':
      return item.reason ?? 'Please take no capsule now and speak with the study team.';
    case 'closed':
      return item.reason ?? 'Its time has passed. A capsule that was left out is not made up for.';
  }
}

type RecordingProps = {
  asked: Asked;
  onAsk: (asked: Asked) => void;
  onRecord: (outcome: 'taken' | 'missed', more: { takenAt?: string; reason?: string }) => Promise<void>;
};

function Recording({ asked, onAsk, onRecord }: RecordingProps) {
  if (asked === 'time') return <TakenAt onAsk={onAsk} onRecord={onRecord} />;
  if (asked === 'reason') return <Missed onAsk={onAsk} onRecord={onRecord} />;
  return (
    <div class="stack">
      <button
        type="button"
        class="primary wide"
        onClick={() => void onRecord('taken', { takenAt: new Date().toISOString() })}
      >
        Taken just now
      </button>
      <div class="pair">
        <button type="button" class="quiet" onClick={() => onAsk('time')}>
          Taken earlier
        </button>
        <button type="button" class="quiet" onClick={() => onAsk('reason')}>
          Left out
        </button>
      </div>
    </div>
  );
}

function TakenAt({ onAsk, onRecord }: Omit<RecordingProps, 'asked'>) {
  const [clock, setClock] = useState(clockOf(Date.now()));
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (clock !== '') void onRecord('taken', { takenAt: lastTimeShown(clock, Date.now()) });
      }}
    >
      <label class="label" for="taken-at">
        When did you take it?
      </label>
      <input
        id="taken-at"
        class="clock"
        type="time"
        required
        value={clock}
        onInput={(event) => setClock(event.currentTarget.value)}
      />
      <div class="pair">
        <button type="button" class="quiet" onClick={() => onAsk('nothing')}>
          Back
        </button>
        <button type="submit" class="primary">
          Save
        </button>
      </div>
    </form>
  );
}

const reasons = ['I forgot', 'I felt unwell', 'I had to drive or work', 'I was away from home', 'I did not want to'];

function Missed({ onAsk, onRecord }: Omit<RecordingProps, 'asked'>) {
  return (
    <div class="stack">
      <fieldset class="options">
        <legend>Why was it left out?</legend>
        {[...reasons, 'Another reason'].map((reason) => (
          <button key={reason} type="button" class="option-button" onClick={() => void onRecord('missed', { reason })}>
            {reason}
          </button>
        ))}
      </fieldset>
      <button type="button" class="quiet" onClick={() => onAsk('nothing')}>
        Back
      </button>
    </div>
  );
}

/** The truth of the record comes first: who has taken it already says so, and the team is told. */
function TakenAnyway({ asked, onAsk, onRecord }: RecordingProps) {
  if (asked === 'time') return <TakenAt onAsk={onAsk} onRecord={onRecord} />;
  return (
    <button type="button" class="quiet wide" onClick={() => onAsk('time')}>
      I had already taken it
    </button>
  );
}
