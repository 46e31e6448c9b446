/** HAM-D 17: the total of a clinician's interview. The interview itself is held on paper; no item text is here. */
import type { Instrument } from '../instrument.ts';
import { number } from '../item.ts';

export const hamd17Total: Instrument = {
  id: 'ham-d-17-total',
  version: '1.0.0',
  licence: {
    kind: 'public-domain',
    statement: 'Only the total of an interview held elsewhere is recorded; no wording of the scale is reproduced.',
    source: 'The scale itself is in the public domain',
    attribution: 'Hamilton M. J Neurol Neurosurg Psychiatry 1960;23:56-62.',
  },
  citation: 'Hamilton M. A rating scale for depression. J Neurol Neurosurg Psychiatry 1960;23:56-62.',
  administeredBy: 'clinician',
  recallPeriod: 'P7D',
  estimatedSeconds: 30,
  responseSets: {},
  items: [number('total', { min: 0, max: 52, unit: 'points' })],
  scoring: {
    scores: [
      {
        id: 'total',
        label: 'HAM-D 17 total',
        compute: { kind: 'item', item: 'total' },
        range: { min: 0, max: 52 },
        bands: [
          { from: 0, label: 'none, or in remission' },
          { from: 8, label: 'mild' },
          { from: 14, label: 'moderate' },
          { from: 19, label: 'severe' },
          { from: 23, label: 'very severe' },
        ],
        bandsSource: 'Cut-offs 8, 14, 19, 23; remission at 7 or below',
        better: 'lower',
      },
    ],
  },
  safetyFlags: [],
  texts: {
    en: {
      title: 'HAM-D 17, total',
      instructions: 'Enter the total of the interview. Interview score sheets stay in the source file.',
      items: { total: { text: 'Total of the 17 items', help: '0 to 52' } },
      options: {},
    },
  },
};
