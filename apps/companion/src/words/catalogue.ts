/** Texts of the app by language: how they are shaped, found, and filled. English is written first; the others follow it. */

/** Forms of a text that counts something, by the plural category of the language (Unicode CLDR). */
export type Plural = { readonly other: string } & { readonly [C in Exclude<Intl.LDMLPluralRule, 'other'>]?: string };

/** The same texts in another language. A text that counts may have forms that English does not have. */
export type Translated<T> = T extends string
  ? string
  : T extends { readonly other: string }
    ? Plural
    : { readonly [K in keyof T]: Translated<T[K]> };

/** `{name}` in a text stands for a value. */
type Places<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type Values<S> = { readonly [N in Places<S>]: string | number };

let language = 'en';
let locale = 'en';
const loaders: ((language: string) => Promise<void>)[] = [];

/** The language of the texts on the screen. */
export const languageNow = (): string => language;
/** The language with the region the browser names for it, for numbers and dates. */
export const localeNow = (): string => locale;

type Others = Readonly<Record<string, () => Promise<{ readonly default: unknown }>>>;

/** A part of the app's texts. `others` are read when their language is wanted first. */
export function catalogue<const T extends object>(english: T, others: Others): { words: () => T } {
  const known = new Map<string, T>([['en', english]]);
  loaders.push(async (wanted) => {
    const load = others[wanted];
    if (load !== undefined && !known.has(wanted)) known.set(wanted, (await load()).default as T);
  });
  return { words: () => known.get(language) ?? english };
}

/** Something else that a language needs on hand, such as the words of questionnaires. */
export function loadAlso(load: (language: string) => Promise<void>): void {
  loaders.push(load);
}

/** Every part of the texts in this language is on hand afterwards. */
export async function loadTexts(wanted: string = language): Promise<void> {
  await Promise.all(loaders.map((load) => load(wanted)));
}

export function speak(next: string, nextLocale: string): void {
  language = next;
  locale = nextLocale;
}

/** `fill('Until {when}.', { when })`; numbers as the language writes them. */
export function fill<S extends string>(text: S, values: Values<S>): string {
  const given = values as Readonly<Record<string, string | number>>;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = given[name];
    return typeof value === 'number' ? numberWords(value) : (value ?? place);
  });
}

/** The form of a text for `n`, which it may name as `{n}`. */
export function count(forms: Plural, n: number): string {
  return fill(forms[new Intl.PluralRules(locale).select(n)] ?? forms.other, { n } as never);
}

export function numberWords(value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** “a, b and c” as the language joins them. */
export function listWords(parts: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'unit', style: 'long' }).format(parts);
}
