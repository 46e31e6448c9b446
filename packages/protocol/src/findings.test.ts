import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instrumentById } from '@limen/instruments';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { intercurrentEvents } from './design-sections.ts';
import {
  type Finding,
  type FindingCode,
  type FindingOptions,
  findingCodes,
  findings,
  hasErrors,
  type ProtocolDocument,
  parseProtocol,
} from './index.ts';

function read(document: unknown): ProtocolDocument {
  const result = parseProtocol(JSON.stringify(document));
  assert.ok(result.ok, JSON.stringify(result));
  return result.protocol;
}

type Json = { [key: string]: Json };
type Seed = {
  readonly code: FindingCode;
  readonly path: string;
  readonly severity: Finding['severity'];
  /** Where in the document the mistake goes, and what it is; undefined removes the field. */
  readonly set: readonly (readonly [path: readonly (string | number)[], value: unknown])[];
  readonly into?: 'selfBlinding';
  readonly options?: FindingOptions;
};

/** A copy of a published design with some values replaced. */
function seeded({ set, into }: Pick<Seed, 'set' | 'into'>): ProtocolDocument {
  const copy: Json = JSON.parse(JSON.stringify(into === 'selfBlinding' ? selfBlinding : everyThirdDay));
  for (const [path, value] of set) {
    const target = path.slice(0, -1).reduce<Json>((node, step) => node[step] ?? {}, copy);
    const last = path.at(-1) ?? '';
    if (value === undefined) delete target[last];
    else Object.assign(target, { [last]: value });
  }
  return read(copy);
}

function indexOf(list: readonly { readonly id: string }[], id: string): number {
  const index = list.findIndex((item) => item.id === id);
  assert.notEqual(index, -1, id);
  return index;
}

const home = read(everyThirdDay);
const activity = (id: string) => indexOf(home.activities, id);
const hold = (id: string) => indexOf(home.safety.holdRules, id);
const guess = activity('guess-capsule');
const substance = ['interventions', 0, 'substances', 0];
/** A third treatment, and arms that give the treatments in these orders. */
const crossover = (...orders: readonly (readonly number[])[]): Seed['set'] => {
  const treatments = [...home.interventions.map(({ id }) => id), 'third'];
  const steps = (order: readonly number[]) =>
    order.map((place, period) => ({ fromDose: period * 4 + 1, intervention: treatments[place] }));
  return [
    [['interventions', 2], { ...home.interventions.find(({ role }) => role === 'placebo'), id: 'third' }],
    [
      ['arms'],
      orders.map((order, index) => ({
        ...{ id: `order-${index}`, label: `Order ${index}`, weight: 1, description: 'An order.' },
        content: { kind: 'steps', steps: steps(order) },
      })),
    ],
  ];
};
const dailyFor = (days: number) =>
  [
    [['epochs', 1, 'lastDay'], 7 + days],
    [['epochs', 2], { id: 'week-6', label: 'After', type: 'followUp', firstDay: 200, lastDay: 206 }],
    [['epochs', 3], { id: 'safety-follow-up', label: 'Later', type: 'followUp', firstDay: 207, lastDay: 213 }],
    [['dosing', 'maximumDoses'], 500],
  ] as const;
const unlicensed = (id: string) => {
  const instrument = instrumentById(id);
  return id === 'dass-21' ? { ...instrument, licence: { ...instrument.licence, statement: '' } } : instrument;
};

const circular = (id: string) => {
  const instrument = instrumentById(id);
  if (id !== 'dass-21') return instrument;
  const [first, second, ...rest] = instrument.items;
  assert.ok(first && second);
  const waiting = [
    { ...first, showWhen: { all: [{ item: second.id, atLeast: 1 }] } },
    { ...second, showWhen: { item: first.id, atLeast: 1 } },
  ];
  return { ...instrument, items: [...waiting, ...rest] };
};
const rung = (id: string, rank: number) => ({
  ...everyThirdDay.interventions[0],
  id,
  level: { ladder: 'lsd', rank },
});
const limits = { raisedBy: 'document', minimumDosesPerStep: 4, highestRank: 2, notTolerated: 'The person stops.' };
const siteIn = (jurisdiction: string) => ({ id: 'site', label: 'Site', jurisdiction, licences: [] });
const supply = {
  unit: 'capsule',
  unitsPerKit: 30,
  dispensedOn: [1],
  assay: 'required',
  release: 'As checked.',
  storage: 'Dry.',
  accountability: 'Counted.',
};
const lsdLicence = {
  authority: 'Authority',
  number: '1',
  substances: ['lsd'],
  covers: ['takeHome', 'observed'],
  validFrom: '2026-01-01',
};
const estimand = {
  id: 'mood',
  endpoint: 'daily-mood',
  treatment: 'LSD against placebo',
  population: 'Everyone randomised',
  variable: 'Daily mood',
  intercurrentEvents: intercurrentEvents.map((event) => ({ event, strategy: 'treatmentPolicy' })),
  summary: 'Difference in means',
};

const drawnBy = ['randomisation', 'procedure'];
const age = { id: 'age', label: 'Age', from: { kind: 'number', item: 'age', cuts: [40] } };
const used = { id: 'use', label: 'Earlier use', from: { kind: 'choice', item: 'psychedelicExperience' } };
const minimise = (change: object = {}) => ({
  ...{ kind: 'minimisation', factors: [{ id: 'age', weight: 1 }], distance: 'range', favour: 4, against: 1 },
  ...change,
});
const balancing = (from: object): Seed['set'] => [
  [drawnBy, minimise()],
  [['randomisation', 'factors'], [{ ...age, from }]],
];
const groups = (...answers: string[][]) =>
  balancing({
    ...{ kind: 'choice', item: 'sex' },
    groups: answers.map((own, index) => ({ label: `group ${index}`, answers: own })),
  });
