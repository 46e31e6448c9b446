import assert from 'node:assert/strict';
import { test } from 'node:test';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import { answerTo, parseProtocol, reportingItems, unanswered } from './index.ts';

function read(more: object) {
  const result = parseProtocol(JSON.stringify({ ...everyThirdDay, ...more }));
  assert.ok(result.ok, JSON.stringify(result));
  return result.protocol;
}

test('a document without the newer sections reads as before, field for field', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(read({}))), everyThirdDay);
});

test('an item is stated by its section, answered, not applicable or empty', () => {
  const reporting = {
    spirit: [
      { item: '7a', says: 'A grant.' },
      { item: '28b', notApplicable: 'No interim look is planned.' },
    ],
  };
  const statusOf = (item: string) =>
    reportingItems(read({ reporting })).find((one) => one.standard === 'SPIRIT 2025' && one.item === item)?.status;
  assert.deepEqual(['10', '7a', '28b', '6', '99'].map(statusOf), [
    'stated',
    'answered',
    'notApplicable',
    'empty',
    undefined,
  ]);
});

test('an answer belongs to its code and path, and no answer silences an error', () => {
  const answers = [{ code: 'single_arm', path: 'arms', answer: 'Care, not a comparison.' }];
  const protocol = read({ answers });
  const warning = { severity: 'warning', code: 'single_arm', path: 'arms', message: 'One arm.' } as const;
  const error = { ...warning, severity: 'error' } as const;
  const elsewhere = { ...warning, path: 'arms[0]' } as const;
  assert.equal(answerTo(protocol, warning), 'Care, not a comparison.');
  assert.deepEqual(unanswered(protocol, [warning, error, elsewhere]), [error, elsewhere]);
});
