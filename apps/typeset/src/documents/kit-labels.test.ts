import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cut, pictureOf, readQr, type Word, withoutPoppler, wordsOf } from '../test-pdf.ts';
import { type KitLabels, LABEL_SHEETS, type LabelSheetName, printKitLabels } from './kit-labels.ts';

const POINTS_PER_MM = 72 / 25.4;
const kits = Array.from({ length: 30 }, (_, index) => `QWQ${String(index).padStart(2, '0')}MQW`);

const plain: KitLabels = {
  language: 'en',
  printedAt: '2026-01-02T03:04:05Z',
  sheet: 'a4-3x8',
  studyTitle: 'Micro-dosing and mood',
  labels: kits,
  contents: 'Study capsules: 14, for oral use',
  lot: 'Lot 2026-A',
  expiry: 'Use before 2027-03-31',
  lines: [
    'Store below 25 °C, dry and in the dark',
    'For clinical trial use only',
    'Sponsor and site: University Hospital, 12 Example Street, +00 123 456 789',
    'Keep out of reach of children',
  ],
};

/** As long as the smallest sheet takes; one line more is refused. */
const longest: KitLabels = {
  ...plain,
  studyTitle: 'Mikrodosierung und Aufmerksamkeitsdefizit-Hyperaktivitätsstörung im Erwachsenenalter',
  lines: [
    'Nicht über 25 °C und trocken lagern; vor Licht schützen',
    'Nur zur klinischen Prüfung bestimmt',
    'Sponsor und Prüfstelle: Universitätsklinikum, Beispielstraße 12, +00 123 456 789',
    'Arzneimittel für Kinder unzugänglich aufbewahren',
  ],
};

/** In which cell of its sheet a word stands; undefined where it reaches over an edge. */
function cellOf(word: Word, sheet: LabelSheetName): number | undefined {
  const { left, top, width, height, gapX, columns, rows } = LABEL_SHEETS[sheet];
  const column = Math.floor((word.left / POINTS_PER_MM - left) / (width + gapX));
  const row = Math.floor((word.top / POINTS_PER_MM - top) / height);
  const x = (left + column * (width + gapX)) * POINTS_PER_MM;
  const y = (top + row * height) * POINTS_PER_MM;
  const inside = word.right <= x + width * POINTS_PER_MM && word.bottom <= y + height * POINTS_PER_MM;
  return inside ? word.page * columns * rows + row * columns + column : undefined;
}

/** The words of every label, in reading order. */
function labelTexts(pdf: Uint8Array, sheet: LabelSheetName): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  for (const word of wordsOf(pdf)) {
    const cell = cellOf(word, sheet);
    assert.ok(cell !== undefined, `${word.text} reaches over the edge of its label`);
    texts.set(cell, `${texts.get(cell) ?? ''} ${word.text}`.trim());
  }
  return texts;
}

describe('kit labels', () => {
  it('are the same bytes whatever the order in which kits were made', async () => {
    const straight = await printKitLabels(plain);
    const reversed = await printKitLabels({ ...plain, labels: kits.toReversed() });
    assert.ok(Buffer.from(straight).equals(reversed));
  });

  for (const sheet of Object.keys(LABEL_SHEETS) as LabelSheetName[]) {
    it(`keep every word inside its label on ${sheet}, the longest texts too`, { skip: withoutPoppler }, async () => {
      for (const input of [plain, longest]) {
        const texts = labelTexts(await printKitLabels({ ...input, sheet }), sheet);
        assert.equal(texts.size, kits.length);
      }
    });
  }

  it('differ in nothing but the label', { skip: withoutPoppler }, async () => {
    const texts = [...labelTexts(await printKitLabels(plain), 'a4-3x8').values()];
    const rest = texts.map((text, index) => {
      const kit = kits[index] ?? '';
      return text.replace(kit.slice(0, 4), '').replace(kit.slice(4), '');
    });
    assert.equal(new Set(rest).size, 1);
    for (const part of ['Micro-dosing and mood', 'Study capsules: 14', 'Lot 2026-A', 'Use before 2027-03-31'])
      assert.ok(rest[0]?.includes(part), `${part} is on the label`);
  });

  it('carry a code that a camera reads as the label', { skip: withoutPoppler }, async () => {
    const dotsPerInch = 200;
    const page = pictureOf(await printKitLabels(plain), 1, dotsPerInch);
    const { columns, width, height, top } = LABEL_SHEETS['a4-3x8'];
    const dots = (millimetres: number) => Math.floor((millimetres / 25.4) * dotsPerInch);
    for (let cell = 0; cell < 24; cell += 1) {
      const x = dots((cell % columns) * width);
      const y = dots(top + Math.floor(cell / columns) * height);
      assert.equal(readQr(cut(page, x, y, dots(width) - 2, dots(height) - 2)), kits[cell]);
    }
  });

  it('leave the labels free that a sheet has used up', { skip: withoutPoppler }, async () => {
    const texts = labelTexts(await printKitLabels({ ...plain, skip: 5, labels: kits.slice(0, 2) }), 'a4-3x8');
    assert.deepEqual([...texts.keys()], [5, 6]);
  });

  it('refuse what does not fit, cannot be drawn, or stands twice', async () => {
    const long = { ...longest, lines: [...longest.lines, 'Eine Zeile mehr, als auf das kleinste Etikett passt'] };
    await assert.rejects(printKitLabels(long), { code: 'does_not_fit', message: /the lines of the label/ });
    await assert.rejects(printKitLabels({ ...plain, studyTitle: 'x'.repeat(200) }), { code: 'does_not_fit' });
    await assert.rejects(printKitLabels({ ...plain, lines: ['保管'] }), { code: 'missing_glyph', message: /U\+4FDD/ });
    await assert.rejects(async () => printKitLabels({ ...plain, labels: ['A', 'B', 'A'] }), {
      code: 'bad_input',
      message: /A stands twice/,
    });
    await assert.rejects(async () => printKitLabels({ ...plain, labels: [] }), { code: 'bad_input' });
    await assert.rejects(async () => printKitLabels({ ...plain, skip: 24 }), { code: 'bad_input' });
  });
});
