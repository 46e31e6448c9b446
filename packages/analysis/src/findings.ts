/** What is odd about a finished trial's table without making it unreadable: said with its rows, above every result. */
import { emptyCounts, smallestStratum } from './outcome.ts';
import type { Finding, Outcome } from './results.ts';
import type { TableMap } from './table-map.ts';
import type { TableRow } from './table-rows.ts';

/** Rows named in a finding; the rest is counted. */
const mostNamed = 20;

export function tableFindings(map: TableMap, rows: readonly TableRow[]): Finding[] {
  const byOutcome = [...Map.groupBy(rows, ({ outcome }) => outcome)];
  return [
    ...earlyGuesses(map, rows),
    ...byOutcome.flatMap(([outcome, own]) => [...constantArms(map, outcome, own), ...strata(map, outcome, own)]),
  ];
}

/** Outcomes that the map names and the table does not have. */
export function missingOutcomes(map: TableMap, rows: readonly TableRow[]): Finding[] {
  const known = new Set(rows.map(({ outcome }) => outcome));
  const models = Object.keys(map.models).filter((name) => name !== 'default');
  const named = [
    ...map.outcome.primary,
    ...map.outcome.secondary,
    ...models,
    ...map.blinding.map((one) => one.outcome),
  ];
  const missing = [...new Set(named)].filter((name) => !known.has(name));
  if (missing.length === 0) return [];
  const names = missing.map((name) => `“${name}”`).join(', ');
  return [{ code: 'outcome_missing', message: `The map names outcomes that no row has: ${names}.`, rows: [] }];
}

/** Planned models that could not be fitted: the results are a part of what was planned. */
export function failedModels(outcomes: readonly Outcome[]): Finding[] {
  return outcomes.flatMap(({ label, unadjusted }): Finding[] =>
    unadjusted.status === 'fitted'
      ? []
      : [
          {
            code: 'model_failed',
            message: `${label}: the planned model could not be fitted. ${unadjusted.message}`,
            rows: [],
          },
        ],
  );
}

/** A guess given before the outcome cannot have been moved by it, and the outcome may have been moved by the guess. */
function earlyGuesses(map: TableMap, rows: readonly TableRow[]): Finding[] {
  const early = rows.filter(({ guessedBefore }) => guessedBefore);
  if (early.length === 0) return [];
  const columns = `“${map.guess?.answeredAt}” is before “${map.outcome.answeredAt}”`;
  return [
    {
      code: 'guess_before_outcome',
      message: `The guess was given before the outcome: ${columns}. Asking for a guess first can move what is answered next.`,
      rows: placesOf(early),
    },
  ];
}

function constantArms(map: TableMap, outcome: string, rows: readonly TableRow[]): Finding[] {
  return (['active', 'placebo'] as const).flatMap((role): Finding[] => {
    const own = rows.filter((row) => row.role === role);
    const [first] = own;
    if (first === undefined || own.length < 2 || own.some(({ value }) => value !== first.value)) return [];
    return [
      {
        code: 'constant_in_arm',
        message: `${outcome} is ${first.value} in every row of ${labelOf(map, role)}: its spread there is unknown, so errors and intervals mean little.`,
        rows: placesOf(own),
      },
    ];
  });
}

/** Combinations of condition and guess that hold no row, or too few to carry an estimate. */
function strata(map: TableMap, outcome: string, rows: readonly TableRow[]): Finding[] {
  const sure = rows.filter(({ guess }) => guess !== null && guess !== 'unsure');
  if (sure.length === 0) return [];
  const counts = emptyCounts();
  for (const { role, guess } of sure) if (guess !== null) counts[role][guess] += 1;
  return (['active', 'placebo'] as const).flatMap((role) =>
    (['active', 'placebo'] as const).flatMap((guess): Finding[] => {
      const count = counts[role][guess];
      if (count >= smallestStratum) return [];
      const what = `${outcome}: ${labelOf(map, role)}, guessed ${labelOf(map, guess)}`;
      const own = sure.filter((row) => row.role === role && row.guess === guess);
      const few = `${what}: ${count} rows, fewer than ${smallestStratum}. Estimates that use the guess rest on too little.`;
      const none = `${what}: no row. The guess-rate curve at one half is not defined, and the guess cannot be told from the condition there.`;
      return [
        {
          code: count === 0 ? 'empty_stratum' : 'small_stratum',
          message: count === 0 ? none : few,
          rows: placesOf(own),
        },
      ];
    }),
  );
}

/** Time points that the map has words for and the table does not have. */
export function missingTimes(map: TableMap, rows: readonly TableRow[]): Finding[] {
  const known = new Set(rows.map(({ timePoint }) => timePoint));
  const missing = Object.keys(map.time.labels).filter((time) => !known.has(time));
  if (missing.length === 0) return [];
  const names = missing.map((time) => `“${time}”`).join(', ');
  return [{ code: 'time_point_missing', message: `The map names time points that no row has: ${names}.`, rows: [] }];
}

const labelOf = (map: TableMap, role: 'active' | 'placebo'): string =>
  role === 'active' ? map.condition.activeLabel : map.condition.referenceLabel;

function placesOf(rows: readonly TableRow[]): string[] {
  const places = rows.map(({ place }) => place);
  const more = places.length - mostNamed;
  return more > 0 ? [...places.slice(0, mostNamed), `and ${more} more`] : places;
}
