/** What belief adds to an outcome, where people have one row each: the model of activated expectancy bias. */
import { type ExpectancyTerm, estimateExpectancy, type GuessedValue } from '@limen/statistics';
import type { AnalysisRow } from './outcome-spec.ts';
import { possible } from './possible.ts';
import type { ExpectancySplit, Possible } from './results.ts';

const several =
  'People have several rows, and the model is for one row a person; the model with the guess stands for it.';

export function expectancySplit(rows: readonly AnalysisRow[]): Possible<ExpectancySplit> {
  const guessed = rows.flatMap(({ participant, value, role, guess }) =>
    guess === null || guess === 'unsure'
      ? []
      : [{ participant, row: { value, condition: role, guess } as GuessedValue }],
  );
  if (new Set(guessed.map(({ participant }) => participant)).size < guessed.length) return { notPossible: several };
  return possible(() => {
    const found = estimateExpectancy(guessed.map(({ row }) => row));
    return {
      rows: found.rows,
      directEffect: termOf(found.directEffect),
      expectancy: termOf(found.expectancy),
      additivityP: found.additivity.p,
    };
  });
}

function termOf({ estimate, standardError, lower, upper, p }: ExpectancyTerm): ExpectancySplit['expectancy'] {
  return { value: estimate, standardError, lower, upper, p };
}
