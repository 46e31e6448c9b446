import assert from 'node:assert/strict';
import { test } from 'node:test';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import {
  eligibility,
  interactionsOf,
  medicineEntry,
  type ProtocolDocument,
  ProtocolError,
  parseProtocol,
  type ScreeningInput,
} from './index.ts';

function read(document: unknown): ProtocolDocument {
  const result = parseProtocol(JSON.stringify(document));
  assert.ok(result.ok);
  return result.protocol;
}

const home = read(everyThirdDay);
const citizen = read(selfBlinding);
const history = [
  'personalPsychosis',
  'familyPsychosis',
  'personalBipolar',
  'familyBipolar',
  'seizure',
  'valveDisease',
  'heartDisease',
  'stroke',
  'highBloodPressure',
  'liverKidney',
  'glaucoma',
  'lastingPerception',
  'allergy',
  'substanceProblem',
  'breastfeeding',
  'suicidality',
  'suicideAttempt',
  'safetySensitiveWork',
];
const healthy: ScreeningInput['answers'] = {
  ...Object.fromEntries(history.map((id) => [id, 'no'])),
  age: 34,
  sex: 'female',
  pregnancy: 'no',
  contraception: 'yes',
  bloodPressureKnown: 'yes',
  systolic: 121,
  diastolic: 78,
  takesMedication: 'no',
  alcoholPerWeek: 2,
  substancesPastMonth: ['none'],
  psychedelicExperience: 'twoToTen',
  microdosedBefore: 'no',
  lastPsychedelicDays: 200,
};

function decide(protocol: ProtocolDocument, changes: ScreeningInput['answers'], medications: readonly string[] = []) {
  const { result, decisions } = eligibility(protocol, { answers: { ...healthy, ...changes }, medications });
  return { result, open: decisions.filter(({ verdict }) => verdict !== 'met') };
}

test('a healthy adult is eligible for both published designs', () => {
  for (const protocol of [home, citizen]) assert.deepEqual(decide(protocol, {}), { result: 'eligible', open: [] });
});

test('one criterion not met makes a person ineligible, and says which value decided', () => {
  const { result, open } = decide(citizen, { age: 17 });
  assert.equal(result, 'ineligible');
  assert.deepEqual(open, [{ criterion: 'adult', verdict: 'notMet', explanation: 'age 17 is below 18' }]);
});

test('every condition of the history excludes on yes, and leaves the person open on not sure or no answer', () => {
  for (const protocol of [home, citizen]) {
    for (const id of history) {
      assert.equal(decide(protocol, { [id]: 'yes' }).result, 'ineligible', `${id} yes`);
      assert.equal(decide(protocol, { [id]: 'unsure' }).result, 'unknown', `${id} unsure`);
      assert.equal(decide(protocol, { [id]: null }).result, 'unknown', `${id} unanswered`);
    }
  }
});

test('a criterion not met outweighs one left open', () => {
  assert.equal(decide(citizen, { age: 17, seizure: 'unsure' }).result, 'ineligible');
});

test('contraception is asked of those who could become pregnant, and of nobody else', () => {
  assert.equal(decide(home, { contraception: 'no' }).result, 'ineligible');
  assert.equal(decide(home, { pregnancy: 'notApplicable', contraception: null }).result, 'eligible');
  assert.equal(decide(home, { pregnancy: 'no', contraception: null }).result, 'unknown');
});

test('the home trial wants a measured blood pressure', () => {
  assert.equal(decide(home, { systolic: 145 }).result, 'ineligible');
  assert.equal(decide(home, { bloodPressureKnown: 'no', systolic: null, diastolic: null }).result, 'unknown');
});

test('a contraindicated medicine excludes by any spelling, whatever else is listed', () => {
  for (const list of [['Lithium carbonate 300 mg'], ['vitamin D', 'LITHIUM'], ['Phenelzine']]) {
    const { result, open } = decide(citizen, { takesMedication: 'yes' }, list);
    assert.equal(result, 'ineligible', list.join());
    assert.ok(open.some(({ criterion, verdict }) => criterion === 'contraindicated-medicine' && verdict === 'notMet'));
  }
});

test('a medicine nobody recognises leaves the answer open and is named', () => {
  const { result, open } = decide(home, {}, ['Herbal mixture no. 7']);
  assert.equal(result, 'unknown');
  assert.deepEqual(
    open.map(({ criterion, explanation }) => [criterion, explanation]),
    ['contraindicated-medicine', 'risky-medicine'].map((id) => [id, 'not known to be safe: Herbal mixture no. 7']),
  );
});

