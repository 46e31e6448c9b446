/**
 * Activated expectancy bias (Szigeti et al. 2023): Y = N + T D + G A, where T is 1 on active, G is 1 where the person believes to be on
 * active, right with probability p; N, D and A are normal: natural history, direct effect and what belief adds.
 */
import type { Random } from '../random/philox.ts';
import type { GuessedValue } from './curve.ts';

export type NormalEffect = { readonly mean: number; readonly sd: number };

export type ExpectancyModel = {
  readonly naturalHistory: NormalEffect;
  readonly directEffect: NormalEffect;
  readonly expectancy: NormalEffect;
  /** p: probability that a guess is right. */
  readonly correctGuessRate: number;
};

/** What belief adds to the raw difference between conditions, E(A) (2p − 1), in units of the outcome. */
export function expectancyInflation({ expectancy, correctGuessRate }: ExpectancyModel): number {
  return expectancy.mean * (2 * correctGuessRate - 1);
}

/** Rows of a trial of n people under the model, half of them on active by a coin. */
export function drawExpectancyTrial(model: ExpectancyModel, n: number, random: Random): GuessedValue[] {
  const draw = ({ mean, sd }: NormalEffect) => random.normal(mean, sd);
  return Array.from({ length: n }, () => {
    const active = random.bernoulli(0.5);
    const right = random.bernoulli(model.correctGuessRate);
    const believes = active === right;
    const [own, direct, belief] = [draw(model.naturalHistory), draw(model.directEffect), draw(model.expectancy)];
    return {
      value: own + (active ? direct : 0) + (believes ? belief : 0),
      condition: active ? 'active' : 'placebo',
      guess: believes ? 'active' : 'placebo',
    };
  });
}
