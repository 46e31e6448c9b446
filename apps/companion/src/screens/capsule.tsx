/**
 * The capsule of the day: taken, and when; or left out, and why. One capsule, one record: a missed one is never made up
 * for, and on hold the screen asks for none.
 */
import { useState } from 'preact/hooks';
import { save } from '../outbox/save.ts';
import { isUnrecordedCapsule, type Standing } from '../schedule/standing.ts';
import { dateIn, instantOf, momentOf, wordsOfDate } from '../schedule/times.ts';
import type { Today } from '../server/answers.ts';
import { english, fill, words } from '../words/index.ts';

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
      {failed ? <p class="fault">{words().common.saveFailed}</p> : null}
    </section>
  );
}

function stateOf(item: Standing, now: number, timeZone: string): string {
  const texts = words().capsule;
  const unsent = item.unsent ? ` ${texts.unsent}` : '';
  const at = (instant: string) => ({ when: momentOf(instant, now, timeZone) });
  switch (item.status) {
    case 'done':
      return `${texts.done}${unsent}`;
    case 'missed':
      return `${texts.missed}${unsent}`;
    case 'due':
      return fill(texts.due, at(item.closesAt));
    case 'late':
      return fill(texts.late, at(item.lateUntil));
    case 'upcoming':
      return fill(texts.upcoming, at(item.opensAt));
    case 'blocked':
      return item.reason ?? texts.blocked;
    case 'closed':
      return item.reason ?? texts.closed;
  }
}

type Acts = {
  onAsk: (asked: Asked) => void;
  onRecord: (outcome: 'taken' | 'missed', more: { takenAt?: string; reason?: string }) => Promise<void>;
};

/** What can be said of the capsule now. On hold or past its time, only what has happened: nothing asks to take one. */
function Choices({ item, onAsk, onRecord }: { item: Standing } & Acts) {
  const texts = words().capsule;
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
          {texts.takenNow}
        </button>
      ) : null}
      <div class="pair">
        <button type="button" class="quiet" onClick={() => onAsk('time')}>
          {isOpen ? texts.takenEarlier : texts.hadTaken}
        </button>
        <button type="button" class="quiet" onClick={() => onAsk('reason')}>
          {texts.leftOut}
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
        {words().capsule.whenTaken}
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
        {early ? words().capsule.notYet : ''}
      </p>
      <div class="pair">
        <button type="button" class="quiet" onClick={() => onAsk('nothing')}>
          {words().common.back}
        </button>
        <button type="submit" class="primary">
          {words().common.save}
        </button>
      </div>
    </form>
  );
}

const reasons = ['forgot', 'unwell', 'driving', 'away', 'unwilling', 'another'] as const;

/** The record holds the reason in English, whatever the language of the screen. */
function Missed({ onAsk, onRecord }: Acts) {
  const texts = words().capsule;
  return (
    <div class="stack">
      <fieldset class="options">
        <legend>{texts.whyLeftOut}</legend>
        {reasons.map((reason) => (
          <button
            key={reason}
            type="button"
            class="option-button"
            onClick={() => void onRecord('missed', { reason: english.capsule.reasons[reason] })}
          >
            {texts.reasons[reason]}
          </button>
        ))}
      </fieldset>
      <button type="button" class="quiet" onClick={() => onAsk('nothing')}>
        {words().common.back}
      </button>
    </div>
  );
}
