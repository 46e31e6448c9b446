/** What virtual participants know about an endpoint: how its score behaves, and how strong each intervention is. */
import { instrumentById } from '@limen/instruments';
import type { Endpoint, Intervention, ProtocolDocument } from '@limen/protocol';
import type { Held } from './person.ts';
import type { RatingEffect, Settings } from './settings.ts';

/** An endpoint that virtual participants have no model for: its score has no numbers. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly code = 'no_model_of_endpoint';
  readonly advice = 'Choose an endpoint that is a rating or a score of a questionnaire, with --endpoint.';

  constructor(score: string) {
    super(`The simulation has no model for “${score}”.`);
  }
}

export type Scale = { readonly effect: RatingEffect; readonly range: { readonly min: number; readonly max: number } };

/** @throws RangeError where the protocol has no such endpoint */
export function endpointOf(protocol: ProtocolDocument, wanted: string | undefined): Endpoint {
  const { endpoints } = protocol.analysis;
  const found = wanted ? endpoints.find((one) => one.id === wanted) : endpoints.find((one) => one.level === 'primary');
  if (!found) {
    const known = endpoints.map((one) => one.id).join(', ');
    throw new RangeError(
      wanted ? `No endpoint “${wanted}”; there are: ${known}` : 'The protocol has no primary endpoint',
    );
  }
  return found;
}

/**
 * The effects of the settings on the endpoint's score. A questionnaire's are shares of its range, turned so that what
 * helps moves the score to its better side.
 * @throws SimulationError `no_model_of_endpoint` when the score is neither a rating of the settings nor has a range
 */
export function scaleOf(protocol: ProtocolDocument, endpoint: Endpoint, settings: Settings): Scale {
  const rating = settings.ratings[endpoint.score];
  if (rating) return { effect: rating, range: { min: 0, max: 100 } };
  const activity = protocol.activities.find((candidate) => candidate.id === endpoint.activity);
  if (!activity) throw new RangeError(`The protocol has no activity “${endpoint.activity}”`);
  const instrument = instrumentById(activity.instrument);
  const range =
    instrument.scoring.scores.find(({ id }) => id === endpoint.score)?.range ??
    instrument.items.flatMap((item) => (item.id === endpoint.score && 'min' in item ? [item] : []))[0];
  if (!range || !Number.isFinite(range.max - range.min)) throw new SimulationError(endpoint.score);
  const { min, max } = range;
  const { mean, personSd, daySd, drug, belief, placeboResponse, expectancy } = settings.questionnaires;
  const helps = (max - min) * (endpoint.better === 'higher' ? 1 : -1);
  const level = endpoint.better === 'higher' ? 1 - mean : mean;
  return {
    range: { min, max },
    effect: {
      mean: min + level * (max - min),
      personSd: personSd * (max - min),
      daySd: daySd * (max - min),
      drug: drug * helps,
      belief: belief * helps,
      placeboResponse: placeboResponse * helps,
      expectancy: expectancy * helps,
    },
  };
}

/** By intervention: what its capsules hold, as a share of the largest dose that the protocol gives of the substance. */
export function heldBy(protocol: ProtocolDocument): ReadonlyMap<string, Held> {
  const largest = new Map<string, number>();
  for (const one of protocol.interventions) {
    const { key, amount } = doseOf(one);
    largest.set(key, Math.max(largest.get(key) ?? 0, amount));
  }
  return new Map(
    protocol.interventions.map((one): [string, Held] => {
      if (one.role === 'placebo') return [one.id, { content: 'placebo', potency: 0, felt: one.activePlacebo ? 1 : 0 }];
      const { key, amount } = doseOf(one);
      const potency = amount / (largest.get(key) as number);
      return [one.id, { content: 'active', potency, felt: potency }];
    }),
  );
}

/** The middle of the dose window of the first substance; 1 where the document gives no amount. */
function doseOf({ substances }: Intervention): { readonly key: string; readonly amount: number } {
  const first = substances?.[0];
  if (!first) return { key: '', amount: 1 };
  const { min, max, unit } = first.dose;
  return { key: `${first.substance} in ${unit}`, amount: (min + max) / 2 };
}
