/** DASS-21: depression, anxiety and stress over the past week; scores doubled to the scale of the 42-item form. */
import type { Band, Instrument, ScoreDefinition } from '../instrument.ts';
import { choice, numbered, sum } from '../item.ts';

const bands = (...from: readonly [number, number, number, number]): readonly Band[] => [
  { from: 0, label: 'normal' },
  { from: from[0], label: 'mild' },
  { from: from[1], label: 'moderate' },
  { from: from[2], label: 'severe' },
  { from: from[3], label: 'extremely severe' },
];

const scale = (
  id: string,
  label: string,
  itemNumbers: readonly number[],
  cutoffs: readonly Band[],
  r: number,
  undoubledSd: number,
): ScoreDefinition => ({
  id,
  label,
  compute: sum(
    itemNumbers.map((n) => `q${n}`),
    {
      kind: 'prorate',
      atMost: 1,
      source: 'Mean of the answered items for one missing of seven: DASS authors, answers to common questions',
      evidence: 'memory',
    },
    2,
  ),
  range: { min: 0, max: 42 },
  bands: cutoffs,
  bandsSource: 'Lovibond & Lovibond 1995',
  reliableChange: {
    r,
    sd: 2 * undoubledSd,
    source: 'Alpha and SD of the UK general population, Henry & Crawford 2005, SD doubled with the score',
    evidence: 'memory',
  },
  better: 'lower',
});

export const dass21: Instrument = {
  id: 'dass-21',
  version: '1.0.0',
  licence: {
    kind: 'public-domain',
    statement: 'Public domain: the questionnaire may be copied and used without permission; the manual is sold.',
    source: 'Statement of the DASS authors',
    attribution:
      'Lovibond SH, Lovibond PF. Manual for the Depression Anxiety Stress Scales, 2nd ed. Psychology Foundation, Sydney 1995.',
  },
  citation: 'Lovibond PF, Lovibond SH. Behav Res Ther 1995;33:335-343.',
  administeredBy: 'participant',
  recallPeriod: 'P7D',
  estimatedSeconds: 180,
  responseSets: { applied: [0, 1, 2, 3] },
  items: numbered('q', 21).map((id) => choice(id, 'applied')),
  scoring: {
    scores: [
      scale('depression', 'DASS-21 depression', [3, 5, 10, 13, 16, 17, 21], bands(10, 14, 21, 28), 0.88, 3.87),
      scale('anxiety', 'DASS-21 anxiety', [2, 4, 7, 9, 15, 19, 20], bands(8, 10, 15, 20), 0.82, 2.95),
      scale('stress', 'DASS-21 stress', [1, 6, 8, 11, 12, 14, 18], bands(15, 19, 26, 34), 0.9, 4.2),
    ],
  },
  safetyFlags: [],
  texts: {
    en: {
      title: 'DASS-21',
      instructions:
        'Please read each statement and choose how much the statement applied to you over the past week. There are no right or wrong answers. Do not spend too much time on any statement.',
      items: {
        q1: 'I found it hard to wind down',
        q2: 'I was aware of dryness of my mouth',
        q3: "I couldn't seem to experience any positive feeling at all",
        q4: 'I experienced breathing difficulty (e.g. excessively rapid breathing, breathlessness in the absence of physical exertion)',
        q5: 'I found it difficult to work up the initiative to do things',
        q6: 'I tended to over-react to situations',
        q7: 'I experienced trembling (e.g. in the hands)',
        q8: 'I felt that I was using a lot of nervous energy',
        q9: 'I was worried about situations in which I might panic and make a fool of myself',
        q10: 'I felt that I had nothing to look forward to',
        q11: 'I found myself getting agitated',
        q12: 'I found it difficult to relax',
        q13: 'I felt down-hearted and blue',
        q14: 'I was intolerant of anything that kept me from getting on with what I was doing',
        q15: 'I felt I was close to panic',
        q16: 'I was unable to become enthusiastic about anything',
        q17: "I felt I wasn't worth much as a person",
        q18: 'I felt that I was rather touchy',
        q19: 'I was aware of the action of my heart in the absence of physical exertion (e.g. sense of heart rate increase, heart missing a beat)',
        q20: 'I felt scared without any good reason',
        q21: 'I felt that life was meaningless',
      },
      options: {
        applied: {
          0: 'Did not apply to me at all',
          1: 'Applied to me to some degree, or some of the time',
          2: 'Applied to me to a considerable degree or a good part of time',
          3: 'Applied to me very much or most of the time',
        },
      },
    },
  },
};
