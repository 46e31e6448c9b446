/** Screens that few need, that are needed once, or that are no part of a day's entries: their code is on the phone and is read when the first of them is opened. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TaskProps } from '../tasks/screen.tsx';
import { loadTexts } from '../words/catalogue.ts';
import { words } from '../words/index.ts';

const parts = {
  packing: () => import('../packing/index.ts'),
  wearables: () => import('../wearables/index.ts'),
  reminders: () => import('../reminders/index.ts'),
  history: () => import('../screens/history.tsx'),
  lock: () => import('../screens/lock-settings.tsx'),
  tasks: () => import('../tasks/index.ts'),
};
type Part = keyof typeof parts;
type Screens = { [P in Part]: Awaited<ReturnType<(typeof parts)[P]>> };
type Name = { [P in Part]: keyof Screens[P] & string }[Part];

/** Where a screen is, unless it belongs to packing. */
const elsewhere: Partial<Record<Name, Part>> = {
  HistoryScreen: 'history',
  LockSettingsScreen: 'lock',
  RemindersScreen: 'reminders',
  TaskScreen: 'tasks',
  WearablesScreen: 'wearables',
};
const partOf = (screen: Name): Part => elsewhere[screen] ?? 'packing';

const loaded = new Map<Part, Readonly<Record<string, ComponentType<object>>>>();

type Given =
  | { [N in Name]: { screen: N; given?: object } }[Exclude<Name, 'TaskScreen'>]
  | { screen: 'TaskScreen'; given: TaskProps };

export function Later({ screen, given = {} }: Given) {
  const part = partOf(screen);
  const [screens, setScreens] = useState(loaded.get(part));
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (loaded.has(part)) return;
    parts[part]().then(
      async (found) => {
        // In English where the texts of the language are not on the phone.
        await loadTexts().catch(() => null);
        const screensOfPart = found as Readonly<Record<string, ComponentType<object>>>;
        loaded.set(part, screensOfPart);
        setScreens(screensOfPart);
      },
      () => setFailed(true),
    );
  }, [part]);
  if (failed) return <p class="card">{words().frame.notHereYet}</p>;
  const Screen = screens?.[screen];
  return Screen === undefined ? <p class="card placeholder" aria-busy="true" /> : <Screen {...given} />;
}
