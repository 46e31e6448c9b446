import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagesOf, withoutPoppler } from '../test-pdf.ts';
import { type PackedKit, type PackingList, printPackingList } from './packing-list.ts';
import { type PackingSlip, printPackingSlip } from './packing-slip.ts';

const labels = Array.from({ length: 90 }, (_, index) => `B7Q${String(index).padStart(2, '0')}MXP`);
const common = {
  language: 'en',
  printedAt: '2026-01-02T03:04:05Z',
  paper: 'a4',
  studyTitle: 'Micro-dosing and mood',
} as const;
const slip: PackingSlip = {
  ...common,
  shipment: 'S-4K2',
  from: 'Pharmacy',
  to: 'Site North',
  lot: '2026-A',
  expiry: '2027-03-31',
  storage: 'Below 25 °C, dry and in the dark',
  capsulesPerKit: 14,
  labels,
};
const active: PackedKit['contents'] = [{ doses: '1 to 14', holds: 'Psilocybin 3.1 mg', batch: 'B-12', capsules: 14 }];
const mixed: PackedKit['contents'] = [
  { doses: '1 to 4', holds: 'Placebo', batch: 'P-3', capsules: 4 },
  { doses: '5 to 14', holds: 'Psilocybin 3.1 mg', batch: 'B-12', capsules: 10 },
];
const list: PackingList = {
  ...common,
  kits: labels.map((label, index) => ({ label, contents: index % 3 === 0 ? mixed : active })),
};

describe('a packing slip', () => {
  it('is the same bytes whatever the order in which kits were packed', async () => {
    const straight = await printPackingSlip(slip);
    assert.ok(Buffer.from(straight).equals(await printPackingSlip({ ...slip, labels: labels.toReversed() })));
  });

  it('names every kit once and their number', { skip: withoutPoppler }, async () => {
    const text = pagesOf(await printPackingSlip(slip)).join('\n');
    const found = [...text.matchAll(/B7Q\d\s\d\s*MXP|B7Q\d\s?\dMXP/g)].map(([label]) => label.replace(/\s/g, ''));
    assert.deepEqual(found.sort(), labels);
    assert.match(text, /Kits in this shipment\s+90/);
    assert.doesNotMatch(text, /UNBLINDED/);
  });
});

describe('a packing list of the pharmacy', () => {
  it('says UNBLINDED above and below every page', { skip: withoutPoppler }, async () => {
    const pages = pagesOf(await printPackingList(list));
    assert.ok(pages.length > 1, 'the list has more than one page');
    for (const page of pages) assert.equal(page.split('UNBLINDED').length, 3);
  });

  it('gives the batch and capsules of every kit', { skip: withoutPoppler }, async () => {
    const text = pagesOf(await printPackingList(list)).join('\n');
    assert.equal(text.split('P-3').length - 1, 30);
    assert.equal(text.split('B-12').length - 1, 90);
  });

  it('refuses a kit that holds nothing and one that stands twice', async () => {
    const [kit] = list.kits;
    await assert.rejects(async () => printPackingList({ ...list, kits: [{ label: 'X', contents: [] }] }), {
      code: 'bad_input',
    });
    assert.ok(kit !== undefined);
    await assert.rejects(async () => printPackingList({ ...list, kits: [kit, kit] }), { code: 'bad_input' });
  });
});
