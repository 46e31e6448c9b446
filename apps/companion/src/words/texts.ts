import type { Translated } from './catalogue.ts';
import type { english } from './en.ts';

/** What a language has to say. */
export type Texts = Translated<typeof english>;
