/** What an outcome is before it is analysed: its rows, its model, its words. */
import type { RepeatedPlan } from './repeated-measures.ts';
import type { Cell, Outcome } from './results.ts';
import type { Source } from './study-events.ts';

export type AnalysisRow = {
  readonly participant: string;
  readonly timePoint: string;
  readonly value: number;
  /** Level of the condition. */
  readonly condition: string;
  readonly role: 'active' | 'placebo';
  /** Null where no guess was given. */
  readonly guess: Cell | null;
  readonly covariates: Readonly<Record<string, string | number | null>>;
  /** Entries of the record that the value was derived from; absent for a table of a finished trial. */
  readonly source?: Source;
};

/** The names that the formulas use, and the words that go with the levels. */
export type Columns = {
  readonly value: string;
  readonly condition: string;
  readonly guess: string;
  readonly participant: string;
  readonly timePoint: string;
};

export type OutcomeSpec = {
  readonly id: string;
  readonly label: string;
  readonly level: Outcome['level'];
  readonly better: Outcome['better'];
  readonly contrastKind: string;
  readonly formula: string;
  /** Only where the plan asks for a mixed model for repeated measures. */
  readonly repeated?: RepeatedPlan;
  readonly columns: Columns;
  readonly rows: readonly AnalysisRow[];
  readonly leftOut: Outcome['leftOut'];
  /** Levels of the condition with their words, the reference first. */
  readonly levels: readonly { readonly level: string; readonly label: string }[];
  /** How the guess is written in the model's terms. */
  readonly guessLevels: Readonly<Record<Cell, string>>;
  readonly perProtocol: ReadonlySet<string> | null;
  readonly notes: readonly string[];
};
