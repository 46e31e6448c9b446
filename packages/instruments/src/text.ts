/** An instrument in a language: every item joined with its words, ready to draw. */
import { InstrumentError } from './errors.ts';
import type { Instrument, InstrumentTexts, Item, ItemText } from './instrument.ts';

export type OptionText = { readonly value: number | string; readonly label: string };
export type WordedItem = { readonly item: Item; readonly words: ItemText; readonly options: readonly OptionText[] };

/** Falls back from `en-GB` to `en`. @throws InstrumentError `unknown-language` */
export function textsOf(instrument: Instrument, language = 'en'): InstrumentTexts {
  const found = instrument.texts[language] ?? instrument.texts[language.split('-')[0] ?? ''];
  if (!found) throw new InstrumentError('unknown-language', `"${language}" for ${instrument.id}.`);
  return found;
}

/** Items in order with words and options, e.g. for `visibleItems(...).map(...)`; pass `items` to limit them. */
export function wordedItems(
  instrument: Instrument,
  language = 'en',
  items: readonly Item[] = instrument.items,
): readonly WordedItem[] {
  const texts = textsOf(instrument, language);
  return items.map((item) => {
    const words = texts.items[item.id] ?? item.id;
    return {
      item,
      words: typeof words === 'string' ? { text: words } : words,
      options:
        item.kind === 'choice' || item.kind === 'multi-choice' ? optionTexts(instrument, texts, item.responseSet) : [],
    };
  });
}

function optionTexts(instrument: Instrument, texts: InstrumentTexts, set: string): readonly OptionText[] {
  return (instrument.responseSets[set] ?? []).map((value) => ({
    value,
    label: texts.options[set]?.[String(value)] ?? String(value),
  }));
}
