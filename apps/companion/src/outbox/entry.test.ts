import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeCommandId } from './entry.ts';
import { pauseAfter } from './pause.ts';

describe('an entry on its way', () => {
  it('pauses grow, are spread out and never exceed five minutes', () => {
    assert.deepEqual(
      [0, 1, 2, 30].map((failures) => pauseAfter(failures, 0)),
      [2_500, 5_000, 10_000, 150_000],
    );
    assert.ok(pauseAfter(30, 0.999) <= 300_000);
  });

  it('its id has 24 letters that the contract takes', () => {
    let next = 250;
    const id = makeCommandId((bytes) =>
      bytes.map(() => {
        next += 1;
        return next % 256;
      }),
    );
    assert.match(id, /^[A-Za-z0-9_-]{24}$/);
  });
});
