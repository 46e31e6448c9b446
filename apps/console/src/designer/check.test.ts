import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { formatPath } from '@limen/protocol';
import fc from 'fast-check';
import { checkText, offsetOf } from './check.ts';
import { savedAfter } from './saved.ts';
import { freeId, isWithin, stepsOf, valueAt, withValue } from './value.ts';

const library = readFileSync(new URL('../../../../protocols/self-blinding-2021.json', import.meta.url), 'utf8');

describe('checking a draft', () => {
  it('a published protocol is sound; without a title it says what is to be filled in, and where', () => {
    assert.equal(checkText(library).sound, true);
    const { sound, remarks, protocol } = checkText(JSON.stringify({ ...JSON.parse(library), title: '' }, null, 2));
    assert.deepEqual([sound, protocol], [false, undefined]);
    assert.deepEqual(
      remarks.map(({ path, message }) => [path, message]),
      [['title', 'This is still to be filled in.']],
    );
    assert.ok(remarks.every(({ at }) => at !== undefined));
  });

  it('an answer in the document goes with its warning, and errors cannot be answered away', () => {
    const document = JSON.parse(library);
    const { emergencyUnblinding: _, emergencyPlan: __, ...blinding } = document.blinding;
    const open = checkText(JSON.stringify({ ...document, blinding }));
    const remark = open.remarks.find(({ severity }) => severity !== 'error');
    assert.ok(remark);
    const { code, path } = remark;
    const answers = [{ code, path, answer: 'Said elsewhere.' }];
    const answered = checkText(JSON.stringify({ ...document, blinding, answers }));
    assert.equal(answered.remarks.find((one) => one.code === code && one.path === path)?.answer, 'Said elsewhere.');
  });

  it('lines and columns lead to their place in the text', () => {
    const text = 'one\ntwo\n\nfour';
    assert.deepEqual(
      [
        [1, 1],
        [2, 2],
        [4, 5],
        [9, 9],
      ].map(([line = 1, column = 1]) => offsetOf(text, { line, column })),
      [0, 5, 13, 13],
    );
  });
});

describe('a document by path', () => {
  const step = fc.oneof(fc.nat({ max: 4 }), fc.constantFrom('arms', 'days', 'a b', 'x"y', '9'));
  it('a written path is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (path) => assert.deepEqual(stepsOf(formatPath(path)), path)),
    );
  });

  it('what was set is there, and nothing else has changed', () => {
    const before = { arms: [{ id: 'a' }, { id: 'b' }], title: 't' };
    const next = withValue(before, ['arms', 1, 'label'], 'B');
    assert.equal(valueAt(next, ['arms', 1, 'label']), 'B');
    assert.deepEqual(withValue(next, ['arms', 1, 'label'], undefined), before);
    assert.deepEqual(withValue(before, ['arms', 0], undefined), { arms: [{ id: 'b' }], title: 't' });
  });

  it('paths lie within those above them and not within those that only begin alike', () => {
    assert.ok(isWithin('arms[1].label', 'arms') && isWithin('arms[1]', 'arms[1]'));
    assert.ok(!isWithin('armsLength', 'arms') && !isWithin('arms[10]', 'arms[1]'));
  });

  it('a new id is one that no item has', () => {
    assert.equal(freeId('arm', [{ id: 'arm-3' }, { id: 'x' }]), 'arm-4');
  });
});

describe('saving a draft', () => {
  const start = { base: 1, text: 'a', at: '', sending: false, failed: null, newer: null };
  it('a failure keeps the revision that is known, and a save clears it', () => {
    const failed = savedAfter(start, { kind: 'failed', why: 'Away.', text: 'b', away: true });
    assert.deepEqual([failed.base, failed.text, failed.failed?.away], [1, 'a', true]);
    const saved = savedAfter(failed, { kind: 'saved', base: 2, text: 'b', at: 'now' });
    assert.deepEqual(saved, { base: 2, text: 'b', at: 'now', sending: false, failed: null, newer: null });
  });
});
