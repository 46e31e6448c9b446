/** Answers to scores. A score that cannot be known is null, never a guess. */
import { InstrumentError } from './errors.ts';
import type { Answers, Computation, Instrument, MissingRule, ScoreDefinition } from './instrument.ts';
import { taskMeasure } from './tasks/tasks.ts';
import { holds, isAnswered, visibleAnswers } from './visible.ts';

export type Scoring = {
  readonly scores: Readonly<Record<string, number | null>>;
  /** For scores with bands: the band's label, or null while the score is unknown. */
  readonly bands: Readonly<Record<string, string | null>>;
  readonly flags: readonly string[];
};

/** Scores count only the answers to questions that were asked. */
export function scoreInstrument(instrument: Instrument, answers: Answers): Scoring {
  const given = visibleAnswers(instrument, answers);
  const scores: Record<string, number | null> = {};
  const bands: Record<string, string | null> = {};
  for (const score of instrument.scoring.scores) {
    const value = compute(score.compute, given, scores);
    scores[score.id] = value;
    if (score.bands) bands[score.id] = bandOf(score, value);
  }
  const flags = instrument.safetyFlags.filter(({ when }) => holds(when, given)).map(({ flag }) => flag);
  return { scores, bands, flags: [...new Set(flags)] };
}

/** The band a value falls in: PHQ-9 of 9.5 (prorated) is still below 10. */
export function bandOf(score: ScoreDefinition, value: number | null): string | null {
  if (value === null) return null;
  return score.bands?.findLast((band) => value >= band.from)?.label ?? null;
}

/** @throws InstrumentError `unknown-score` */
export function scoreById(instrument: Instrument, id: string): ScoreDefinition {
  const found = instrument.scoring.scores.find((score) => score.id === id);
  if (!found) throw new InstrumentError('unknown-score', `Score "${id}" of ${instrument.id}.`);
  return found;
}

function compute(rule: Computation, answers: Answers, earlier: Readonly<Record<string, number | null>>): number | null {
  switch (rule.kind) {
    case 'sum':
      return sumOf(rule.items, rule.missing, answers, rule.times);
    case 'item':
      return numeric(answers, rule.item);
    case 'whether':
      if (!isAnswered(answers[rule.item])) return null;
      return holds(rule.when, answers) ? (rule.value ?? 1) : 0;
    case 'mean': {
      const values = rule.items.map((item) => numeric(answers, item));
      const known = values.filter((value) => value !== null);
      return known.length < values.length ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
    }
    case 'code': {
      const answer = answers[rule.item];
      return typeof answer === 'string' && Object.hasOwn(rule.codes, answer) ? (rule.codes[answer] ?? null) : null;
    }
    case 'grade': {
      const listed = answers[rule.listed];
      if (!isAnswered(listed)) return null;
      return holds({ item: rule.listed, includes: rule.effect }, answers) ? numeric(answers, rule.followUp) : 0;
    }
    case 'task': {
      // What is left of a sitting that was stopped is kept, and tells nothing of a whole one.
      if (holds({ item: 'flags', includes: 'stopped' }, answers)) return null;
      const trials = answers[rule.item];
      return typeof trials === 'string' ? taskMeasure(rule.task, trials, rule.measure) : null;
    }
    case 'largest': {
      const values = rule.scores.map((id) => earlier[id] ?? null);
      return values.reduce<number | null>(
        (top, value) => (top === null || value === null ? null : Math.max(top, value)),
        0,
      );
    }
  }
}

const numeric = (answers: Answers, item: string): number | null => {
  const answer = answers[item];
  return typeof answer === 'number' ? answer : null;
};

/** A prorated sum is the mean of the answered items times the number of items, kept unrounded. */
function sumOf(items: readonly string[], rule: MissingRule, answers: Answers, times: number): number | null {
  const values = items.map((item) => numeric(answers, item)).filter((value) => value !== null);
  const missing = items.length - values.length;
  if (missing > (rule.kind === 'prorate' ? rule.atMost : 0)) return null;
  const total = values.reduce((sum, value) => sum + value, 0);
  return (missing === 0 ? total : (total / values.length) * items.length) * times;
}