const ownPeriods: Seed['set'] = [
  [
    ['arms'],
    [
      {
        ...everyThirdDay.arms[0],
        content: { kind: 'cycles', treatments: ['lsd-10', 'placebo'], capsulesPerPeriod: 1 },
      },
    ],
  ],
  [drawnBy, { kind: 'nOf1', cycles: 2, block: [1, 1] }],
];
const fault = (code: FindingCode, path: string, set: Seed['set'], severity: Seed['severity'] = 'error'): Seed => ({
  ...{ code, path, severity, set },
});
const allocationSeeds: readonly Seed[] = [
  fault('reference_unknown', 'randomisation.procedure.factors[0].id', [[drawnBy, minimise()]]),
  fault('reference_unknown', 'randomisation.factors[0].from.item', balancing({ kind: 'choice', item: 'no-such' })),
  fault('duplicate_id', 'randomisation.factors[1].id', [
    [
      ['randomisation', 'factors'],
      [age, age],
    ],
  ]),
  fault('duplicate_id', 'randomisation.procedure.factors[1].id', [
    [
      drawnBy,
      minimise({
        factors: [
          { id: 'age', weight: 1 },
          { id: 'age', weight: 2 },
        ],
      }),
    ],
    [['randomisation', 'factors'], [age]],
  ]),
  fault('factor_unused', 'randomisation.factors[0]', [[['randomisation', 'factors'], [age]]], 'advice'),
  fault('factor_without_level', 'randomisation.factors[0].from.item', balancing({ kind: 'choice', item: 'age' })),
  fault(
    'factor_without_level',
    'randomisation.factors[0].from.cuts',
    balancing({ kind: 'number', item: 'age', cuts: [40, 30] }),
  ),
  fault('factor_without_level', 'randomisation.factors[0].from.groups', groups(['female'], ['male', 'intersex'])),
  fault(
    'factor_without_level',
    'randomisation.factors[0].from.groups',
    groups(['female', 'male', 'intersex', 'notSaid'], ['male']),
  ),
  fault(
    'factor_without_level',
    'randomisation.factors[0].from.groups',
    groups(['female', 'male', 'intersex', 'notSaid'], ['none']),
  ),
  fault('factor_not_analysed', 'analysis.endpoints[0].model', balancing(age.from), 'warning'),
  fault(
    'factor_not_analysed',
    'randomisation.factors',
    [
      [drawnBy, minimise({ factors: [{ id: 'use', weight: 1 }] })],
      [['randomisation', 'factors'], [used]],
    ],
    'warning',
  ),
  fault('minimisation_chance', 'randomisation.procedure.favour', [[drawnBy, minimise({ favour: 19 })]], 'warning'),
  fault(
    'minimisation_chance',
    'randomisation.procedure.of.favour',
    [[drawnBy, { kind: 'households', of: minimise({ favour: 3, against: 2 }) }]],
    'warning',
  ),
  fault('coin_not_biased', 'randomisation.procedure.favour', [[drawnBy, minimise({ favour: 2, against: 2 })]]),
  fault(
    'minimisation_stratified',
    'randomisation.stratifyBy',
    [
      [drawnBy, minimise()],
      [['randomisation', 'stratifyBy'], ['site']],
    ],
    'warning',
  ),
  fault(
    'household_shares_arm',
    'randomisation.procedure',
    [[drawnBy, { kind: 'households', of: { kind: 'complete' } }]],
    'advice',
  ),
  fault('too_few_cycles', 'randomisation.procedure.cycles', ownPeriods, 'warning'),
  fault('procedure_arms_mismatch', 'arms', [[drawnBy, { kind: 'nOf1', cycles: 3, block: [1, 1] }]]),
  fault('procedure_arms_mismatch', 'dosing.maximumDoses', ownPeriods),
  fault('procedure_arms_mismatch', 'arms[0].content.treatments', [
    ...ownPeriods,
    [drawnBy, { kind: 'nOf1', cycles: 3, block: [1, 1, 1] }],
  ]),
  fault('content_needs_drawing', 'arms[0].content', [
    [['arms', 0, 'content'], { kind: 'cycles', treatments: ['lsd-10', 'placebo'], capsulesPerPeriod: 1 }],
  ]),
];

