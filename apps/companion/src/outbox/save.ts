/** From a form to the outbox: on disk first, then on the screen, then on its way. */
import { change, readState } from '../page/state.ts';
import { writeDraft } from '../storage/documents.ts';
import { addEntry, holdsEntries, removeEntry, type Waiting } from '../storage/outbox.ts';
import { words } from '../words/index.ts';
import { type Draft, makeCommandId, type OwnCommand } from './entry.ts';
import { synchronise } from './flush.ts';
import { showEntries } from './show.ts';

/** Entries one phone may hold unsent; beyond it something is wrong and the person is told. */
export const outboxLimit = 2_000;

/** Long enough to be read out; then cleared, so that the next one is read out too. */
const noticeMs = 5_000;

export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

export async function save(draft: Draft, label: string): Promise<void> {
  if (readState().entries.length >= outboxLimit) {
    throw new OutboxFull(words().common.outboxFull);
  }
  const commandId = makeCommandId((bytes) => crypto.getRandomValues(bytes));
  const command = { ...draft, commandId } as OwnCommand;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  await addEntry({ command, label, occurredAt: new Date().toISOString(), timeZone, faults: 0, refusal: null });
  await showEntries({ notice: holdsEntries() ? '' : words().common.saved });
  setTimeout(() => change({ notice: '' }), noticeMs);
  void synchronise();
}

export async function discard(position: number): Promise<void> {
  await removeEntry(position);
  await showEntries();
}

/** What a form keeps of answers not yet saved; see the form. */
type FormDraft = { version: string; answers: Record<string, unknown>; screen: number };

/** Takes a refused entry back into its form, with the answers as they were. */
export async function correct(entry: Waiting): Promise<void> {
  const { command, position } = entry;
  if (command.type === 'submit') {
    const version = `${command.instrument} ${command.instrumentVersion}`;
    const draft: FormDraft = { version, answers: command.answers, screen: 0 };
    await writeDraft(command.occurrence, draft);
  }
  if (command.type === 'screen') {
    const instrument = readState().today?.screeningInstrument ?? '';
    const draft: FormDraft = {
      version: `${instrument} ${command.instrumentVersion}`,
      answers: command.answers,
      screen: 0,
    };
    await writeDraft('screening', draft);
  }
  await discard(position);
}
