/** Short messages that say what was done; read aloud, and gone after a while. */
import { CloseButton } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';

type Notice = { readonly id: number; readonly text: string };
const shownMs = 7_000;
const atMost = 3;

let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

export function notify(text: string): void {
  change([...notices.slice(1 - atMost), { id: nextId++, text }]);
}

const dismiss = (id: number) => change(notices.filter((notice) => notice.id !== id));

export function Notices() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeLine({ notice: { id, text } }: { notice: Notice }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), shownMs);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className="notice">
      <span>{text}</span>
      <CloseButton variant="transparent" c="inherit" aria-label="Dismiss message" onClick={() => dismiss(id)} />
    </div>
  );
}
