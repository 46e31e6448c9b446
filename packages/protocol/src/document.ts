/**
 * The study document. One runtime schema; the TypeScript types are read off it, so the two cannot disagree.
 * Section names follow ICH M11. Study days are positive integers: day 1 is the participant's first study day.
 */
import { z } from 'zod';
import { armContent, factor, procedure } from './allocation-sections.ts';
import { medication, roles, stoppingRule, supply } from './conduct-sections.ts';
import {
  answer,
  burden,
  emergencyPlan,
  endpointWindow,
  estimand,
  expectancyUse,
  identity,
  interims,
  languages,
  missingData,
  multiplicity,
  repeatedMeasures,
  reporting,
  sensitivityAnalysis,
  site,
  subgroup,
} from './design-sections.ts';
import { calendarDate, id, label, localTime, studyDay, text, weekday } from './document-parts.ts';
import { regimen } from './regimen-schema.ts';

export { type Weekday, weekdays } from './document-parts.ts';
export type { Regimen } from './regimen-schema.ts';

export const documentFormat = 'limen-protocol/1';

const source = z.strictObject({
  citation: text,
  url: z.string().max(500).optional(),
  licence: label.optional(),
});

const doseAmount = z.strictObject({
  min: z.number().positive(),
  max: z.number().positive(),
  unit: z.enum(['µg', 'mg', 'g']),
  /** A form known to the pharmacology package, such as `lsd-base`. */
  form: id,
});

const intervention = z.strictObject({
  id,
  label,
  role: z.enum(['active', 'placebo']),
  substances: z.array(z.strictObject({ substance: id, dose: doseAmount })).optional(),
  /** A rung of a titration; interventions of one ladder differ in dose alone. */
  level: z.strictObject({ ladder: id, rank: z.int().min(1).max(50) }).optional(),
  /** Why a dose outside the micro-dose window is given all the same. */
  outsideWindow: z.strictObject({ reason: text, source: text }).optional(),
  /** What an active placebo holds; it is felt and is not the substance under study. */
  activePlacebo: z.strictObject({ agent: label, amount: label, reason: text }).optional(),
  description: text,
});

const arm = z.strictObject({ id, label, weight: z.int().min(1).max(100), description: text, content: armContent });

const epoch = z.strictObject({
  id,
  label,
  type: z.enum(['runIn', 'baseline', 'dosing', 'washout', 'followUp']),
  firstDay: studyDay,
  lastDay: studyDay,
});

/** When and where observed capsules can be taken. */
const observed = z.strictObject({
  /** The first so many capsules are observed; absent: all. */
  firstDoses: z.int().min(1).max(1000).optional(),
  openOn: z.array(weekday).min(1).max(7),
  opensAt: localTime,
  closesAt: localTime,
  /** Holidays and other days on which the site is closed. */
  closedDates: z.array(calendarDate).max(400).optional(),
  /** What becomes of a capsule on a closed day. A moved one never comes closer to its neighbours than allowed. */
  whenClosed: z.enum(['skip', 'nextOpenDay']),
});

/** Limits of a titration. Its steps stand in the arms and nowhere else: nobody raises a dose on their own. */
const titration = z.strictObject({
  raisedBy: z.literal('document'),
  minimumDosesPerStep: z.int().min(1).max(1000),
  highestRank: z.int().min(1).max(50),
  /** What happens when a dose is not tolerated. */
  notTolerated: text,
});

const dosing = z.strictObject({
  epoch: id,
  regimen,
  /** Local time of day between which a capsule is taken. */
  takeFrom: localTime,
  takeUntil: localTime,
  /**
   * After `takeUntil`: `skip`, the capsule is left out; `window`, it may still be taken until the end of its day and is
   * marked late. A missed capsule is never made up for: there is no policy that doubles.
   */
  missed: z.enum(['skip', 'window']),
  minimumHoursBetween: z.number().min(1).max(720),
  maximumDoses: z.int().min(1).max(1000),
  unitLabel: label.describe('What every participant sees, whatever the capsule holds'),
  observed: observed.optional(),
  titration: titration.optional(),
  /** Numbers of capsules that hold placebo in every arm. */
  shamDoses: z.array(z.int().min(1).max(1000)).max(200).optional(),
});

