/** What people think they took: asked after the outcomes of the same day, before any result is seen. */
import type { Condition, Instrument } from '../instrument.ts';
import { choice, multiChoice, ownLicence, rating, ratingScore } from '../item.ts';

export type GuessOptions = {
  /** What is guessed: one capsule, or a period such as a week or an arm. */
  readonly about?: 'capsule' | 'period';
  /** Leave out "don't know". */
  readonly forcedChoice?: boolean;
};

export const guessCues = [
  'none',
  'mind',
  'senses',
  'mood',
  'energy',
  'body',
  'sideEffects',
  'noEffect',
  'capsule',
  'told',
  'other',
] as const;

const gaveAGuess: Condition = { item: 'guess', oneOf: ['active', 'placebo'] };

/** The four variants have ids of their own: `treatment-guess`, `-forced`, `-period`, `-period-forced`. */
export function treatmentGuess(options: GuessOptions = {}): Instrument {
  const period = options.about === 'period';
  const forced = options.forcedChoice === true;
  const what = period ? 'this period' : "today's capsule";
  return {
    id: `treatment-guess${period ? '-period' : ''}${forced ? '-forced' : ''}`,
    version: '1.0.0',
    licence: ownLicence,
    citation: 'Own form; answers feed the Bang and James indices.',
    administeredBy: 'participant',
    recallPeriod: period ? 'P7D' : 'P1D',
    estimatedSeconds: 15,
    responseSets: { guess: forced ? ['active', 'placebo'] : ['active', 'placebo', 'dontKnow'], cues: guessCues },
    items: [
      choice('guess', 'guess'),
      rating('confidence', { showWhen: gaveAGuess }),
      multiChoice('cues', 'cues', { exclusive: 'none', showWhen: gaveAGuess }),
    ],
    scoring: {
      scores: [
        {
          id: 'guessActive',
          label: 'Guessed active',
          compute: { kind: 'code', item: 'guess', codes: { active: 1, placebo: 0 } },
          range: { min: 0, max: 1 },
        },
        ratingScore('confidence', 'Confidence in the guess'),
      ],
    },
    safetyFlags: [],
    texts: {
      en: {
        title: 'Your guess',
        instructions: 'Your guess changes nothing about your study. It helps to read the results honestly.',
        items: {
          guess: { text: `What do you think ${period ? 'you took in ' : ''}${what}${period ? '' : ' held'}?` },
          confidence: { text: 'How sure are you?', low: 'A pure guess', high: 'Completely sure' },
          cues: { text: 'What made you think so?', help: 'Choose all that apply' },
        },
        options: {
          guess: { active: 'A micro-dose', placebo: 'A placebo', ...(forced ? {} : { dontKnow: 'I don’t know' }) },
          cues: {
            none: 'Nothing in particular',
            mind: 'My thinking felt different',
            senses: 'Things looked or sounded different',
            mood: 'My mood changed',
            energy: 'My energy changed',
            body: 'My body felt different',
            sideEffects: 'An unwanted effect',
            noEffect: 'I felt nothing',
            capsule: 'How the capsule looked, weighed, smelled or tasted',
            told: 'Something I was told or read',
            other: 'Something else',
          },
        },
      },
    },
  };
}

export const treatmentGuessCapsule = treatmentGuess();
export const treatmentGuessCapsuleForced = treatmentGuess({ forcedChoice: true });
export const treatmentGuessPeriod = treatmentGuess({ about: 'period' });
export const treatmentGuessPeriodForced = treatmentGuess({ about: 'period', forcedChoice: true });
