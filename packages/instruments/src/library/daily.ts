/**
 * The daily check-in. Solicited effects are asked in the same words and order on every day and in every arm;
 * plain follow-ups decide a severity that clinicians read as CTCAE-like grades 1 to 3.
 */
import type { Instrument, ScoreDefinition } from '../instrument.ts';
import { choice, multiChoice, number, ownLicence, rating, ratingScore, text } from '../item.ts';

/** In the order shown. */
export const solicitedEffects = [
  'anxiety',
  'headache',
  'gut',
  'insomnia',
  'overstimulation',
  'vision',
  'tension',
  'palpitations',
  'fatigue',
  'irritability',
] as const;
export type SolicitedEffect = (typeof solicitedEffects)[number];

const effectNames: Readonly<Record<SolicitedEffect, string>> = {
  anxiety: 'Anxiety or worry',
  headache: 'Headache',
  gut: 'Nausea or upset stomach',
  insomnia: 'Trouble falling or staying asleep',
  overstimulation: 'Feeling wired or over-stimulated',
  vision: 'Changes in how things look',
  tension: 'Tight or aching muscles, clenched jaw',
  palpitations: 'A fast, strong or uneven heartbeat',
  fatigue: 'Tiredness',
  irritability: 'Being short-tempered',
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
/** `limitsAnxiety`: what a follow-up item is called. */
export const followUpOf = (effect: SolicitedEffect): string => `limits${capital(effect)}`;
/** `gradeAnxiety`: what its severity score is called. */
export const gradeOf = (effect: SolicitedEffect): string => `grade${capital(effect)}`;

const gradeScores: readonly ScoreDefinition[] = solicitedEffects.map((effect) => ({
  id: gradeOf(effect),
  label: `${effectNames[effect]}, severity`,
  compute: { kind: 'grade', listed: 'effects', effect, followUp: followUpOf(effect) },
  range: { min: 0, max: 3 },
  better: 'lower',
}));

const worstGrade: ScoreDefinition = {
  id: 'worstGrade',
  label: 'Worst severity of the day',
  compute: { kind: 'largest', scores: solicitedEffects.map(gradeOf) },
  range: { min: 0, max: 3 },
  bands: [
    { from: 0, label: 'none' },
    { from: 1, label: 'mild' },
    { from: 2, label: 'moderate' },
    { from: 3, label: 'severe' },
  ],
  bandsSource: 'CTCAE general grades 1 to 3: no limit, limits instrumental daily activities, limits self-care',
  better: 'lower',
};

export const dailyCheckIn: Instrument = {
  id: 'daily-check-in',
  version: '1.1.0',
  licence: ownLicence,
  citation: 'Own form; severity after the general grades of CTCAE v5.0.',
  administeredBy: 'participant',
  recallPeriod: 'P1D',
  estimatedSeconds: 45,
  responseSets: {
    effects: ['none', ...solicitedEffects],
    limits: [1, 2, 3],
    warningSigns: ['none', 'chestPain', 'fainting', 'breathless', 'voices', 'racing', 'unsafe'],
    otherSubstances: [
      'none',
      'cannabis',
      'psychedelic',
      'mdma',
      'ketamine',
      'stimulant',
      'opioid',
      'sedative',
      'other',
    ],
    noYes: ['no', 'yes'],
  },
  items: [
    rating('mood'),
    rating('energy'),
    rating('focus'),
    rating('creativity'),
    rating('anxiety'),
    rating('irritability'),
    rating('connectedness'),
    number('sleepHours', { min: 0, max: 24, unit: 'h', step: 0.25, typical: { mean: 7.25, sd: 1 } }),
    rating('sleepQuality'),
    multiChoice('effects', 'effects', { exclusive: 'none' }),
    ...solicitedEffects.map((effect) =>
      choice(followUpOf(effect), 'limits', { showWhen: { item: 'effects', includes: effect } }),
    ),
    multiChoice('warningSigns', 'warningSigns', { exclusive: 'none' }),
    number('caffeine', { min: 0, max: 30, unit: 'cups', typical: { mean: 2, sd: 1.2 } }),
    number('alcohol', { min: 0, max: 50, unit: 'drinks', step: 0.5, typical: { mean: 0, sd: 1 } }),
    multiChoice('otherSubstances', 'otherSubstances', { exclusive: 'none' }),
    choice('newMedicine', 'noYes'),
    text('newMedicineName', 200, { required: true, showWhen: { item: 'newMedicine', equals: 'yes' } }),
    number('nature', { min: 0, max: 960, unit: 'min', typical: { mean: 30, sd: 30 } }, { required: false }),
    number('exercise', { min: 0, max: 600, unit: 'min', typical: { mean: 25, sd: 25 } }, { required: false }),
    text('note', 2000),
  ],
  scoring: {
    scores: [
      ratingScore('mood', 'Mood', 'higher'),
      ratingScore('energy', 'Energy', 'higher'),
      ratingScore('focus', 'Focus', 'higher'),
      ratingScore('creativity', 'Creativity', 'higher'),
      ratingScore('anxiety', 'Anxiety', 'lower'),
      ratingScore('irritability', 'Irritability', 'lower'),
      ratingScore('connectedness', 'Connectedness', 'higher'),
      { ...ratingScore('sleepHours', 'Sleep, hours', 'higher'), range: { min: 0, max: 24 } },
      ratingScore('sleepQuality', 'Sleep quality', 'higher'),
      { ...ratingScore('caffeine', 'Caffeine, cups'), range: { min: 0, max: 30 } },
      { ...ratingScore('alcohol', 'Alcohol, drinks'), range: { min: 0, max: 50 } },
      { ...ratingScore('nature', 'Time in nature, minutes'), range: { min: 0, max: 960 } },
      { ...ratingScore('exercise', 'Exercise, minutes'), range: { min: 0, max: 600 } },
      ...gradeScores,
      worstGrade,
    ],
  },
  safetyFlags: [
    {
      flag: 'severe-effect',
      when: { any: solicitedEffects.map((effect) => ({ item: followUpOf(effect), atLeast: 3 })) },
      source: 'An effect that stops self-care is grade 3',
    },
    {
      flag: 'cardiac-warning',
      when: { item: 'warningSigns', includesAnyOf: ['chestPain', 'fainting', 'breathless'] },
      source: 'Chest pain, fainting or new breathlessness hold dosing',
    },
    {
      flag: 'psychosis-or-mania-warning',
      when: { item: 'warningSigns', includesAnyOf: ['voices', 'racing'] },
      source: 'A sign of psychosis or mania holds dosing until a clinician has spoken with the participant',
    },
    {
      flag: 'suicidality',
      when: { item: 'warningSigns', includes: 'unsafe' },
      source: 'Any thought of harming oneself calls for assessment',
    },
    {
      flag: 'new-medicine',
      when: { item: 'newMedicine', equals: 'yes' },
      source: 'A new medicine is checked for interactions before the next capsule',
    },
    {
      flag: 'other-substance',
      when: {
        item: 'otherSubstances',
        includesAnyOf: ['cannabis', 'psychedelic', 'mdma', 'ketamine', 'stimulant', 'opioid', 'sedative', 'other'],
      },
      source: 'Another drug on a capsule day is reviewed',
    },
  ],
  texts: {
    en: {
      title: 'Today',
      instructions: 'How has today been? Tap the line where it fits, or type a number.',
      items: {
        mood: { text: 'How is your mood?', low: 'Very low', high: 'Very good' },
        energy: { text: 'How much energy do you have?', low: 'None', high: 'A great deal' },
        focus: { text: 'How well can you keep your mind on things?', low: 'Not at all', high: 'Very well' },
        creativity: { text: 'How easily do new ideas come?', low: 'Not at all', high: 'Very easily' },
        anxiety: { text: 'How anxious are you?', low: 'Not at all', high: 'Extremely' },
        irritability: { text: 'How easily do you get annoyed?', low: 'Not at all', high: 'Very easily' },
        connectedness: { text: 'How close do you feel to others?', low: 'Cut off', high: 'Very close' },
        sleepHours: { text: 'How long did you sleep last night?', help: 'Hours, to the nearest quarter' },
        sleepQuality: { text: 'How well did you sleep?', low: 'Very badly', high: 'Very well' },
        effects: { text: 'Have you noticed any of these since yesterday?', help: 'Choose all that apply' },
        ...Object.fromEntries(
          solicitedEffects.map((effect) => [
            followUpOf(effect),
            `${effectNames[effect]}: did it stop you doing things?`,
          ]),
        ),
        warningSigns: { text: 'And any of these?', help: 'Choose all that apply. Your study team will be told.' },
        caffeine: { text: 'Coffee, strong tea or energy drinks today', help: 'Cups' },
        alcohol: { text: 'Alcohol today', help: 'Standard drinks' },
        otherSubstances: { text: 'Anything else you took today?', help: 'Choose all that apply' },
        newMedicine: 'Have you started a new medicine since yesterday?',
        newMedicineName: 'Which medicine?',
        nature: { text: 'Time in nature today', help: 'Minutes in a park, garden, wood, field or by water' },
        exercise: { text: 'Exercise today', help: 'Minutes of moving enough to breathe harder' },
        note: { text: 'Anything you would like to add?', help: 'Please do not write what you think the capsule held' },
      },
      options: {
        effects: { none: 'None of these', ...effectNames },
        limits: {
          1: 'No, I carried on as usual',
          2: 'Yes, things like shopping, cooking or work',
          3: 'Yes, even washing, dressing or eating',
        },
        warningSigns: {
          none: 'None of these',
          chestPain: 'Chest pain or pressure',
          fainting: 'Fainting',
          breathless: 'New shortness of breath',
          voices: 'Hearing or seeing things that others did not, or feeling watched',
          racing: 'Hardly needing sleep, with racing thoughts or acting out of character',
          unsafe: 'Thoughts of harming myself',
        },
        otherSubstances: {
          none: 'Nothing else',
          cannabis: 'Cannabis',
          psychedelic: 'Another psychedelic',
          mdma: 'MDMA',
          ketamine: 'Ketamine',
          stimulant: 'Cocaine, amphetamine or another stimulant',
          opioid: 'An opioid',
          sedative: 'A sedative or sleeping pill',
          other: 'Something else',
        },
        noYes: { no: 'No', yes: 'Yes' },
      },
    },
  },
};
