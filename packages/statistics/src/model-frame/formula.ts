/**
 * Model formulas in the notation of Wilkinson & Rogers (1973, Appl. Stat. 22:392), with random terms as in lme4
 * (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1), section 2.3): `a + b`, `a:b`, `a * b`, `(a + b) * c`,
 * `- a`, `0 +`, `- 1`, and `` `any name` ``; `(1 + day | participant)` with effects that may be correlated,
 * `(1 + day || participant)` with independent ones, `(1 | site/participant)` for `(1 | site) + (1 | site:participant)`.
 */
import { StatisticsError } from '../errors.ts';

/** A set of columns; more than one is an interaction. */
export type ModelTerm = readonly string[];

/** Effects that vary together between the levels of a grouping: a column, or an interaction of columns. */
export type RandomTerm = {
  readonly intercept: boolean;
  readonly terms: readonly ModelTerm[];
  readonly group: ModelTerm;
};

export type Formula = {
  readonly text: string;
  readonly response: string;
  readonly intercept: boolean;
  /** Main effects first, then two-way interactions and so on; columns within a term in order of appearance, as in R. */
  readonly terms: readonly ModelTerm[];
  /** Each with a covariance of its own; `||` and `/` are written out. */
  readonly random: readonly RandomTerm[];
};

type Token = { readonly kind: 'name' | 'sign'; readonly text: string };
type Side = { intercept: boolean; terms: ModelTerm[]; random: RandomTerm[] };