test('medicines are grouped by the worst known of them, and a list that may be longer is open while empty', () => {
  assert.deepEqual(interactionsOf(home, ['Sertraline', 'lithium']), {
    contraindicated: ['lithium'],
    major: [],
    caution: ['Sertraline'],
    unknown: [],
    listed: ['Sertraline', 'lithium'],
  });
  assert.deepEqual(interactionsOf(home, ['Sertraline', 'xyz']), {
    contraindicated: null,
    major: null,
    caution: ['Sertraline'],
    unknown: ['xyz'],
    listed: ['Sertraline', 'xyz'],
  });
  assert.equal(interactionsOf(home, []).listed, null);
});

test('saying that one takes medicines without naming any leaves the answer open', () => {
  const { result, open } = decide(home, { takesMedication: 'yes' });
  assert.deepEqual([result, open.map(({ criterion }) => criterion)], ['unknown', ['medicines-listed']]);
});

test('medicines answered in the form count like those sent beside it', () => {
  assert.equal(decide(home, { takesMedication: 'yes', medications: [' lithium '] }).result, 'ineligible');
  assert.equal(decide(home, { takesMedication: 'yes', medications: ['lisinopril'] }).result !== 'eligible', true);
});

test('the arms play no part in the decision', () => {
  const input = { answers: healthy, medications: ['Sertraline'] };
  assert.deepEqual(eligibility({ ...home, arms: home.arms.toReversed() }, input), eligibility(home, input));
});

test('a rule that cannot be read throws instead of letting a person in', () => {
  const [first] = home.population.eligibility;
  assert.ok(first);
  const broken = { ...home, population: { ...home.population, eligibility: [{ ...first, rule: 'age >' }] } };
  assert.throws(
    () => eligibility(broken, { answers: healthy, medications: [] }),
    (error) => error instanceof ProtocolError && error.code === 'rule_invalid',
  );
});

test('a medicine that was stopped counts until its washout ends, and the explanation says when', () => {
  const answers = { ...healthy, takesMedication: 'yes' };
  const { medication: _, ...plain } = home;
  const stopped = { answers, medications: ['Lithium carbonate, stopped 2026-02-17'] };
  const decisionOn = (on: string) => eligibility(plain, { ...stopped, on });
  const early = decisionOn('2026-02-20');
  assert.equal(early.result, 'ineligible');
  const told = early.decisions.find(({ verdict }) => verdict === 'notMet');
  assert.match(told?.explanation ?? '', /Lithium carbonate within 14 days; washout ends 2026-03-03/);
  assert.equal(decisionOn('2026-03-02').result, 'ineligible');
  assert.equal(decisionOn('2026-03-03').result, 'eligible');
  assert.equal(eligibility(plain, stopped).result, 'ineligible', 'without a day it counts as taken');
  assert.equal(decisionOn('2026-02-01').result, 'ineligible', 'a day that has not come says nothing');
});

test('a line of the list is a name, or a name and the day it was stopped', () => {
  assert.deepEqual(medicineEntry(' Sertraline 50 mg '), { name: 'Sertraline 50 mg', stoppedOn: null });
  assert.deepEqual(medicineEntry('sertraline; stopped: 2026-01-05'), { name: 'sertraline', stoppedOn: '2026-01-05' });
  assert.deepEqual(medicineEntry('sertraline stopped 2026-02-31').stoppedOn, null);
});

test('the document’s own list adds to what is known and takes nothing away', () => {
  const rule = { id: 'own', label: 'Own', reason: 'As published.' };
  const medication = {
    prohibited: [
      { ...rule, names: ['ginseng'], washoutDays: 10 },
      { ...rule, id: 'longer', classes: ['lithium'], washoutDays: 30 },
    ],
    cautioned: [{ ...rule, id: 'mild', classes: ['maoi'], measure: 'Somebody calls.' }],
  };
  const { medication: _, ...plain } = home;
  const listed = { ...plain, medication };
  const known = interactionsOf(listed, ['Red ginseng', 'phenelzine']);
  assert.deepEqual([known.contraindicated, known.unknown], [['Red ginseng', 'phenelzine'], []]);
  assert.deepEqual(interactionsOf(plain, ['Red ginseng']).unknown, ['Red ginseng']);
  const after = interactionsOf(listed, ['lithium, stopped 2026-02-01'], '2026-02-20');
  assert.deepEqual(after.contraindicated, ['lithium'], 'longer than the class’s own fourteen days');
  assert.deepEqual(interactionsOf(listed, ['lithium, stopped 2026-02-01'], '2026-03-03').contraindicated, []);
  assert.deepEqual(interactionsOf(listed, ['ginseng, stopped 2026-02-01'], '2026-02-11').contraindicated, []);
});
