import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cognitiveTasks, instrumentById, scoreInstrument, validateAnswers } from '../index.ts';
import { spanIsOver } from './spatial-span.ts';
import { taskMeasure, taskPlan } from './tasks.ts';
import { readTrials, type Stimulus, type TaskKind, type Trial, taskKinds, writeTrials } from './trial.ts';

const main = (kind: TaskKind, seed = 'a'): Stimulus[] => taskPlan(kind, seed).filter(({ practice }) => !practice);
const near = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
const trial = (given: Partial<Trial>): Trial => ({
  practice: false,
  stimulus: 's',
  expected: 'tap',
  response: 'tap',
  ms: 300,
  ...given,
});
const measure = (kind: TaskKind, name: string, trials: readonly Trial[]) =>
  taskMeasure(kind, writeTrials(trials), name);

test('every kind of task is an instrument, and another seed is another form', () => {
  assert.deepEqual(cognitiveTasks.map(({ task }) => task).sort(), [...taskKinds].sort());
  for (const kind of taskKinds) {
    assert.deepEqual(taskPlan(kind, 'one'), taskPlan(kind, 'one'));
    if (kind === 'divergentAssociation') continue;
    const forms = new Set(Array.from({ length: 8 }, (_, seed) => JSON.stringify(taskPlan(kind, String(seed)))));
    assert.ok(forms.size > 1, kind);
  }
});

test('trials survive being written, and what is no record of trials is refused', () => {
  const trials = [trial({}), trial({ practice: true, response: null, ms: null }), trial({ ms: -812.3 })];
  assert.deepEqual(readTrials(writeTrials(trials)), trials);
  const task = instrumentById('task-vigilance');
  for (const bad of [
    '',
    '{}',
    '[1]',
    '[[0,"s",null,null]]',
    '[[2,"s",null,null,1]]',
    '[[0,"s",null,null,"1"]]',
    '[[0,"s",3,null,1]]',
  ]) {
    assert.equal(readTrials(bad), null, bad);
    if (bad === '') continue;
    const { problems } = validateAnswers(task, { trials: bad });
    assert.deepEqual(
      problems.map(({ item, code }) => [item, code]),
      [['trials', 'wrong-type']],
      bad,
    );
    assert.equal(scoreInstrument(task, { trials: bad }).scores.lapses, null);
  }
  assert.deepEqual(scoreInstrument(task, { trials: '[]' }).scores, {
    speed: null,
    medianMs: null,
    lapses: null,
    falseStarts: null,
  });
});

test('vigilance: waits of 1 to 4 s, a lapse from 355 ms, false starts below 100 ms or before the signal', () => {
  const waits = main('vigilance').map(({ stimulus }) => Number(stimulus));
  assert.ok(Math.min(...waits) >= 1_000 && Math.max(...waits) <= 4_000);
  assert.ok(Math.min(...waits) < 1_100 && Math.max(...waits) > 3_900);
  const trials = [200, 250, 354.9, 355, 500, 99.9, -400].map((ms) => trial({ ms }));
  const all = [trial({ practice: true, ms: 9_000 }), ...trials, trial({ response: null, ms: null })];
  near(measure('vigilance', 'lapses', all), 3);
  near(measure('vigilance', 'falseStarts', all), 2);
  near(measure('vigilance', 'medianMs', all), 354.9);
  near(measure('vigilance', 'speed', all), (5 + 4 + 1000 / 354.9 + 1000 / 355 + 2) / 5);
});

test('digit symbol: one key for a form, no shape twice in a row, practice not counted', () => {
  const plan = taskPlan('digitSymbol', 'a');
  const key = new Map(plan.map(({ stimulus, expected }) => [stimulus, expected]));
  assert.equal(key.size, 9);
  assert.equal(new Set(key.values()).size, 9);
  assert.ok(
    plan.every(({ stimulus, expected }, at) => key.get(stimulus) === expected && stimulus !== plan[at - 1]?.stimulus),
  );
  const trials = [
    trial({ practice: true, expected: '1', response: '1', ms: 1 }),
    ...[900, 1_100, 1_000].map((ms) => trial({ expected: '4', response: '4', ms })),
    trial({ expected: '4', response: '5', ms: 100 }),
  ];
  near(measure('digitSymbol', 'correct', trials), 3);
  near(measure('digitSymbol', 'accuracy', trials), 75);
  near(measure('digitSymbol', 'medianMs', trials), 1_000);
});

