/** The text under the pen, with the way back and forth. */

export type Editing = {
  readonly past: readonly string[];
  readonly text: string;
  readonly future: readonly string[];
  /** What was changed last: more of the same is one step, not one step a letter. */
  readonly joined: string | null;
};

export type Edit =
  | { readonly kind: 'write'; readonly text: string; readonly join?: string | undefined }
  | { readonly kind: 'undo' | 'redo' | 'pause' };

const steps = 200;

export const startEditing = (text: string): Editing => ({ past: [], text, future: [], joined: null });

export function edited(state: Editing, edit: Edit): Editing {
  const { past, text, future, joined } = state;
  switch (edit.kind) {
    case 'write': {
      if (edit.text === text) return state;
      const join = edit.join ?? null;
      if (join !== null && join === joined) return { past, text: edit.text, future: [], joined };
      return { past: [...past, text].slice(-steps), text: edit.text, future: [], joined: join };
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
      return joined === null ? state : { ...state, joined: null };
    default:
      return edit satisfies never;
  }
}
