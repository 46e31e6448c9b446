import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileCalendar, nextStartDate, type ProtocolDocument, parseProtocol, type Regimen } from '@limen/protocol';
import fc from 'fast-check';
import { InterchangeError } from '../errors.ts';
import { fromUsdm } from './from-usdm.ts';
import { at, listAt } from './json.ts';
import { toUsdm } from './to-usdm.ts';

const folder = new URL('../../../../protocols/', import.meta.url);
const documents = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => read(readFileSync(new URL(file, folder), 'utf8')));

function read(text: string): ProtocolDocument {
  const parsed = parseProtocol(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.protocol;
}
const round = (protocol: ProtocolDocument) => fromUsdm(JSON.stringify(toUsdm(protocol).usdm));

/** Attributes that USDM 4.0 asks for, by class (CDISC, USDM UML model 4.0: cardinality 1 or 1..*). */
const required: Readonly<Record<string, readonly string[]>> = {
  Study: ['name', 'versions'],
  StudyVersion: ['id', 'versionIdentifier', 'rationale', 'studyIdentifiers', 'titles'],
  StudyIdentifier: ['id', 'text', 'scopeId'],
  StudyTitle: ['id', 'text', 'type'],
  Organization: ['id', 'name', 'type', 'identifier', 'identifierScheme'],
  StudyRole: ['id', 'name', 'code'],
  Masking: ['id', 'text', 'isMasked'],
  StudyIntervention: ['id', 'name', 'role', 'type'],
  Administration: ['id', 'name', 'duration'],
  Duration: ['id', 'durationWillVary'],
  Quantity: ['id', 'value'],
  AliasCode: ['id', 'standardCode'],
  Code: ['id', 'code', 'codeSystem', 'codeSystemVersion', 'decode'],
  InterventionalStudyDesign: ['id', 'name', 'arms', 'studyCells', 'rationale', 'epochs', 'population', 'model'],
  StudyArm: ['id', 'name', 'type', 'dataOriginType', 'dataOriginDescription'],
  StudyCell: ['id', 'armId', 'epochId'],
  StudyEpoch: ['id', 'name', 'type'],
  StudyElement: ['id', 'name'],
  Activity: ['id', 'name'],
  Objective: ['id', 'name', 'text', 'level'],
  Endpoint: ['id', 'name', 'text', 'purpose', 'level'],
  Estimand: [
    ...['id', 'name', 'populationSummary', 'analysisPopulationId', 'variableOfInterestId'],
    ...['intercurrentEvents', 'interventionIds'],
  ],
  IntercurrentEvent: ['id', 'name', 'text', 'strategy'],
  AnalysisPopulation: ['id', 'name', 'text'],
  StudyDesignPopulation: ['id', 'name', 'includesHealthySubjects'],
  EligibilityCriterion: ['id', 'name', 'identifier', 'category', 'criterionItemId'],
  EligibilityCriterionItem: ['id', 'name', 'text'],
  ScheduleTimeline: ['id', 'name', 'mainTimeline', 'entryCondition', 'entryId'],
  ScheduleTimelineExit: ['id'],
  ScheduledActivityInstance: ['id', 'name'],
  Timing: ['id', 'name', 'type', 'relativeToFrom', 'value', 'valueLabel', 'relativeFromScheduledInstanceId'],
  ExtensionAttribute: ['id', 'url'],
  StudyDefinitionDocument: ['id', 'name', 'language', 'type', 'templateName'],
};

function* instancesIn(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const item of value) yield* instancesIn(item);
  else if (typeof value === 'object' && value !== null) {
    if ('instanceType' in value) yield value as Record<string, unknown>;
    for (const part of Object.values(value)) yield* instancesIn(part);
  }
}

for (const protocol of documents) {
  test(`${protocol.id} comes back from USDM as it was`, () => {
    const back = round(protocol);
    assert.deepEqual(back.notCarried, []);
    assert.deepEqual(read(back.text), protocol);
  });

  test(`${protocol.id} in USDM has every attribute the model asks for, ids of their own, and links that lead somewhere`, () => {
    const { usdm } = toUsdm(protocol);
    const ids = new Set<unknown>();
    for (const instance of instancesIn(usdm)) {
      const type = String(instance.instanceType);
      const wanted = required[type];
      assert.ok(wanted, `no such class: ${type}`);
      for (const name of wanted) assert.ok(instance[name] !== undefined && instance[name] !== null, `${type}.${name}`);
      if (instance.id === undefined || instance.id === null) continue;
      assert.ok(!ids.has(instance.id), `the id ${instance.id} stands twice`);
      ids.add(instance.id);
    }
    for (const instance of instancesIn(usdm)) {
      for (const [name, value] of Object.entries(instance)) {
        if (!/Ids?$/.test(name) || name === 'valueId') continue;
        for (const link of Array.isArray(value) ? value : [value]) {
          if (link !== null) assert.ok(ids.has(link), `${instance.instanceType}.${name}: ${link}`);
        }
      }
    }
  });

  test(`${protocol.id} in USDM has an instance for every day on which something is due`, () => {
    const timeline = at(toUsdm(protocol).usdm, 'study', 'versions', 0, 'studyDesigns', 0, 'scheduleTimelines', 0);
    const options = { startDate: nextStartDate(protocol, '2027-06-01'), timeZone: 'Asia/Tokyo', drawSeed: 'sample' };
    const days = new Set(compileCalendar(protocol, options).occurrences.map(({ studyDay }) => studyDay));
    assert.equal(listAt(timeline, 'instances').length, days.size);
    assert.deepEqual(
      listAt(timeline, 'timings').map((one) => at(one, 'value')),
      [...days].sort((a, b) => a - b).map((day) => `P${day - 1}D`),
    );
  });
}

