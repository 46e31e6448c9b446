/** A first reading of a table that nobody has described yet: what its columns look like, and which of them may be what. */

import { mapFormat } from './table-map.ts';
import type { TableCell } from './table-rows.ts';

export type ColumnProfile = {
  readonly name: string;
  /** Cells that hold something. */
  readonly filled: number;
  /** Every filled cell is a number. */
  readonly numeric: boolean;
  /** Different values in the order of the table; null where there are more than `mostLevels`. */
  readonly levels: readonly string[] | null;
};

export const mostLevels = 200;

/** What a person confirms or corrects before anything is analysed. Null: not chosen. */
export type MapDraft = {
  readonly participant: string | null;
  readonly time: string | null;
  readonly outcome: string | null;
  readonly value: string | null;
  readonly condition: string | null;
  readonly active: string | null;
  readonly reference: string | null;
  /** A participant may have had both conditions. */
  readonly changes: boolean;
  /** Null: nobody was asked. */
  readonly guess: string | null;
  readonly guessActive: string | null;
  readonly guessPlacebo: string | null;
  readonly guessUnsure: string | null;
  readonly numbers: readonly string[];
  readonly levels: readonly string[];
  readonly primary: readonly string[];
  /** Null: the one that follows from the columns. */
  readonly formula: string | null;
};

const missing = new Set(['', 'NA']);
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @param columns cells by column name, all of one length */
export function profileOf(columns: Readonly<Record<string, readonly TableCell[]>>): ColumnProfile[] {
  return Object.entries(columns).map(([name, cells]) => {
    const filled = cells.map((cell) => String(cell ?? '').trim()).filter((cell) => !missing.has(cell));
    const levels = new Set<string>();
    for (const cell of filled) if (levels.size <= mostLevels) levels.add(cell);
    return {
      name,
      filled: filled.length,
      numeric: filled.length > 0 && filled.every((cell) => number.test(cell)),
      levels: levels.size > mostLevels ? null : [...levels],
    };
  });
}

const names = {
  participant: /^(usubjid|subjid|subject|participant|patient|person|trial_?id|pid|id)/i,
  time: /^(avisit|visit|time|tp$|day|week|session|date)/i,
  outcome: /^(param|test|outcome|measure|scale|endpoint|instrument|variable)/i,
  value: /^(aval|value|score|result|response|y$)/i,
  condition: /^(condition|arm|trt|treat|group|drug|capsule)/i,
  guess: /(guess|belief|believed)/i,
} as const;
const placeboWords = /^(pl|pla|pbo|placebo|control|sham|0)$/i;
const unsureWords = /(know|unsure|uncertain|\?)/i;

/** Only what name and shape of a column agree on is proposed; a person has the last word. */
export function proposeMap(profiles: readonly ColumnProfile[]): MapDraft {
  const find = (pattern: RegExp, fits: (profile: ColumnProfile) => boolean = () => true) =>
    profiles.find((profile) => pattern.test(profile.name) && fits(profile)) ?? null;
  const condition = find(names.condition, ({ levels }) => levels?.length === 2);
  const guess = find(names.guess, ({ levels }) => levels?.length === 2 || levels?.length === 3);
  const outcome = find(names.outcome, ({ levels }) => levels !== null);
  const reference = condition?.levels?.find((level) => placeboWords.test(level)) ?? null;
  const sure = guess?.levels?.filter((level) => !unsureWords.test(level)) ?? [];
  const guessPlacebo = sure.find((level) => level === reference || placeboWords.test(level)) ?? null;
  return {
    participant: find(names.participant)?.name ?? null,
    time: find(names.time)?.name ?? null,
    outcome: outcome?.name ?? null,
    value: find(names.value, ({ numeric }) => numeric)?.name ?? null,
    condition: condition?.name ?? null,
    active: reference === null ? null : (condition?.levels?.find((level) => level !== reference) ?? null),
    reference,
    changes: true,
    guess: guess?.name ?? null,
    guessActive: guessPlacebo === null ? null : (sure.find((level) => level !== guessPlacebo) ?? null),
    guessPlacebo,
    guessUnsure: guess?.levels?.find((level) => !sure.includes(level)) ?? null,
    numbers: [],
    levels: [],
    primary: outcome?.levels?.length === 1 ? [...outcome.levels] : [],
    formula: null,
  };
}

/** Parts of a draft without which there is no map, in the order of the form. */
export const neededParts = ['participant', 'time', 'outcome', 'value', 'condition', 'active', 'reference'] as const;
const guessParts = ['guessActive', 'guessPlacebo'] as const;

export function missingParts(draft: MapDraft): readonly (keyof MapDraft)[] {
  const needed: readonly (keyof MapDraft)[] = draft.guess === null ? neededParts : [...neededParts, ...guessParts];
  return needed.filter((part) => draft[part] === null);
}

/** Names that the formula language reads only between backticks. */
const plain = /^[\p{L}.][\p{L}\p{N}._]*$/u;
const termOf = (name: string | null) => (name === null || plain.test(name) ? (name ?? '…') : `\`${name}\``);

/** Condition and covariates, and who it was as a random intercept: people are measured more than once. */
export function formulaOf({ value, condition, participant, numbers, levels, formula }: MapDraft): string {
  const terms = [condition, ...numbers, ...levels].map(termOf).join(' + ');
  return formula ?? `${termOf(value)} ~ ${terms} + (1 | ${termOf(participant)})`;
}

/**
 * The draft as a `limen-map/1` document. Guesses are counted in the rows of the first primary outcome, else of the first
 * outcome of the table, so that each person counts once per time point.
 * @param outcomes values of the outcome column
 */
export function mapOfDraft(
  draft: MapDraft,
  title: string,
  outcomes: readonly string[],
): Readonly<Record<string, unknown>> {
  const counted = draft.primary[0] ?? outcomes[0];
  const guess = draft.guess !== null && {
    guess: {
      column: draft.guess,
      active: draft.guessActive,
      placebo: draft.guessPlacebo,
      unsure: draft.guessUnsure,
    },
    blinding: counted === undefined ? [] : [{ id: 'guess', label: 'Guess', outcome: counted, about: 'one capsule' }],
  };
  return {
    format: mapFormat,
    title,
    participant: draft.participant,
    time: draft.time,
    outcome: { name: draft.outcome, value: draft.value, primary: draft.primary },
    condition: {
      column: draft.condition,
      active: draft.active,
      reference: draft.reference,
      changes: draft.changes,
    },
    ...guess,
    covariates: { numbers: draft.numbers, levels: draft.levels },
    models: { default: [formulaOf(draft)] },
  };
}