const seeds: readonly Seed[] = [
  {
    code: 'reference_unknown',
    path: 'arms[0].content.intervention',
    severity: 'error',
    set: [[['arms', 0, 'content', 'intervention'], 'nothing']],
  },
  {
    code: 'reference_unknown',
    path: 'activities[0].epoch',
    severity: 'error',
    set: [[['activities', 0, 'epoch'], 'nowhere']],
  },
  {
    code: 'reference_unknown',
    path: 'activities[0].after[0]',
    severity: 'error',
    set: [[['activities', 0, 'after'], ['nothing']]],
  },
  { code: 'reference_unknown', path: 'dosing.epoch', severity: 'error', set: [[['dosing', 'epoch'], 'nowhere']] },
  {
    code: 'reference_unknown',
    path: 'analysis.endpoints[1].activity',
    severity: 'error',
    set: [[['analysis', 'endpoints', 1, 'activity'], 'nothing']],
  },
  {
    code: 'reference_unknown',
    path: 'analysis.reference',
    severity: 'error',
    set: [[['analysis', 'reference'], 'nothing']],
  },
  {
    code: 'reference_unknown',
    path: 'objectives[0].endpoints[0]',
    severity: 'error',
    set: [[['objectives', 0, 'endpoints'], ['nothing']]],
  },
  {
    code: 'reference_unknown',
    path: 'blinding.guessActivity',
    severity: 'error',
    set: [[['blinding', 'guessActivity'], 'nothing']],
  },
  {
    code: 'role_mismatch',
    path: 'arms[1].content.active',
    severity: 'error',
    into: 'selfBlinding',
    set: [[['arms', 1, 'content', 'active'], 'placebo']],
  },
  {
    code: 'instrument_unknown',
    path: 'activities[2].instrument',
    severity: 'error',
    set: [[['activities', 2, 'instrument'], 'madrs']],
  },
  {
    code: 'instrument_unknown',
    path: 'population.screeningInstrument',
    severity: 'error',
    set: [[['population', 'screeningInstrument'], 'nothing']],
  },
  {
    code: 'instrument_without_licence',
    path: 'activities[2].instrument',
    severity: 'error',
    set: [],
    options: { instrument: unlicensed },
  },
  {
    code: 'score_unknown',
    path: 'analysis.endpoints[0].score',
    severity: 'error',
    set: [[['analysis', 'endpoints', 0, 'score'], 'bliss']],
  },
  { code: 'duplicate_id', path: 'arms[1].id', severity: 'error', set: [[['arms', 1, 'id'], 'lsd']] },
  { code: 'duplicate_id', path: 'activities[1].id', severity: 'error', set: [[['activities', 1, 'id'], 'expectancy']] },
  {
    code: 'duplicate_id',
    path: 'consent[0].sections[1].id',
    severity: 'error',
    set: [[['consent', 0, 'sections', 1, 'id'], 'purpose']],
  },
  { code: 'reserved_id', path: 'activities[0].id', severity: 'error', set: [[['activities', 0, 'id'], 'dose']] },
  { code: 'epoch_reversed', path: 'epochs[3].lastDay', severity: 'error', set: [[['epochs', 3, 'lastDay'], 70]] },
  { code: 'epochs_overlap', path: 'epochs[1].firstDay', severity: 'error', set: [[['epochs', 1, 'firstDay'], 7]] },
  {
    code: 'window_closes_before_opening',
    path: `activities[${guess}].window.closesAt`,
    severity: 'error',
    set: [[['activities', guess, 'window', 'closesAt'], '16:59']],
  },
  {
    code: 'window_closes_before_opening',
    path: 'dosing.takeUntil',
    severity: 'error',
    set: [[['dosing', 'takeUntil'], '07:00']],
  },
  {
    code: 'regimen_day_outside_epoch',
    path: 'activities[0].on.days[1]',
    severity: 'error',
    set: [[['activities', 0, 'on'], { kind: 'days', days: [3, 8] }]],
  },
  {
    code: 'regimen_draws_too_many',
    path: 'activities[0].on.perWeek',
    severity: 'error',
    set: [[['activities', 0, 'on'], { kind: 'drawn', perWeek: 3, from: ['mon', 'tue'] }]],
  },
  {
    code: 'activity_never_due',
    path: 'activities[0].on',
    severity: 'error',
    set: [[['activities', 0, 'on'], 'doseDays']],
  },
  {
    code: 'after_cycle',
    path: `activities[${activity('daily-check-in')}].after`,
    severity: 'error',
    set: [[['activities', activity('daily-check-in'), 'after'], ['guess-capsule']]],
  },
  {
    code: 'after_never_together',
    path: 'activities[0].after[0]',
    severity: 'warning',
    set: [[['activities', 0, 'after'], ['guess-end']]],
  },
  {
    code: 'guess_before_outcome',
    path: `activities[${guess}].after`,
    severity: 'error',
    set: [[['activities', guess, 'after'], ['weekly-safety']]],
  },
  {
    code: 'guess_activity_wrong',
    path: 'blinding.guessActivity',
    severity: 'error',
    set: [[['blinding', 'guessActivity'], 'daily-check-in']],
  },
  { code: 'guess_missing', path: 'blinding', severity: 'warning', set: [[['blinding', 'guessActivity'], undefined]] },
  {
    code: 'emergency_unblinding_missing',
    path: 'blinding',
    severity: 'error',
    set: [[['blinding', 'emergencyUnblinding'], undefined]],
  },
  {
    code: 'substance_unknown',
    path: 'interventions[0].substances[0].substance',
    severity: 'error',
    set: [[[...substance, 'substance'], 'aspirin']],
  },
  {
    code: 'substance_unknown',
    path: 'interventions[0].substances[0].dose.form',
    severity: 'error',
    set: [[[...substance, 'dose', 'form'], 'psilocybin']],
  },
  {
    code: 'dose_range_reversed',
    path: 'interventions[0].substances[0].dose.max',
    severity: 'error',
    set: [[[...substance, 'dose', 'min'], 11]],
  },
  {
    code: 'dose_above_window',
    path: 'interventions[0].substances[0].dose.max',
    severity: 'error',
    set: [[[...substance, 'dose', 'max'], 26]],
  },
  {
    code: 'dose_above_window',
    path: 'interventions[0].substances[0].dose.max',
    severity: 'error',
    set: [[[...substance, 'dose', 'unit'], 'mg']],
  },
  {
    code: 'dose_below_window',
    path: 'interventions[0].substances[0].dose.min',
    severity: 'warning',
    set: [[[...substance, 'dose', 'min'], 2]],
  },
  {
    code: 'dose_above_blinding_threshold',
    path: 'interventions[0].substances[0].dose.max',
    severity: 'warning',
    set: [[[...substance, 'dose', 'max'], 15]],
  },
  {
    code: 'dose_content_unknown',
    path: 'interventions[0].substances[1].dose.max',
    severity: 'advice',
    into: 'selfBlinding',
    set: [],
  },
  {
    code: 'doses_too_close',
    path: 'dosing.minimumHoursBetween',
    severity: 'error',
    set: [[['dosing', 'minimumHoursBetween'], 73]],
  },
  {
    code: 'doses_within_tolerance',
    path: 'dosing.regimen',
    severity: 'warning',
    set: [[['dosing', 'regimen'], { kind: 'onOff', on: 4, off: 3 }]],
  },
  { code: 'doses_within_tolerance', path: 'dosing.regimen', severity: 'advice', into: 'selfBlinding', set: [] },
  { code: 'dosing_without_break', path: 'dosing.regimen', severity: 'warning', set: dailyFor(60) },
  { code: 'many_doses', path: 'dosing.regimen', severity: 'warning', set: dailyFor(75) },
  {
    code: 'maximum_doses_below_plan',
    path: 'dosing.maximumDoses',
    severity: 'error',
    set: [[['dosing', 'maximumDoses'], 13]],
  },
  {
    code: 'no_doses',
    path: 'dosing.regimen',
    severity: 'error',
    set: [[['dosing', 'regimen'], { kind: 'days', days: [43] }]],
  },
  {
    code: 'rule_syntax',
    path: 'population.eligibility[0].rule',
    severity: 'error',
    set: [[['population', 'eligibility', 0, 'rule'], 'screening.age >=']],
  },
  {
    code: 'rule_unknown_variable',
    path: 'population.eligibility[0].rule',
    severity: 'error',
    set: [[['population', 'eligibility', 0, 'rule'], 'flags.age > 1']],
  },
  {
    code: 'rule_not_supported',
    path: 'safety.holdRules[0].rule',
    severity: 'error',
    set: [[['safety', 'holdRules', 0, 'rule'], 'flags.exists(f, f == "x")']],
  },
  {
    code: 'rule_not_a_condition',
    path: 'safety.holdRules[0].rule',
    severity: 'error',
    set: [[['safety', 'holdRules', 0, 'rule'], 'doses.missed + 1']],
  },
  {
    code: 'rule_unknown_name',
    path: 'population.eligibility[0].rule',
    severity: 'error',
    set: [[['population', 'eligibility', 0, 'rule'], 'screening.agee >= 18']],
  },
  {
    code: 'rule_unknown_name',
    path: `safety.holdRules[${hold('phq-4-rise')}].rule`,
    severity: 'error',
    set: [[['safety', 'holdRules', hold('phq-4-rise'), 'rule'], "latest['phq-4'].sum >= 3"]],
  },
  {
    code: 'rule_unknown_answer',
    path: 'population.eligibility[1].rule',
    severity: 'error',
    set: [[['population', 'eligibility', 1, 'rule'], "screening.familyPsychosis == 'Yes'"]],
  },
  {
    code: 'rule_unknown_answer',
    path: `safety.holdRules[${hold('suicidality')}].rule`,
    severity: 'error',
    set: [[['safety', 'holdRules', hold('suicidality'), 'rule'], "'suicide' in flags"]],
  },
  {
    code: 'rule_unit_conflict',
    path: 'population.eligibility[0].rule',
    severity: 'error',
    set: [[['population', 'eligibility', 0, 'rule'], 'screening.age >= kilograms(18)']],
  },
  {
    code: 'rule_unit_conflict',
    path: `safety.holdRules[${hold('suicidality')}].rule`,
    severity: 'error',
    set: [[['safety', 'holdRules', hold('suicidality'), 'rule'], "'suicidality' in flags || doses.missed > days(3)"]],
  },
  {
    code: 'safety_flag_without_rule',
    path: 'safety.holdRules',
    severity: 'warning',
    set: [[['safety', 'holdRules', hold('cardiac-warning'), 'rule'], 'doses.missed > 9']],
  },
  { code: 'safety_contacts_missing', path: 'safety.contacts', severity: 'advice', set: [[['safety', 'contacts'], []]] },
  {
    code: 'endpoint_never_measured',
    path: 'analysis.endpoints[0].activity',
    severity: 'error',
    set: [
      [['activities', activity('daily-check-in'), 'epoch'], 'baseline'],
      [['activities', activity('daily-check-in'), 'on'], 'doseDays'],
    ],
  },
  {
    code: 'no_primary_endpoint',
    path: 'analysis.endpoints',
    severity: 'warning',
    set: [[['analysis', 'endpoints', 0, 'level'], 'secondary']],
  },
  {
    code: 'model_unknown_column',
    path: 'analysis.endpoints[0].model',
    severity: 'error',
    set: [[['analysis', 'endpoints', 0, 'model'], 'value ~ condition + weight']],
  },
  {
    code: 'reference_not_placebo',
    path: 'analysis.reference',
    severity: 'warning',
    set: [[['analysis', 'reference'], 'lsd-10']],
  },
  {
    code: 'procedure_arms_mismatch',
    path: 'arms',
    severity: 'error',
    set: [[['randomisation', 'procedure'], { kind: 'selfBlindingWeeks', weeks: 4 }]],
  },
  {
    code: 'procedure_arms_mismatch',
    path: 'arms[2].content',
    severity: 'error',
    into: 'selfBlinding',
    set: [[['arms', 2, 'content'], { kind: 'constant', intervention: 'micro-dose' }]],
  },
  {
    code: 'procedure_arms_mismatch',
    path: 'arms[1].weight',
    severity: 'error',
    into: 'selfBlinding',
    set: [[['arms', 1, 'weight'], 2]],
  },
  {
    code: 'procedure_arms_mismatch',
    path: 'dosing.epoch',
    severity: 'error',
    into: 'selfBlinding',
    set: [[['epochs', 1, 'lastDay'], 34]],
  },
  {
    code: 'block_size_not_multiple',
    path: 'randomisation.procedure.sizes[1]',
    severity: 'error',
    set: [
      [['randomisation', 'procedure'], { kind: 'permutedBlocks', sizes: [6, 8] }],
      [['arms', 0, 'weight'], 2],
    ],
  },
  {
    code: 'block_size_not_multiple',
    path: 'randomisation.procedure.size',
    severity: 'error',
    set: [[['randomisation', 'procedure'], { kind: 'maximal', tolerance: 3, size: 81 }]],
  },
  {
    code: 'ratio_too_large',
    path: 'arms',
    severity: 'error',
    set: [
      [['randomisation', 'procedure'], { kind: 'maximal', tolerance: 3, size: 70 }],
      [['arms', 0, 'weight'], 6],
    ],
  },
  {
    code: 'coin_not_biased',
    path: 'randomisation.procedure.favour',
    severity: 'error',
    set: [[['randomisation', 'procedure'], { kind: 'biasedCoin', favour: 2, against: 2 }]],
  },
  {
    code: 'ratio_not_kept',
    path: 'randomisation.procedure',
    severity: 'warning',
    set: [
      [['randomisation', 'procedure'], { kind: 'blockUrn', blocks: 2 }],
      [['arms', 0, 'weight'], 2],
    ],
  },
  {
    code: 'procedure_arms_mismatch',
    path: 'randomisation.procedure',
    severity: 'error',
    set: [
      [['randomisation', 'procedure'], { kind: 'urn', initial: 0, added: 1 }],
      [['arms'], [everyThirdDay.arms[0]]],
    ],
  },
  ...allocationSeeds,
  { code: 'single_arm', path: 'arms', severity: 'warning', set: [[['arms'], [everyThirdDay.arms[0]]]] },
  {
    code: 'consent_answer_outside',
    path: 'consent[0].comprehension[0].correct',
    severity: 'error',
    set: [[['consent', 0, 'comprehension', 0, 'correct'], 3]],
  },
  {
    code: 'consent_topic_missing',
    path: 'consent[0].sections',
    severity: 'advice',
    set: [[['consent', 0, 'sections'], [everyThirdDay.consent[0]?.sections[0]]]],
  },
  {
    code: 'epoch_empty',
    path: 'epochs[3].lastDay',
    severity: 'error',
    set: [[['epochs', 3, 'lastDay'], 76]],
  },
  {
    code: 'dose_above_window_justified',
    path: 'interventions[0].substances[0].dose.max',
    severity: 'warning',
    set: [
      [[...substance, 'dose', 'max'], 26],
      [['interventions', 0, 'outsideWindow'], { reason: 'As published.', source: 'A trial' }],
    ],
  },
  {
    code: 'dose_above_window',
    path: 'interventions[0].substances[0].dose.max',
    severity: 'error',
    set: [
      [[...substance, 'dose', 'max'], 100],
      [['interventions', 0, 'outsideWindow'], { reason: 'As published.', source: 'A trial' }],
    ],
  },
  {
    code: 'content_needs_drawing',
    path: 'arms[0].content',
    severity: 'error',
    set: [[['arms', 0, 'content'], { kind: 'drawn', active: 'lsd-10', placebo: 'placebo' }]],
  },
  {
    code: 'steps_begin_late',
    path: 'arms[0].content.steps',
    severity: 'error',
    set: [[['arms', 0, 'content'], { kind: 'steps', steps: [{ fromDose: 2, intervention: 'lsd-10' }] }]],
  },
  {
    code: 'steps_out_of_order',
    path: 'arms[0].content.steps[1].fromDose',
    severity: 'error',
    set: [
      [
        ['arms', 0, 'content'],
        {
          kind: 'steps',
          steps: [
            { fromDose: 1, intervention: 'lsd-10' },
            { fromDose: 1, intervention: 'placebo' },
          ],
        },
      ],
    ],
  },
  {
    code: 'reference_unknown',
    path: 'arms[0].content.steps[0].intervention',
    severity: 'error',
    set: [[['arms', 0, 'content'], { kind: 'steps', steps: [{ fromDose: 1, intervention: 'nothing' }] }]],
  },
  {
    code: 'titration_without_limits',
    path: 'arms[0].content.steps[1]',
    severity: 'error',
    set: [
      [['interventions', 2], rung('low', 1)],
      [['interventions', 3], rung('mid', 2)],
      [
        ['arms', 0, 'content'],
        {
          kind: 'steps',
          steps: [
            { fromDose: 1, intervention: 'low' },
            { fromDose: 5, intervention: 'mid' },
          ],
        },
      ],
    ],
  },
  {
    code: 'titration_above_limit',
    path: 'arms[0].content.steps[2].intervention',
    severity: 'error',
    set: [
      [['interventions', 2], rung('low', 1)],
      [['interventions', 3], rung('mid', 2)],
      [['interventions', 4], rung('high', 3)],
      [['dosing', 'titration'], limits],
      [
        ['arms', 0, 'content'],
        {
          kind: 'steps',
          steps: [
            { fromDose: 1, intervention: 'low' },
            { fromDose: 5, intervention: 'mid' },
            { fromDose: 9, intervention: 'high' },
          ],
        },
      ],
    ],
  },
  {
    code: 'titration_step_skipped',
    path: 'arms[0].content.steps[1].intervention',
    severity: 'error',
    set: [
      [['interventions', 2], rung('low', 1)],
      [['interventions', 3], rung('mid', 2)],
      [['interventions', 4], rung('high', 3)],
      [['dosing', 'titration'], limits],
      [
        ['arms', 0, 'content'],
        {
          kind: 'steps',
          steps: [
            { fromDose: 1, intervention: 'low' },
            { fromDose: 5, intervention: 'high' },
          ],
        },
      ],
    ],
  },
  {
    code: 'titration_too_fast',
    path: 'arms[0].content.steps[1].fromDose',
    severity: 'error',
    set: [
      [['interventions', 2], rung('low', 1)],
      [['interventions', 3], rung('mid', 2)],
      [['dosing', 'titration'], limits],
      [
        ['arms', 0, 'content'],
        {
          kind: 'steps',
          steps: [
            { fromDose: 1, intervention: 'low' },
            { fromDose: 3, intervention: 'mid' },
          ],
        },
      ],
    ],
  },
  {
    code: 'crossover_periods_unequal',
    path: 'arms',
    severity: 'advice',
    set: crossover([0, 1, 2], [0, 2, 1]),
  },
  {
    code: 'crossover_carry_over_unequal',
    path: 'arms',
    severity: 'advice',
    set: crossover([0, 1, 2], [1, 2, 0], [2, 0, 1]),
  },
  {
    code: 'sham_dose_not_placebo',
    path: 'dosing.shamDoses[0]',
    severity: 'error',
    set: [[['dosing', 'shamDoses'], [1]]],
  },
  {
    code: 'jurisdiction_unknown',
    path: 'sites[0].jurisdiction',
    severity: 'error',
    set: [[['sites'], [{ ...siteIn('atlantis'), licences: [lsdLicence] }]]],
  },
  {
    code: 'setting_forbidden',
    path: 'sites[0].jurisdiction',
    severity: 'error',
    set: [[['sites'], [{ ...siteIn('au-vic'), licences: [lsdLicence] }]]],
  },
  {
    code: 'substance_forbidden',
    path: 'sites[0].jurisdiction',
    severity: 'error',
    set: [[['sites'], [{ ...siteIn('us-or'), setting: 'observed', licences: [lsdLicence] }]]],
  },
  {
    code: 'site_without_licence',
    path: 'sites[0].licences',
    severity: 'error',
    set: [[['sites'], [siteIn('nz')]]],
  },
  {
    code: 'site_without_licence',
    path: 'sites[1].licences',
    severity: 'error',
    set: [
      [
        ['sites'],
        [
          { ...siteIn('nz'), licences: [lsdLicence] },
          { ...siteIn('ca'), licences: [{ ...lsdLicence, substances: ['psilocybin'] }] },
        ],
      ],
    ],
  },
  {
    code: 'licence_dates_reversed',
    path: 'sites[0].licences[0].validUntil',
    severity: 'error',
    set: [[['sites'], [{ ...siteIn('nz'), licences: [{ ...lsdLicence, validUntil: '2025-01-01' }] }]]],
  },
  {
    code: 'estimand_missing',
    path: 'analysis.endpoints[0]',
    severity: 'error',
    set: [[['estimands'], []]],
  },
  {
    code: 'intercurrent_event_unhandled',
    path: 'estimands[0].intercurrentEvents',
    severity: 'error',
    set: [[['estimands'], [{ ...estimand, intercurrentEvents: estimand.intercurrentEvents.slice(1) }]]],
  },
  {
    code: 'reference_unknown',
    path: 'estimands[0].endpoint',
    severity: 'error',
    set: [[['estimands'], [{ ...estimand, endpoint: 'nothing' }]]],
  },
  {
    code: 'interim_without_spending',
    path: 'analysis.interims',
    severity: 'error',
    set: [
      [
        ['analysis', 'interims'],
        { looks: [{ id: 'half', information: 0.5, decides: 'efficacy' }], board: 'The board' },
      ],
    ],
  },
  {
    code: 'interim_out_of_order',
    path: 'analysis.interims.looks[1].information',
    severity: 'error',
    set: [
      [
        ['analysis', 'interims'],
        {
          looks: [
            { id: 'half', information: 0.5, decides: 'safety' },
            { id: 'third', information: 0.3, decides: 'safety' },
          ],
          board: 'The board',
        },
      ],
    ],
  },
  {
    code: 'spending_above_alpha',
    path: 'analysis.interims.spending.alpha',
    severity: 'error',
    set: [
      [
        ['analysis', 'interims'],
        {
          looks: [{ id: 'half', information: 0.5, decides: 'both' }],
          spending: { kind: 'pocock', alpha: 0.1 },
          board: 'The board',
        },
      ],
    ],
  },
  {
    code: 'primary_outside_family',
    path: 'analysis.multiplicity.endpoints',
    severity: 'error',
    set: [[['analysis', 'multiplicity'], { method: 'holm', endpoints: ['daily-energy'], reason: 'Two questions.' }]],
  },
  {
    code: 'reference_unknown',
    path: 'analysis.multiplicity.endpoints[1]',
    severity: 'error',
    set: [
      [
        ['analysis', 'multiplicity'],
        { method: 'holm', endpoints: ['daily-mood', 'nothing'], reason: 'Two questions.' },
      ],
    ],
  },
  {
    code: 'endpoint_outside_window',
    path: 'analysis.endpoints[0].window',
    severity: 'error',
    set: [[['analysis', 'endpoints', 0, 'window'], { fromDay: 8, toDay: 48 }]],
  },
  {
    code: 'repeated_with_random_term',
    path: 'analysis.endpoints[0].model',
    severity: 'error',
    set: [[['analysis', 'endpoints', 0, 'repeated'], { covariance: 'ar1' }]],
  },
  {
    code: 'repeated_visits',
    path: 'analysis.endpoints[0].repeated.effectAtDay',
    severity: 'error',
    set: [[['analysis', 'endpoints', 0, 'repeated'], { covariance: 'ar1', effectAtDay: 900 }]],
  },
  {
    code: 'repeated_many_visits',
    path: 'analysis.endpoints[0].repeated.covariance',
    severity: 'warning',
    set: [[['analysis', 'endpoints', 0, 'repeated'], { covariance: 'unstructured' }]],
  },
  {
    code: 'reference_unknown',
    path: 'analysis.sensitivity[0].endpoint',
    severity: 'error',
    set: [[['analysis', 'sensitivity'], [{ kind: 'set', id: 'pp', endpoint: 'nothing', set: 'perProtocol' }]]],
  },
  {
    code: 'sensitivity_without_arms',
    path: 'analysis.sensitivity[0]',
    severity: 'error',
    set: [
      [['analysis', 'endpoints', 0, 'contrast'], 'capsule'],
      [['analysis', 'sensitivity'], [{ kind: 'imputation', id: 'j2r', endpoint: 'daily-mood', rule: 'J2R' }]],
    ],
  },
  {
    code: 'tipping_point_zero',
    path: 'analysis.sensitivity[0].furthest',
    severity: 'error',
    set: [
      [
        ['analysis', 'sensitivity'],
        [{ kind: 'tippingPoint', id: 'tip', endpoint: 'daily-mood', rule: 'MAR', furthest: 0 }],
      ],
    ],
  },
  {
    code: 'subgroup_without_split',
    path: 'analysis.subgroups[0].splitAt',
    severity: 'error',
    set: [[['analysis', 'subgroups'], [{ id: 'old', endpoint: 'daily-mood', by: 'age' }]]],
  },
  {
    code: 'graph_malformed',
    path: 'analysis.multiplicity.graph',
    severity: 'error',
    set: [
      [
        ['analysis', 'multiplicity'],
        {
          method: 'graph',
          endpoints: ['daily-mood', 'daily-energy'],
          graph: {
            weights: [1, 0.5],
            transitions: [
              [0, 1],
              [1, 0],
            ],
          },
          reason: 'Two questions.',
        },
      ],
    ],
  },
  {
    code: 'endpoint_window_reversed',
    path: 'analysis.endpoints[0].window.toDay',
    severity: 'error',
    set: [[['analysis', 'endpoints', 0, 'window'], { fromDay: 8, toDay: 7 }]],
  },
  {
    code: 'expectancy_after_dose',
    path: 'analysis.expectancy.activity',
    severity: 'error',
    set: [[['analysis', 'expectancy'], { activity: 'guess-end', use: 'Covariate' }]],
  },
  {
    code: 'reporting_item_empty',
    path: 'reporting.spirit',
    severity: 'advice',
    set: [[['reporting'], { spirit: [] }]],
  },
  {
    code: 'reporting_item_empty',
    path: 'reporting.consort',
    severity: 'advice',
    set: [[['reporting'], { spirit: [], consort: [] }]],
  },
  {
    code: 'burden_above_limit',
    path: 'burden.minutesPerDay',
    severity: 'warning',
    set: [[['burden'], { minutesPerDay: 2 }]],
  },
  {
    code: 'units_conflict',
    path: 'interventions[2].substances[0].dose.unit',
    severity: 'error',
    set: [
      [
        ['interventions', 2],
        {
          ...rung('low', 1),
          substances: [{ substance: 'lsd', dose: { min: 0.01, max: 0.01, unit: 'mg', form: 'lsd-base' } }],
        },
      ],
    ],
  },
  {
    code: 'dose_outside_opening_hours',
    path: 'dosing.observed',
    severity: 'error',
    set: [[['dosing', 'observed'], { openOn: ['mon'], opensAt: '12:00', closesAt: '16:00', whenClosed: 'skip' }]],
  },
  {
    code: 'after_window_impossible',
    path: `activities[${guess}].after[0]`,
    severity: 'error',
    set: [[['activities', guess, 'window'], { opensAt: '08:00', closesAt: '16:00', closesAfterDays: 0, lateDays: 0 }]],
  },
  {
    code: 'skip_logic_cyclic',
    path: 'activities[2].instrument',
    severity: 'error',
    set: [],
    options: { instrument: circular },
  },
  {
    code: 'consent_language_missing',
    path: 'languages[1]',
    severity: 'error',
    set: [[['languages'], ['en', 'mi']]],
  },
  {
    code: 'intervention_unused',
    path: 'interventions[2]',
    severity: 'advice',
    set: [[['interventions', 2], rung('low', 1)]],
  },
  {
    code: 'medicine_missing',
    path: 'medication.prohibited[0]',
    severity: 'error',
    set: [[['medication'], { prohibited: [{ id: 'empty', label: 'Empty', reason: 'None.' }], cautioned: [] }]],
  },
  {
    code: 'reference_unknown',
    path: 'medication.cautioned[0].classes[0]',
    severity: 'error',
    set: [
      [
        ['medication'],
        {
          prohibited: [],
          cautioned: [{ id: 'a', label: 'A', classes: ['nothing'], reason: 'None.', measure: 'None.' }],
        },
      ],
    ],
  },
  {
    code: 'prohibited_not_read',
    path: 'medication.prohibited',
    severity: 'error',
    set: [
      [['medication'], { prohibited: [{ id: 'a', label: 'A', names: ['ginseng'], reason: 'None.' }], cautioned: [] }],
      [
        ['population', 'eligibility'],
        everyThirdDay.population.eligibility.filter(({ rule }) => !rule.includes('contraindicated')),
      ],
    ],
  },
  {
    code: 'supply_too_small',
    path: 'supply.unitsPerKit',
    severity: 'error',
    set: [[['supply'], { ...supply, unitsPerKit: 3 }]],
  },
  {
    code: 'supply_after_dose',
    path: 'supply.dispensedOn',
    severity: 'error',
    set: [[['supply'], { ...supply, dispensedOn: [40] }]],
  },
  {
    code: 'stock_contents_drawn',
    path: 'supply.kits',
    severity: 'error',
    set: [
      [['supply'], { ...supply, kits: 'stock' }],
      [['arms', 0, 'content'], { kind: 'drawn', active: 'lsd-10', placebo: 'placebo' }],
    ],
  },
  {
    code: 'supply_content_reversed',
    path: 'supply.content',
    severity: 'error',
    set: [[['supply'], { ...supply, content: { lower: 110, upper: 90 } }]],
  },
  {
    code: 'stopping_rule_never_asked',
    path: 'safety.stoppingRules[0].minimumExposed',
    severity: 'error',
    set: [
      [
        ['safety', 'stoppingRules'],
        [
          {
            kind: 'rate',
            id: 'severe',
            label: 'Severe',
            event: 'relatedGrade3',
            limit: 0.1,
            probability: 0.9,
            prior: { alpha: 1, beta: 1 },
            minimumExposed: 100_000,
          },
        ],
      ],
    ],
  },
  {
    code: 'skip_logic_cyclic',
    path: 'activities[0].when',
    severity: 'error',
    set: [[['activities', 0, 'when'], `latest['${everyThirdDay.activities[0]?.instrument}'].total > 3`]],
  },
  {
    code: 'rule_unknown_name',
    path: 'activities[1].when',
    severity: 'error',
    set: [[['activities', 1, 'when'], "latest['no-such'].total > 3"]],
  },
  {
    code: 'version_mismatch',
    path: 'identity.versions[0].version',
    severity: 'error',
    set: [[['identity'], { versions: [{ version: '0.9.0', changes: 'First.', substantial: true }] }]],
  },
];

