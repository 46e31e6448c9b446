/** How the columns of a finished trial's table are to be read: a small JSON document, checked field by field. */
import { AnalysisError } from './errors.ts';
import { isRecord } from './study-events.ts';

export const mapFormat = 'limen-map/1';

export type TableMap = {
  readonly format: typeof mapFormat;
  readonly title: string;
  readonly description: string;
  readonly sources: readonly string[];
  readonly alpha: number;
  /** Column of the participant. */
  readonly participant: string;
  /** Column of the time point, with words for its values; a time point without words is shown as it is. */
  readonly time: { readonly column: string; readonly labels: Readonly<Record<string, string>> };
  /** A table in long form: one column names the outcome, another holds its value. */
  readonly outcome: {
    readonly name: string;
    readonly value: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly primary: readonly string[];
    readonly secondary: readonly string[];
    readonly better: Readonly<Record<string, 'higher' | 'lower'>>;
    /** Column of when it was answered; null where the table has none. */
    readonly answeredAt: string | null;
  };
  readonly condition: {
    readonly column: string;
    readonly active: string;
    readonly reference: string;
    readonly activeLabel: string;
    readonly referenceLabel: string;
    /** False: a participant has one condition throughout. */
    readonly changes: boolean;
  };
  /** Null where nobody was asked. */
  readonly guess: {
    readonly column: string;
    readonly active: string;
    readonly placebo: string;
    readonly unsure: string | null;
    /** Columns of how sure people were (0 to 100), of the cue they named, of when they answered; null where there are none. */
    readonly confidence: string | null;
    readonly cue: string | null;
    readonly answeredAt: string | null;
  } | null;
  /** Columns of the models that are neither of the above. */
  readonly covariates: { readonly numbers: readonly string[]; readonly levels: readonly string[] };
  /** Cells that mean “no value”. */
  readonly missing: readonly string[];
  /** Formulas by outcome; `default` for those without their own. The guess is added by the analysis. */
  readonly models: Readonly<Record<string, readonly string[]>>;
  /** Where guesses are counted: the rows of one outcome, so that each participant counts once per time point. */
  readonly blinding: readonly {
    readonly id: string;
    readonly label: string;
    readonly outcome: string;
    readonly about: string;
  }[];
};

/** @throws AnalysisError `map_malformed`, naming the field */
export function readMap(map: unknown): TableMap {
  const root = object(map, 'map');
  if (root.format !== mapFormat) fail(`format: “${mapFormat}” is expected`);
  const outcome = object(root.outcome, 'outcome');
  const condition = object(root.condition, 'condition');
  const guess = root.guess === undefined || root.guess === null ? null : object(root.guess, 'guess');
  const covariates = object(root.covariates ?? {}, 'covariates');
  const time = typeof root.time === 'string' ? { column: root.time } : object(root.time, 'time');
  return {
    format: mapFormat,
    title: text(root.title, 'title'),
    description: root.description === undefined ? '' : text(root.description, 'description'),
    sources: texts(root.sources ?? [], 'sources'),
    alpha: alphaOf(root.alpha ?? 0.05),
    participant: text(root.participant, 'participant'),
    time: { column: text(time.column, 'time.column'), labels: words(time.labels, 'time.labels') },
    outcome: {
      name: text(outcome.name, 'outcome.name'),
      value: text(outcome.value, 'outcome.value'),
      labels: words(outcome.labels, 'outcome.labels'),
      primary: texts(outcome.primary ?? [], 'outcome.primary'),
      secondary: texts(outcome.secondary ?? [], 'outcome.secondary'),
      better: betterOf(outcome.better),
      answeredAt: textOrNull(outcome.answeredAt, 'outcome.answeredAt'),
    },
    condition: {
      column: text(condition.column, 'condition.column'),
      active: text(condition.active, 'condition.active'),
      reference: text(condition.reference, 'condition.reference'),
      activeLabel: text(condition.activeLabel ?? condition.active, 'condition.activeLabel'),
      referenceLabel: text(condition.referenceLabel ?? condition.reference, 'condition.referenceLabel'),
      changes: condition.changes !== false,
    },
    guess: guess && {
      column: text(guess.column, 'guess.column'),
      active: text(guess.active, 'guess.active'),
      placebo: text(guess.placebo, 'guess.placebo'),
      unsure: textOrNull(guess.unsure, 'guess.unsure'),
      confidence: textOrNull(guess.confidence, 'guess.confidence'),
      cue: textOrNull(guess.cue, 'guess.cue'),
      answeredAt: textOrNull(guess.answeredAt, 'guess.answeredAt'),
    },
    covariates: {
      numbers: texts(covariates.numbers ?? [], 'covariates.numbers'),
      levels: texts(covariates.levels ?? [], 'covariates.levels'),
    },
    missing: texts(root.missing ?? ['', 'NA'], 'missing'),
    models: modelsOf(root.models),
    blinding: blindingOf(root.blinding ?? []),
  };
}

function fail(detail: string): never {
  throw new AnalysisError('map_malformed', detail);
}

function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : fail(`${path}: an object is expected`);
}

function text(value: unknown, path: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(`${path}: a text is expected`);
}

function textOrNull(value: unknown, path: string): string | null {
  return value === undefined || value === null ? null : text(value, path);
}

function texts(value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return fail(`${path}: a list of texts is expected`);
  return value.map((one, index) => (typeof one === 'string' ? one : fail(`${path}[${index}]: a text is expected`)));
}

function words(value: unknown, path: string): Record<string, string> {
  const entries = Object.entries(object(value ?? {}, path));
  return Object.fromEntries(entries.map(([key, one]) => [key, text(one, `${path}.${key}`)]));
}

function alphaOf(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 0.5 ? value : fail('alpha: a number between 0 and 0.5');
}

function betterOf(value: unknown): TableMap['outcome']['better'] {
  const entries = Object.entries(words(value, 'outcome.better'));
  return Object.fromEntries(
    entries.map(([key, one]) =>
      one === 'higher' || one === 'lower' ? [key, one] : fail(`outcome.better.${key}: “higher” or “lower”`),
    ),
  );
}

function modelsOf(value: unknown): TableMap['models'] {
  const entries = Object.entries(object(value, 'models'));
  if (entries.length === 0) fail('models: at least one formula is needed, such as under “default”');
  return Object.fromEntries(entries.map(([key, one]) => [key, texts(one, `models.${key}`)]));
}

function blindingOf(value: unknown): TableMap['blinding'] {
  if (!Array.isArray(value)) return fail('blinding: a list is expected');
  return value.map((one, index) => {
    const entry = object(one, `blinding[${index}]`);
    return {
      id: text(entry.id, `blinding[${index}].id`),
      label: text(entry.label, `blinding[${index}].label`),
      outcome: text(entry.outcome, `blinding[${index}].outcome`),
      about: text(entry.about ?? 'one capsule', `blinding[${index}].about`),
    };
  });
}
