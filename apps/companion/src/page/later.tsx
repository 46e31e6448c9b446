/** Screens that few need or need once: their code is on the phone and is read when the first of them is opened. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const parts = {
  packing: () => import('../packing/index.ts'),
  lock: () => import('../screens/lock-settings.tsx'),
};
type Part = keyof typeof parts;
type Screens = { [P in Part]: Awaited<ReturnType<(typeof parts)[P]>> };
type Name = { [P in Part]: keyof Screens[P] & string }[Part];

/** Where a screen is: in the part for the lock, or in that for packing. */
const partOf = (screen: Name): Part => (screen === 'LockSettingsScreen' ? 'lock' : 'packing');

const loaded = new Map<Part, Readonly<Record<string, ComponentType>>>();

export function Later({ screen }: { screen: Name }) {
  const part = partOf(screen);
  const [screens, setScreens] = useState(loaded.get(part));
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (loaded.has(part)) return;
    parts[part]().then(
      (found) => {
        loaded.set(part, found);
        setScreens(found);
      },
      () => setFailed(true),
    );
  }, [part]);
  if (failed)
    return <p class="card">This part of the app is not on the phone yet. Go online once, and open it again.</p>;
  const Screen = screens?.[screen];
  return Screen === undefined ? <p class="card placeholder" aria-busy="true" /> : <Screen />;
}