for (const seed of seeds) {
  test(`${seed.code} is found at ${seed.path}`, () => {
    const found = findings(seeded(seed), seed.options);
    const hit = found.find(({ code, path }) => code === seed.code && path === seed.path);
    assert.ok(hit, JSON.stringify(found, null, 1));
    assert.equal(hit.severity, seed.severity);
    assert.match(hit.message, /\S.*\.( \(line|$)|\)$/);
  });
}

test('every code has a seeded mistake, and none of them is found in the home trial as published', () => {
  assert.deepEqual(Object.keys(findingCodes).sort(), [...new Set(seeds.map(({ code }) => code))].sort());
  assert.deepEqual(findings(home), []);
});

test('the self-blinding design has no error and no warning', () => {
  const found = findings(read(selfBlinding));
  assert.equal(hasErrors(found), false);
  assert.deepEqual(found.map(({ severity, code }) => `${severity} ${code}`).sort(), [
    'advice dose_content_unknown',
    'advice doses_within_tolerance',
  ]);
});

test('a removed activity leaves every reference to it reported, and errors come first', () => {
  const document = { ...home, activities: home.activities.filter(({ id }) => id !== 'daily-check-in') };
  const found = findings(document);
  assert.ok(hasErrors(found));
  const references = found.filter(({ code }) => code === 'reference_unknown').map(({ path }) => path);
  assert.ok(
    references.includes(`activities[${guess - 1}].after[0]`) && references.includes('analysis.endpoints[0].activity'),
  );
  const rank = found.map(({ severity }) => ['error', 'warning', 'advice'].indexOf(severity));
  assert.deepEqual(
    rank,
    rank.toSorted((a, b) => a - b),
  );
});

