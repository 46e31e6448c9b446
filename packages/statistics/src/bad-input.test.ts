/** Whatever it is given, every function that fits or tests answers with finite numbers or with a typed error that names what is wrong. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ancova,
  autocorrelatedSlope,
  bangIndex,
  blindingOverTime,
  type Cell,
  type CovarianceStructure,
  correctGuessRateCurve,
  detectionThreshold,
  eggerTest,
  fitCox,
  fitGee,
  fitGeneralisedModel,
  fitLinearMixedModel,
  fitLinearModel,
  fitMmrm,
  fitMultivariateNormal,
  jamesIndex,
  kaplanMeier,
  logRank,
  metaAnalysis,
  multipleImputation,
  philox,
  rerandomisationInterval,
  rerandomisationTest,
  StatisticsError,
  singleCaseTest,
} from './index.ts';

type Rows = Record<'y' | 'arm' | 'visit' | 'day' | 'person' | 'baseline' | 'event', readonly Cell[]>;
type Estimated = {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly p: number;
};
/** `y` is brought into what the family counts; texts and gaps stay what they are. */
type Fit = (rows: Rows) => readonly Estimated[];

const counted =
  (count: (y: number) => number) =>
  (rows: Rows): Rows => ({ ...rows, y: rows.y.map((y) => (typeof y === 'number' ? count(y) : y)) });
const responses = {
  gaussian: (rows: Rows) => rows,
  binomial: counted((y) => (Number.isFinite(y) ? Number(y > 52) : y)),
  poisson: counted((y) => (Number.isFinite(y) ? Math.max(0, Math.round(y - 45)) : y)),
  ordinal: counted((y) => (Number.isFinite(y) ? Math.min(4, Math.max(1, Math.round((y - 46) / 2))) : y)),
};
const covariances: readonly CovarianceStructure[] = [
  'unstructured',
  'compound-symmetry',
  'heterogeneous-compound-symmetry',
  'ar1',
  'heterogeneous-ar1',
  'toeplitz',
  'heterogeneous-toeplitz',
  'ante-dependence',
  'spatial-exponential',
];
const formula = 'y ~ arm + baseline';
const fits: Readonly<Record<string, Fit>> = {
  'least squares': (data) => fitLinearModel({ formula, data }).terms,
  'analysis of covariance': (data) =>
    ancova({ outcome: 'y', baseline: 'baseline', arm: 'arm', control: 'placebo', data }).model.terms,
  'random intercept': (data) => fitLinearMixedModel({ formula: `${formula} + (1 | person)`, data }).terms,
  'random slope, ML': (data) =>
    fitLinearMixedModel({ formula: `${formula} + (1 + day | person)`, data, method: 'ML' }).terms,
  'random intercept, Kenward-Roger': (data) =>
    fitLinearMixedModel({ formula: `${formula} + (1 | person)`, data, df: 'kenward-roger' }).terms,
  'proportional hazards': (data) => fitCox({ formula, data, event: 'event' }).terms,
};
const all: Record<string, Fit> = { ...fits };
for (const covariance of covariances) {
  const visit = covariance === 'spatial-exponential' ? 'day' : 'visit';
  all[`repeated measures, ${covariance}`] = (data) =>
    fitMmrm({ formula, data, subject: 'person', visit, covariance }).terms();
}
for (const family of ['binomial', 'poisson', 'ordinal'] as const) {
  all[family] = (rows) => fitGeneralisedModel({ formula, data: responses[family](rows), family }).terms;
  all[`${family}, random intercept`] = (rows) =>
    fitGeneralisedModel({ formula: `${formula} + (1 | person)`, data: responses[family](rows), family }).terms;
}
for (const family of ['gaussian', 'binomial', 'poisson'] as const) {
  for (const correlation of ['independence', 'exchangeable', 'ar1'] as const) {
    all[`estimating equations, ${family}, ${correlation}`] = (rows) =>
      fitGee({ formula, data: responses[family](rows), family, correlation, group: 'person', visit: 'day' }).terms;
  }
}