test('Stroop: half agree, every colour equally often, never four alike in a row; interference of right answers', () => {
  for (const seed of ['a', 'b', 'c']) {
    const words = main('stroop', seed);
    const inks = words.map(({ expected }) => expected as string);
    assert.equal(words.filter(({ stimulus }) => stimulus.split('/')[0] === stimulus.split('/')[1]).length, 32);
    for (const ink of new Set(inks)) assert.equal(inks.filter((one) => one === ink).length, 16);
    assert.ok(inks.every((ink, at) => at < 3 || [1, 2, 3].some((back) => inks[at - back] !== ink)));
  }
  const word = (stimulus: string, response: string, ms: number) =>
    trial({ stimulus, expected: stimulus.split('/')[1] as string, response, ms });
  const trials = [word('red/red', 'red', 600), word('blue/red', 'red', 750), word('blue/red', 'blue', 5)];
  near(measure('stroop', 'interference', trials), 150);
  near(measure('stroop', 'accuracy', trials), 200 / 3);
  assert.equal(measure('stroop', 'interference', trials.slice(0, 1)), null);
});

test('2-back: targets are what was two before and nothing else is; d′ stays finite', () => {
  for (const seed of ['a', 'b', 'c', 'd']) {
    const plan = taskPlan('nBack', seed);
    for (const [from, to, targets] of [
      [0, 10, 3],
      [10, 32, 6],
      [32, 54, 6],
    ] as const) {
      const part = plan.slice(from, to);
      part.forEach(({ stimulus, expected }, at) => {
        assert.equal(expected === 'match', at >= 2 && part[at - 2]?.stimulus === stimulus);
      });
      assert.equal(part.filter(({ expected }) => expected === 'match').length, targets);
    }
  }
  const target = (response: string | null) => trial({ expected: 'match', response });
  const other = (response: string | null) => trial({ expected: null, response });
  const all = [...Array.from({ length: 12 }, () => target('match')), ...Array.from({ length: 32 }, () => other(null))];
  // R 4.2.2: qnorm(12.5/13) - qnorm(0.5/33).
  const dPrime = measure('nBack', 'dPrime', all) as number;
  assert.ok(Math.abs(dPrime - 3.934931791) < 1e-6, String(dPrime));
  near(measure('nBack', 'hits', all), 100);
  near(measure('nBack', 'falseAlarms', all), 0);
});

test('spatial span: two of each length until both are wrong; the product of Kessels', () => {
  const plan = main('spatialSpan');
  assert.deepEqual(
    plan.map(({ stimulus }) => stimulus.split('-').length),
    [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9],
  );
  for (const { stimulus } of plan) assert.equal(new Set(stimulus.split('-')).size, stimulus.split('-').length);
  const sequence = (stimulus: string, isRight: boolean) =>
    trial({ stimulus, expected: stimulus, response: isRight ? stimulus : '0' });
  const trials = [sequence('1-2', true), sequence('3-4', false), sequence('1-2-3', false)];
  assert.equal(spanIsOver(trials), false);
  trials.push(sequence('1-2-4', true), sequence('1-2-3-4', false));
  assert.equal(spanIsOver(trials), false);
  trials.push(sequence('1-2-3-5', false));
  assert.equal(spanIsOver(trials), true);
  near(measure('spatialSpan', 'span', trials), 3);
  near(measure('spatialSpan', 'correct', trials), 2);
  near(measure('spatialSpan', 'product', trials), 6);
});

test('a sitting that was stopped has no scores: five shapes are no ninety seconds', () => {
  const task = instrumentById('task-digit-symbol');
  const trials = writeTrials(Array.from({ length: 5 }, () => trial({ expected: '4', response: '4', ms: 900 })));
  assert.equal(scoreInstrument(task, { trials, flags: ['none'] }).scores.correct, 5);
  assert.equal(scoreInstrument(task, { trials, flags: ['hidden'] }).scores.correct, 5);
  for (const score of Object.values(scoreInstrument(task, { trials, flags: ['hidden', 'stopped'] }).scores)) {
    assert.equal(score, null);
  }
});

test('words: different ideas are counted, whatever their case and accents; only single words can have a distance', () => {
  const said = (response: string | null) => trial({ expected: null, response });
  near(measure('alternateUses', 'fluency', ['A hat.', 'a  hat', 'Boat', ' '].map(said)), 2);
  near(measure('divergentAssociation', 'words', ['Café', 'cafe', 'two words', 'moon', null].map(said)), 2);
});
