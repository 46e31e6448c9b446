/** The app's texts: `words().join.code` is the text in the language of the screen. */
import { catalogue } from './catalogue.ts';
import { english } from './en.ts';

export { count, fill, languageNow, listWords, localeNow, numberWords } from './catalogue.ts';
export { english };

const texts = catalogue(english, {});

export const words = texts.words;
