import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagesOf, withoutPoppler } from '../test-pdf.ts';
import { type ConsentCopy, printConsentCopy } from './consent-copy.ts';
import { type PrintedSynopsis, printSynopsis } from './synopsis.ts';

const common = { language: 'en', printedAt: '2026-01-02T03:04:05Z', paper: 'a4' } as const;
/** Lines of a page are joined, since texts wrap. */
const textOf = (pdf: Uint8Array) => pagesOf(pdf).join(' ').replace(/\s+/g, ' ');

describe('a synopsis on paper', () => {
  const synopsis: PrintedSynopsis = {
    ...common,
    running: 'trial 1.2.0',
    title: 'A trial of small doses',
    lead: 'Synopsis',
    sections: [
      {
        title: 'Identity',
        blocks: [
          {
            kind: 'facts',
            rows: [
              ['Version', '1.2.0'],
              ['Inclusion', { items: ['Adults', 'Able to consent'] }],
            ],
          },
          { kind: 'paragraph', text: 'It = *is* #not $markup$ <here> @all.' },
        ],
      },
      {
        title: 'Arms',
        blocks: [
          { kind: 'heading', text: 'All of them' },
          {
            kind: 'table',
            head: ['Arm', 'Share'],
            rows: [
              ['Placebo', '1'],
              ['Methylphenidate', '2'],
            ],
          },
          { kind: 'table', head: ['Nothing', 'at all'], rows: [] },
          { kind: 'list', items: ['A source'] },
        ],
      },
    ],
  };

  it('holds every section, and words stay words', { skip: withoutPoppler }, async () => {
    const text = textOf(await printSynopsis(synopsis));
    const parts = ['A trial of small doses', 'Able to consent', 'It = *is* #not $markup$ <here> @all.', 'A source'];
    for (const part of [...parts, 'Methylphenidate']) assert.ok(text.includes(part), part);
  });

  it('has headings, lists and tables that a screen reader finds', async () => {
    const text = Buffer.from(await printSynopsis(synopsis)).toString('latin1');
    for (const tag of ['H1', 'H2', 'H3', 'Table', 'TH', 'L', 'LBody']) assert.match(text, new RegExp(`/S /${tag}\\b`));
  });
});

describe('a copy of the consent', () => {
  const copy: ConsentCopy = {
    ...common,
    studyTitle: 'Small doses',
    heading: 'Taking part',
    version: '1.0',
    sections: [{ heading: 'Why we ask you', text: 'First paragraph.\n\nSecond paragraph.' }],
    choices: [{ question: 'We may ask you again', answer: 'No' }],
    signatures: [{ role: 'Participant', name: 'P. One', signedAt: '2 January 2026, 09:12', how: 'Signed in the app.' }],
    contact: '+00 123 456 789',
    hash: 'ab12',
  };

  it('holds the text, the choices, who signed and whom to ask', { skip: withoutPoppler }, async () => {
    const text = textOf(await printConsentCopy(copy));
    const parts = ['Why we ask you', 'First paragraph. Second paragraph.', 'We may ask you again No', 'P. One'];
    for (const part of [...parts, '2 January 2026, 09:12', '+00 123 456 789', 'ab12'])
      assert.ok(text.includes(part), part);
  });

  it('is refused without a signature', async () => {
    await assert.rejects(async () => printConsentCopy({ ...copy, signatures: [] }), { code: 'bad_input' });
  });
});