/** Up to four visits of 24 people; the first ten are seen at all of them. */
function trial(): Record<keyof Rows, Cell[]> {
  const random = philox('bad input');
  const rows: Record<keyof Rows, Cell[]> = { y: [], arm: [], visit: [], day: [], person: [], baseline: [], event: [] };
  for (let i = 0; i < 24; i += 1) {
    const level = random.normal(0, 2);
    const baseline = level + random.normal(0, 1);
    const seen = i < 10 ? 4 : random.integer(2, 4);
    for (let day = 1; day <= seen; day += 1) {
      rows.y.push(50 + level + day + random.normal(0, 1));
      rows.arm.push(i % 2 === 0 ? 'placebo' : 'active');
      rows.visit.push(`v${day}`);
      rows.day.push(day);
      rows.person.push(`P${i}`);
      rows.baseline.push(baseline);
      rows.event.push(Number(random.bernoulli(0.6)));
    }
  }
  return rows;
}

const good = trial();
const kept = (rows: Rows, wanted: (row: number) => boolean): Rows => {
  const own = (cells: readonly Cell[]) => cells.filter((_, row) => wanted(row));
  const { y, arm, visit, day, person, baseline, event } = rows;
  return {
    ...{ y: own(y), arm: own(arm), visit: own(visit), day: own(day) },
    ...{ person: own(person), baseline: own(baseline), event: own(event) },
  };
};
const changed = (name: keyof Rows, to: (cell: Cell, row: number) => Cell): Rows => ({
  ...good,
  [name]: good[name].map(to),
});

/** What is wrong, the rows, the code, and what the error must be about. */
const faults: readonly (readonly [string, Rows, RegExp, RegExp])[] = [
  ['a constant response', changed('y', () => 55), /^constant_response$/, /^y$/],
  [
    'one arm only',
    changed('arm', () => 'active'),
    /^(one_level_factor|unknown_reference)$/,
    /^arm: (only active|placebo)$/,
  ],
  ['no rows', kept(good, () => false), /^no_rows$/, /^`?y`? ~ /],
  ['all responses missing', changed('y', () => null), /^no_rows$/, /^`?y`?: all missing$/],
  ['all baselines missing', changed('baseline', () => null), /^no_rows$/, /^`?baseline`?: all missing$/],
  [
    'an infinite response',
    changed('y', (y, row) => (row === 5 ? Number.POSITIVE_INFINITY : y)),
    /^non_finite$/,
    /^y, row 6$/,
  ],
  [
    'a response that is not a number',
    changed('y', (y, row) => (row === 5 ? Number.NaN : y)),
    /^non_finite$/,
    /^y, row 6$/,
  ],
  [
    'an infinite baseline',
    changed('baseline', (x, row) => (row === 7 ? Number.NEGATIVE_INFINITY : x)),
    /^non_finite$/,
    /^baseline, row 8$/,
  ],
  ['a response in words', changed('y', (y) => `about ${y}`), /^response_not_numeric$/, /^y$/],
  [
    'an arm that is a number here and a word there',
    changed('arm', (a, row) => (row === 0 ? 1 : a)),
    /^mixed_column$/,
    /^arm$/,
  ],
  [
    'a baseline that repeats the arm',
    changed('baseline', (_, row) => Number(good.arm[row] === 'active')),
    /^rank_deficient$/,
    /baseline|arm/,
  ],
  [
    'two rows of three coefficients',
    kept(good, (row) => ['P0', 'P1'].includes(String(good.person[row])) && good.day[row] === 1),
    /^(too_few_rows|rank_deficient|constant_response)$/,
    /rows|baseline|^y$/,
  ],
  ['columns of different lengths', { ...good, arm: good.arm.slice(1) }, /^column_lengths$/, /arm|baseline/],
];

const refused = (call: () => unknown, code: RegExp, about: RegExp, what: string) =>
  assert.throws(
    call,
    (error: unknown) => {
      assert.ok(error instanceof StatisticsError, `${what}: ${error}`);
      assert.match(error.code, code, `${what}: ${error.message}`);
      assert.match(error.about, about, `${what}: ${error.message}`);
      return true;
    },
    what,
  );

