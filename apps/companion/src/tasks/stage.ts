/** Where stimuli are shown and answers are taken: the one place that knows the clock of answers. */
import { frameAfter, nextFrame } from './frames.ts';

export type Answered = { readonly response: string | null; readonly ms: number | null };

export type Stage = {
  readonly element: HTMLElement;
  /** Aborts when the person stops, or the time of the task is over. */
  readonly signal: AbortSignal;
  /** Aborts when the person stops. */
  readonly stopped: AbortSignal;
};

/** Puts something on the screen; answers the time of the frame that shows it. */
export async function show(stage: Stage, draw: () => void): Promise<number> {
  draw();
  const at = await nextFrame();
  stage.signal.throwIfAborted();
  return at;
}

export const wait = (stage: Stage, from: number, ms: number): Promise<number> => frameAfter(from, ms, stage.signal);

export type AnswerOf = (event: PointerEvent | KeyboardEvent | MouseEvent) => string | null;

/** The answer of the button under a finger, or of a key. */
export function byButtons(keys: Readonly<Record<string, string>>): AnswerOf {
  return (event) => {
    if (event instanceof KeyboardEvent) return keys[event.key] ?? null;
    return event.target instanceof Element
      ? (event.target.closest<HTMLElement>('[data-answer]')?.dataset.answer ?? null)
      : null;
  };
}

/** A tap anywhere on the stage, or the space bar. */
export const anywhere: AnswerOf = (event) =>
  event instanceof KeyboardEvent ? (event.key === ' ' || event.key === 'Enter' ? 'tap' : null) : 'tap';

/**
 * The first answer after now, with its time since `from`; a null answer when `withinMs` of `from` pass. Fingers count when they touch, not
 * when they lift; a button pressed through a keyboard or a screen reader counts when it is pressed.
 */
export function answer(stage: Stage, of: AnswerOf, from: number, withinMs: number): Promise<Answered> {
  const { element, signal } = stage;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle({ response: null, ms: null }),
      Math.max(0, from + withinMs - performance.now()),
    );
    const listen = (event: Event) => {
      const given = event as PointerEvent | KeyboardEvent | MouseEvent;
      if (given instanceof KeyboardEvent && given.repeat) return;
      // A click that follows a touch has been counted already; one without a pointer is a keyboard's or a screen reader's.
      if (event.type === 'click' && given.detail !== 0) return;
      const response = of(given);
      if (response === null) return;
      event.preventDefault();
      settle({ response, ms: event.timeStamp - from });
    };
    const stop = () => {
      done();
      reject(signal.reason as Error);
    };
    const done = () => {
      clearTimeout(timer);
      for (const type of ['pointerdown', 'click'] as const) element.removeEventListener(type, listen);
      document.removeEventListener('keydown', listen);
      signal.removeEventListener('abort', stop);
    };
    const settle = (answered: Answered) => {
      done();
      resolve(answered);
    };
    for (const type of ['pointerdown', 'click'] as const) element.addEventListener(type, listen);
    document.addEventListener('keydown', listen);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}

const liftMs = 500;

/** The finger that gave the last answer is still down: what lies under it when it lifts, such as a button that has just come, is not pressed. */
export function ignoreLift(): void {
  const over = new AbortController();
  const listening = { capture: true, signal: over.signal };
  const swallow = (event: MouseEvent) => {
    if (event.detail === 0) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', swallow, listening);
  // A finger that comes down anew means what it does.
  window.addEventListener('pointerdown', () => over.abort(), listening);
  setTimeout(() => over.abort(), liftMs);
}

/** An element with text and attributes. */
export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...inside: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

export function button(answerText: string, label: string, className = ''): HTMLButtonElement {
  return made('button', { type: 'button', class: `task-button ${className}`.trim(), 'data-answer': answerText }, label);
}