const ruleText = z.string().min(1).max(2000);
const activity = z.strictObject({
  id,
  label,
  instrument: id,
  purpose: z.enum(['baseline', 'acute', 'postAcute', 'accumulative', 'daily', 'safety', 'expectancy', 'guess']),
  epoch: id,
  on: z.union([regimen, z.literal('doseDays')]),
  window: z.strictObject({
    opensAt: localTime,
    closesAt: localTime,
    /** Days after the study day on which the window closes; 0 = the same day. */
    closesAfterDays: z.int().min(0).max(60),
    /** Days after closing in which a late entry is still accepted and marked late. */
    lateDays: z.int().min(0).max(60),
  }),
  /** Activities of the same study day that come first: outcomes before the guess. */
  after: z.array(id).default([]),
  required: z.boolean().default(true),
  /** Skip logic: left out while this is false; a rule over `latest`, `baseline` and `doses`. What is unknown is asked. */
  when: ruleText.optional(),
});

const criterion = z.strictObject({
  id,
  kind: z.enum(['inclusion', 'exclusion']),
  label,
  /** An expression over `screening` and `interactions`; no answer, or “not sure”, makes it unknown, never false. */
  rule: ruleText,
  reason: text.describe('What the person is told when this decides'),
  source: text.optional(),
});
const holdRule = z.strictObject({
  id,
  label,
  /** An expression over `latest`, `baseline`, `flags`, `adverseEvent`, `doses`. */
  rule: ruleText,
  /** `hold`: no capsule until somebody resumes. `stop`: no capsule any more. `review`: somebody is told and looks. */
  effect: z.enum(['hold', 'stop', 'review']),
  severity: z.enum(['urgent', 'prompt', 'routine']),
  participantMessage: text.describe('Neutral words that do not depend on the arm'),
  source: text.optional(),
});

const consentVersion = z.strictObject({
  version: z.string().regex(/^\d+\.\d+$/, 'a version such as 1.0'),
  language: z.string().min(2).max(35),
  title: label,
  /** The first day it is used, and the version it takes the place of. */
  effectiveOn: calendarDate.optional(),
  replaces: z
    .string()
    .regex(/^\d+\.\d+$/, 'a version such as 1.0')
    .optional(),
  sections: z
    .array(z.strictObject({ id, heading: label, text }))
    .min(1)
    .max(40),
  comprehension: z
    .array(
      z.strictObject({
        id,
        question: text,
        options: z.array(label).min(2).max(6),
        correct: z.int().min(0).max(5),
        explanation: text,
      }),
    )
    .max(20)
    .default([]),
  choices: z
    .array(z.strictObject({ id, label: text, required: z.boolean() }))
    .max(20)
    .default([]),
});

const endpoint = z.strictObject({
  id,
  label,
  level: z.enum(['primary', 'secondary', 'exploratory']),
  activity: id,
  score: z.string().min(1).max(64).describe('A score or rating item of the activity’s instrument'),
  /**
   * What is compared. `capsule`: the content of that day's (or the latest) capsule; `week`: the type of that week;
   * `arm`: the arm.
   */
  contrast: z.enum(['capsule', 'week', 'arm']),
  /** Columns: value, condition, guess, participant, day, visit, week, baseline, expectation, age, sex, site. */
  model: z.string().min(3).max(500),
  better: z.enum(['higher', 'lower']),
  window: endpointWindow,
  /** A mixed model for repeated measures; absent: the formula’s own random terms, or least squares. */
  repeated: repeatedMeasures.optional(),
});

