/**
 * A line from 0 to 100. There is no mark on it until the person places one: nothing suggests an answer. A tap or a drag
 * places it, the arrow keys move it, and the number can be typed instead. Scrolling over it places nothing.
 */
import { useRef, useState } from 'preact/hooks';
import { fill, words } from '../words/index.ts';

type Props = {
  id: string;
  label: string;
  low: string;
  high: string;
  value: number | null;
  fault: string | null;
  onValue: (value: number | null) => void;
};

/** A finger that moves less than this has tapped, CSS pixels. */
const tapPx = 10;
const middle = 50;

const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

export function Rating({ id, label, low, high, value, fault, onValue }: Props) {
  const track = useRef<HTMLDivElement>(null);
  const down = useRef<{ x: number; y: number; dragging: boolean } | null>(null);
  const [typed, setTyped] = useState<string | null>(null);

  const place = (clientX: number) => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    onValue(Math.round((getComputedStyle(track.current as Element).direction === 'rtl' ? 1 - share : share) * 100));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const next = keyed(event.key, step, value);
    if (next === null) return;
    event.preventDefault();
    onValue(next);
  };

  return (
    <div class="rating">
      <div class="rating-row">
        <div
          ref={track}
          id={id}
          class={value === null ? 'track unplaced' : 'track'}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={value ?? middle}
          aria-valuetext={value === null ? words().form.notAnswered : fill(words().form.ofHundred, { value })}
          aria-describedby={`${id}-ends${fault === null ? '' : ` ${id}-fault`}`}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            down.current = { x: event.clientX, y: event.clientY, dragging: false };
          }}
          onPointerMove={(event) => {
            const start = down.current;
            if (start === null) return;
            if (!start.dragging && Math.abs(event.clientX - start.x) >= tapPx) {
              start.dragging = true;
              event.currentTarget.setPointerCapture(event.pointerId);
            }
            if (start.dragging) place(event.clientX);
          }}
          onPointerUp={(event) => {
            const start = down.current;
            down.current = null;
            if (start !== null && (start.dragging || Math.abs(event.clientY - start.y) < tapPx)) place(event.clientX);
          }}
          onPointerCancel={() => {
            down.current = null;
          }}
        >
          <div class="line" />
          {value === null ? null : (
            <>
              <div class="filled" style={{ inlineSize: `${value}%` }} />
              <div class="mark" style={{ insetInlineStart: `${value}%` }} />
            </>
          )}
        </div>
        <input
          class="rating-number"
          inputMode="numeric"
          autoComplete="off"
          aria-label={fill(words().form.asNumber, { label })}
          placeholder="–"
          value={typed ?? (value === null ? '' : String(value))}
          onInput={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            if (text === '') onValue(null);
            else if (/^\d{1,3}$/.test(text) && Number(text) <= 100) onValue(Number(text));
          }}
          onBlur={() => setTyped(null)}
        />
      </div>
      <div class="ends" id={`${id}-ends`}>
        <span>{low}</span>
        <span>{high}</span>
      </div>
    </div>
  );
}

/** What a key makes of the value; null where the key means nothing here. */
function keyed(key: string, step: number | undefined, value: number | null): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return 100;
  if (key === ' ' || key === 'Enter') return value ?? middle;
  return step === undefined ? null : Math.min(100, Math.max(0, (value ?? middle) + step));
}
