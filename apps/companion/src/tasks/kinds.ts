/** How each task shows one stimulus and takes its answer. */
import {
  alternateUsesMs,
  blocks,
  colours,
  darkMs,
  digitSymbolMs,
  digits,
  divergentAssociationMs,
  letterMs,
  litMs,
  longestIdea,
  paceMs,
  type Stimulus,
  shapes,
  shortestWaitMs,
  signalMs,
  spanIsOver,
  type TaskKind,
  type Trial,
  vigilanceMs,
  wordMs,
} from '@limen/instruments';
import { fill } from '../words/index.ts';
import { shapeOf } from './shapes.ts';
import { type Answered, answer, anywhere, button, byButtons, made, type Stage, show, wait } from './stage.ts';
import { words } from './words/index.ts';

export type Kind = {
  /** Counted in: milliseconds after which what counts is over, whatever is on the screen. */
  readonly limitMs?: number;
  /** Whether trials that are still planned are left out. */
  readonly over?: (trials: readonly Trial[]) => boolean;
  /** One answer, or several to the same stimulus. */
  readonly trial: (stage: Stage, stimulus: Stimulus, plan: readonly Stimulus[]) => Promise<Answered>;
  /** The same stimulus is answered again and again, until time is over or the person has no more. */
  readonly repeats?: true;
  /** Practice is told right or wrong. */
  readonly tells?: true;
};

const centre = (...inside: (Node | string)[]) => made('div', { class: 'task-centre' }, ...inside);
const forever = 3_600_000;

const vigilance: Kind = {
  limitMs: vigilanceMs,
  async trial(stage, { stimulus }) {
    const ring = made('div', { class: 'task-signal' });
    const from = await show(stage, () => stage.element.replaceChildren(centre(ring)));
    const waitMs = Number(stimulus);
    let lit: number | null = null;
    const over = new AbortController();
    // Time that is over ends a wait, not a signal that is lit: that one is answered.
    const end = () => {
      if (lit === null || stage.stopped.aborted) over.abort(stage.signal.reason);
    };
    for (const signal of [stage.signal, stage.stopped]) signal.addEventListener('abort', end, { signal: over.signal });
    const own = { ...stage, signal: over.signal };
    wait(own, from, waitMs)
      .then(() => show(own, () => ring.classList.add('on')))
      .then(
        (at) => {
          lit = at;
        },
        () => undefined,
      );
    // One listener from the empty circle on: no tap falls between the wait and the signal.
    const { response, ms } = await answer(own, anywhere, from, waitMs + signalMs);
    over.abort();
    ring.classList.remove('on');
    if (ms === null) return { response, ms };
    if (lit !== null && from + ms >= lit) return { response, ms: from + ms - lit };
    // However fast somebody taps, the planned signals last for the whole time.
    await wait(stage, from, shortestWaitMs);
    return { response: 'early', ms: ms - waitMs };
  },
};

/** Pairs of the key, in the order of the digits. */
function keyOf(plan: readonly Stimulus[]): HTMLElement {
  const digitOf = new Map(plan.map(({ stimulus, expected }) => [stimulus, expected]));
  const inOrder = [...shapes].sort((a, b) => String(digitOf.get(a)).localeCompare(String(digitOf.get(b))));
  const pairs = inOrder.map((shape) =>
    made('li', {}, shapeOf(shape, 26), made('span', {}, String(digitOf.get(shape)))),
  );
  return made('ul', { class: 'task-key', 'aria-label': words().key }, ...pairs);
}

const digitSymbol: Kind = {
  limitMs: digitSymbolMs,
  tells: true,
  async trial(stage, { stimulus }, plan) {
    const pad = made('div', { class: 'task-pad' }, ...digits.map((digit) => button(digit, digit)));
    const at = await show(stage, () => stage.element.replaceChildren(keyOf(plan), centre(shapeOf(stimulus, 84)), pad));
    return answer(stage, byButtons(Object.fromEntries(digits.map((digit) => [digit, digit]))), at, forever);
  },
};

const stroop: Kind = {
  tells: true,
  async trial(stage, { stimulus }) {
    const [word = '', ink = ''] = stimulus.split('/');
    const names = words().colours;
    const shown = made('p', { class: `task-word ink-${ink}` }, names[word as keyof typeof names]);
    const keys = Object.fromEntries(colours.map((colour, place) => [String(place + 1), colour]));
    const pad = made('div', { class: 'task-pad two' }, ...colours.map((colour) => button(colour, names[colour])));
    const from = await show(stage, () => stage.element.replaceChildren(centre('+'), pad));
    await wait(stage, from, 400);
    const at = await show(stage, () => stage.element.replaceChildren(centre(shown), pad));
    return answer(stage, byButtons(keys), at, wordMs);
  },
};

