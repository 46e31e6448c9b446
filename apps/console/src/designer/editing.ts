/** The text under the pen, with the way back and forth. */
import { type Path, withValue } from './value.ts';

export type Editing = {
  readonly past: readonly string[];
  readonly text: string;
  readonly future: readonly string[];
  /** What was changed last: more of the same is one step, not one step a letter. */
  readonly joined: string | null;
};

export type Edit =
  | { readonly kind: 'write'; readonly text: string; readonly join?: string | undefined }
  /** A value at a place; undefined takes it away. Nothing happens while the text is no JSON. */
  | { readonly kind: 'set'; readonly path: Path; readonly value: unknown; readonly join?: string | undefined }
  | { readonly kind: 'undo' | 'redo' | 'pause' };

const steps = 200;

export const startEditing = (text: string): Editing => ({ past: [], text, future: [], joined: null });

/** How the designer writes a document down. */
export const written = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export function edited(state: Editing, edit: Edit): Editing {
  const { past, text, future } = state;
  switch (edit.kind) {
    case 'write':
      return rewritten(state, edit.text, edit.join);
    case 'set': {
      const value = readable(text);
      return value === undefined
        ? state
        : rewritten(state, written(withValue(value, edit.path, edit.value)), edit.join);
    }
    case 'undo': {
      const before = past.at(-1);
      return before === undefined
        ? state
        : { past: past.slice(0, -1), text: before, future: [text, ...future], joined: null };
    }
    case 'redo': {
      const [next, ...rest] = future;
      return next === undefined ? state : { past: [...past, text], text: next, future: rest, joined: null };
    }
    case 'pause':
      return state.joined === null ? state : { ...state, joined: null };
    default:
      return edit satisfies never;
  }
}

function rewritten(state: Editing, text: string, join: string | undefined): Editing {
  if (text === state.text) return state;
  if (join !== undefined && join === state.joined) return { ...state, text, future: [] };
  return { past: [...state.past, state.text].slice(-steps), text, future: [], joined: join ?? null };
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