describe('Rows that no model can be fitted to are refused by code and name, whatever the model', () => {
  for (const [fault, rows, code, about] of faults) {
    test(fault, () => {
      for (const [name, fit] of Object.entries(all)) refused(() => fit(rows), code, about, name);
    });
  }

  test('two rows of a participant at one visit, where visits matter', () => {
    const rows = {
      ...good,
      visit: good.visit.map((v) => (v === 'v2' ? 'v1' : v)),
      day: good.day.map((d) => (d === 2 ? 1 : d)),
    };
    for (const [name, fit] of Object.entries(all)) {
      if (/^(repeated|estimating)/.test(name)) refused(() => fit(rows), /^duplicate_visit$/, /^P0(, v?1|: 1)$/, name);
    }
  });

  test('everything of one participant, where participants matter', () => {
    const rows = changed('person', () => 'P0');
    for (const [name, fit] of Object.entries(all)) {
      if (/random|estimating/.test(name)) refused(() => fit(rows), /^one_group$/, /^person$/, name);
    }
  });

  test('a response that the design reproduces, where errors come from what is left', () => {
    const rows = changed('y', (_, row) => 50 + 2 * Number(good.arm[row] === 'active') + Number(good.baseline[row]));
    for (const [name, fit] of Object.entries(all)) {
      if (/least|covariance|random (i|s)|repeated|gaussian/.test(name) && !/binomial|poisson|ordinal/.test(name)) {
        refused(() => fit(rows), /^perfect_fit$/, /./, name);
      }
    }
  });

  test('a response in a unit so small that its squares are zero', () => {
    const rows = changed('y', (y) => Number(y) * 1e-200);
    for (const [name, fit] of Object.entries(all)) {
      if (/least|covariance|random (i|s)|repeated|gaussian/.test(name) && !/binomial|poisson|ordinal/.test(name)) {
        refused(() => fit(rows), /^perfect_fit$/, /./, name);
      }
    }
  });
});

describe('An estimation that does not arrive says so and where it went', () => {
  const byArm = changed('y', (_, row) => (good.arm[row] === 'active' ? 60 : 40) + Number(row) / 1000);
  for (const name of Object.keys(all).filter((one) =>
    /^(binomial|ordinal)|estimating.*(binomial|poisson)|^poisson/.test(one),
  )) {
    test(`${name}: the arm separates the responses`, () => {
      refused(() => (all[name] as Fit)(byArm), /^not_converged$/, /separates|no valid covariance/, name);
    });
  }
  test('proportional hazards: nobody on placebo has the event', () => {
    const rows = changed('event', (event, row) => (good.arm[row] === 'placebo' ? 0 : event));
    refused(() => fitCox({ formula, data: rows, event: 'event' }), /^not_converged$/, /^armplacebo/, 'cox');
  });
  test('proportional hazards: times fall in the order of the baseline', () => {
    const [time, x] = [
      [9, 8, 7, 6, 5, 4, 3, 2],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ];
    const data = { time, x, event: time.map(() => 1) };
    refused(() => fitCox({ formula: 'time ~ x', data, event: 'event' }), /^not_converged$/, /^x/, 'cox');
  });
  for (const covariance of covariances) {
    test(`repeated measures, ${covariance}: two visits move as one`, () => {
      const data = changed(
        'y',
        (_, row) => Number(good.y[good.person.indexOf(good.person[row])]) + Number(good.day[row]),
      );
      const visit = covariance === 'spatial-exponential' ? 'day' : 'visit';
      const request = { formula: `y ~ ${visit}`, data, subject: 'person', visit, covariance };
      refused(() => fitMmrm(request), /^(not_converged|perfect_fit)$/, /./, covariance);
    });
  }
  test('random intercept: nobody differs from themselves', () => {
    const rows = changed('y', (_, row) => Number(good.y[good.person.indexOf(good.person[row])]));
    refused(() => (all['random intercept'] as Fit)(rows), /^perfect_fit$/, /person/, 'random intercept');
  });
  test('slope of one person: a walk without a level', () => {
    const values = Array.from({ length: 30 }, (_, i) => 100 * Math.sin(i / 9));
    refused(
      () => autocorrelatedSlope({ times: values.map((_, i) => i), values }),
      /^not_converged$/,
      /autocorrelation/,
      'slope',
    );
  });
  test('EM: a visit that repeats another', () => {
    const rows = Array.from({ length: 12 }, (_, i) => [i % 5, i % 5, i === 3 ? null : (i * 7) % 4]);
    refused(() => fitMultivariateNormal(rows), /^not_converged$/, /positive definite|steps/, 'EM');
  });
  test('threshold of detection: doses separate the answers', () => {
    const answers = [0, 0, 5, 5, 10, 10].map((dose) => ({ dose, noticed: dose > 4 }));
    refused(() => detectionThreshold(answers), /^not_converged$/, /separates/, 'threshold');
  });
});

