import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wearableRows } from './derive-wearables.ts';
import { readEvent } from './study-events.ts';

const sent = (seq: number, days: object[]) =>
  readEvent({
    seq,
    type: 'wearable.recorded',
    recordedAt: '2026-03-05T08:00:00.000Z',
    data: { source: 'appleHealth', days },
  });

test('a day of a watch is a row for each measure, and the later sending counts', () => {
  const first = sent(4, [
    { date: '2026-03-01', steps: 100 },
    { date: '2026-03-03', steps: 500, sleepMinutes: 400 },
  ]);
  const second = sent(9, [{ date: '2026-03-03', steps: 900 }]);
  const rows = wearableRows('P', [first, second], '2026-03-02');
  assert.deepEqual(
    rows.map(({ date, studyDay, measure, value, source }) => [date, studyDay, measure, value, source.seqs[0]]),
    [
      ['2026-03-01', null, 'steps', 100, 4],
      ['2026-03-03', 2, 'sleepMinutes', 400, 4],
      ['2026-03-03', 2, 'steps', 900, 9],
    ],
  );
});
