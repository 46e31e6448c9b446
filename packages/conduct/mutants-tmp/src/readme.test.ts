import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, decide, evolve, fold, initialState, invite } from './index.ts';
import { at, screenCommand, tiny } from './test-study.ts';

test('the example of the README is right', () => {
  const protocol = tiny;
  const command: Command = screenCommand();
  const calendar = null;
  const actor = { id: 'someone', role: 'participant' } as const;
  const newId = () => 'id';

  const start = initialState({ studyId: 'two-weeks', participantId: 'P1' });
  let state = evolve(start, invite({ siteId: 'east', timeZone: 'Europe/Berlin' }));
  const context = { protocol, calendar, now: at(1, '06:00'), actor, newId, studyLocked: false };
  const decision = decide(state, command, context);
  if (decision.ok) state = fold(state, decision.events);

  assert.equal(state.status, 'screened');
});
