/** What an instrument is: one constant that describes itself, as plain data, so that it can travel to a phone. */
import type { TaskKind } from './tasks/trial.ts';

/** Plain JSON. `null` and an absent key both mean: not answered. */
export type Answer = number | string | readonly string[] | null;
export type Answers = Readonly<Record<string, Answer>>;

/** When an item is asked. Only answers given count: nothing is assumed of a missing one. */
export type Condition =
  | { readonly item: string; readonly equals: number | string }
  | { readonly item: string; readonly atLeast: number }
  | { readonly item: string; readonly oneOf: readonly (number | string)[] }
  | { readonly item: string; readonly includes: string }
  | { readonly item: string; readonly includesAnyOf: readonly string[] }
  | { readonly item: string; readonly notEmpty: true }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

type Asked = {
  readonly id: string;
  /** A complete form answers it whenever it is shown. */
  readonly required: boolean;
  readonly showWhen?: Condition;
};

export type ChoiceItem = Asked & { readonly kind: 'choice'; readonly responseSet: string };
export type MultiChoiceItem = Asked & {
  readonly kind: 'multi-choice';
  readonly responseSet: string;
  /** Cannot be chosen together with others, such as `none`. */
  readonly exclusive?: string;
};
/** A visual analogue scale, whole numbers. It has no default: until it is placed it is missing. */
export type RatingItem = Asked & {
  readonly kind: 'rating';
  readonly min: 0;
  readonly max: 100;
  /** The number can be typed as well as placed. */
  readonly numericEntry: true;
};
export type NumberItem = Asked & {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** The smallest difference that can be entered. */
  readonly step: number;
  /** Where simulated answers lie; absent: along the range, by severity. */
  readonly typical?: { readonly mean: number; readonly sd: number };
};
export type TextItem = Asked & {
  readonly kind: 'text';
  readonly maxLength: number;
  /** Not typed by anybody: the trials of a task, as `writeTrials` writes them. */
  readonly holds?: 'trials';
};
export type TextListItem = Asked & {
  readonly kind: 'text-list';
  readonly maxEntries: number;
  readonly maxLength: number;
};
/** `HH:MM`, 24 hours. */
export type TimeItem = Asked & { readonly kind: 'time' };
/** `YYYY-MM-DD`. */
export type DateItem = Asked & { readonly kind: 'date' };

export type Item =
  | ChoiceItem
  | MultiChoiceItem
  | RatingItem
  | NumberItem
  | TextItem
  | TextListItem
  | TimeItem
  | DateItem;

export type ItemText = {
  readonly text: string;
  readonly help?: string;
  /** The ends of a rating. */
  readonly low?: string;
  readonly high?: string;
};

export type InstrumentTexts = {
  readonly title: string;
  readonly instructions: string;
  readonly items: Readonly<Record<string, ItemText | string>>;
  /** By response set, then by value. */
  readonly options: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type Evidence = 'found' | 'computed' | 'memory';

export type Licence = {
  /** `free-with-terms`: may be shown to anybody who keeps the terms in `statement`. */
  readonly kind: 'public-domain' | 'free-with-terms' | 'own';
  readonly statement: string;
  readonly source: string;
  /** Shown beside the form. */
  readonly attribution: string;
};

/** How many items may be missing before a sum is unknown, and who says so. */
export type MissingRule =
  | { readonly kind: 'none'; readonly source: string }
  | { readonly kind: 'prorate'; readonly atMost: number; readonly source: string; readonly evidence: Evidence };

export type Computation =
  | { readonly kind: 'sum'; readonly items: readonly string[]; readonly times: number; readonly missing: MissingRule }
  /** The answer of one number, rating or numbered choice. */
  | { readonly kind: 'item'; readonly item: string }
  /** Mean of ratings; null when one is missing. */
  | { readonly kind: 'mean'; readonly items: readonly string[] }
  /** `value` (default 1) when the condition holds, 0 when it does not, null while `item` is unanswered. */
  | { readonly kind: 'whether'; readonly item: string; readonly when: Condition; readonly value?: number }
  /** A number for each answer; answers not listed give null. */
  | { readonly kind: 'code'; readonly item: string; readonly codes: Readonly<Record<string, number>> }
  /**
   * Severity of one solicited effect: 0 when `listed` was answered without `effect`, else the follow-up's answer;
   * null while either is missing.
   */
  | { readonly kind: 'grade'; readonly listed: string; readonly effect: string; readonly followUp: string }
  /** A measure of a cognitive task, from its trials; null where `flags` say that it was stopped. */
  | { readonly kind: 'task'; readonly task: TaskKind; readonly item: string; readonly measure: string }
  /** The largest of other scores; null when one of them is. */
  | { readonly kind: 'largest'; readonly scores: readonly string[] };

/** Bands in rising order; a band runs from its `from` to just below the next. */
export type Band = { readonly from: number; readonly label: string };

export type ScoreDefinition = {
  readonly id: string;
  readonly label: string;
  readonly compute: Computation;
  readonly range: { readonly min: number; readonly max: number };
  readonly bands?: readonly Band[];
  readonly bandsSource?: string;
  /** r: reliability; sd: of the reference sample, in units of the score. */
  readonly reliableChange?: {
    readonly r: number;
    readonly sd: number;
    readonly source: string;
    readonly evidence: Evidence;
  };
  readonly better?: 'higher' | 'lower';
};

/** What must be acted on at once: the flag's name is stable and used by hold rules. */
export type SafetyFlag = { readonly flag: string; readonly when: Condition; readonly source: string };

export type Instrument = {
  readonly id: string;
  readonly version: string;
  /** A cognitive task: its items are filled by the task, not by a form. */
  readonly task?: TaskKind;
  readonly licence: Licence;
  readonly citation: string;
  readonly administeredBy: 'participant' | 'clinician';
  /** ISO 8601 duration the questions look back over; `PT0S`: now. */
  readonly recallPeriod: string;
  readonly estimatedSeconds: number;
  readonly responseSets: Readonly<Record<string, readonly (number | string)[]>>;
  readonly items: readonly Item[];
  readonly scoring: { readonly scores: readonly ScoreDefinition[] };
  readonly safetyFlags: readonly SafetyFlag[];
  /** By language tag; English is always there. */
  readonly texts: Readonly<Record<string, InstrumentTexts>> & { readonly en: InstrumentTexts };
};
