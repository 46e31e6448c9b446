/** Every instrument can answer itself: for tests, load runs and virtual trials. Simulated answers always validate. */
import type { Answer, Answers, Instrument, Item } from './instrument.ts';
import { simulateTrials } from './tasks/simulate.ts';
import { holds } from './visible.ts';

export type RandomSource = { uniform(): number; normal(mean: number, sd: number): number };

export type SimulationOptions = {
  readonly random: RandomSource;
  /** 0 the mildest, 1 the most severe answers of symptom questionnaires; default 0.25. */
  readonly severity?: number;
  /** Where ratings and numbers are centred, by item, in their own units. */
  readonly means?: Readonly<Record<string, number>>;
  /** Spread of ratings, in points of 100; default 15. */
  readonly ratingSd?: number;
  /** Answers given as they are, such as `{ guess: 'active' }`. They are not checked. */
  readonly fixed?: Answers;
  /** Probability that an item that is not required is skipped; default 0.5. */
  readonly skip?: number;
};

export function simulateAnswers(instrument: Instrument, options: SimulationOptions): Answers {
  const answers: Record<string, Answer> = {};
  for (const item of instrument.items) {
    if (item.showWhen && !holds(item.showWhen, answers)) continue;
    const fixed = options.fixed?.[item.id];
    if (fixed !== undefined) answers[item.id] = fixed;
    else if (item.required || options.random.uniform() >= (options.skip ?? 0.5)) {
      answers[item.id] = simulateItem(instrument, item, options);
    }
  }
  return answers;
}

function simulateItem(instrument: Instrument, item: Item, options: SimulationOptions): Answer {
  const { random } = options;
  const severity = clamp(options.severity ?? 0.25, 0, 1);
  switch (item.kind) {
    case 'choice':
      return simulateChoice(instrument.responseSets[item.responseSet] ?? [], severity, random);
    case 'multi-choice':
      return simulateChoices(instrument.responseSets[item.responseSet] ?? [], item.exclusive, severity, random);
    case 'rating': {
      const mean = options.means?.[item.id] ?? 50;
      return Math.round(clamp(random.normal(mean, options.ratingSd ?? 15), item.min, item.max));
    }
    case 'number': {
      const mean = options.means?.[item.id] ?? item.typical?.mean ?? item.min + severity * (item.max - item.min);
      const sd = item.typical?.sd ?? (item.max - item.min) / 12;
      const drawn = clamp(random.normal(mean, sd), item.min, item.max);
      const steps = Math.floor((item.max - item.min) / item.step + 1e-9);
      return toStep(item.min + Math.min(steps, Math.round((drawn - item.min) / item.step)) * item.step);
    }
    case 'text':
      return item.holds === 'trials' && instrument.task ? simulateTrials(instrument.task, random) : 'simulated';
    case 'text-list':
      return ['simulated'];
    case 'time':
      return `${two(Math.floor(random.uniform() * 24))}:${two(Math.floor(random.uniform() * 60))}`;
    case 'date':
      return `2026-01-${two(1 + Math.floor(random.uniform() * 28))}`;
  }
}

/** Numbered sets are a severity scale; in sets of words the first is the likeliest, as forms list the usual first. */
function simulateChoice(options: readonly (number | string)[], severity: number, random: RandomSource): Answer {
  const last = options.length - 1;
  const isScale = options.every((option) => typeof option === 'number');
  const place = isScale
    ? random.normal(severity * last, 0.3 * last)
    : Math.floor(random.uniform() ** 2 * options.length);
  return options[clamp(Math.round(place), 0, last)] ?? null;
}

function simulateChoices(
  options: readonly (number | string)[],
  exclusive: string | undefined,
  severity: number,
  random: RandomSource,
): Answer {
  const usual = options.filter((option) => option !== exclusive).map(String);
  const chosen = usual.filter(() => random.uniform() < severity / 3);
  if (chosen.length > 0) return chosen;
  return exclusive === undefined ? usual.slice(0, 1) : [exclusive];
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const two = (value: number): string => String(Math.min(59, value)).padStart(2, '0');
/** Steps are decimal: 0.5, 0.1; ten digits remove what binary fractions add. */
const toStep = (value: number): number => Number(value.toFixed(10));
