/** One line that says where the draft stands with the server. */
import { showInstant } from '../words/dates.ts';
import type { Saved } from './saved.ts';

export function SaveState({ saved, dirty }: { saved: Saved; dirty: boolean }) {
  return (
    <p className="save-state" role="status" data-state={stateOf(saved, dirty)}>
      {wordsOf(saved, dirty)}
    </p>
  );
}

function stateOf({ sending, failed, newer }: Saved, dirty: boolean): string {
  if (sending) return 'saving';
  if (newer !== null || (failed !== null && dirty)) return 'failed';
  return dirty ? 'open' : 'saved';
}

function wordsOf(saved: Saved, dirty: boolean): string {
  const { sending, failed, newer, base, at } = saved;
  if (newer !== null) return 'Not saved: a newer version was saved meanwhile.';
  if (failed !== null && dirty) {
    const next = failed.away ? ' Your edits are kept in this browser; saving is tried again.' : '';
    return `Not saved: ${failed.why}${next}`;
  }
  if (sending) return 'Saving…';
  return dirty ? 'Not saved yet.' : `Saved as revision ${base}, ${showInstant(at)}.`;
}
