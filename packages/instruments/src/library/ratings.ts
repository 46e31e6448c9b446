/** Short own rating sets: on the capsule day, the day after, and what people expect. */
import type { Instrument, ItemText, ScoreDefinition } from '../instrument.ts';
import { ownLicence, rating, ratingScore } from '../item.ts';

type RatingRow = readonly [id: string, label: string, better: 'higher' | 'lower' | null, words: ItemText];

type RatingSet = {
  readonly id: string;
  readonly citation: string;
  readonly recallPeriod: string;
  readonly estimatedSeconds: number;
  readonly title: string;
  readonly instructions: string;
  readonly rows: readonly RatingRow[];
  readonly extraScores?: readonly ScoreDefinition[];
};

const ratingSet = (set: RatingSet): Instrument => ({
  id: set.id,
  version: '1.0.0',
  licence: ownLicence,
  citation: set.citation,
  administeredBy: 'participant',
  recallPeriod: set.recallPeriod,
  estimatedSeconds: set.estimatedSeconds,
  responseSets: {},
  items: set.rows.map(([id]) => rating(id)),
  scoring: {
    scores: [
      ...set.rows.map(([id, label, better]) => ratingScore(id, label, better ?? undefined)),
      ...(set.extraScores ?? []),
    ],
  },
  safetyFlags: [],
  texts: {
    en: {
      title: set.title,
      instructions: set.instructions,
      items: Object.fromEntries(set.rows.map(([id, , , words]) => [id, words])),
      options: {},
    },
  },
});

export const acuteRatings = ratingSet({
  id: 'acute-ratings',
  citation: 'Own form, for capsule days.',
  recallPeriod: 'PT0S',
  estimatedSeconds: 25,
  title: 'Right now',
  instructions: 'Some hours after your capsule: how are you at this moment?',
  rows: [
    [
      'intensity',
      'Intensity',
      null,
      { text: 'How strongly do you feel any effect?', low: 'No effect', high: 'Very strongly' },
    ],
    ['energy', 'Energy', 'higher', { text: 'How much energy do you have?', low: 'None', high: 'A great deal' }],
    ['mood', 'Mood', 'higher', { text: 'How is your mood?', low: 'Very low', high: 'Very good' }],
    [
      'creativity',
      'Creativity',
      'higher',
      { text: 'How easily do new ideas come?', low: 'Not at all', high: 'Very easily' },
    ],
    [
      'focus',
      'Focus',
      'higher',
      { text: 'How well can you keep your mind on one thing?', low: 'Not at all', high: 'Very well' },
    ],
    ['temper', 'Temper', 'higher', { text: 'How patient do you feel?', low: 'Easily annoyed', high: 'Very patient' }],
  ],
});

export const postAcute = ratingSet({
  id: 'post-acute',
  citation: 'Own form, for the day after a capsule.',
  recallPeriod: 'P1D',
  estimatedSeconds: 25,
  title: 'The day after',
  instructions: 'Think of the day since your last capsule day.',
  rows: [
    ['mood', 'Mood', 'higher', { text: 'How has your mood been?', low: 'Very low', high: 'Very good' }],
    ['energy', 'Energy', 'higher', { text: 'How much energy have you had?', low: 'None', high: 'A great deal' }],
    [
      'focus',
      'Focus',
      'higher',
      { text: 'How well could you keep your mind on things?', low: 'Not at all', high: 'Very well' },
    ],
    ['calm', 'Calm', 'higher', { text: 'How calm have you been?', low: 'Not at all', high: 'Completely' }],
    [
      'connectedness',
      'Connectedness',
      'higher',
      { text: 'How close have you felt to others?', low: 'Cut off', high: 'Very close' },
    ],
    [
      'sleepQuality',
      'Sleep quality',
      'higher',
      { text: 'How well did you sleep?', low: 'Very badly', high: 'Very well' },
    ],
  ],
});

const expected = ['expectMood', 'expectFocus', 'expectCreativity', 'expectCalm', 'expectWellbeing'];
const hope = { low: 'Not at all', high: 'Very much' };

export const expectancy = ratingSet({
  id: 'expectancy',
  citation: 'Own form, asked before the first capsule.',
  recallPeriod: 'PT0S',
  estimatedSeconds: 30,
  title: 'What you expect',
  instructions: 'Before you start: what do you think micro-dosing would do for you? There is no right answer.',
  rows: [
    ['expectMood', 'Expected: mood', null, { text: 'How much do you expect it to lift your mood?', ...hope }],
    ['expectFocus', 'Expected: focus', null, { text: 'How much do you expect it to sharpen your focus?', ...hope }],
    [
      'expectCreativity',
      'Expected: creativity',
      null,
      { text: 'How much do you expect it to make you more creative?', ...hope },
    ],
    ['expectCalm', 'Expected: calm', null, { text: 'How much do you expect it to make you calmer?', ...hope }],
    [
      'expectWellbeing',
      'Expected: well-being',
      null,
      { text: 'How much do you expect it to improve your life as a whole?', ...hope },
    ],
    [
      'confidence',
      'Sureness',
      null,
      { text: 'How sure are you of these expectations?', low: 'Not at all', high: 'Completely' },
    ],
  ],
  extraScores: [
    {
      id: 'expectation',
      label: 'Mean expectation',
      compute: { kind: 'mean', items: expected },
      range: { min: 0, max: 100 },
    },
  ],
});
