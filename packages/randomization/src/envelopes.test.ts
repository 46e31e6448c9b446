import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelopesOf, selfBlindingSchedule } from './index.ts';

const seed = new Uint8Array(32).fill(7);
const drawnFor = (step: number) => {
  const { arm, weeks } = selfBlindingSchedule({ seed, studyId: 'study', stratum: 'all', step });
  return { arm, weeks, envelopes: envelopesOf(weeks, { seed, studyId: 'study', participantId: `P${step}` }) };
};

test('everybody fills the same eight envelopes, whatever was drawn: one of each variant and four of placebo', () => {
  for (let step = 0; step < 200; step += 1) {
    const { envelopes } = drawnFor(step);
    assert.deepEqual(envelopes.map(({ variant }) => variant ?? 'placebo').sort(), [
      'monFri',
      'monThu',
      'placebo',
      'placebo',
      'placebo',
      'placebo',
      'tueFri',
      'tueThu',
    ]);
    const active = envelopes.flatMap(({ contents }) => contents).filter((content) => content === 'MD');
    assert.equal(active.length, 8);
  }
});

test('the four that are used hold, in order, the weeks that were drawn', () => {
  for (let step = 0; step < 200; step += 1) {
    const { weeks, envelopes } = drawnFor(step);
    for (const [index, { days }] of weeks.entries()) {
      assert.equal(envelopes[index]?.week, index + 1);
      assert.deepEqual(envelopes[index]?.contents, [days.mon, days.tue, days.thu, days.fri]);
    }
    assert.ok(envelopes.slice(4).every(({ week }) => week === null));
  }
});

test('what stays sealed lies in every order equally often, and asked again in the same', () => {
  const places = new Map<number, number>();
  let halves = 0;
  for (let step = 0; step < 3000; step += 1) {
    const { arm, envelopes } = drawnFor(step);
    assert.deepEqual(drawnFor(step).envelopes, envelopes);
    if (arm !== 'HH') continue;
    halves += 1;
    const first = envelopes.slice(4).findIndex(({ variant }) => variant !== null);
    places.set(first, (places.get(first) ?? 0) + 1);
  }
  // Of two among four places the first one stands at 0 in 3 of 6 orders, at 1 in 2, at 2 in 1.
  for (const [place, share] of [3 / 6, 2 / 6, 1 / 6].entries()) {
    const found = (places.get(place) ?? 0) / halves;
    assert.ok(Math.abs(found - share) < 4 * Math.sqrt((share * (1 - share)) / halves), `${place}: ${found}`);
  }
});
