/** The screening questionnaire: what eligibility rules read. "Not sure" stays unknown; it never counts as no. */
import type { Instrument } from '../instrument.ts';
import { choice, multiChoice, number, ownLicence, ratingScore, text, textList } from '../item.ts';

/** Yes, no or not sure, in the order asked; ids are what eligibility rules name. */
const history: Readonly<Record<string, string>> = {
  personalPsychosis: 'Have you ever had psychosis or schizophrenia, or been told you had?',
  familyPsychosis: 'Has a parent, brother, sister or child of yours had psychosis or schizophrenia?',
  personalBipolar: 'Have you ever had mania or bipolar disorder, or been told you had?',
  familyBipolar: 'Has a parent, brother, sister or child of yours had bipolar disorder?',
  seizure: 'Have you ever had a seizure or epilepsy?',
  valveDisease: 'Have you ever been told you have a heart-valve problem or a murmur?',
  heartDisease:
    'Have you ever had another heart problem, such as a heart attack, heart failure or an uneven heartbeat?',
  stroke: 'Have you ever had a stroke?',
  highBloodPressure: 'Have you ever been told your blood pressure is too high?',
  liverKidney: 'Do you have serious liver or kidney disease?',
  glaucoma: 'Have you ever been told you have narrow-angle glaucoma?',
  lastingPerception: 'Have changes in how things look ever stayed for weeks after taking a drug?',
  allergy: 'Have you ever had an allergic reaction to mushrooms or to a psychedelic?',
  substanceProblem: 'In the past year, has alcohol or any drug caused you problems you could not stop?',
};

export const screeningQuestionnaire: Instrument = {
  id: 'screening-questionnaire',
  version: '1.1.0',
  licence: ownLicence,
  citation: 'Own form; topics are the exclusions used across micro-dosing trials.',
  administeredBy: 'participant',
  recallPeriod: 'PT0S',
  estimatedSeconds: 240,
  responseSets: {
    noYes: ['no', 'yes'],
    noYesUnsure: ['no', 'yes', 'unsure'],
    pregnancy: ['notApplicable', 'no', 'yes', 'unsure'],
    sex: ['female', 'male', 'intersex', 'notSaid'],
    substances: ['none', 'cannabis', 'mdma', 'ketamine', 'stimulant', 'opioid', 'sedative', 'other'],
    experience: ['none', 'once', 'twoToTen', 'moreThanTen'],
  },
  items: [
    number('age', { min: 0, max: 120, unit: 'years', typical: { mean: 38, sd: 10 } }),
    choice('sex', 'sex'),
    ...Object.keys(history).map((id) => choice(id, 'noYesUnsure')),
    choice('pregnancy', 'pregnancy'),
    choice('breastfeeding', 'pregnancy'),
    choice('contraception', 'pregnancy', { showWhen: { item: 'pregnancy', oneOf: ['no', 'unsure'] } }),
    choice('suicidality', 'noYesUnsure'),
    choice('suicideAttempt', 'noYesUnsure'),
    choice('bloodPressureKnown', 'noYes'),
    number(
      'systolic',
      { min: 60, max: 260, unit: 'mmHg', typical: { mean: 121, sd: 10 } },
      { showWhen: { item: 'bloodPressureKnown', equals: 'yes' } },
    ),
    number(
      'diastolic',
      { min: 30, max: 160, unit: 'mmHg', typical: { mean: 76, sd: 7 } },
      { showWhen: { item: 'bloodPressureKnown', equals: 'yes' } },
    ),
    choice('takesMedication', 'noYes'),
    textList('medications', { showWhen: { item: 'takesMedication', equals: 'yes' } }),
    number('alcoholPerWeek', { min: 0, max: 200, unit: 'drinks', typical: { mean: 3, sd: 3 } }),
    multiChoice('substancesPastMonth', 'substances', { exclusive: 'none' }),
    choice('psychedelicExperience', 'experience'),
    choice('microdosedBefore', 'noYes'),
    number(
      'lastPsychedelicDays',
      { min: 0, max: 36_500, unit: 'days', typical: { mean: 300, sd: 150 } },
      { showWhen: { item: 'psychedelicExperience', oneOf: ['once', 'twoToTen', 'moreThanTen'] } },
    ),
    choice('safetySensitiveWork', 'noYesUnsure'),
    text('note', 2000),
  ],
  scoring: {
    scores: [
      { ...ratingScore('age', 'Age, years'), range: { min: 0, max: 120 } },
      { ...ratingScore('systolic', 'Systolic blood pressure, mmHg'), range: { min: 60, max: 260 } },
      { ...ratingScore('diastolic', 'Diastolic blood pressure, mmHg'), range: { min: 30, max: 160 } },
    ],
  },
  safetyFlags: [
    {
      flag: 'suicidality',
      when: { item: 'suicidality', oneOf: ['yes', 'unsure'] },
      source: 'Any current thought of ending one’s life calls for assessment, eligible or not',
    },
  ],
  texts: {
    en: {
      title: 'Before you take part',
      instructions:
        'These questions decide whether taking part is safe for you. "Not sure" is a good answer: someone will talk it over with you.',
      items: {
        age: 'How old are you?',
        sex: 'Which sex were you given at birth?',
        ...history,
        pregnancy: 'Are you pregnant, or could you be?',
        breastfeeding: 'Are you breastfeeding?',
        contraception: 'Do you use a reliable method against pregnancy?',
        suicidality: 'In the past month, have you thought of ending your life?',
        suicideAttempt: 'Have you ever tried to end your life?',
        bloodPressureKnown: 'Do you know your blood pressure from the past three months?',
        systolic: { text: 'Upper value', help: 'mmHg' },
        diastolic: { text: 'Lower value', help: 'mmHg' },
        takesMedication: 'Do you take any medicine, supplement or herbal product?',
        medications: {
          text: 'Which ones?',
          help: 'One per line, the name of the substance if you know it. Add those stopped in the past six weeks, with the day of the last one: lithium, stopped 2026-02-17',
        },
        alcoholPerWeek: { text: 'Alcohol in a usual week', help: 'Standard drinks' },
        substancesPastMonth: { text: 'Which of these have you used in the past month?', help: 'Choose all that apply' },
        psychedelicExperience: 'How often have you taken a full dose of a psychedelic?',
        microdosedBefore: 'Have you micro-dosed before?',
        lastPsychedelicDays: { text: 'How long ago was the last time you took any psychedelic?', help: 'Days' },
        safetySensitiveWork: 'Does your work depend on driving, heights, machines or the safety of others?',
        note: 'Anything else we should know?',
      },
      options: {
        noYes: { no: 'No', yes: 'Yes' },
        noYesUnsure: { no: 'No', yes: 'Yes', unsure: 'Not sure' },
        pregnancy: { notApplicable: 'Does not apply to me', no: 'No', yes: 'Yes', unsure: 'Not sure' },
        sex: { female: 'Female', male: 'Male', intersex: 'Intersex', notSaid: 'Rather not say' },
        substances: {
          none: 'None',
          cannabis: 'Cannabis',
          mdma: 'MDMA',
          ketamine: 'Ketamine',
          stimulant: 'Cocaine, amphetamine or another stimulant',
          opioid: 'An opioid',
          sedative: 'A sedative or sleeping pill',
          other: 'Something else',
        },
        experience: { none: 'Never', once: 'Once', twoToTen: '2 to 10 times', moreThanTen: 'More than 10 times' },
      },
    },
  },
};
