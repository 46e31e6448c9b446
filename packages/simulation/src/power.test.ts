import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { normalCdf } from '@limen/statistics';
import { endpointOf, heldBy } from './endpoint.ts';
import {
  type EstimatorSummary,
  type RatingEffect,
  runTrials,
  type Settings,
  selfBlinding2021,
  simulatePower,
  simulateTrialRows,
  summariseTrials,
} from './index.ts';

function library(id: string): ProtocolDocument {
  const parsed = parseProtocol(readFileSync(new URL(`../../../protocols/${id}.json`, import.meta.url), 'utf8'));
  assert.ok(parsed.ok);
  return parsed.protocol;
}

const selfBlinding = library('self-blinding-2021');

/** Far from the ends of the scale, so that rounding and clamping do not bend the truth. */
const flat = { mean: 50, personSd: 4, daySd: 6, drug: 0, belief: 0, placeboResponse: 0, expectancy: 0 };
const worldOf = (effect: Partial<RatingEffect>, changes: Partial<Settings> = {}): Settings => ({
  ...selfBlinding2021,
  drugHeterogeneity: 0,
  cueHeterogeneity: 0,
  toleranceLoss: 0,
  ratings: { mood: { ...flat, ...effect } },
  ...changes,
});

describe('The truth that was put in comes out', () => {
  const trials = 80;
  const worlds = [
    { says: 'no effect', drug: 0, belief: 0 },
    { says: 'drug alone', drug: 3, belief: 0 },
    { says: 'belief alone', drug: 0, belief: 6 },
    { says: 'both', drug: 3, belief: 6 },
  ];
  /** Share that says “active”: the cue is over a criterion with mean 0.92 and SD 0.3 between people. */
  const saysActive = (strength: number) =>
    1 - normalCdf((selfBlinding2021.cueCriterion - strength) / Math.sqrt(1 + 0.3 ** 2));
  const near = (seen: number, expected: number, error: number, what: string) =>
    assert.ok(Math.abs(seen - expected) < 4 * error, `${what}: ${seen}, expected ${expected} ± ${error}`);
  const nominal = (share: number, expected: number, what: string) =>
    near(share, expected, Math.sqrt((expected * (1 - expected)) / trials), what);

  for (const { says, drug, belief } of worlds) {
    for (const cueStrength of [0, 0.8, 2]) {
      test(`${says}, capsules felt with d′ = ${cueStrength}`, () => {
        const result = simulatePower({
          protocol: selfBlinding,
          endpoint: 'acute-mood',
          participants: 48,
          trials,
          settings: worldOf({ drug, belief }, { cueStrength }),
          seed: 'truth',
        });
        const [unadjusted, withGuess] = result.estimators as [EstimatorSummary, EstimatorSummary];
        for (const one of [unadjusted, withGuess]) {
          assert.equal(one.trials, trials);
          near(one.truth, drug, 1e-9, 'the truth');
          near(one.meanStandardError, one.empiricalSd, one.empiricalSd / Math.sqrt(2 * trials), 'the standard error');
        }
        const leak = belief * (saysActive(cueStrength) - saysActive(0));
        near(unadjusted.bias, leak, unadjusted.biasError, 'what belief adds to the planned estimate');
        near(withGuess.bias, 0, withGuess.biasError, 'the estimate with the guess');
        nominal(withGuess.coverage, 0.95, 'coverage with the guess');
        if (leak === 0) nominal(unadjusted.coverage, 0.95, 'coverage');
        if (drug === 0) nominal(withGuess.rejected, 0.05, 'type-I error with the guess');
        if (drug === 0 && leak === 0) nominal(unadjusted.rejected, 0.05, 'type-I error');
        if (drug === 0 && leak > 2) assert.ok(unadjusted.rejected > 0.5, 'expectancy alone looks like an effect');
      });
    }
  }
});

test('Re-weighting to half of the guesses right is off by what the shares of capsules and guesses say', () => {
  const belief = 6;
  const settings = worldOf({ belief }, { cueStrength: 0 });
  const request = { protocol: selfBlinding, endpoint: 'acute-mood', participants: 48, settings, seed: 'curve' };
  const { curveAtHalf } = simulatePower({ ...request, trials: 150 });
  // Szigeti et al. 2023: with a quarter of the capsules active and guesses that lean to placebo, the strata do not cancel.
  const says = 1 - normalCdf(selfBlinding2021.cueCriterion / Math.sqrt(1.09));
  const [aa, ap, pa, pp] = [0.25 * says, 0.25 * (1 - says), 0.75 * says, 0.75 * (1 - says)];
  const [r, s] = [pp / (pp + aa), ap / (ap + pa)];
  const believers = (1 - r) / (1 - r + s) - (1 - s) / (r + 1 - s);
  assert.ok(believers < -0.15);
  const off = Math.abs(curveAtHalf.bias - belief * believers);
  assert.ok(off < 4 * curveAtHalf.biasError, `${curveAtHalf.bias} ± ${curveAtHalf.biasError}, ${belief * believers}`);
});