const infinity = Number.POSITIVE_INFINITY;
const study = (estimate: number, standardError: number, name = 'a') => ({ study: name, estimate, standardError });
const followed = (time: number, event = true) => ({ time, event });
const seen = (participant: string, arm: string, values: readonly (number | null)[]) => ({ participant, arm, values });
const two = ['a', 'b'];
const nobody = { correct: 0, wrong: 0, unsure: 0 };
/** Function and fault, the call, the code, and what the error must be about. */
const others: readonly (readonly [string, () => unknown, string, RegExp])[] = [
  ['Kaplan-Meier without people', () => kaplanMeier([]), 'no_rows', /^$/],
  ['Kaplan-Meier, an infinite time', () => kaplanMeier([followed(infinity)]), 'non_finite', /time/],
  [
    'log-rank, one group',
    () =>
      logRank([
        { ...followed(1), group: 'x' },
        { ...followed(2), group: 'x' },
      ]),
    'one_level_factor',
    /^group$/,
  ],
  [
    'proportional hazards without events',
    () => fitCox({ formula: 't ~ x', data: { t: [1, 2, 3], x: [1, 5, 2], e: [0, 0, 0] }, event: 'e' }),
    'empty_condition',
    /^e$/,
  ],
  ['meta-analysis of one study', () => metaAnalysis({ effects: [study(1, 1)] }), 'too_few_rows', /1 studies/],
  [
    'meta-analysis, an infinite effect',
    () => metaAnalysis({ effects: [study(infinity, 1, 'far'), study(1, 1)] }),
    'non_finite',
    /^far$/,
  ],
  [
    'meta-analysis, no error',
    () => metaAnalysis({ effects: [study(1, 0, 'sure'), study(1, 1)] }),
    'non_finite',
    /^sure$/,
  ],
  [
    'meta-analysis, a constant moderator',
    () => metaAnalysis({ effects: [1, 2, 3].map((one) => ({ ...study(one, 1), moderators: { dose: 4 } })) }),
    'rank_deficient',
    /dose/,
  ],
  ['Egger, errors alike', () => eggerTest([study(1, 1), study(2, 1), study(3, 1)]), 'rank_deficient', /standardError/],
  ['EM, more visits than people', () => fitMultivariateNormal([[1, 2]]), 'too_few_rows', /participants/],
  ['EM, an infinite value', () => fitMultivariateNormal([[1], [infinity], [2]]), 'non_finite', /^participant 2$/],
  ['EM, everything missing', () => fitMultivariateNormal([[null], [null]]), 'too_few_rows', /participants/],
  [
    'EM, visits never seen together',
    () =>
      fitMultivariateNormal([
        [1, null],
        [2, null],
        [null, 3],
        [null, 4],
      ]),
    'unseen_visit_pair',
    /visits 1 and 2/,
  ],
  [
    'imputation, an arm of one',
    () =>
      multipleImputation({
        participants: [
          seen('P1', 'a', [1, null]),
          seen('P2', 'b', [1, 2]),
          seen('P3', 'b', [2, 4]),
          seen('P4', 'b', [3, 3]),
        ],
        reference: 'b',
        rule: 'mar' as never,
        seed: 's',
        analyse: () => ({ estimate: 0, variance: 1 }) as never,
        completeDf: 3,
      }),
    'too_few_rows',
    /^a/,
  ],
  [
    'slope, one time twice',
    () => autocorrelatedSlope({ times: [1, 2, 2, 4], values: [1, 2, 4, 3] }),
    'duplicate_visit',
    /^time 2$/,
  ],
  [
    'slope, a constant course',
    () => autocorrelatedSlope({ times: [1, 2, 3, 4], values: [5, 5, 5, 5] }),
    'perfect_fit',
    /values/,
  ],
  [
    'slope, three occasions',
    () => autocorrelatedSlope({ times: [1, 2, 3], values: [5, 6, 5] }),
    'too_few_rows',
    /3 occasions/,
  ],
  [
    'single case, one treatment only',
    () =>
      singleCaseTest({
        cases: [{ participant: 'P7', values: [1, 2], treatments: ['a', 'a'], draws: [['a', 'a']] }],
        active: 'a',
        control: 'b',
        random: philox('x'),
      }),
    'empty_condition',
    /^P7$/,
  ],
  [
    're-randomisation of one person',
    () => rerandomisationTest({ allocated: ['a'], draw: () => ['a'], statistic: () => 1 }),
    'too_few_rows',
    /1 participants/,
  ],
  [
    're-randomisation, an infinite statistic',
    () => rerandomisationTest({ allocated: two, draw: () => two, statistic: () => infinity }),
    'non_finite',
    /statistic/,
  ],
  [
    're-randomisation interval, an arm nobody is in',
    () => rerandomisationInterval({ allocated: two, draw: () => two, values: [1, 2], active: 'a', control: 'c' }),
    'empty_condition',
    /^c$/,
  ],
  ['Bang without guesses', () => bangIndex(nobody), 'no_guesses', /^$/],
  ['Bang, half a guess', () => bangIndex({ ...nobody, correct: 0.5 }), 'bad_counts', /0\.5/],
  [
    'James, one condition and one guess',
    () => jamesIndex({ active: { ...nobody, correct: 4 }, placebo: nobody }),
    'index_undefined',
    /^$/,
  ],
  ['blinding over time without guesses', () => blindingOverTime([], { random: philox('x') }), 'no_guesses', /^$/],
  [
    'guess-rate curve, placebo without rows',
    () => correctGuessRateCurve([{ value: 1, condition: 'active', guess: 'active' }]),
    'empty_condition',
    /^placebo$/,
  ],
  [
    'threshold of detection, everybody notices',
    () => detectionThreshold([0, 5, 10, 20].map((dose) => ({ dose, noticed: true }))),
    'constant_response',
    /noticed/,
  ],
];

