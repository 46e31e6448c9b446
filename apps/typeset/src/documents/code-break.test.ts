import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutPoppler, wordsOf } from '../test-pdf.ts';
import { type CodeBreakEnvelopes, printCodeBreakEnvelopes } from './code-break.ts';

const A4_HEIGHT = (297 / 25.4) * 72;
const active = ['Capsules 1 to 14: psilocybin 3.1 mg'];
const mixed = ['Capsules 1 to 4: placebo', 'Capsules 5 to 14: psilocybin 3.1 mg'];
const paper: CodeBreakEnvelopes = {
  language: 'en',
  printedAt: '2026-01-02T03:04:05Z',
  paper: 'a4',
  studyTitle: 'Micro-dosing and mood',
  phone: '+00 123 456 789',
  envelopes: [
    { label: 'K7Q4M2XP', holds: active },
    { label: 'B3HZ9TWC', holds: mixed },
  ],
};

/** Words that are seen without opening: those of the top third. The middle is a pattern, the bottom is inside. */
const outside = (words: ReturnType<typeof wordsOf>) => words.filter(({ top }) => top < A4_HEIGHT / 3 - 1);

describe('code-break envelopes', () => {
  it('show the same outside whatever they hold', { skip: withoutPoppler }, async () => {
    const swapped = paper.envelopes.map((one) => ({ ...one, holds: one.holds === active ? mixed : active }));
    const here = wordsOf(await printCodeBreakEnvelopes(paper));
    const there = wordsOf(await printCodeBreakEnvelopes({ ...paper, envelopes: swapped }));
    assert.deepEqual(outside(here), outside(there));
    assert.ok(outside(here).some(({ text }) => text === 'K7Q4M2XP'));
    assert.notDeepEqual(here, there);
  });

  it('keep the allocation in the bottom third, below the fold', { skip: withoutPoppler }, async () => {
    const telling = wordsOf(await printCodeBreakEnvelopes(paper)).filter(({ text }) => /placebo|psilocybin/.test(text));
    assert.equal(telling.length, 3);
    for (const { top } of telling) assert.ok(top > (A4_HEIGHT * 2) / 3);
  });

  it('are one page each, in the order of their labels', { skip: withoutPoppler }, async () => {
    const words = outside(wordsOf(await printCodeBreakEnvelopes(paper)));
    const labels = words.filter(({ text }) => /^[A-Z0-9]{8}$/.test(text)).map(({ page, text }) => [page, text]);
    assert.deepEqual(labels, [
      [0, 'B3HZ9TWC'],
      [1, 'K7Q4M2XP'],
    ]);
  });

  it('refuse texts that would reach over a fold', async () => {
    const envelopes = [{ label: 'K7Q4M2XP', holds: ['psilocybin and more '.repeat(60)] }];
    await assert.rejects(printCodeBreakEnvelopes({ ...paper, envelopes }), { code: 'does_not_fit' });
    const words = { before: ['Open only in need. '.repeat(80)] };
    await assert.rejects(printCodeBreakEnvelopes({ ...paper, words }), { code: 'does_not_fit', message: /outside/ });
  });
});
