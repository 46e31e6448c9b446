import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cut, pagesOf, pictureOf, readQr, withoutPoppler } from '../test-pdf.ts';
import { LABEL_SHEETS } from './kit-labels.ts';
import {
  type Envelope,
  type EnvelopeLabels,
  printEnvelopeLabels,
  printLeftoverSeal,
  printPackingChecklist,
} from './self-blinding.ts';

const common = { language: 'en', printedAt: '2026-01-02T03:04:05Z', studyTitle: 'Micro-dosing and mood' } as const;
const envelopes: readonly Envelope[] = [
  { name: 'K7Q2M-9XTR4', token: '6Z3Q8TY0ABCDEFGHJKMNPQRSTV' },
  { name: 'amber fox river', token: '0123456789ABCDEFGHJKMNPQRS' },
];
const labels: EnvelopeLabels = { ...common, sheet: 'a4-2x4', envelopes, lines: ['Open only when the app says so.'] };

describe('envelope labels', () => {
  it('are the same bytes whatever the order in which envelopes were made', async () => {
    const straight = Buffer.from(await printEnvelopeLabels(labels));
    assert.ok(straight.equals(await printEnvelopeLabels({ ...labels, envelopes: envelopes.toReversed() })));
  });

  it('carry the token and nothing else in the code', { skip: withoutPoppler }, async () => {
    const page = pictureOf(await printEnvelopeLabels(labels), 1, 200);
    const { left, top, width, height } = LABEL_SHEETS['a4-2x4'];
    const dots = (millimetres: number) => Math.floor((millimetres / 25.4) * 200);
    const first = cut(page, dots(left), dots(top), dots(width), dots(height));
    assert.equal(readQr(first), '6Z3Q8TY0ABCDEFGHJKMNPQRSTV');
  });

  it('refuse a token that is no 128 bits, and one that stands twice', async () => {
    const [one] = envelopes;
    assert.ok(one !== undefined);
    for (const token of ['1234', `${one.token}0`, 'week-1-placebo'])
      await assert.rejects(async () => printEnvelopeLabels({ ...labels, envelopes: [{ name: 'a', token }] }), {
        code: 'bad_input',
      });
    const twins = [one, { name: 'another', token: one.token }];
    await assert.rejects(async () => printEnvelopeLabels({ ...labels, envelopes: twins }), { code: 'bad_input' });
  });
});

describe('a packing checklist', () => {
  it('has every step, the table of weights and every envelope', { skip: withoutPoppler }, async () => {
    const names = envelopes.map(({ name }) => name);
    const steps = ['Count the capsules.', 'Close each envelope before the next.'];
    const input = { ...common, paper: 'a4', names, steps } as const;
    const text = pagesOf(await printPackingChecklist({ ...input, weighings: 3 })).join('');
    for (const part of [...steps, ...names, 'Weigh three capsules']) assert.ok(text.includes(part), part);
    assert.doesNotMatch(pagesOf(await printPackingChecklist({ ...input, weighings: 0 })).join(''), /Weigh/);
  });
});

describe('the seal of what is left over', () => {
  const seal = { ...common, paper: 'a4', code: '7KQ2-M9XA', steps: ['Glue it over the flap.'] } as const;

  it('shows its code in letters and as a QR code', { skip: withoutPoppler }, async () => {
    const pdf = await printLeftoverSeal(seal);
    assert.match(pagesOf(pdf).join(''), /7\s*K\s*Q\s*2\s*-\s*M\s*9\s*X\s*A/);
    assert.equal(readQr(pictureOf(pdf, 1, 150)), '7KQ2-M9XA');
  });

  it('refuses a code too long to copy', async () => {
    await assert.rejects(async () => printLeftoverSeal({ ...seal, code: 'A'.repeat(17) }), { code: 'bad_input' });
  });
});
