import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagesOf, withoutPoppler } from '../test-pdf.ts';
import { type Destruction, printDestruction } from './destruction.ts';
import { printRegister, type Register, type RegisterRow } from './register.ts';

const common = { language: 'en', printedAt: '2026-01-02T03:04:05Z', paper: 'a4' } as const;
const row = (number: number, balance: string, more: Partial<RegisterRow>): RegisterRow => ({
  number,
  date: '2026-01-05',
  what: 'Entry',
  reference: 'R',
  balance,
  by: 'A. One',
  ...more,
});
const register: Register = {
  ...common,
  substance: 'Psilocybin',
  place: 'Cabinet 2',
  unit: 'g',
  period: '2026-01',
  opening: '0.1',
  rows: [
    row(1, '0.3', { received: '0.2' }),
    row(2, '0.05', { issued: '0.25' }),
    row(5, '0.06', { received: '0.010', corrects: 2, what: 'Ten milligrams less' }),
  ],
};

describe('a register of a controlled substance', () => {
  it('prints every row, and beside a corrected one the row that corrects it', { skip: withoutPoppler }, async () => {
    const text = pagesOf(await printRegister(register)).join('');
    assert.match(text, /Corrects entry 2\. Ten milligrams less/);
    assert.match(text, /Entry \(corrected by entry 5\)/);
    assert.match(text, /Balance at the end\s+0\.06/);
  });

  it('says UNBLINDED on every page and repeats its head', { skip: withoutPoppler }, async () => {
    const rows = Array.from({ length: 80 }, (_, index) => row(index + 1, String(index + 1), { received: '1' }));
    const pages = pagesOf(await printRegister({ ...register, opening: '0', rows }));
    assert.ok(pages.length > 1);
    for (const page of pages) {
      assert.equal(page.split('UNBLINDED').length, 3);
      if (page.includes('A. One')) assert.match(page, /Entered by/);
    }
  });

  it('is refused when it does not add up, exactly', async () => {
    const off = (rows: readonly RegisterRow[]) => async () => printRegister({ ...register, rows });
    await assert.rejects(off([row(1, '0.29999999', { received: '0.2' })]), { message: /Row 1 gives the balance/ });
    await assert.rejects(off([row(1, '0', { issued: '0.2' })]), { code: 'bad_input' });
    await assert.rejects(off([row(1, '-0.1', { issued: '0.2' })]), { message: /no amount/ });
    await assert.rejects(off([row(2, '0.1', {}), row(2, '0.1', {})]), { message: /stands after row 2/ });
    await assert.rejects(off([row(2, '0.1', { corrects: 3 }), row(3, '0.1', {})]), { message: /no earlier row/ });
  });
});

describe('a certificate of destruction', () => {
  const certificate: Destruction = {
    ...common,
    studyTitle: 'Micro-dosing and mood',
    number: 'D-3',
    place: 'Pharmacy',
    when: '2026-04-02 14:10 Europe/Zurich',
    method: 'Incinerated',
    items: [{ identifier: 'K7Q4M2XP', what: 'Study capsules', quantity: '3', reason: 'returned' }],
    witnesses: [
      { name: 'A. One', role: 'pharmacist' },
      { name: 'B. Two', role: 'technician' },
    ],
    unblinded: false,
  };

  it('names what was destroyed and both witnesses', { skip: withoutPoppler }, async () => {
    const text = pagesOf(await printDestruction(certificate)).join('');
    for (const part of ['K7Q4M2XP', 'Incinerated', 'A. One', 'B. Two']) assert.ok(text.includes(part), part);
    assert.doesNotMatch(text, /UNBLINDED/);
    const told = pagesOf(await printDestruction({ ...certificate, unblinded: true })).join('');
    assert.equal(told.split('UNBLINDED').length, 3);
  });

  it('is refused when one person is both witnesses', async () => {
    const witnesses = [
      { name: 'A. One', role: 'pharmacist' },
      { name: ' a. one', role: 'technician' },
    ] as const;
    await assert.rejects(async () => printDestruction({ ...certificate, witnesses }), { message: /two people/ });
  });
});