const token = /\s*(?:`([^`]+)`|([\p{L}_.][\p{L}\p{M}\p{N}_.]*)|([01](?![\p{L}\p{N}_.]))|([~+\-*:()|/]))/uy;

/** @throws StatisticsError `formula_syntax` */
export function parseFormula(text: string): Formula {
  const tokens = tokenise(text);
  let at = 0;

  const refuse = (what: string) => new StatisticsError('formula_syntax', `${text}: ${what}`);
  const peek = () => tokens[at];
  const isSign = (sign: string) => peek()?.kind === 'sign' && peek()?.text === sign;
  const accept = (sign: string) => {
    const found = isSign(sign);
    if (found) at += 1;
    return found;
  };
  const expect = (sign: string) => {
    if (!accept(sign)) throw refuse(`“${sign}” is needed ${peek() ? `before “${peek()?.text}”` : 'at the end'}`);
  };

  function name(): string {
    const next = peek();
    if (next?.kind !== 'name') throw refuse(next ? `a name is needed, not “${next.text}”` : 'a name is missing');
    at += 1;
    if (isSign('(')) throw refuse(`“${next.text}(…)”: functions are not supported, compute a column first`);
    return next.text;
  }

  /** Adds and takes away; brackets with a bar inside are random terms, allowed where `bars` is. */
  function sum(bars: boolean, constants: boolean): Side {
    const side: Side = { intercept: true, terms: [], random: [] };
    let minus = accept('-');
    if (!minus) accept('+');
    for (;;) {
      if (isSign('1') || isSign('0')) {
        if (!constants) throw refuse('the intercept cannot stand in brackets');
        side.intercept = isSign('1') !== minus;
        at += 1;
      } else if (bars && !minus && barAhead()) side.random.push(...randomTerms());
      else if (minus) side.terms = without(side.terms, product());
      else side.terms = union(side.terms, product());
      if (accept('+')) minus = false;
      else if (accept('-')) minus = true;
      else return side;
    }
  }

  function product(): ModelTerm[] {
    let terms = interaction();
    while (accept('*')) {
      const right = interaction();
      terms = union(union(terms, right), crossed(terms, right));
    }
    return terms;
  }

  function interaction(): ModelTerm[] {
    let terms = atom();
    while (accept(':')) terms = crossed(terms, atom());
    return terms;
  }

  function atom(): ModelTerm[] {
    if (!accept('(')) return [[name()]];
    const { terms } = sum(false, false);
    expect(')');
    return terms;
  }

  function barAhead(): boolean {
    if (!isSign('(')) return false;
    const end = tokens.findIndex((one, index) => index > at && one.kind === 'sign' && '()|'.includes(one.text));
    return tokens[end]?.text === '|';
  }

  function randomTerms(): RandomTerm[] {
    expect('(');
    const { intercept, terms } = sum(false, true);
    expect('|');
    const independent = accept('|');
    const groups = grouping();
    expect(')');
    if (!intercept && terms.length === 0) throw refuse('a random term without effects');
    const parts = independent
      ? [...(intercept ? [{ intercept, terms: [] }] : []), ...inOrder(terms).map((term) => single(term))]
      : [{ intercept, terms: inOrder(terms) }];
    return groups.flatMap((group) => parts.map((part) => ({ ...part, group })));
  }

  /** `a:b` is one grouping, `a/b` is a and a:b. */
  function grouping(): ModelTerm[] {
    const groups: ModelTerm[] = [groupingColumns()];
    while (accept('/')) groups.push([...new Set([...(groups.at(-1) ?? []), ...groupingColumns()])]);
    return groups;
  }

  function groupingColumns(): string[] {
    const names = [name()];
    while (accept(':')) names.push(name());
    return names;
  }

  const response = name();
  expect('~');
  const side = sum(true, true);
  const rest = peek();
  if (rest) throw refuse(`“${rest.text}” is not expected here`);
  if (!side.intercept && side.terms.length === 0) throw refuse('there is no coefficient to estimate');
  if (side.terms.some((term) => term.includes(response))) throw refuse(`“${response}” is on both sides`);
  const twice = side.random.find((one, at) => side.random.slice(0, at).some((other) => overlap(one, other)));
  if (twice) throw refuse(`a random effect stands twice for “${twice.group.join(':')}”`);
  return { text, response, intercept: side.intercept, terms: inOrder(side.terms), random: side.random };
}

function single(term: ModelTerm) {
  return { intercept: false, terms: [term] };
}

/** True where two random terms hold the same effect of the same grouping, so that their variances cannot be told apart. */
function overlap(one: RandomTerm, other: RandomTerm): boolean {
  if (keyOf(one.group) !== keyOf(other.group)) return false;
  if (one.intercept && other.intercept) return true;
  const keys = new Set(other.terms.map(keyOf));
  return one.terms.some((term) => keys.has(keyOf(term)));
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new StatisticsError('formula_syntax', `${text}: “${text.slice(from).trim()}” cannot be read`);
    const [, quoted, plain, constant, sign] = match;
    const known = quoted ?? plain;
    if (known !== undefined) tokens.push({ kind: 'name', text: known.normalize('NFC') });
    else tokens.push({ kind: 'sign', text: constant ?? sign ?? '' });
  }
  return tokens;
}

function keyOf(term: ModelTerm): string {
  return JSON.stringify([...term].sort());
}

function union(left: readonly ModelTerm[], right: readonly ModelTerm[]): ModelTerm[] {
  return [...left, ...without(right, left)];
}

function without(left: readonly ModelTerm[], right: readonly ModelTerm[]): ModelTerm[] {
  const taken = new Set(right.map(keyOf));
  return left.filter((term) => !taken.has(keyOf(term)));
}

function crossed(left: readonly ModelTerm[], right: readonly ModelTerm[]): ModelTerm[] {
  return left.flatMap((a) => right.map((b) => [...new Set([...a, ...b])]));
}

/** By degree, as they appear; columns of a term in the order in which the formula first names them. */
function inOrder(terms: readonly ModelTerm[]): ModelTerm[] {
  const names = [...new Set(terms.flat())];
  const seen = new Set<string>();
  return terms
    .filter((term) => !seen.has(keyOf(term)) && seen.add(keyOf(term)))
    .map((term) => [...term].sort((a, b) => names.indexOf(a) - names.indexOf(b)))
    .sort((a, b) => a.length - b.length);
}
