import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate, selfBlindingSchedule } from './allocate.ts';
import { selfBlindingArms } from './design.ts';
import { capsuleDays, type DoseWeek, weekVariants } from './self-blinding.ts';

const seed = new Uint8Array(32).fill(11);
const participants = 3_000;
const schedules = Array.from({ length: participants }, (_, step) =>
  selfBlindingSchedule({ seed, studyId: 'self-blinding', stratum: '', step }),
);

function microdoses(weeks: readonly DoseWeek[]): number {
  return weeks.reduce((sum, { days }) => sum + Object.values(days).filter((content) => content === 'MD').length, 0);
}

test('the arms hold 0, 4 and 8 micro-doses over 4 weeks, as published', () => {
  const published = { PL: 0, HH: 4, MD: 8 };
  for (const { arm, weeks } of schedules) {
    assert.deepEqual(
      weeks.map(({ week }) => week),
      [1, 2, 3, 4],
    );
    assert.equal(microdoses(weeks), published[arm]);
  }
});

test('half-half alternates, and begins with either type', () => {
  const orders = schedules
    .filter(({ arm }) => arm === 'HH')
    .map(({ weeks }) => weeks.map(({ type }) => type).join('-'));
  assert.deepEqual([...new Set(orders)].sort(), ['MD-PL-MD-PL', 'PL-MD-PL-MD']);
  const microdoseFirst = orders.filter((order) => order.startsWith('MD')).length;
  assert.ok(Math.abs(microdoseFirst / orders.length - 0.5) < 4 * Math.sqrt(0.25 / orders.length));
});

test('each arm comes to one participant in three', () => {
  for (const due of ['PL', 'HH', 'MD']) {
    const share = schedules.filter(({ arm }) => arm === due).length / participants;
    assert.ok(Math.abs(share - 1 / 3) < 4 * Math.sqrt(2 / 9 / participants), `${due}: ${share}`);
  }
});

test('a micro-dose week holds two micro-doses and two placebos with a day between', () => {
  const dayOfWeek = { mon: 1, tue: 2, thu: 4, fri: 5 };
  for (const { type, variant, days } of schedules.flatMap(({ weeks }) => weeks)) {
    const active = capsuleDays.filter((day) => days[day] === 'MD');
    if (type === 'PL') {
      assert.equal(variant, null);
      assert.deepEqual(active, []);
      continue;
    }
    const [first, second] = active;
    assert.ok(first !== undefined && second !== undefined && active.length === 2);
    assert.ok(dayOfWeek[second] - dayOfWeek[first] >= 2);
    assert.deepEqual(variant === null ? null : [...weekVariants[variant]], active);
  }
});

test('the variants are all pairs of capsule days that are not neighbours, and use every day equally', () => {
  const uses = Object.values(weekVariants).flat();
  assert.equal(new Set(Object.values(weekVariants).map(String)).size, 4);
  for (const day of capsuleDays) assert.equal(uses.filter((used) => used === day).length, 2);
});

test('nobody meets a variant twice, so the micro-dose arm has active Thursdays in two weeks of four', () => {
  for (const { arm, weeks } of schedules) {
    const variants = weeks.flatMap(({ variant }) => variant ?? []);
    assert.equal(new Set(variants).size, variants.length);
    if (arm === 'MD') assert.equal(weeks.filter(({ days }) => days.thu === 'MD').length, 2);
  }
});

test('allocating by the procedure gives arm and weeks of the schedule', () => {
  const procedure = { kind: 'selfBlindingWeeks', weeks: 4 } as const;
  const request = { seed, studyId: 'self-blinding', stratum: '', arms: selfBlindingArms, procedure };
  for (const step of [0, 1, 500]) {
    const schedule = schedules[step];
    assert.deepEqual(allocate({ ...request, step }), { arm: schedule?.arm, sequence: schedule?.weeks });
  }
});
