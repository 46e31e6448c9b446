import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProtocol } from '@limen/protocol';
import { philox } from '@limen/statistics';
import { doseEffectsOf } from './doses.ts';
import { exampleStudy } from './example-study.ts';
import { type AnalysisRow, analyseStudy, columns, guessLevels } from './index.ts';
import { individualsOf } from './individual.ts';
import type { OutcomeSpec } from './outcome-spec.ts';

const levels = [
  { level: 'placebo', label: 'Placebo' },
  { level: 'lsd', label: 'LSD' },
];

/** People who had both in turn; effects with mean 5 and standard deviation `spread`, falling by `fading` with every capsule. */
function spec({ spread, fading = 0, people = 60 }: { spread: number; fading?: number; people?: number }): OutcomeSpec {
  const rows = Array.from({ length: people }, (_, person): AnalysisRow[] => {
    const random = philox(`individual ${spread}`, `${person}`);
    const [own, effect] = [random.normal(50, 6), random.normal(5, spread)];
    return Array.from({ length: 20 }, (__, day) => {
      const active = day % 2 === 1;
      const value = own + (active ? effect - fading * (day + 1) : 0) + random.normal(0, 4);
      return {
        participant: `P${person}`,
        timePoint: 'week 1',
        value,
        condition: active ? 'lsd' : 'placebo',
        role: active ? 'active' : 'placebo',
        guess: null,
        covariates: { day: day + 1, capsulesTaken: day + 1 },
      };
    });
  }).flat();
  const formula = 'value ~ condition + (1 | participant)';
  const words = { id: 'mood', label: 'Mood', level: 'primary', better: 'higher', contrastKind: '' } as const;
  return { ...words, formula, columns, rows, leftOut: [], levels, guessLevels, perProtocol: null, notes: [] };
}

const effectsOf = (spread: number) => {
  const [found] = individualsOf(spec({ spread }));
  assert.ok(found && !('notPossible' in found.effects));
  return found.effects;
};

test('the variance of the effect between people is recovered with its interval, and none is found where there is none', () => {
  const varied = effectsOf(4);
  assert.ok(varied.between.lower < 4 && 4 < varied.between.upper, JSON.stringify(varied.between));
  assert.ok(varied.between.p < 0.001 && varied.mean.lower < 5 && 5 < varied.mean.upper);
  const same = effectsOf(0);
  assert.ok(same.between.lower === 0 && same.between.upper < 2, JSON.stringify(same.between));
});

test('single effects are drawn in towards the mean, the more the less people differ', () => {
  const { mean, people } = effectsOf(4);
  for (const { estimate, drawnIn, believed } of people) {
    assert.ok(believed > 0 && believed < 1);
    assert.ok(Math.abs(drawnIn - mean.estimate) <= Math.abs(estimate - mean.estimate));
  }
  assert.ok((people[0]?.believed ?? 0) > (effectsOf(0).people[0]?.believed ?? 1));
});

test('people who had one condition alone have no effect of their own', () => {
  const one = spec({ spread: 1 });
  const rows = one.rows.filter(
    ({ condition, participant }) => (Number(participant.slice(1)) % 2 === 0) === (condition === 'lsd'),
  );
  assert.deepEqual(individualsOf({ ...one, rows }), []);
});

const parsed = parseProtocol(
  readFileSync(new URL('../../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8'),
);
assert.ok(parsed.ok);
const { protocol } = parsed;

test('an effect that fades with every capsule shows as a slope of the difference', () => {
  const [endpoint] = protocol.analysis.endpoints;
  assert.ok(endpoint);
  const found = doseEffectsOf(protocol, endpoint, spec({ spread: 1, fading: 0.4 }));
  const slope = found?.tolerance[0]?.slope;
  assert.ok(slope && !('notPossible' in slope));
  assert.ok(slope.lower < -0.4 && -0.4 < slope.upper && slope.p < 0.01, JSON.stringify(slope));
  assert.equal(found?.response, null);
});

test('amounts of one form give a slope per unit', () => {
  const file = readFileSync(new URL('../../../protocols/psilocybin-dose-finding.json', import.meta.url), 'utf8');
  const doseFinding = parseProtocol(file);
  assert.ok(doseFinding.ok);
  const { interventions, analysis } = doseFinding.protocol;
  const base = spec({ spread: 0 });
  const named = interventions.map(({ id, label }) => ({ level: id, label }));
  const amounts = [0, 0.3, 0.6, 0.9];
  const rows = base.rows.map((row, index) => ({
    ...row,
    condition: named[index % 4]?.level ?? '',
    value: 50 + 10 * (amounts[index % 4] ?? 0) + philox('amounts', `${index}`).normal(0, 1),
  }));
  const [endpoint] = analysis.endpoints;
  assert.ok(endpoint);
  const found = doseEffectsOf(doseFinding.protocol, endpoint, { ...base, levels: named, rows });
  assert.ok(found?.response && !('notPossible' in found.response.slope), JSON.stringify(found));
  assert.ok(Math.abs(found.response.slope.estimate - 10) < 0.5);
  assert.equal(found.response.unit, 'mg psilocybin');
});

test('who left is followed to the day of leaving, the others to the end', () => {
  const { results, html } = analyseStudy(exampleStudy(protocol, 16));
  const arms = results.study?.dropOut.arms ?? [];
  assert.deepEqual(
    [arms.reduce((sum, arm) => sum + arm.participants, 0), arms.reduce((sum, arm) => sum + arm.left, 0)],
    [16, 1],
  );
  const [step] = arms.flatMap(({ steps }) => steps);
  // Left on 28 March, the study having begun on 2 March.
  assert.equal(step?.day, 27);
  assert.equal(step?.stayed, 1 - 1 / (step?.atRisk ?? 1));
  assert.match(html, /Time to leaving dosing or the study/);
});
