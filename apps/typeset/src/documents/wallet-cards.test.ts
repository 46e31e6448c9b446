import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cut, pagesOf, pictureOf, readQr, withoutPoppler } from '../test-pdf.ts';
import { printWalletCards, type WalletCards } from './wallet-cards.ts';

const cards: WalletCards = {
  language: 'en',
  printedAt: '2026-01-02T03:04:05Z',
  paper: 'a4',
  studyTitle: 'Micro-dosing and mood',
  numbers: ['4820 1937 5', '1119 2231 0', '5550 1234 8'],
  mayContain: 'placebo, or psilocybin up to 5 mg.',
  phone: '+00 123 456 789',
  web: 'example.org/break',
  codeAddress: 'https://example.org/break?card={number}',
  lines: ['Trial: EX-1'],
};

describe('a wallet card', () => {
  it('says what may have been taken, whom to ask, and its number', { skip: withoutPoppler }, async () => {
    const [page = '', ...more] = pagesOf(await printWalletCards(cards));
    assert.equal(more.length, 0);
    for (const part of [...cards.numbers, '+00 123 456 789', 'example.org/break', 'psilocybin'])
      assert.ok(page.includes(part), part);
  });

  it('has a code that opens the emergency page with the number', { skip: withoutPoppler }, async () => {
    const dotsPerInch = 200;
    const page = pictureOf(await printWalletCards({ ...cards, numbers: ['4820 1937 5'] }), 1, dotsPerInch);
    const half = Math.floor(page.width / 2);
    const back = cut(page, half, 0, half, Math.floor(page.height / 3));
    assert.equal(readQr(back), 'https://example.org/break?card=4820%201937%205');
  });

  it('refuses texts that the card cannot hold', async () => {
    const mayContain = 'one of many things. '.repeat(40);
    await assert.rejects(printWalletCards({ ...cards, mayContain }), { code: 'does_not_fit', message: /the front/ });
    await assert.rejects(printWalletCards({ ...cards, phone: '+00 123 456 789 123 456 789 123 456' }), {
      code: 'does_not_fit',
      message: /the back/,
    });
  });
});
