/** A report of something unwanted, in plain words; the same form whatever was taken. */
import type { Instrument } from '../instrument.ts';
import { choice, date, multiChoice, ownLicence, text } from '../item.ts';

const serious = ['lifeThreatening', 'hospital', 'disability', 'pregnancy', 'otherImportant'] as const;

export const adverseEvent: Instrument = {
  id: 'adverse-event',
  version: '1.0.0',
  licence: ownLicence,
  citation: 'Own form; severity after the general grades of CTCAE v5.0, seriousness after ICH E2A.',
  administeredBy: 'participant',
  recallPeriod: 'PT0S',
  estimatedSeconds: 60,
  responseSets: {
    noYes: ['no', 'yes'],
    limits: [1, 2, 3],
    serious: ['none', ...serious],
    action: ['none', 'rest', 'medicine', 'skippedCapsule', 'doctor', 'emergency'],
  },
  items: [
    text('term', 200, { required: true }),
    date('onset'),
    choice('ongoing', 'noYes'),
    date('endedOn', { showWhen: { item: 'ongoing', equals: 'no' } }),
    choice('limits', 'limits'),
    multiChoice('serious', 'serious', { exclusive: 'none' }),
    multiChoice('action', 'action', { exclusive: 'none' }),
    text('note', 2000),
  ],
  scoring: {
    scores: [
      {
        id: 'limits',
        label: 'Limits on daily life',
        compute: { kind: 'item', item: 'limits' },
        range: { min: 1, max: 3 },
        better: 'lower',
      },
      {
        id: 'lifeThreat',
        label: 'Danger to life, as grade 4',
        compute: { kind: 'whether', item: 'serious', when: { item: 'serious', includes: 'lifeThreatening' }, value: 4 },
        range: { min: 0, max: 4 },
      },
      {
        id: 'grade',
        label: 'Severity grade, as reported',
        compute: { kind: 'largest', scores: ['limits', 'lifeThreat'] },
        range: { min: 1, max: 4 },
        better: 'lower',
      },
      {
        id: 'serious',
        label: 'Meets a seriousness criterion',
        compute: { kind: 'whether', item: 'serious', when: { item: 'serious', includesAnyOf: serious } },
        range: { min: 0, max: 1 },
      },
    ],
  },
  safetyFlags: [
    {
      flag: 'serious-adverse-event',
      when: { item: 'serious', includesAnyOf: serious },
      source: 'ICH E2A: any one criterion makes an event serious',
    },
    {
      flag: 'severe-effect',
      when: { item: 'limits', atLeast: 3 },
      source: 'An effect that stops self-care is grade 3',
    },
  ],
  texts: {
    en: {
      title: 'Something unwanted',
      instructions: 'Tell us what happened. If you are in danger, call the emergency number first.',
      items: {
        term: { text: 'What was it?', help: 'A few words, such as "headache"' },
        onset: 'When did it start?',
        ongoing: 'Is it still there?',
        endedOn: 'When did it stop?',
        limits: 'Did it stop you doing things?',
        serious: { text: 'Did any of these apply?', help: 'Choose all that apply' },
        action: { text: 'What did you do about it?', help: 'Choose all that apply' },
        note: 'Anything else we should know?',
      },
      options: {
        noYes: { no: 'No', yes: 'Yes' },
        limits: {
          1: 'No, I carried on as usual',
          2: 'Yes, things like shopping, cooking or work',
          3: 'Yes, even washing, dressing or eating',
        },
        serious: {
          none: 'None of these',
          lifeThreatening: 'My life was in danger',
          hospital: 'I was admitted to hospital, or stayed longer',
          disability: 'It left lasting harm',
          pregnancy: 'It affected a pregnancy or an unborn child',
          otherImportant: 'A doctor said it was serious for another reason',
        },
        action: {
          none: 'Nothing',
          rest: 'Rested',
          medicine: 'Took a medicine',
          skippedCapsule: 'Left out a capsule',
          doctor: 'Spoke to a doctor or nurse',
          emergency: 'Called the emergency number or went to hospital',
        },
      },
    },
  },
};
