import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOver, type Packing, placeOf, verdictOn, weekAt } from './standing.ts';

const week = (n: number, from: string, until: string) => ({ week: n, envelope: `t${n}`, from, until, opened: [] });
const weeks = [
  week(1, '2026-03-16', '2026-03-20'),
  week(2, '2026-03-23', '2026-03-27'),
  week(3, '2026-03-30', '2026-04-03'),
  week(4, '2026-04-06', '2026-04-10'),
];
const packing: Packing = {
  mode: 'self',
  done: [],
  helperCode: null,
  weeks,
  leftovers: ['t5', 't6', 't7', 't8'],
  leftoversChecked: false,
};

test('an envelope is looked for from two days before its first capsule until the next one is', () => {
  const at = (date: string) => weekAt(weeks, date)?.week ?? null;
  assert.deepEqual(
    [
      '2026-03-13',
      '2026-03-14',
      '2026-03-16',
      '2026-03-20',
      '2026-03-21',
      '2026-03-27',
      '2026-04-10',
      '2026-04-11',
    ].map(at),
    [null, 1, 1, 1, 2, 2, 4, null],
  );
  assert.deepEqual(
    [isOver(weeks, '2026-04-10'), isOver(weeks, '2026-04-11'), isOver([], '2026-04-11')],
    [false, true, false],
  );
});

test('of an envelope that is not the week’s the answer is the same, whichever it is', () => {
  const verdict = (token: string | null, opened: string[] = []) => verdictOn(token, packing, week(2, '', ''), opened);
  assert.equal(verdictOn('t2', packing, weeks[1] ?? week(2, '', ''), []), 'thisOne');
  assert.deepEqual(
    ['t1', 't3', 't4', 't5', 't8'].map((token) => verdict(token)),
    Array(5).fill('another'),
  );
  assert.deepEqual([verdict(null), verdict('foreign')], ['unknown', 'unknown']);
  assert.equal(verdict('t2', ['t2']), 'again');
});

test('sorting says the week or that it stays closed', () => {
  assert.deepEqual(
    [placeOf('t3', packing), placeOf('t7', packing), placeOf('x', packing), placeOf(null, packing)],
    ['week 3', 'leftover', null, null],
  );
});
