/** Help put before the person the moment an answer calls for it; works offline, and one tap leads back. */
import { useEffect, useRef } from 'preact/hooks';
import { words } from '../words/index.ts';
import type { HelpFlag } from './flags.ts';
import { HelpNumbers } from './numbers.tsx';

export function HelpSheet({ about, onClose }: { about: HelpFlag; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const texts = words().help;
  const { title, text } = texts.flags[about];
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={onClose}>
      <h2 id="sheet-title" tabIndex={-1} autofocus>
        {title}
      </h2>
      <p>{text}</p>
      <p>
        <b>{texts.nobodyReads}</b> {texts.teamSeesLater}
      </p>
      <HelpNumbers headings="h3" />
      <div class="actions">
        {about === 'suicidality' ? (
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            {texts.safeForNow}
          </button>
        ) : null}
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          {texts.backToQuestions}
        </button>
      </div>
    </dialog>
  );
}