const nBack: Kind = {
  tells: true,
  async trial(stage, { stimulus }) {
    const letter = centre(made('p', { class: 'task-letter' }, stimulus));
    const pad = made('div', { class: 'task-pad one' }, button('match', words().same));
    const at = await show(stage, () => stage.element.replaceChildren(letter, pad));
    const hide = setTimeout(() => letter.replaceChildren(), letterMs);
    try {
      const given = await answer(stage, byButtons({ ' ': 'match', Enter: 'match' }), at, paceMs);
      await wait(stage, at, paceMs);
      return given;
    } finally {
      clearTimeout(hide);
    }
  },
};

const spatialSpan: Kind = {
  tells: true,
  over: spanIsOver,
  async trial(stage, { stimulus }) {
    const order = stimulus.split('-').map(Number);
    const places = blocks.map(([x, y], index) => {
      const block = button(String(index), '', 'task-block');
      block.setAttribute('aria-label', fill(words().block, { n: index + 1 }));
      block.style.left = `${x}%`;
      block.style.top = `${y}%`;
      block.disabled = true;
      return block;
    });
    const board = made('div', { class: 'task-board' }, ...places);
    const says = made('p', { class: 'task-says', role: 'status' }, words().watch);
    let now = await show(stage, () => stage.element.replaceChildren(says, board));
    for (const index of order) {
      now = await wait(stage, now, darkMs);
      places[index]?.classList.add('lit');
      now = await wait(stage, now, litMs);
      places[index]?.classList.remove('lit');
    }
    const at = await show(stage, () => {
      says.textContent = words().yourTurn;
      for (const place of places) place.disabled = false;
    });
    const tapped: string[] = [];
    let ms = 0;
    while (tapped.length < order.length) {
      const given = await answer(stage, byButtons({}), at, forever);
      tapped.push(given.response ?? '');
      ms = given.ms ?? ms;
      const block = places[Number(given.response)];
      // The next tap may come at once: lighting up takes nobody's time.
      block?.classList.add('lit');
      setTimeout(() => block?.classList.remove('lit'), 150);
    }
    return { response: tapped.join('-'), ms };
  },
};

/** One line to type, again and again. */
async function typed(stage: Stage, asked: string, said: string, done: string): Promise<Answered> {
  const input = made('input', { id: 'task-line', type: 'text', maxlength: String(longestIdea), autocomplete: 'off' });
  const form = made(
    'form',
    { class: 'task-line', autocomplete: 'off' },
    made('label', { class: 'label', for: 'task-line' }, asked),
    input,
    made('button', { type: 'submit', class: 'primary' }, said),
  );
  const end = made('button', { type: 'button', class: 'quiet' }, done);
  const at = await show(stage, () => {
    stage.element.replaceChildren(form, end);
    input.focus();
  });
  return new Promise((resolve, reject) => {
    const stop = () => reject(stage.signal.reason as Error);
    stage.signal.addEventListener('abort', stop, { once: true });
    const settle = (answered: Answered) => {
      stage.signal.removeEventListener('abort', stop);
      resolve(answered);
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const response = input.value.trim();
      if (response === '') input.focus();
      else settle({ response, ms: event.timeStamp - at });
    });
    end.addEventListener('click', () => settle({ response: null, ms: null }));
  });
}

const alternateUses: Kind = {
  limitMs: alternateUsesMs,
  repeats: true,
  trial: (stage, { stimulus }) => {
    const { things } = words();
    const thing = things[stimulus as keyof typeof things];
    return typed(stage, fill(words().useFor, { thing }), words().add, words().noMore);
  },
};

const divergentAssociation: Kind = {
  limitMs: divergentAssociationMs,
  over: (trials) => trials.at(-1)?.response === null,
  trial: (stage, { stimulus }, plan) =>
    typed(stage, fill(words().noun, { n: Number(stimulus), of: plan.length }), words().add, words().noMore),
};

export const kinds: Readonly<Record<TaskKind, Kind>> = {
  vigilance,
  digitSymbol,
  stroop,
  nBack,
  spatialSpan,
  alternateUses,
  divergentAssociation,
};