export const protocolSchema = z.strictObject({
  format: z.literal(documentFormat),
  id,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0'),
  language: z.string().min(2).max(35),
  title: text,
  shortTitle: label,
  rationale: text,
  setting: z.enum(['takeHome', 'observed', 'both']),
  sources: z.array(source).max(50).default([]),
  identity: identity.optional(),
  /** Languages in which people can take part; absent: the document's own. */
  languages: languages.optional(),
  sites: z.array(site).max(200).optional(),
  estimands: z.array(estimand).max(60).optional(),
  burden: burden.optional(),
  objectives: z
    .array(
      z.strictObject({
        id,
        level: z.enum(['primary', 'secondary', 'exploratory']),
        text,
        endpoints: z.array(id).default([]),
      }),
    )
    .min(1)
    .max(40),
  population: z.strictObject({
    description: text,
    plannedSampleSize: z.int().min(1).max(1_000_000),
    screeningInstrument: id,
    eligibility: z.array(criterion).min(1).max(100),
  }),
  interventions: z.array(intervention).min(1).max(20),
  arms: z.array(arm).min(1).max(12),
  epochs: z.array(epoch).min(1).max(40),
  /** Day 1 falls on this weekday in the participant's zone; absent: any day. */
  startsOn: weekday.optional(),
  dosing,
  activities: z.array(activity).min(1).max(200),
  randomisation: z.strictObject({
    procedure,
    stratifyBy: z
      .array(z.enum(['site']))
      .max(3)
      .default([]),
    /** What a minimisation balances, and an analysis has to take into account. */
    factors: z.array(factor).min(1).max(10).optional(),
  }),
  blinding: z.strictObject({
    masked: z.array(z.enum(['participant', 'coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'])),
    /** The activity in which people say what they think they took. */
    guessActivity: id.optional(),
    emergencyUnblinding: text.optional(),
    emergencyPlan: emergencyPlan.optional(),
    armsDisclosed: z.boolean().describe('Whether participants are told which arms exist'),
  }),
  safety: z.strictObject({
    holdRules: z.array(holdRule).max(100),
    stoppingRules: z.array(stoppingRule).max(40).optional(),
    contacts: z
      .array(z.strictObject({ label, phone: label.optional(), hours: label }))
      .max(20)
      .default([]),
  }),
  consent: z.array(consentVersion).min(1).max(20),
  analysis: z.strictObject({
    /** The intervention every contrast is measured against. */
    reference: id,
    alpha: z.number().gt(0).lt(0.5),
    endpoints: z.array(endpoint).min(1).max(60),
    interims: interims.optional(),
    multiplicity: multiplicity.optional(),
    missingData: missingData.optional(),
    sensitivity: z.array(sensitivityAnalysis).max(60).optional(),
    subgroups: z.array(subgroup).max(40).optional(),
    expectancy: expectancyUse.optional(),
  }),
  medication: medication.optional(),
  supply: supply.optional(),
  roles: roles.optional(),
  reporting: reporting.optional(),
  answers: z.array(answer).max(300).optional(),
});

export type ProtocolDocument = z.output<typeof protocolSchema>;
export type ProtocolInput = z.input<typeof protocolSchema>;
export type Activity = ProtocolDocument['activities'][number];
export type Arm = ProtocolDocument['arms'][number];
export type Criterion = ProtocolDocument['population']['eligibility'][number];
export type HoldRule = ProtocolDocument['safety']['holdRules'][number];
export type Epoch = ProtocolDocument['epochs'][number];
export type Endpoint = ProtocolDocument['analysis']['endpoints'][number];
export type ConsentVersion = ProtocolDocument['consent'][number];
export type Factor = NonNullable<ProtocolDocument['randomisation']['factors']>[number];
export type AllocationProcedure = ProtocolDocument['randomisation']['procedure'];
export type Site = NonNullable<ProtocolDocument['sites']>[number];
export type Estimand = NonNullable<ProtocolDocument['estimands']>[number];
export type Medicines = NonNullable<ProtocolDocument['medication']>['prohibited'][number];
export type StoppingRule = NonNullable<ProtocolDocument['safety']['stoppingRules']>[number];
export type Intervention = ProtocolDocument['interventions'][number];
