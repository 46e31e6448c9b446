/** Screens that few need or need once: their code is on the phone and is read when the first of them is opened. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type Screens = typeof import('../packing/index.ts');

let loaded: Screens | null = null;

export function Later({ screen }: { screen: keyof Screens }) {
  const [screens, setScreens] = useState(loaded);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (loaded !== null) return;
    import('../packing/index.ts').then(
      (found) => {
        loaded = found;
        setScreens(found);
      },
      () => setFailed(true),
    );
  }, []);
  if (failed)
    return <p class="card">This part of the app is not on the phone yet. Go online once, and open it again.</p>;
  const Screen: ComponentType | undefined = screens?.[screen];
  return Screen === undefined ? <p class="card placeholder" aria-busy="true" /> : <Screen />;
}
