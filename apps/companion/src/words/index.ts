/** The app's texts: `words().join.code` is the text in the language of the screen. */
import { catalogue } from './catalogue.ts';
import { english } from './en.ts';

export { count, fill, languageNow, listWords, localeNow, numberWords } from './catalogue.ts';
export type { Texts } from './texts.ts';
export { english };

const texts = catalogue(english, {
  cs: () => import('./cs.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  nl: () => import('./nl.ts'),
  pt: () => import('./pt.ts'),
});

export const words = texts.words;
