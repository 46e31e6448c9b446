/**
 * The capsule of the day: taken, and when; or left out, and why. One capsule, one record: a missed one is never made up
 * for, and on hold the screen asks for none.
 */
import { useState } from 'preact/hooks';
import { save } from '../outbox/save.ts';
import { isUnrecordedCapsule, type Standing } from '../schedule/standing.ts';
import { dateIn, instantOf, momentOf, wordsOfDate } from '../schedule/times.ts';
import type { Today } from '../server/answers.ts';

type Props = { item: Standing; today: Today; now: number; clockLeadMs: number };
type Asked = 'nothing' | 'time' | 'reason';

export function CapsuleCard({ item, today, now, clockLeadMs }: Props) {
  const { unitLabel, timeZone } = today;
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
      {item.date < dateIn(now, timeZone) ? <p class="hint">{wordsOfDate(item.date)}</p> : null}
      <h2>{unitLabel}</h2>
      <p class="capsule-state">{stateOf(item, now, timeZone)}</p>
      {asked === 'time' ? <TakenAt item={item} clockLeadMs={clockLeadMs} onAsk={setAsked} onRecord={record} /> : null}
      {asked === 'reason' ? <Missed onAsk={setAsked} onRecord={record} /> : null}
      {asked === 'nothing' ? <Choices item={item} onAsk={setAsked} onRecord={record} /> : null}
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

type Acts = {
  onAsk: (asked: Asked) => void;
  onRecord: (outcome: 'taken' | 'missed', more: { takenAt?: string; reason?: string }) => Promise<void>;
};

/** What can be said of the capsule now. On hold or past its time, only what has happened: nothing asks to take one. */
function Choices({ item, onAsk, onRecord }: { item: Standing } & Acts) {
  const isOpen = item.status === 'due' || item.status === 'late';
  if (!isOpen && item.status !== 'blocked' && !isUnrecordedCapsule(item)) return null;
  return (
    <div class="stack">
      {isOpen ? (
        <button
          type="button"
          class="primary wide"
          onClick={() => void onRecord('taken', { takenAt: new Date().toISOString() })}
        >
          Taken just now
        </button>
      ) : null}
      <div class="pair">
        <button type="button" class="quiet" onClick={() => onAsk('time')}>
          {isOpen ? 'Taken earlier' : 'I had taken it'}
        </button>
        <button type="button" class="quiet" onClick={() => onAsk('reason')}>
          Left out
        </button>
      </div>
    </div>
  );
}

function TakenAt({ item, clockLeadMs, onAsk, onRecord }: { item: Standing; clockLeadMs: number } & Acts) {
  const [clock, setClock] = useState('');
  const [early, setEarly] = useState(false);
  const save = () => {
    if (clock === '') return;
    const takenAt = instantOf(item.date, clock, clockLeadMs);
    if (Date.parse(takenAt) > Date.now()) setEarly(true);
    else void onRecord('taken', { takenAt });
  };
  return (
    <form
      autoComplete="off"
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
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
      <p class="fault" aria-live="assertive">
        {early ? 'This time has not come yet.' : ''}
      </p>
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

function Missed({ onAsk, onRecord }: Acts) {
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
