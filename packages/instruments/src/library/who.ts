/** WHO-5: well-being over two weeks, in five statements. */
import type { Instrument } from '../instrument.ts';
import { choice, numbered, sum } from '../item.ts';

export const who5: Instrument = {
  id: 'who-5',
  version: '1.0.0',
  licence: {
    kind: 'free-with-terms',
    statement:
      'Free for non-commercial use with attribution under CC BY-NC-SA 3.0 IGO: changes are shared alike, and commercial use needs permission of the World Health Organization.',
    source: 'World Health Organization, The World Health Organization-Five Well-Being Index (WHO-5), 2024',
    attribution: 'WHO-5 Well-Being Index, World Health Organization, CC BY-NC-SA 3.0 IGO',
  },
  citation:
    'Topp CW, Østergaard SD, Søndergaard S, Bech P. The WHO-5 Well-Being Index: a systematic review of the literature. Psychother Psychosom 2015;84:167-176.',
  administeredBy: 'participant',
  recallPeriod: 'P14D',
  estimatedSeconds: 61,
  responseSets: { frequency: [5, 4, 3, 2, 1, 0] },
  items: numbered('q', 5).map((id) => choice(id, 'frequency')),
  scoring: {
    scores: [
      {
        id: 'total',
        label: 'WHO-5 well-being, percent',
        compute: sum(
          numbered('q', 5),
          { kind: 'none', source: 'The index is the sum of all five answers times four' },
          4,
        ),
        range: { min: 0, max: 100 },
        bands: [
          { from: 0, label: 'very low well-being' },
          { from: 29, label: 'low well-being' },
          { from: 51, label: 'usual well-being' },
        ],
        bandsSource: 'Topp 2015: 28 or less, and 50 or less, of 100',
        better: 'higher',
      },
    ],
  },
  safetyFlags: [],
  texts: {
    en: {
      title: 'WHO-5 Well-Being Index',
      instructions:
        'Please indicate for each of the five statements which is closest to how you have been feeling over the last two weeks.',
      items: {
        q1: 'I have felt cheerful and in good spirits',
        q2: 'I have felt calm and relaxed',
        q3: 'I have felt active and vigorous',
        q4: 'I woke up feeling fresh and rested',
        q5: 'My daily life has been filled with things that interest me',
      },
      options: {
        frequency: {
          5: 'All of the time',
          4: 'Most of the time',
          3: 'More than half of the time',
          2: 'Less than half of the time',
          1: 'Some of the time',
          0: 'At no time',
        },
      },
    },
  },
};
