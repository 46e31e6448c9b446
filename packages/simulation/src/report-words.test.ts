import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyseTable, mapFormat, summary } from '@limen/analysis';
import { parseProtocol } from '@limen/protocol';
import { type Settings, selfBlinding2021, simulateTrialRows } from './index.ts';

const parsed = parseProtocol(
  readFileSync(new URL('../../../protocols/self-blinding-2021.json', import.meta.url), 'utf8'),
);
const flat = { mean: 50, personSd: 4, daySd: 6, drug: 0, belief: 0, placeboResponse: 0, expectancy: 0 };

/** What the report says of trials in a world: what the capsule adds, what belief adds, how well capsules are felt. */
function said(world: { drug: number; belief: number; cueStrength: number }, trials: number): string[] {
  assert.ok(parsed.ok);
  const { protocol } = parsed;
  const endpoint = protocol.analysis.endpoints.find(({ id }) => id === 'acute-mood');
  assert.ok(endpoint);
  const { drug, belief, cueStrength } = world;
  const settings: Settings = {
    ...{ ...selfBlinding2021, drugHeterogeneity: 0, cueHeterogeneity: 0, toleranceLoss: 0, cueStrength },
    ratings: { mood: { ...flat, drug, belief } },
  };
  const map = {
    format: mapFormat,
    title: 'A virtual trial',
    participant: 'participant',
    time: 'time',
    outcome: { name: 'outcome', value: 'value', primary: ['mood'] },
    condition: { column: 'role', active: 'active', reference: 'placebo' },
    guess: { column: 'guess', active: 'active', placebo: 'placebo', unsure: 'unsure' },
    models: { default: ['value ~ role + (1 | participant)'] },
  };
  return Array.from({ length: trials }, (_, trial) => {
    const drawn = simulateTrialRows({ protocol, endpoint, participants: 120, settings, seed: `words/${trial}` });
    // Several capsules a week: each is a time point of its own.
    const rows = drawn.map(({ participant, value, role, guess }, at) => ({
      ...{ participant, value, role, guess, time: String(at), outcome: 'mood' },
    }));
    return summary(analyseTable({ rows, map, seed: String(trial) }).results).join(' ');
  });
}
const share = (texts: readonly string[], words: RegExp) =>
  texts.filter((text) => words.test(text)).length / texts.length;
const falsePositive = /must not be reported as one/;
const stands = /stands with the guess in the model too/;

test('where belief alone moves people, the planned analysis finds an effect and the report says that it is none', () => {
  const texts = said({ drug: 0, belief: 12, cueStrength: 1.5 }, 12);
  assert.ok(share(texts, falsePositive) > 0.8, `${share(texts, falsePositive)}\n${texts[0]}`);
  assert.ok(share(texts, stands) < 0.2);
  assert.ok(share(texts, /Re-weighted to one half/) > 0.9);
});

test('where the capsule alone moves people and nobody can tell, the report says that it stands', () => {
  const texts = said({ drug: 5, belief: 0, cueStrength: 0 }, 12);
  assert.ok(share(texts, stands) > 0.9, texts.join('\n'));
  assert.equal(share(texts, falsePositive), 0);
});

test('where nothing moves anybody, the report claims nothing', () => {
  const texts = said({ drug: 0, belief: 0, cueStrength: 1.5 }, 12);
  assert.ok(share(texts, /interval includes no difference/) > 0.7);
  assert.ok(share(texts, stands) + share(texts, falsePositive) < 0.3);
});
