/** Which language the app speaks: what was chosen on this phone, or what the browser asks for. */
import { change } from '../page/state.ts';
import { loadTexts, speak } from './catalogue.ts';

/** In their own words, as a person looks for them. */
export const languages = [
  { tag: 'en', name: 'English' },
  { tag: 'cs', name: 'Čeština' },
  { tag: 'de', name: 'Deutsch' },
  { tag: 'es', name: 'Español' },
  { tag: 'nl', name: 'Nederlands' },
  { tag: 'pt', name: 'Português' },
] as const;

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);
/** Outside the sealed storage: it is needed before the app can be unlocked, and says nothing of a study. */
const storageName = 'limen-language';

const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** The first tag whose language the app has; null where it has none of them. */
export function offered(tags: readonly string[]): string | null {
  const found = tags.map(baseOf).find((base) => languages.some(({ tag }) => tag === base));
  return found ?? null;
}

/** The tag that the browser names for a language, such as `en-GB`: dates and numbers follow it. */
export function localeOf(language: string, tags: readonly string[]): string {
  return tags.find((tag) => baseOf(tag) === language) ?? language;
}

/** Never throws: without the texts of a language, the app goes on in the one it has. */
export async function startLanguage(): Promise<void> {
  await use(chosen() ?? offered(navigator.languages) ?? 'en').catch(() => null);
}

/** What the study or the invitation proposes; a choice made on this phone or a language the browser asks for stays. */
export async function proposeLanguage(tag: string): Promise<void> {
  const proposed = offered([tag]);
  if (proposed === null || chosen() !== null || offered(navigator.languages) !== null) return;
  await use(proposed).catch(() => null);
}

/** @throws where the texts are not on the phone and the network is away */
export async function chooseLanguage(language: string): Promise<void> {
  await use(language);
  localStorage.setItem(storageName, language);
}

function chosen(): string | null {
  try {
    return offered([localStorage.getItem(storageName) ?? '']);
  } catch {
    return null;
  }
}

async function use(language: string): Promise<void> {
  await loadTexts(language);
  speak(language, localeOf(language, navigator.languages));
  document.documentElement.lang = language;
  document.documentElement.dir = rightToLeft.has(language) ? 'rtl' : 'ltr';
  change({ language });
}