test('a window of several days may close at an earlier hour', () => {
  const found = findings(seeded({ set: [[['activities', 0, 'window', 'closesAt'], '05:00']] }));
  assert.deepEqual(found, []);
});

test('capsules exactly as far apart as the minimum are not too close', () => {
  assert.deepEqual(findings(seeded({ set: [[['dosing', 'minimumHoursBetween'], 72]] })), []);
});

test('an epoch inside another, or on the same days, overlaps it', () => {
  for (const [firstDay, lastDay] of [
    [10, 20],
    [8, 49],
    [49, 49],
  ]) {
    const inside = { id: 'inside', label: 'Inside', type: 'washout', firstDay, lastDay };
    const found = findings(seeded({ set: [[['epochs', 4], inside]] }));
    assert.deepEqual(
      found.map(({ code, path }) => [code, path]),
      [['epochs_overlap', 'epochs[4].firstDay']],
    );
  }
});

test('the orders of a Williams square leave nothing to say of periods and carry-over, nor do two orders of two', () => {
  const crossovers = (...orders: readonly (readonly number[])[]) =>
    findings(seeded({ set: crossover(...orders) })).filter(({ code }) => code.startsWith('crossover'));
  assert.deepEqual(crossovers([0, 2, 1], [1, 0, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1], [0, 1, 2]), []);
  assert.deepEqual(crossovers([0, 1], [1, 0]), []);
  // A treatment that comes twice, or arms of their own treatments, make no such crossover.
  assert.deepEqual(crossovers([0, 1, 0], [1, 0, 1]), []);
  assert.deepEqual(crossovers([0, 1], [1, 2]), []);
});

