import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allInstruments, findInstrument, type InstrumentTexts } from '../index.ts';
import { instrumentTexts, translatedInto, withTexts } from './index.ts';

const wordsOf = (texts: InstrumentTexts): Map<string, string> => {
  const found = new Map([
    ['title', texts.title],
    ['instructions', texts.instructions],
  ]);
  for (const [id, one] of Object.entries(texts.items)) {
    const item = typeof one === 'string' ? { text: one } : one;
    for (const [part, words] of Object.entries(item)) found.set(`${id}.${part}`, String(words));
  }
  for (const [set, options] of Object.entries(texts.options)) {
    for (const [value, words] of Object.entries(options)) found.set(`${set}.${value}`, words);
  }
  return found;
};
/** Words that are the same in several languages. */
const alike = /^(MDMA|Cannabis|Ketamine|No)$/;

for (const language of translatedInto) {
  test(`texts in ${language} word every item and option, in other words than English, and nothing that is not asked`, async () => {
    const texts = await instrumentTexts(language);
    assert.ok(Object.keys(texts).length >= 9);
    for (const [id, own] of Object.entries(texts)) {
      const instrument = findInstrument(id);
      assert.ok(instrument, id);
      const [english, other] = [wordsOf(instrument.texts.en), wordsOf(own)];
      assert.deepEqual([...other.keys()].sort(), [...english.keys()].sort(), `${language} ${id}`);
      for (const [place, words] of other) {
        assert.ok(words.trim() !== '' && !words.includes('!'), `${language} ${id} ${place}`);
        assert.ok(words !== english.get(place) || alike.test(words), `${language} ${id} ${place}: still English`);
      }
      const spoken = withTexts(instrument, language, texts);
      assert.deepEqual(Object.keys(spoken.texts).sort(), [...Object.keys(instrument.texts), language].sort());
      assert.equal(instrument.texts[language], undefined);
    }
  });
}

test('a language without texts leaves every instrument as it is', async () => {
  const texts = await instrumentTexts('tlh');
  for (const instrument of allInstruments) assert.equal(withTexts(instrument, 'tlh', texts), instrument);
});
