/** Questionnaires in the language of the app, where there are words for it; they come to the phone with the language. */
import { type Instrument, type InstrumentTexts, instrumentTexts, textsOf, withTexts } from '@limen/instruments';
import { languageNow, loadAlso } from '../words/catalogue.ts';

const known = new Map<string, Awaited<ReturnType<typeof instrumentTexts>>>();

loadAlso(async (language) => {
  if (!known.has(language)) known.set(language, await instrumentTexts(language));
});

export function spoken(instrument: Instrument): Instrument {
  return withTexts(instrument, languageNow(), known.get(languageNow()) ?? {});
}

/** In the language of the app, or in English where its wording exists in no other. */
export function wordsOf(instrument: Instrument): InstrumentTexts {
  const asked = spoken(instrument);
  return textsOf(asked, languageNow() in asked.texts ? languageNow() : 'en');
}
