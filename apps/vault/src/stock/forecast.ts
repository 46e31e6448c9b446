/**
 * How long a site's stock lasts, from the number of people allocated there and nothing else.
 *
 * Enrolment is a Poisson process whose rate is not known: with Jeffreys's prior and n arrivals in T days it is
 * Gamma(n + 1/2, T), and the time to the k-th arrival from now is beta prime distributed, T·B/(1 - B) with B from
 * Beta(k, n + 1/2); arrivals within t days are negative binomial. The model is Anisimov and Fedorov's (Statistics in
 * Medicine 2007;26:4958-75), here site by site. Pure.
 */
import { betaUpper } from '@limen/statistics';

export type Enrolment = {
  /** People allocated so far. */
  readonly arrivals: number;
  /** Days in which they came. */
  readonly days: number;
};

export type Forecast = {
  /** Days until the stock is used up: median and the middle 80 per cent; null where it is used up already. */
  readonly days: { readonly lower: number; readonly median: number; readonly upper: number } | null;
  /** People who come within the time a shipment takes, in nine cases of ten no more. */
  readonly arrivalsInLead: number;
  /** Whether a shipment is to be sent now. */
  readonly send: boolean;
};

const priorShape = 0.5;
/** Longer than any study; a quantile beyond it is told as this. */
const longestDays = 36_500;

/** P(the k-th arrival from now comes within t days). */
export function chanceWithin({ arrivals, days }: Enrolment, k: number, t: number): number {
  return k <= 0 ? 1 : 1 - betaUpper(t / (t + days), k, arrivals + priorShape);
}

/** Days by which the k-th arrival has come with the chance given, by bisection to a thousandth of a day. */
export function arrivalQuantile(enrolment: Enrolment, k: number, chance: number): number {
  let low = 0;
  let high = longestDays;
  if (chanceWithin(enrolment, k, high) < chance) return longestDays;
  while (high - low > 0.0005) {
    const middle = (low + high) / 2;
    if (chanceWithin(enrolment, k, middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The smallest number that no more than come within t days with the chance given. */
export function arrivalsWithin(enrolment: Enrolment, t: number, chance: number): number {
  let count = 0;
  while (chanceWithin(enrolment, count + 1, t) > 1 - chance) count += 1;
  return count;
}

/** `servable`: allocations that are certain whatever is drawn. `leadDays`: from sending to receipt. */
export function forecastSite(enrolment: Enrolment, servable: number, leadDays: number): Forecast {
  const arrivalsInLead = arrivalsWithin(enrolment, leadDays, 0.9);
  const quantileOf = (chance: number) => arrivalQuantile(enrolment, servable, chance);
  return {
    days: servable === 0 ? null : { lower: quantileOf(0.1), median: quantileOf(0.5), upper: quantileOf(0.9) },
    arrivalsInLead,
    send: servable <= arrivalsInLead,
  };
}