test('a document and its round trip compile to the same calendar, whatever its regimens', () => {
  const [home] = documents.filter(({ id }) => id === 'lsd-10ug-every-third-day');
  assert.ok(home);
  const leaf: fc.Arbitrary<Regimen> = fc.constantFrom<Regimen[]>(
    { kind: 'everyNDays', n: 3 },
    { kind: 'onOff', on: 2, off: 2 },
    { kind: 'weekdays', days: ['mon', 'thu'] },
    { kind: 'alternating', gaps: [3, 4] },
    { kind: 'drawn', perWeek: 2, from: ['mon', 'wed', 'fri'] },
  );
  const built: fc.Arbitrary<Regimen> = fc.oneof(
    leaf,
    leaf.map((regimen): Regimen => ({ kind: 'cycles', weeksOn: 2, weeksOff: 1, regimen })),
    leaf.map((regimen): Regimen => ({ kind: 'spaced', days: 2, regimen })),
  );
  const zones = fc.constantFrom('Europe/Berlin', 'Pacific/Auckland', 'America/St_Johns');
  const property = fc.property(built, zones, fc.integer({ min: 0, max: 700 }), (regimen, timeZone, offset) => {
    const protocol = { ...home, dosing: { ...home.dosing, regimen } };
    const back = read(round(protocol).text);
    const startDate = Temporal.PlainDate.from('2026-01-05').add({ days: offset }).toString();
    const options = { startDate, timeZone, drawSeed: 'person' };
    assert.deepEqual(compileCalendar(back, options), compileCalendar(protocol, options));
  });
  fc.assert(property, { numRuns: 40 });
});

test('what no class holds is listed, and without the extensions it is missing and said to be', () => {
  const [protocol] = documents;
  assert.ok(protocol);
  const { usdm, notHeld } = toUsdm(protocol);
  const paths = notHeld.map(({ path }) => path);
  for (const path of ['dosing.regimen', 'consent', 'safety']) {
    assert.ok(
      paths.some((one) => one.startsWith(path)),
      path,
    );
  }
  for (const path of ['title', 'version', 'rationale']) assert.ok(!paths.includes(path), path);
  assert.ok(notHeld.every(({ reason }) => reason.length > 10));
  const bare = JSON.parse(JSON.stringify(usdm));
  bare.study.versions[0].extensionAttributes = [];
  const foreign = fromUsdm(JSON.stringify(bare));
  assert.ok(foreign.notCarried.length > 5);
  const draft = JSON.parse(foreign.text);
  assert.deepEqual([draft.title, draft.version], [protocol.title, protocol.version]);
  assert.deepEqual(
    draft.arms.map(({ id }: { id: string }) => id),
    protocol.arms.map(({ id }) => id),
  );
});

test('a label that another program changed comes in, beside what it left alone', () => {
  const [protocol] = documents;
  assert.ok(protocol);
  const usdm = JSON.parse(JSON.stringify(toUsdm(protocol).usdm));
  usdm.study.versions[0].titles[0].text = 'Another title';
  const back = read(fromUsdm(JSON.stringify(usdm)).text);
  assert.deepEqual(back, { ...protocol, title: 'Another title' });
});

test('what is no USDM is refused with the reason, never with a crash', () => {
  const refused = (text: string) =>
    assert.throws(
      () => fromUsdm(text),
      (error) => error instanceof InterchangeError && error.code === 'usdm_malformed',
    );
  for (const text of ['', 'no', '[]', '{}', '{"study":{}}', '{"study":{"versions":[{}]}}', 'null']) refused(text);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const wrapped = { study: { versions: [{ studyDesigns: [value], extensionAttributes: value, titles: value }] } };
      try {
        assert.ok(fromUsdm(JSON.stringify(wrapped)).notCarried.length > 0);
      } catch (error) {
        assert.ok(error instanceof InterchangeError);
      }
    }),
  );
  const [protocol] = documents;
  assert.ok(protocol);
  const usdm = JSON.parse(JSON.stringify(toUsdm(protocol).usdm));
  usdm.study.versions[0].extensionAttributes[0].valueString = '{"path":["__proto__","polluted"],"value":1}';
  refused(JSON.stringify(usdm));
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});
