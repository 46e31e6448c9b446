/** Cognitive tasks. What is recorded are the trials; every score is computed from them. */
import type { Instrument, ScoreDefinition } from '../instrument.ts';
import { multiChoice, ownLicence, text } from '../item.ts';
import type { TaskKind } from '../tasks/trial.ts';

/** What may make a sitting worth less; said by the phone, never held against the person. */
export const qualityFlags = ['none', 'hidden', 'frames', 'practice', 'stopped'] as const;

type Wanted = {
  readonly id: string;
  readonly task: TaskKind;
  readonly citation: string;
  readonly seconds: number;
  readonly title: string;
  readonly instructions: string;
  readonly scores: readonly (readonly [
    id: string,
    label: string,
    max: number,
    better: 'higher' | 'lower' | null,
    min?: number,
  ])[];
};

const longestTrials = 20_000;

function cognitiveTask({ id, task, citation, seconds, title, instructions, scores }: Wanted): Instrument {
  return {
    id,
    version: '1.0.0',
    task,
    licence: ownLicence,
    citation,
    administeredBy: 'participant',
    recallPeriod: 'PT0S',
    estimatedSeconds: seconds,
    responseSets: { flags: qualityFlags },
    items: [
      { ...text('trials', longestTrials, { required: true }), holds: 'trials' },
      text('device', 300, { required: true }),
      multiChoice('flags', 'flags', { exclusive: 'none' }),
    ],
    scoring: {
      scores: scores.map(
        ([measure, label, max, better, min = 0]): ScoreDefinition => ({
          id: measure,
          label,
          compute: { kind: 'task', task, item: 'trials', measure },
          range: { min, max },
          ...(better ? { better } : {}),
        }),
      ),
    },
    safetyFlags: [],
    texts: {
      en: {
        title,
        instructions,
        items: {
          trials: 'Trials, as they were shown and answered',
          device: 'Device',
          flags: 'What may limit this sitting',
        },
        options: {
          flags: {
            none: 'Nothing',
            hidden: 'Another window was in front',
            frames: 'The screen was drawn irregularly',
            practice: 'The practice was not answered',
            stopped: 'Stopped before the end',
          },
        },
      },
    },
  };
}

const wanted: readonly Wanted[] = [
  {
    id: 'task-vigilance',
    task: 'vigilance',
    citation: 'Basner, Mollicone & Dinges 2011, Acta Astronautica 69:949 (PVT-B).',
    seconds: 200,
    title: 'Fast answer',
    instructions: 'Tap as soon as the circle fills.',
    scores: [
      ['speed', 'Mean response speed (1/s)', 10, 'higher'],
      ['medianMs', 'Median response time (ms)', 30_000, 'lower'],
      ['lapses', 'Lapses of 355 ms or more', 180, 'lower'],
      ['falseStarts', 'False starts', 1000, 'lower'],
    ],
  },
  {
    id: 'task-digit-symbol',
    task: 'digitSymbol',
    citation: 'Digit symbol substitution with own shapes, 90 s; review: Jaeger 2018, J Clin Psychopharmacol 38:513.',
    seconds: 120,
    title: 'Shapes and digits',
    instructions: 'Choose the digit that belongs to the shape.',
    scores: [
      ['correct', 'Right in 90 s', 270, 'higher'],
      ['accuracy', 'Right answers (%)', 100, 'higher'],
      ['medianMs', 'Median time of right answers (ms)', 90_000, 'lower'],
    ],
  },
  {
    id: 'task-stroop',
    task: 'stroop',
    citation: 'Colour-word interference after Stroop 1935, J Exp Psychol 18:643.',
    seconds: 150,
    title: 'Words and colours',
    instructions: 'Choose the colour in which the word is printed.',
    scores: [
      ['interference', 'Interference (ms)', 5_000, 'lower', -5_000],
      ['congruentMs', 'Median time, word and colour agree (ms)', 5_000, 'lower'],
      ['incongruentMs', 'Median time, word and colour differ (ms)', 5_000, 'lower'],
      ['accuracy', 'Right answers (%)', 100, 'higher'],
    ],
  },
  {
    id: 'task-n-back',
    task: 'nBack',
    citation:
      '2-back after Kirchner 1958, J Exp Psychol 55:352; d′ with the correction of Hautus 1995, Behav Res Methods 27:46.',
    seconds: 170,
    title: 'Two letters back',
    instructions: 'Tap when a letter is the same as two before.',
    scores: [
      ['dPrime', 'd′', 6, 'higher', -6],
      ['hits', 'Hits (%)', 100, 'higher'],
      ['falseAlarms', 'False alarms (%)', 100, 'lower'],
      ['medianMs', 'Median time of hits (ms)', 2_500, 'lower'],
    ],
  },
  {
    id: 'task-spatial-span',
    task: 'spatialSpan',
    citation: 'Block span after Corsi 1972; procedure of Kessels et al. 2000, Appl Neuropsychol 7:252.',
    seconds: 240,
    title: 'Blocks in order',
    instructions: 'Tap the blocks in the order in which they lit up.',
    scores: [
      ['span', 'Longest sequence', 9, 'higher'],
      ['correct', 'Right sequences', 16, 'higher'],
      ['product', 'Span × right sequences', 144, 'higher'],
    ],
  },
  {
    id: 'task-alternate-uses',
    task: 'alternateUses',
    citation: 'Alternate uses after Guilford 1967 (The Nature of Human Intelligence); fluency.',
    seconds: 140,
    title: 'Unusual uses',
    instructions: 'Write down unusual uses of a thing.',
    scores: [['fluency', 'Different ideas', 200, 'higher']],
  },
  {
    id: 'task-divergent-association',
    task: 'divergentAssociation',
    citation: 'Olson et al. 2021, PNAS 118:e2022340118; words are kept, distances are not computed here.',
    seconds: 200,
    title: 'Ten different words',
    instructions: 'Write down ten nouns that are as different from each other as possible.',
    scores: [['words', 'Fitting words', 10, null]],
  },
];

export const cognitiveTasks: readonly Instrument[] = wanted.map(cognitiveTask);
