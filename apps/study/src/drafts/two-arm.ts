/** What a draft for two arms starts from: a schedule, rules and texts to change, and gaps where the team has to decide. */

/** Left open: id, titles, rationale, whom it is for, substance, form and dose. */
export const twoArmTemplate = {
  format: 'limen-protocol/1',
  id: '',
  version: '0.1.0',
  language: 'en',
  title: '',
  shortTitle: '',
  rationale: '',
  setting: 'takeHome',
  objectives: [
    {
      id: 'mood',
      level: 'primary',
      text: 'Does the active capsule change daily mood, compared with placebo?',
      endpoints: ['daily-mood'],
    },
  ],
  population: {
    description: '',
    plannedSampleSize: 40,
    screeningInstrument: 'screening-questionnaire',
    eligibility: [
      {
        id: 'adult',
        kind: 'inclusion',
        label: '18 to 60 years old',
        rule: 'screening.age >= 18 && screening.age <= 60',
        reason: 'The study is for adults from 18 to 60.',
      },
      {
        id: 'psychosis',
        kind: 'exclusion',
        label: 'Psychosis, own or close family',
        rule: "screening.personalPsychosis == 'yes' || screening.familyPsychosis == 'yes'",
        reason: 'Psychedelics can set off psychosis in people whose own or family history makes it more likely.',
      },
      {
        id: 'pregnancy',
        kind: 'exclusion',
        label: 'Pregnant or breastfeeding',
        rule: "screening.pregnancy == 'yes' || screening.breastfeeding == 'yes'",
        reason: 'Nobody knows whether it is safe for a child.',
      },
      {
        id: 'medicine',
        kind: 'exclusion',
        label: 'A medicine that must not be combined',
        rule: 'size(interactions.contraindicated) > 0 || size(interactions.major) > 0',
        reason: 'One of your medicines may act badly with the substance. Do not stop it for the study’s sake.',
      },
    ],
  },
  interventions: [
    {
      id: 'active',
      label: 'Active capsule',
      role: 'active',
      substances: [
        {
          substance: '',
          dose: {
            min: 0,
            max: 0,
            unit: 'µg',
            form: '',
          },
        },
      ],
      description: 'An opaque capsule from an assayed batch.',
    },
    {
      id: 'placebo',
      label: 'Placebo',
      role: 'placebo',
      description: 'The same capsule with the same filler only.',
    },
  ],
  arms: [
    {
      id: 'active',
      label: 'Active',
      weight: 1,
      description: 'Capsules with the active substance.',
      content: {
        kind: 'constant',
        intervention: 'active',
      },
    },
    {
      id: 'placebo',
      label: 'Placebo',
      weight: 1,
      description: 'Placebo capsules.',
      content: {
        kind: 'constant',
        intervention: 'placebo',
      },
    },
  ],
  epochs: [
    {
      id: 'baseline',
      label: 'Baseline',
      type: 'baseline',
      firstDay: 1,
      lastDay: 3,
    },
    {
      id: 'dosing',
      label: 'Two weeks of capsules',
      type: 'dosing',
      firstDay: 4,
      lastDay: 17,
    },
    {
      id: 'after',
      label: 'Two weeks later',
      type: 'followUp',
      firstDay: 31,
      lastDay: 37,
    },
  ],
  dosing: {
    epoch: 'dosing',
    regimen: {
      kind: 'everyNDays',
      n: 3,
    },
    takeFrom: '07:00',
    takeUntil: '11:00',
    missed: 'skip',
    minimumHoursBetween: 60,
    maximumDoses: 5,
    unitLabel: 'Study capsule',
  },
  activities: [
    {
      id: 'check-in-baseline',
      label: 'Today',
      instrument: 'daily-check-in',
      purpose: 'baseline',
      epoch: 'baseline',
      on: {
        kind: 'everyNDays',
        n: 1,
      },
      window: {
        opensAt: '17:00',
        closesAt: '23:59',
        closesAfterDays: 0,
        lateDays: 1,
      },
      after: [],
      required: true,
    },
    {
      id: 'phq-4-baseline',
      label: 'How you have been',
      instrument: 'phq-4',
      purpose: 'baseline',
      epoch: 'baseline',
      on: {
        kind: 'days',
        days: [2],
      },
      window: {
        opensAt: '06:00',
        closesAt: '23:59',
        closesAfterDays: 1,
        lateDays: 0,
      },
      after: [],
      required: true,
    },
    {
      id: 'expectancy',
      label: 'What you expect',
      instrument: 'expectancy',
      purpose: 'expectancy',
      epoch: 'baseline',
      on: {
        kind: 'days',
        days: [1],
      },
      window: {
        opensAt: '06:00',
        closesAt: '23:59',
        closesAfterDays: 2,
        lateDays: 0,
      },
      after: [],
      required: true,
    },
    {
      id: 'check-in',
      label: 'Today',
      instrument: 'daily-check-in',
      purpose: 'daily',
      epoch: 'dosing',
      on: {
        kind: 'everyNDays',
        n: 1,
      },
      window: {
        opensAt: '17:00',
        closesAt: '23:59',
        closesAfterDays: 0,
        lateDays: 1,
      },
      after: [],
      required: true,
    },
    {
      id: 'weekly-safety',
      label: 'How you have been',
      instrument: 'phq-4',
      purpose: 'safety',
      epoch: 'dosing',
      on: {
        kind: 'days',
        days: [7, 14],
      },
      window: {
        opensAt: '17:00',
        closesAt: '23:59',
        closesAfterDays: 1,
        lateDays: 0,
      },
      after: [],
      required: true,
    },
    {
      id: 'guess',
      label: 'Your guess',
      instrument: 'treatment-guess',
      purpose: 'guess',
      epoch: 'dosing',
      on: 'doseDays',
      window: {
        opensAt: '17:00',
        closesAt: '23:59',
        closesAfterDays: 0,
        lateDays: 1,
      },
      after: ['check-in', 'weekly-safety'],
      required: true,
    },
    {
      id: 'phq-4-after',
      label: 'How you have been',
      instrument: 'phq-4',
      purpose: 'safety',
      epoch: 'after',
      on: {
        kind: 'days',
        days: [1],
      },
      window: {
        opensAt: '06:00',
        closesAt: '23:59',
        closesAfterDays: 6,
        lateDays: 0,
      },
      after: [],
      required: true,
    },
  ],
  randomisation: {
    procedure: {
      kind: 'permutedBlocks',
      sizes: [4, 6],
    },
    stratifyBy: ['site'],
  },
  blinding: {
    masked: ['participant', 'coordinator', 'investigator', 'statistician', 'monitor'],
    guessActivity: 'guess',
    emergencyUnblinding:
      'A clinician who treats the participant can open that participant’s allocation at any hour, with a reason and without approval.',
    armsDisclosed: true,
  },
  safety: {
    holdRules: [
      {
        id: 'suicidality',
        label: 'Thoughts of death or self-harm',
        rule: "'suicidality' in flags",
        effect: 'hold',
        severity: 'urgent',
        participantMessage:
          'Thank you for telling us. Please take no more capsules for now; someone from the study team will call you today. We do this whatever a capsule holds.',
      },
      {
        id: 'severe-event',
        label: 'Serious adverse event, or grade 3 and above',
        rule: 'adverseEvent.serious || adverseEvent.grade >= 3',
        effect: 'hold',
        severity: 'urgent',
        participantMessage:
          'Please take no more capsules for now. Someone from the study team will call you. We do this whatever a capsule holds.',
      },
      {
        id: 'worse-mood',
        label: 'PHQ-4 well above baseline',
        rule: "latest['phq-4'].total - baseline['phq-4'].total >= 4",
        effect: 'review',
        severity: 'prompt',
        participantMessage: 'Someone from the study team will contact you to ask how you are.',
      },
    ],
    contacts: [
      {
        label: 'Study team',
        hours: 'Weekdays, 9 to 17',
      },
    ],
  },
  consent: [
    {
      version: '1.0',
      language: 'en',
      title: 'Taking part',
      sections: [
        {
          id: 'purpose',
          heading: 'Why we ask you',
          text: 'We want to find out what a very small dose does to daily mood. You get the substance or a placebo; chance decides.',
        },
        {
          id: 'leaving',
          heading: 'Leaving',
          text: 'You can stop at any time without giving a reason.',
        },
      ],
      comprehension: [
        {
          id: 'stop',
          question: 'May you stop at any time?',
          options: ['Yes', 'No'],
          correct: 0,
          explanation: 'You can stop whenever you wish.',
        },
      ],
      choices: [
        {
          id: 'take-part',
          label: 'I want to take part.',
          required: true,
        },
      ],
    },
  ],
  analysis: {
    reference: 'placebo',
    alpha: 0.05,
    endpoints: [
      {
        id: 'daily-mood',
        label: 'Daily mood',
        level: 'primary',
        activity: 'check-in',
        score: 'mood',
        contrast: 'arm',
        model: 'value ~ condition + baseline + day + (1 | participant)',
        better: 'higher',
      },
    ],
  },
};
