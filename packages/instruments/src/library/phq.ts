/** PHQ-9, PHQ-4 and GAD-7: public-domain questionnaires of depressed mood and anxiety over two weeks. */
import type { Instrument, Licence, ScoreDefinition } from '../instrument.ts';
import { choice, numbered, sum } from '../item.ts';

const licence: Licence = {
  kind: 'public-domain',
  statement: 'Public domain: no permission is needed to reproduce, translate, display or distribute.',
  source: 'PHQ and GAD-7 instruction manual; statement on the original forms',
  attribution:
    'Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from Pfizer Inc.',
};

const stem = 'Over the last 2 weeks, how often have you been bothered by any of the following problems?';
const frequency = [0, 1, 2, 3] as const;
const frequencyText = { 0: 'Not at all', 1: 'Several days', 2: 'More than half the days', 3: 'Nearly every day' };
const noProrating = (what: string) =>
  ({
    kind: 'none',
    source: `No published rule for ${what} is relied on: a missing item leaves the score unknown`,
  }) as const;

export const phq9: Instrument = {
  id: 'phq-9',
  version: '1.0.0',
  licence,
  citation: 'Kroenke K, Spitzer RL, Williams JBW. The PHQ-9. J Gen Intern Med 2001;16:606-613.',
  administeredBy: 'participant',
  recallPeriod: 'P14D',
  estimatedSeconds: 90,
  responseSets: { frequency },
  items: numbered('q', 9).map((id) => choice(id, 'frequency')),
  scoring: {
    scores: [
      {
        id: 'total',
        label: 'PHQ-9 total',
        compute: sum(numbered('q', 9), {
          kind: 'prorate',
          atMost: 2,
          source:
            'Mean of the answered items for one or two missing: Kroenke et al. 2010, Gen Hosp Psychiatry 32:345-359',
          evidence: 'memory',
        }),
        range: { min: 0, max: 27 },
        bands: [
          { from: 0, label: 'none to minimal' },
          { from: 5, label: 'mild' },
          { from: 10, label: 'moderate' },
          { from: 15, label: 'moderately severe' },
          { from: 20, label: 'severe' },
        ],
        bandsSource: 'Kroenke 2001',
        reliableChange: {
          r: 0.84,
          sd: 6,
          source: 'Test-retest r .84, Kroenke 2001; SD about 6 in primary-care samples',
          evidence: 'memory',
        },
        better: 'lower',
      },
    ],
  },
  safetyFlags: [
    {
      flag: 'suicidality',
      when: { item: 'q9', atLeast: 1 },
      source: 'Any answer above "Not at all" to item 9 calls for assessment',
    },
  ],
  texts: {
    en: {
      title: 'PHQ-9',
      instructions: stem,
      items: {
        q1: 'Little interest or pleasure in doing things',
        q2: 'Feeling down, depressed, or hopeless',
        q3: 'Trouble falling or staying asleep, or sleeping too much',
        q4: 'Feeling tired or having little energy',
        q5: 'Poor appetite or overeating',
        q6: 'Feeling bad about yourself — or that you are a failure or have let yourself or your family down',
        q7: 'Trouble concentrating on things, such as reading the newspaper or watching television',
        q8: 'Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or restless that you have been moving around a lot more than usual',
        q9: 'Thoughts that you would be better off dead or of hurting yourself in some way',
      },
      options: { frequency: frequencyText },
    },
  },
};

export const gad7: Instrument = {
  id: 'gad-7',
  version: '1.0.0',
  licence,
  citation: 'Spitzer RL, Kroenke K, Williams JBW, Löwe B. The GAD-7. Arch Intern Med 2006;166:1092-1097.',
  administeredBy: 'participant',
  recallPeriod: 'P14D',
  estimatedSeconds: 70,
  responseSets: { frequency },
  items: numbered('q', 7).map((id) => choice(id, 'frequency')),
  scoring: {
    scores: [
      {
        id: 'total',
        label: 'GAD-7 total',
        compute: sum(numbered('q', 7), noProrating('the GAD-7')),
        range: { min: 0, max: 21 },
        bands: [
          { from: 0, label: 'minimal' },
          { from: 5, label: 'mild' },
          { from: 10, label: 'moderate' },
          { from: 15, label: 'severe' },
        ],
        bandsSource: 'Spitzer 2006',
        reliableChange: {
          r: 0.83,
          sd: 3.41,
          source: 'Test-retest r .83, Spitzer 2006; SD 3.41 in the general population, Löwe 2008',
          evidence: 'memory',
        },
        better: 'lower',
      },
    ],
  },
  safetyFlags: [],
  texts: {
    en: {
      title: 'GAD-7',
      instructions: stem,
      items: {
        q1: 'Feeling nervous, anxious or on edge',
        q2: 'Not being able to stop or control worrying',
        q3: 'Worrying too much about different things',
        q4: 'Trouble relaxing',
        q5: 'Being so restless that it is hard to sit still',
        q6: 'Becoming easily annoyed or irritable',
        q7: 'Feeling afraid as if something awful might happen',
      },
      options: { frequency: frequencyText },
    },
  },
};

const half = (id: string, label: string, items: readonly string[]): ScoreDefinition => ({
  id,
  label,
  compute: sum(items, noProrating('a two-item score')),
  range: { min: 0, max: 6 },
  bands: [
    { from: 0, label: 'negative screen' },
    { from: 3, label: 'positive screen' },
  ],
  bandsSource: 'Kroenke 2009',
  better: 'lower',
});

export const phq4: Instrument = {
  id: 'phq-4',
  version: '1.0.0',
  licence,
  citation: 'Kroenke K, Spitzer RL, Williams JBW, Löwe B. The PHQ-4. Psychosomatics 2009;50:613-621.',
  administeredBy: 'participant',
  recallPeriod: 'P14D',
  estimatedSeconds: 30,
  responseSets: { frequency },
  items: numbered('q', 4).map((id) => choice(id, 'frequency')),
  scoring: {
    scores: [
      {
        id: 'total',
        label: 'PHQ-4 total',
        compute: sum(numbered('q', 4), noProrating('the PHQ-4')),
        range: { min: 0, max: 12 },
        bands: [
          { from: 0, label: 'normal' },
          { from: 3, label: 'mild' },
          { from: 6, label: 'moderate' },
          { from: 9, label: 'severe' },
        ],
        bandsSource: 'Kroenke 2009',
        better: 'lower',
      },
      half('anxiety', 'GAD-2', ['q1', 'q2']),
      half('depression', 'PHQ-2', ['q3', 'q4']),
    ],
  },
  safetyFlags: [],
  texts: {
    en: {
      title: 'PHQ-4',
      instructions: stem,
      items: {
        q1: 'Feeling nervous, anxious or on edge',
        q2: 'Not being able to stop or control worrying',
        q3: 'Feeling down, depressed or hopeless',
        q4: 'Little interest or pleasure in doing things',
      },
      options: { frequency: frequencyText },
    },
  },
};
