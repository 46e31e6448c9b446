/**
 * Edits that no server has yet, kept in this browser: by draft, by person and by tab, so that two tabs do not write
 * over one another. What an open tab holds is that tab's and is not offered to others.
 */

export type Place = { readonly accountId: string; readonly draftId: string };
export type Kept = {
  readonly tab: string;
  /** The revision the edits were made to. */
  readonly base: number;
  readonly text: string;
  /** UTC ISO 8601. */
  readonly at: string;
};

const prefixOf = ({ accountId, draftId }: Place) => `limen.draft.${accountId}.${draftId}.`;
const lockOf = (tab: string) => `limen.draft.tab.${tab}`;

export function keepEdits(place: Place, { tab, ...kept }: Kept): boolean {
  try {
    localStorage.setItem(prefixOf(place) + tab, JSON.stringify(kept));
    return true;
  } catch {
    // Full or forbidden: the page still holds the text and says that it is not saved.
    return false;
  }
}

export function forgetEdits(place: Place, tab: string): void {
  try {
    localStorage.removeItem(prefixOf(place) + tab);
  } catch {
    // Nothing could be kept, so there is nothing to forget.
  }
}

/** Newest first. */
export async function findEdits(place: Place): Promise<Kept[]> {
  const open = await openTabs();
  return storedUnder(prefixOf(place))
    .filter(({ tab }) => !open.has(lockOf(tab)))
    .sort((a, b) => b.at.localeCompare(a.at));
}

function storedUnder(prefix: string): Kept[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => read(key.slice(prefix.length), localStorage.getItem(key)));
  } catch {
    return [];
  }
}

function read(tab: string, stored: string | null): Kept[] {
  try {
    const { base, text, at } = JSON.parse(stored ?? '') as Record<string, unknown>;
    return typeof base === 'number' && typeof text === 'string' && typeof at === 'string'
      ? [{ tab, base, text, at }]
      : [];
  } catch {
    return [];
  }
}

/** Browsers name the locks only over a secure connection; without it every tab counts as closed. */
async function openTabs(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = '' }) => name));
}

/** Says that this tab is open until the answer is called, or the tab is gone. */
export function holdTab(tab: string): () => void {
  if (!('locks' in navigator)) return () => undefined;
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  navigator.locks.request(lockOf(tab), () => until).catch(() => undefined);
  return release;
}
