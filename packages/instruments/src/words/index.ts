/**
 * Our own instruments in other languages, read when a language is wanted. They are our own translations and have not been validated
 * linguistically (ISPOR: two forward translations, back translation, cognitive interviews); a study that compares languages has to.
 */
import type { Instrument, InstrumentTexts } from '../instrument.ts';

type Words = Readonly<Record<string, InstrumentTexts>>;

const loaders: Readonly<Record<string, () => Promise<{ readonly default: Words }>>> = {
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  pt: () => import('./pt.ts'),
  nl: () => import('./nl.ts'),
  cs: () => import('./cs.ts'),
};

/** Languages there are own texts in beside English. */
export const translatedInto: readonly string[] = Object.keys(loaders);

/** Texts by instrument id; nothing for a language without texts. */
export async function instrumentTexts(language: string): Promise<Words> {
  return (await loaders[language]?.())?.default ?? {};
}

/** The instrument with its texts in one more language, where there are any. */
export function withTexts(instrument: Instrument, language: string, texts: Words): Instrument {
  const own = texts[instrument.id];
  return own === undefined ? instrument : { ...instrument, texts: { ...instrument.texts, [language]: own } };
}
