import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packingStory } from './packing-story.ts';

const entry = (type: string, data: Record<string, unknown>, recordedAt = '2027-02-01T08:00:00.000Z') => ({
  type,
  data,
  recordedAt,
});
const planned = entry('packing.planned', { mode: 'helper', weeks: ['1', '2', '3', '4'], leftovers: [] });

test('who packed nothing has no story', () => {
  assert.equal(packingStory([entry('kit.dispensed', { kit: 'K' })]), null);
});

test('steps, weights, weeks and seal are told, and what departs from the plan in words', () => {
  const story = packingStory([
    planned,
    entry('packing.recorded', { step: 'printed', by: 'helper' }),
    entry('packing.recorded', {
      step: 'weighed',
      by: 'helper',
      weights: [300, 300, 400],
      resolutionMg: 10,
      findings: ['weightsDiffer'],
    }),
    entry('envelope.opened', { week: 1, flags: [] }),
    entry('envelope.opened', { week: 2, flags: ['leftover'] }),
    entry('entry.kept', { code: 'envelope_unknown', content: { week: 3 } }),
    entry('leftovers.checked', { intact: true, matches: false }),
  ]);
  assert.ok(story);
  assert.deepEqual(story.steps.map(({ at, by }) => [at !== null, by]).slice(0, 2), [
    [true, 'by the helper'],
    [false, ''],
  ]);
  assert.deepEqual(story.weights, {
    text: '300, 300, 400 mg on a scale that shows 10 mg',
    findings: ['the weights differ by more than a tenth'],
  });
  assert.deepEqual(
    story.weeks.map(({ at, remarks }) => [at !== null, remarks]),
    [
      [true, []],
      [true, ['an envelope that was to stay sealed']],
      [false, ['an envelope that is not this person’s']],
      [false, []],
    ],
  );
  assert.deepEqual(story.seal, { fine: false, text: 'carries another code than at the start' });
});
