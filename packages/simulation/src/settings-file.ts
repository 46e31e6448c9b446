/** A world of one's own: a JSON document that says where it differs from the one calibrated to the trial of 2021. */
import { type RatingEffect, type Settings, selfBlinding2021 } from './settings.ts';

/** Names the place in the document. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings_invalid';
  readonly advice = 'See docs/simulation.md for every name and its unit.';
}

const probabilities = new Set([
  ...['unsure', 'weeklyDropout', 'ineligible', 'toleranceLoss', 'adherence.dose', 'adherence.answer', 'adherence.late'],
  ...['device.offlineDay', 'device.repeat', 'device.fault', 'sideEffects.placebo', 'sideEffects.active'],
  ...['adverseEvent.reported', 'adverseEvent.severe'],
]);
const anySign = /(^|\.)(mean|drug|belief|placeboResponse|expectancy|cueStrength|cueCriterion|expectancyBias)$/;
const newRating: RatingEffect = {
  ...{ mean: 50, personSd: 12, daySd: 16 },
  ...{ drug: 0, belief: 0, placeboResponse: 0, expectancy: 0 },
};

/**
 * The settings with what the document changes; a rating that is not known yet begins with no effect.
 * @throws SettingsError for text that is no JSON, an unknown name, or a number out of its range
 */
export function readSettings(text: string, base: Settings = selfBlinding2021): Settings {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`The settings are not JSON: ${(error as Error).message}`);
  }
  const ratings = isObject(given) && isObject(given.ratings) ? Object.keys(given.ratings) : [];
  const known = Object.fromEntries(ratings.map((item) => [item, base.ratings[item] ?? newRating]));
  return merged({ ...base, ratings: { ...base.ratings, ...known } }, given, '') as Settings;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(base: object, given: unknown, path: string): object {
  if (!isObject(given)) throw new SettingsError(`${path || 'The document'} must be an object.`);
  const own = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(given)) {
    const at = path ? `${path}.${name}` : name;
    const before = own.get(name);
    if (before === undefined) throw new SettingsError(`There is no setting “${at}”.`);
    own.set(name, typeof before === 'number' ? numberAt(value, at) : merged(before as object, value, at));
  }
  return Object.fromEntries(own);
}

function numberAt(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new SettingsError(`${at} must be a number.`);
  if (probabilities.has(at) && !(value >= 0 && value <= 1)) throw new SettingsError(`${at} must be from 0 to 1.`);
  if (at === 'potency.batches' && !(Number.isInteger(value) && value >= 1)) {
    throw new SettingsError(`${at} must be a whole number from 1.`);
  }
  if (value < 0 && !anySign.test(at)) throw new SettingsError(`${at} must not be negative.`);
  return value;
}