describe('So it is with everything else that takes data', () => {
  for (const [name, call, code, about] of others) {
    test(name, () => refused(call, new RegExp(`^${code}$`), about, name));
  }
});

test('On small ragged data every answer is finite, its errors above zero, or there is none', () => {
  // The first few once gave infinite hazards, or errors of zero, as if they were estimates.
  for (const run of [12, 35, 48, 59, 69, 96, 225, 369, 387, ...Array.from({ length: 6 }, (_, i) => 1000 + i)]) {
    const rows = ragged(run);
    for (const [name, fit] of Object.entries(all)) {
      try {
        for (const { term, estimate, standardError, p } of fit(rows)) {
          const sound = Number.isFinite(estimate) && standardError > 0 && standardError < 1e4 && p >= 0 && p <= 1;
          assert.ok(sound, `${run}, ${name}, ${term}: ${estimate}, ${standardError}, ${p}`);
        }
      } catch (error) {
        if (!(error instanceof StatisticsError)) throw error;
        assert.ok(!Number.isNaN(error.about), name);
      }
    }
  }
});

/** Two to nine people, few values, gaps in every place. */
function ragged(run: number): Rows {
  const random = philox(`fuzz ${run}`);
  const [people, visits, range] = [random.integer(2, 9), random.integer(1, 4), random.choice([2, 5, 100])];
  const rows: Record<keyof Rows, Cell[]> = { y: [], arm: [], visit: [], day: [], person: [], baseline: [], event: [] };
  for (let i = 0; i < people; i += 1) {
    const baseline = random.integer(0, range);
    for (let visit = 1; visit <= visits; visit += 1) {
      if (random.bernoulli(0.2)) continue;
      rows.y.push(random.bernoulli(0.1) ? null : 45 + random.integer(0, range));
      rows.arm.push(random.bernoulli(0.5) ? 'active' : 'placebo');
      rows.visit.push(`v${visit}`);
      rows.day.push(visit * visit);
      rows.person.push(`P${i}`);
      rows.baseline.push(baseline);
      rows.event.push(Number(random.bernoulli(0.5)));
    }
  }
  return rows;
}
