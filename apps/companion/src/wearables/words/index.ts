/** Texts of the screen for watches, by the language of the app. */
import { catalogue } from '../../words/catalogue.ts';
import { english } from './en.ts';

export const { words } = catalogue(english, {
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  pt: () => import('./pt.ts'),
  nl: () => import('./nl.ts'),
  cs: () => import('./cs.ts'),
});
