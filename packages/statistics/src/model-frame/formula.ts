/** Model formulas in the notation of Wilkinson & Rogers (1973), with random terms as in lme4. */
import { StatisticsError } from '../errors.ts';

export type RandomTerm = { readonly intercept: boolean; readonly slopes: readonly string[]; readonly group: string };

export type Formula = {
  readonly text: string;
  readonly response: string;
  readonly intercept: boolean;
  /** Each term a set of columns; more than one is an interaction. */
  readonly terms: readonly (readonly string[])[];
  readonly random: RandomTerm | null;
};

/**
 * Reads `value ~ condition * week + age + (1 + day | participant)`.
 * @throws StatisticsError `formula_syntax`
 */
export function parseFormula(text: string): Formula {
  const sides = text.split('~');
  if (sides.length !== 2) throw new StatisticsError('formula_syntax', `${text}: one “~” is needed`);
  const [left = '', right = ''] = sides.map((side) => side.trim());
  const random: RandomTerm[] = [];
  const fixed = right.replace(/\(([^()|]*)\|([^()|]*)\)/g, (_, terms: string, group: string) => {
    random.push(parseRandom(terms, group, text));
    return ' ';
  });
  if (/[()|]/.test(fixed)) throw new StatisticsError('formula_syntax', `${text}: unbalanced brackets`);
  if (random.length > 1) throw new StatisticsError('formula_syntax', `${text}: one random term is supported`);
  const parsed = parseTerms(fixed, text);
  return { text, response: nameOf(left, text), ...parsed, random: random[0] ?? null };
}

function parseRandom(terms: string, group: string, text: string): RandomTerm {
  const parsed = parseTerms(terms, text);
  if (parsed.terms.some((term) => term.length !== 1)) {
    throw new StatisticsError('formula_syntax', `${text}: no interactions in a random term`);
  }
  const slopes = parsed.terms.flat();
  if (slopes.length === 0 && !parsed.intercept)
    throw new StatisticsError('formula_syntax', `${text}: empty random term`);
  return { intercept: parsed.intercept, slopes, group: nameOf(group, text) };
}

function parseTerms(side: string, text: string): { intercept: boolean; terms: (readonly string[])[] } {
  let intercept = true;
  const terms: string[][] = [];
  const add = (term: string[]) => {
    const key = [...term].sort().join(':');
    if (!terms.some((known) => [...known].sort().join(':') === key)) terms.push(term);
  };
  const pieces = side
    .replace(/\s+/g, ' ')
    .split(/(?=[+-])/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '' && piece !== '+');
  for (const piece of pieces) {
    const minus = piece.startsWith('-');
    const body = piece.replace(/^[+-]\s*/, '');
    if (body === '1' || body === '0') {
      intercept = (body === '1') !== minus;
      continue;
    }
    if (minus) throw new StatisticsError('formula_syntax', `${text}: only the intercept can be taken away`);
    if (body.includes('*')) for (const term of crossed(body, text)) add(term);
    else add(body.split(':').map((name) => nameOf(name, text)));
  }
  return { intercept, terms: terms.sort((a, b) => a.length - b.length) };
}

/** `a * b` is `a + b + a:b`. */
function crossed(body: string, text: string): string[][] {
  const factors = body.split('*').map((factor) => factor.split(':').map((name) => nameOf(name, text)));
  let subsets: string[][] = [[]];
  for (const factor of factors) subsets = [...subsets, ...subsets.map((subset) => [...subset, ...factor])];
  return subsets.filter((subset) => subset.length > 0);
}

function nameOf(raw: string, text: string): string {
  const name = raw.trim();
  if (!/^[\p{L}_.][\p{L}\p{N}_.]*$/u.test(name)) throw new StatisticsError('formula_syntax', `${text}: “${name}”`);
  return name;
}
