/** Help put before the person the moment an answer calls for it; works offline, and one tap leads back. */
import { useEffect, useRef } from 'preact/hooks';
import type { HelpFlag } from './flags.ts';
import { HelpNumbers } from './numbers.tsx';

const words: Readonly<Record<HelpFlag, { title: string; text: string }>> = {
  suicidality: {
    title: 'You do not have to be alone with this',
    text: 'Thank you for saying so. If you might act on these thoughts, call one of these numbers now, or go to someone you trust.',
  },
  'cardiac-warning': {
    title: 'Please look after yourself first',
    text: 'If the pain, faintness or breathlessness is still there, call the emergency number now. Take no capsule for now.',
  },
  'psychosis-or-mania-warning': {
    title: 'Please speak with someone',
    text: 'Take no capsule for now and call the study team. If you feel in danger, call the emergency number.',
  },
  'serious-adverse-event': {
    title: 'Is it still going on?',
    text: 'If you are unwell or in danger now, call the emergency number first. The report can wait.',
  },
};

export function HelpSheet({ about, onClose }: { about: HelpFlag; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const { title, text } = words[about];
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={onClose}>
      <h2 id="sheet-title" tabIndex={-1} autofocus>
        {title}
      </h2>
      <p>{text}</p>
      <p>
        <b>Nobody reads along here.</b> The study team sees your answers once they have been sent, and may not look at
        once.
      </p>
      <HelpNumbers headings="h3" />
      <button type="button" class="primary wide" onClick={() => dialog.current?.close()}>
        Back to the questions
      </button>
    </dialog>
  );
}
