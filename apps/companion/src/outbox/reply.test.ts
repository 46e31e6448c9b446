import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Problem } from '@limen/contract';
import { commandToSend, type Entry, makeCommandId } from './entry.ts';
import { fateOf, faultsBeforeStepAside, pauseAfter } from './reply.ts';

const problem = (status: number, code = 'x', more: Partial<Problem> = {}): Problem => ({
  type: 'about:blank',
  title: '',
  detail: '',
  status,
  code,
  ...more,
});

describe('what the answer to an entry means for it', () => {
  it('an entry kept for the team leaves the phone, whatever the status', () => {
    for (const status of [409, 422, 423])
      assert.equal(fateOf(problem(status, 'x', { kept: true }), 0).kind, 'keptForTeam');
  });

  it('a refusal that was not kept stays for the person to look at', () => {
    for (const status of [400, 403, 404, 409, 413, 422]) assert.equal(fateOf(problem(status), 0).kind, 'refused');
  });

  it('nothing is lost while the server is away, busy or wants the code', () => {
    assert.equal(fateOf(null, 0).kind, 'later');
    for (const status of [429, 500, 502, 503]) assert.equal(fateOf(problem(status), 0).kind, 'later');
    assert.equal(fateOf(problem(401), 0).kind, 'signIn');
  });

  it('one entry the server stumbles over does not hold up the others for ever', () => {
    assert.equal(fateOf(problem(500), faultsBeforeStepAside - 1).kind, 'stepAside');
    assert.equal(fateOf(problem(503), 1_000).kind, 'later');
  });

  it('what was said before needs no second look', () => {
    assert.equal(fateOf(problem(409, 'already_withdrawn'), 0).kind, 'saidBefore');
  });

  it('pauses grow, are spread out and never exceed five minutes', () => {
    assert.deepEqual(
      [0, 1, 2, 30].map((failures) => pauseAfter(failures, 0)),
      [2_500, 5_000, 10_000, 150_000],
    );
    assert.ok(pauseAfter(30, 0.999) <= 300_000);
  });
});

describe('a command on its way', () => {
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

  it('the time of sending is that of each sending, the time of the act stays', () => {
    const command = { type: 'withdraw', scope: 'dosing', commandId: 'x'.repeat(24) } as const;
    const occurredAt = '2026-03-09T07:00:00.000Z';
    const entry: Entry = { command, label: '', occurredAt, timeZone: 'UTC', faults: 0, refusal: null };
    const first = commandToSend(entry, '2026-03-09T08:00:00.000Z');
    const second = commandToSend(entry, '2026-03-09T09:00:00.000Z');
    assert.deepEqual(first.device, { occurredAt, sentAt: '2026-03-09T08:00:00.000Z', timeZone: 'UTC' });
    assert.equal(second.device?.sentAt, '2026-03-09T09:00:00.000Z');
    assert.equal(first.commandId, second.commandId);
  });
});