test('weekdays are counted from the day a participant may start on', () => {
  const week9 = indexOf(selfBlinding.epochs, 'week-9');
  const last = indexOf(selfBlinding.activities, 'dass-week-9');
  const on = (day: string) =>
    findings(
      seeded({
        into: 'selfBlinding',
        set: [
          [['epochs', week9, 'firstDay'], 67],
          [['epochs', week9, 'lastDay'], 70],
          [['activities', last, 'on'], { kind: 'weekdays', days: [day] }],
        ],
      }),
    ).filter(({ code }) => code === 'activity_never_due');
  // Study day 67 is a Thursday, day 70 a Sunday.
  assert.deepEqual(
    ['thu', 'sun', 'wed', 'mon'].map((day) => on(day).length),
    [0, 0, 1, 1],
  );
});

test('a pause of three weeks is a break, one of a week is not', () => {
  const cycles = (weeksOff: number) => ({
    kind: 'cycles',
    weeksOn: 4,
    weeksOff,
    regimen: { kind: 'everyNDays', n: 3 },
  });
  const codes = (weeksOff: number) =>
    findings(seeded({ set: [...dailyFor(140), [['dosing', 'regimen'], cycles(weeksOff)]] })).map(({ code }) => code);
  assert.ok(!codes(3).includes('dosing_without_break'));
  assert.ok(codes(1).includes('dosing_without_break'));
});

test('the check never throws, however the parts of a document are mixed up', () => {
  const lists = ['arms', 'epochs', 'activities', 'interventions', 'objectives'] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...lists),
      fc.nat(5),
      fc.constantFrom(everyThirdDay, selfBlinding),
      (list, keep, base) => {
        const other = base === everyThirdDay ? selfBlinding : everyThirdDay;
        const mixed = [...other[list].slice(0, keep + 1)];
        const result = parseProtocol(JSON.stringify({ ...base, [list]: mixed }));
        if (result.ok) assert.ok(Array.isArray(findings(result.protocol)));
      },
    ),
    { numRuns: 40 },
  );
});
