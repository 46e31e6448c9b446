import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Edit, edited, startEditing } from './editing.ts';

const set = (path: string, value: unknown, join?: string): Edit => ({ kind: 'set', path: [path], value, join });
const after = (edits: readonly Edit[], text = '{}') => edits.reduce(edited, startEditing(text));
const readJson = (text: string) => JSON.parse(text) as unknown;

describe('editing a draft', () => {
  it('typing in one field is one step, until something else happens', () => {
    const typed = after([set('title', 'a', 'title'), set('title', 'ab', 'title'), set('title', 'abc', 'title')]);
    assert.deepEqual(readJson(edited(typed, { kind: 'undo' }).text), {});
    const paused = after([set('title', 'a', 'title'), { kind: 'pause' }, set('title', 'ab', 'title')]);
    assert.deepEqual(readJson(edited(paused, { kind: 'undo' }).text), { title: 'a' });
    const other = after([set('title', 'a', 'title'), set('id', 'x', 'id')]);
    assert.deepEqual(readJson(edited(other, { kind: 'undo' }).text), { title: 'a' });
  });

  it('steps that do not join stay apart, and a change that changes nothing is none', () => {
    assert.equal(after([set('a', 1), set('a', 2)]).past.length, 2);
    const once = after([set('a', 1)]);
    assert.equal(edited(once, set('a', 1)), once);
  });

  it('sets nothing while the text is no JSON, so that no letter of it is lost', () => {
    const broken = startEditing('{ "title": ');
    assert.equal(edited(broken, set('title', 'x')), broken);
  });

  it('undo and redo lead through every text there was', () => {
    const texts = fc.array(fc.string(), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(texts, (written) => {
        let state = startEditing('start');
        const seen = ['start'];
        for (const text of written) {
          state = edited(state, { kind: 'write', text });
          if (seen.at(-1) !== text) seen.push(text);
        }
        for (const text of [...seen].reverse().slice(1)) {
          state = edited(state, { kind: 'undo' });
          assert.equal(state.text, text);
        }
        assert.equal(edited(state, { kind: 'undo' }), state);
        for (const text of seen.slice(1)) {
          state = edited(state, { kind: 'redo' });
          assert.equal(state.text, text);
        }
        assert.equal(edited(state, { kind: 'redo' }), state);
      }),
    );
  });
});
