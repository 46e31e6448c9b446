/** Answers that are typed: numbers, words, lists, times, dates. */
import type { Answer, DateItem, NumberItem, TextItem, TextListItem, TimeItem } from '@limen/instruments';
import { useState } from 'preact/hooks';
import { nowMs, useAppState } from '../page/state.ts';
import { dateIn } from '../schedule/times.ts';
import { numberWords, words } from '../words/index.ts';

type Props<I> = {
  item: I;
  id: string;
  value: Answer;
  describedBy: string;
  invalid: boolean;
  onValue: (value: Answer) => void;
};

export function NumberField({
  item,
  id,
  value,
  describedBy,
  invalid,
  onValue,
  ready,
}: Props<NumberItem> & { ready: readonly number[] }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div class="number-row">
      {ready.map((number) => (
        <button
          key={number}
          type="button"
          class="chip"
          aria-pressed={value === number}
          aria-label={`${number} ${item.unit}`}
          onClick={() => {
            setTyped(null);
            onValue(number);
          }}
        >
          {numberWords(number)}
        </button>
      ))}
      <span class="with-unit">
        <input
          id={id}
          class="number"
          inputMode="decimal"
          autoComplete="off"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          value={typed ?? (typeof value === 'number' ? String(value) : '')}
          onInput={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            onValue(readNumber(text));
          }}
        />
        <span class="unit">{item.unit}</span>
      </span>
    </div>
  );
}

/** What was typed as a number, with a comma or a point; as text where it is none, so that it is shown as a fault. */
function readNumber(text: string): Answer {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

export function TextField({ item, id, value, describedBy, invalid, onValue }: Props<TextItem>) {
  const common = {
    id,
    maxLength: item.maxLength,
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    value: typeof value === 'string' ? value : '',
  };
  const onInput = (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value || null);
  return item.maxLength > 250 ? (
    <textarea autoComplete="off" rows={3} {...common} onInput={onInput} />
  ) : (
    <input autoComplete="off" {...common} onInput={onInput} />
  );
}

export function TextListField({ item, id, value, describedBy, invalid, onValue }: Props<TextListItem>) {
  const [typed, setTyped] = useState(Array.isArray(value) ? value.join('\n') : '');
  return (
    <textarea
      autoComplete="off"
      id={id}
      rows={4}
      maxLength={item.maxEntries * (item.maxLength + 1)}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      value={typed}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        const lines = event.currentTarget.value.split('\n').map((line) => line.trim());
        const entries = lines.filter((line) => line !== '');
        onValue(entries.length === 0 ? null : entries);
      }}
    />
  );
}

export function ClockField({ item, id, value, describedBy, invalid, onValue }: Props<TimeItem | DateItem>) {
  return (
    <div class="number-row">
      {item.kind === 'date' ? <NearDays value={value} onValue={onValue} /> : null}
      <input
        id={id}
        class="clock"
        type={item.kind}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        value={typeof value === 'string' ? value : ''}
        onInput={(event) => onValue(event.currentTarget.value || null)}
      />
    </div>
  );
}

const dayMs = 86_400_000;

function NearDays({ value, onValue }: { value: Answer; onValue: (value: Answer) => void }) {
  const state = useAppState();
  const timeZone = state.today?.timeZone ?? 'UTC';
  const days = [
    { label: words().form.today, date: dateIn(nowMs(state), timeZone) },
    { label: words().form.yesterday, date: dateIn(nowMs(state) - dayMs, timeZone) },
  ];
  return (
    <>
      {days.map(({ label, date }) => (
        <button key={label} type="button" class="chip" aria-pressed={value === date} onClick={() => onValue(date)}>
          {label}
        </button>
      ))}
    </>
  );
}
