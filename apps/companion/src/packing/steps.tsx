/** What is done in each step of packing, in words; shared by who packs for themselves and who packs for somebody else. */
import { useState } from 'preact/hooks';
import type { Sheet } from './letter.ts';
import { LabelSheet } from './sheet.tsx';
import type { Step } from './standing.ts';

export const stepTitles: Readonly<Record<Step, string>> = {
  printed: 'Print the labels',
  filled: 'Fill the eight sets',
  weighed: 'Weigh three capsules',
  shuffled: 'Close and shuffle',
  sorted: 'Scan the eight envelopes',
  sealed: 'Seal the leftovers',
};

export type Facts = { weights?: number[]; resolutionMg?: number; sealCode?: string };
type OnDone = (facts?: Facts) => void;

/** Labels are asked for, printed and forgotten: nothing of them stays on the phone. */
export function AskLabels({ ask, onSheet }: { ask: () => Promise<Sheet>; onSheet: (sheet: Sheet) => void }) {
  const [state, setState] = useState<'idle' | 'asking' | 'failed'>('idle');
  const fetch = async () => {
    setState('asking');
    try {
      onSheet(await ask());
    } catch {
      setState('failed');
    }
  };
  return (
    <>
      <ul class="plain">
        <li>You need a printer, eight equal envelopes that nobody can see through, one large envelope, and glue.</li>
        <li>Take no picture of the sheet and save no copy: it is the only paper that says what each code is on.</li>
        <li>No printer on this phone? Open this page with your code on a computer that has one.</li>
      </ul>
      {state === 'failed' ? (
        <p class="fault">The labels cannot be had just now. Check the connection and try again.</p>
      ) : null}
      <button type="button" class="primary wide" disabled={state === 'asking'} onClick={() => void fetch()}>
        Show the labels
      </button>
    </>
  );
}

/** As long as the sheet is open, nothing else is: it is not had a second time without being recorded. */
export function OpenSheet({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  return (
    <>
      <section class="card stack">
        <p>The labels are ready to print. They are kept nowhere here, and are gone when you leave this page.</p>
        <button type="button" class="primary wide" onClick={() => window.print()}>
          Print now
        </button>
        <button type="button" class="quiet wide" onClick={onClose}>
          They are on paper
        </button>
      </section>
      <LabelSheet sheet={sheet} />
    </>
  );
}

const fillTasks = [
  'All capsules look the same: same kind, same colour, filled to the same height.',
  'Placebo capsules weigh as much as the others.',
  'Each capsule is in a day bag marked Monday, Tuesday, Thursday or Friday.',
  'Each set of four bags is in an envelope, with its own label on the outside, the code folded under.',
  'The left sides of the labels and every spare copy are torn up and thrown away.',
];

export function FillSets({ onDone }: { onDone: OnDone }) {
  return (
    <>
      <p>
        Four sets are micro-dose weeks, four are placebo weeks. You fill all eight; which four are used is drawn, and
        you are not told.
      </p>
      <Checklist tasks={fillTasks} button="All eight are filled" onDone={onDone} />
    </>
  );
}

const shuffleTasks = [
  'All eight envelopes are closed and look the same.',
  'They lie with the label down.',
  'They were mixed long enough that nobody could say which is which.',
];

export function Shuffle({ onDone }: { onDone: OnDone }) {
  return (
    <>
      <p>From here on the labels cannot be printed again.</p>
      <Checklist tasks={shuffleTasks} button="They are shuffled" onDone={onDone} />
    </>
  );
}

/** Every point is ticked before the step counts as done. Photographs are not asked for. */
function Checklist({ tasks, button, onDone }: { tasks: readonly string[]; button: string; onDone: OnDone }) {
  const [ticked, setTicked] = useState<readonly string[]>([]);
  // From what is ticked by then: two quick taps are two events before the screen is drawn again.
  const change = (task: string, on: boolean) =>
    setTicked((before) => (on ? [...before, task] : before.filter((one) => one !== task)));
  return (
    <>
      <ul class="checklist">
        {tasks.map((task) => (
          <li key={task}>
            <label>
              <input
                type="checkbox"
                checked={ticked.includes(task)}
                onChange={(event) => change(task, event.currentTarget.checked)}
              />
              <span>{task}</span>
            </label>
          </li>
        ))}
      </ul>
      <button type="button" class="primary wide" disabled={ticked.length < tasks.length} onClick={() => onDone()}>
        {button}
      </button>
    </>
  );
}

const places = ['first', 'second', 'third'] as const;

export function Weigh({ onDone }: { onDone: OnDone }) {
  const [grams, setGrams] = useState<readonly string[]>(['', '', '']);
  const [division, setDivision] = useState('');
  const [wrong, setWrong] = useState(false);
  const save = () => {
    const [resolutionMg, ...weights] = [division, ...grams].map(milligrams);
    const known = weights.filter((weight) => weight !== null);
    setWrong(resolutionMg == null || resolutionMg <= 0 || known.length < places.length);
    if (resolutionMg == null || resolutionMg <= 0 || known.length < places.length) return;
    onDone({ weights: known, resolutionMg });
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
      <p>
        Take any three capsules from any three envelopes, weigh each and put it back. The weights are kept without their
        order, so they say nothing of which capsule is which.
      </p>
      <label class="label" for="division">
        The smallest step your scale shows, in grams
      </label>
      <input id="division" inputMode="decimal" value={division} onInput={(e) => setDivision(e.currentTarget.value)} />
      {places.map((place, index) => (
        <div key={place}>
          <label class="label" for={`weight-${place}`}>
            The {place} capsule, in grams
          </label>
          <input
            id={`weight-${place}`}
            inputMode="decimal"
            value={grams[index] ?? ''}
            onInput={({ currentTarget: { value } }) => setGrams((before) => before.with(index, value))}
          />
        </div>
      ))}
      <p class="fault" aria-live="assertive">
        {wrong ? 'Please give all four numbers, such as 0.31.' : ''}
      </p>
      <button type="submit" class="primary wide">
        Save the weights
      </button>
    </form>
  );
}

const mostMilligrams = 5_000;

/** Grams as typed, with a point or a comma, as milligrams; null where it is no weight. */
export function milligrams(typed: string): number | null {
  const text = typed.trim().replace(',', '.');
  if (!/^\d*\.?\d+$/.test(text)) return null;
  const value = Math.round(Number(text) * 100_000) / 100;
  return value <= mostMilligrams ? value : null;
}

export function SealLeftovers({ onDone, button }: { onDone: OnDone; button: string }) {
  const [typed, setTyped] = useState('');
  const code = typed.toUpperCase().replace(/\s/g, '');
  const fits = /^[0-9A-Z-]{4,32}$/.test(code);
  const [wrong, setWrong] = useState(false);
  return (
    <form
      autoComplete="off"
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setWrong(!fits);
        if (fits) onDone({ sealCode: code });
      }}
    >
      <label class="label" for="seal-code">
        The code on the seal strip
      </label>
      <input
        id="seal-code"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <p class="fault" aria-live="assertive">
        {wrong ? 'Please type the code as it stands on the strip.' : ''}
      </p>
      <button type="submit" class="primary wide">
        {button}
      </button>
    </form>
  );
}