test('Any cut of the trials, in any order, gives the same summary to the bit', () => {
  const request = { protocol: selfBlinding, participants: 24, settings: selfBlinding2021, seed: 'shards' };
  const whole = simulatePower({ ...request, trials: 9 });
  const shards = [...runTrials(request, 5, 9), ...runTrials(request, 0, 2), ...runTrials(request, 2, 5)];
  assert.deepEqual(summariseTrials(request, shards), whole);
  assert.deepEqual(summariseTrials(request, JSON.parse(JSON.stringify(shards))), whole);
  assert.throws(() => summariseTrials(request, shards.slice(1)), /Trial 5 is missing/);
  assert.throws(() => summariseTrials(request, [...shards, shards[0] as (typeof shards)[number]]), /twice/);
});

function difference(protocol: ProtocolDocument, settings: Settings, participants = 200): number {
  const rows = simulateTrialRows({
    protocol,
    endpoint: endpointOf(protocol, undefined),
    participants,
    settings,
    seed: 'd',
  });
  const meanOf = (role: string) => {
    const own = rows.filter((row) => row.role === role);
    return own.reduce((sum, { value }) => sum + value, 0) / own.length;
  };
  return meanOf('active') - meanOf('placebo');
}

test('Capsules of cycles hold what each period drew', () => {
  const protocol = library('lsd-n-of-1');
  const settings = worldOf({ drug: 20 });
  assert.ok(Math.abs(difference(protocol, settings) - 20) < 1);
  const rows = simulateTrialRows({
    protocol,
    endpoint: endpointOf(protocol, undefined),
    participants: 40,
    settings,
    seed: 'c',
  });
  const own = Map.groupBy(rows, ({ participant }) => participant);
  for (const days of own.values()) assert.equal(new Set(days.map(({ role }) => role)).size, 2);
});

test('Placebo response and expectancy move everybody, an expectancy bias those who believe and expect', () => {
  const protocol = library('lsd-10ug-every-third-day');
  const endpoint = endpointOf(protocol, 'daily-mood');
  const meanOf = (effect: Partial<RatingEffect>, changes: Partial<Settings> = {}) => {
    const rows = simulateTrialRows({
      protocol,
      endpoint,
      participants: 300,
      settings: worldOf(effect, changes),
      seed: 'm',
    });
    return rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
  };
  const still = meanOf({});
  const settled = meanOf({ placeboResponse: 5 }) - still;
  assert.ok(settled > 2 && settled < 5, `${settled}`);
  assert.ok(Math.abs(difference(protocol, worldOf({ placeboResponse: 5 }), 400)) < 1);
  assert.ok(Math.abs(meanOf({ expectancy: 5 }) - still) < 1.2, 'those who expect less lose what the others gain');
  const rows = simulateTrialRows({
    ...{ protocol, endpoint, participants: 400, seed: 'b' },
    settings: worldOf({ belief: 6 }, { expectancyBias: 1 }),
  });
  const gain = (high: boolean) => {
    const own = rows.filter(({ covariates }) => Number(covariates.expectation) > 68 === high);
    const by = (guess: string) => {
      const values = own.filter((row) => row.guess === guess).map(({ value }) => value);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return by('active') - by('placebo');
  };
  assert.ok(gain(true) > 2 * gain(false), `${gain(true)}, ${gain(false)}`);
});

test('A batch with another content changes the effect of a whole trial', () => {
  const protocol = library('lsd-10ug-every-third-day');
  const spread = (batchLogSd: number) => {
    const settings = worldOf({ drug: 15 }, { potency: { batches: 1, batchLogSd, capsuleLogSd: 0 } });
    const found = simulatePower({
      protocol,
      endpoint: 'daily-mood',
      participants: 40,
      trials: 30,
      settings,
      seed: 'p',
    });
    return found.estimators[0]?.empiricalSd ?? 0;
  };
  assert.ok(spread(0.4) > 2 * spread(0));
});

test('A lower rung of a ladder does and is felt less', () => {
  const held = heldBy(library('lsd-depression-titration'));
  const potencies = [...held.values()].filter(({ content }) => content === 'active').map(({ potency }) => potency);
  assert.equal(Math.max(...potencies), 1);
  assert.ok(Math.min(...potencies) < 1);
  const placebo = [...held.values()].filter(({ content }) => content === 'placebo');
  assert.ok(placebo.every(({ potency }) => potency === 0));
});

test('A questionnaire moves to its better side, within its range', () => {
  const protocol = library('lsd-depression-titration');
  const endpoint = endpointOf(protocol, undefined);
  assert.equal(endpoint.better, 'lower');
  const questionnaires = { ...selfBlinding2021.questionnaires, drug: 0.3, belief: 0 };
  const settings = { ...selfBlinding2021, questionnaires };
  const rows = simulateTrialRows({ protocol, endpoint, participants: 200, settings, seed: 'q' });
  const meanOf = (role: string) => {
    const own = rows.filter((row) => row.role === role);
    return own.reduce((sum, { value }) => sum + value, 0) / own.length;
  };
  assert.ok(meanOf('active') < meanOf('placebo') - 1);
  assert.ok(rows.every(({ value }) => value >= 0 && value <= 27));
});
