/** The eight shuffled envelopes are scanned one by one; each is told its week, or that it stays sealed. */
import { useEffect, useState } from 'preact/hooks';
import { Scanner } from '../scan/scanner.tsx';
import { readDraft, writeDraft } from '../storage/documents.ts';
import { type Packing, placeOf } from './standing.ts';

const subject = 'sorting';

export function Sort({ packing, onDone }: { packing: Packing; onDone: () => void }) {
  const tokens = [...packing.weeks.map(({ envelope }) => envelope), ...packing.leftovers];
  const [seen, setSeen] = useState<readonly string[]>([]);
  const [last, setLast] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    void readDraft(subject).then((kept) => setSeen((kept as string[] | null) ?? []));
  }, []);
  if (tokens.length === 0) return <p>This step waits for a connection.</p>;
  const look = (token: string | null) => {
    setLast(token);
    if (token === null || !tokens.includes(token)) return;
    setSeen((before) => {
      const next = before.includes(token) ? before : [...before, token];
      void writeDraft(subject, next);
      return next;
    });
  };
  return (
    <>
      <p>Take the envelopes in any order. Write on each what is said here; look at nothing else on the label.</p>
      <p class="scan-answer" role="status">
        {last === undefined ? '' : wordsFor(last, packing)}
      </p>
      <p>
        {seen.length} of {tokens.length} scanned
      </p>
      <Scanner tokens={tokens} onEnvelope={look} />
      <button type="button" class="primary wide" disabled={seen.length < tokens.length} onClick={() => onDone()}>
        All are marked
      </button>
    </>
  );
}

function wordsFor(token: string | null, packing: Packing): string {
  const place = placeOf(token, packing);
  if (place === null) return 'This is not one of your envelopes. Put it aside unopened.';
  return place === 'leftover'
    ? 'Write “leftover” on this envelope. It stays closed.'
    : `Write “${place}” on this envelope.`;
}
