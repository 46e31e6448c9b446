import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProtocol } from '@limen/protocol';
import { exampleStudy } from './example-study.ts';
import {
  analyseStudy,
  datasetsOf,
  deriveTables,
  joinAllocations,
  type Results,
  readRelease,
  type StudyInput,
  summary,
} from './index.ts';
import { checkRandomisation } from './release.ts';

function protocol(name = 'lsd-10ug-every-third-day') {
  const parsed = parseProtocol(readFileSync(new URL(`../../../protocols/${name}.json`, import.meta.url), 'utf8'));
  assert.ok(parsed.ok);
  return parsed.protocol;
}

const study = exampleStudy(protocol());
const analysis = analyseStudy(study);
const part = (results: Results) => {
  assert.ok(results.study);
  return results.study;
};
const code = (expected: string) => (error: Error & { code?: string }) => error.code === expected;

test('every derived row says which entries of the record it comes from, and corrections are applied', () => {
  const tables = deriveTables(study);
  const [corrected] = tables.outcomes.filter((row) => row.corrected && row.score === 'mood');
  assert.equal(corrected?.value, 33);
  assert.equal(corrected?.source.seqs.length, 2);
  assert.ok(
    tables.outcomes.every(({ source }) => source.seqs.length > 0 && source.eventIds.length === source.seqs.length),
  );
  assert.ok(tables.doses.filter(({ status }) => status === 'taken').every(({ source }) => source.seqs.length === 1));
});

test('an entry outside its window is marked, left out and counted; a late one stays', () => {
  const tables = deriveTables(study);
  const outside = tables.outcomes.filter(({ timing }) => timing === 'outOfWindow');
  assert.ok(outside.length > 0 && outside.every(({ leftOut }) => leftOut === 'answered outside its window'));
  assert.ok(tables.outcomes.some(({ timing, leftOut }) => timing === 'late' && leftOut === null));
  const mood = analysis.results.outcomes.find(({ id }) => id === 'daily-mood');
  assert.deepEqual(mood?.leftOut, [{ reason: 'answered outside its window', rows: 1 }]);
  assert.deepEqual([part(analysis.results).entries.late, part(analysis.results).entries.outOfWindow], [1, 1]);
});

test('the flow counts everybody once', () => {
  const { flow, sets } = part(analysis.results);
  assert.deepEqual([flow.screened, flow.excluded, flow.randomised], [17, 1, 16]);
  assert.deepEqual(flow.exclusions, [{ reason: 'a-criterion', participants: 1 }]);
  assert.equal(
    flow.arms.reduce((sum, arm) => sum + arm.allocated, 0),
    16,
  );
  for (const arm of flow.arms) {
    const left = arm.discontinued.reduce((sum, { participants }) => sum + participants, 0);
    assert.equal(arm.completed + arm.stillIn + left, arm.allocated);
    assert.equal(arm.received + arm.notReceived, arm.allocated);
  }
  assert.deepEqual([sets.safety, sets.perProtocol, sets.completers], [16, 15, 15]);
  assert.deepEqual(sets.perProtocolReasons, [{ reason: 'withdrew', participants: 1 }]);
  assert.deepEqual(sets.safetyReasons, []);
  assert.equal(sets.completerReasons.length, 1);
  assert.match(sets.completerReasons[0]?.reason ?? '', /^Left /);
  for (const set of ['randomised', 'safety', 'perProtocol', 'completers'] as const) {
    assert.equal(
      sets.arms.reduce((sum, arm) => sum + arm[set], 0),
      sets[set],
      set,
    );
  }
});

test('capsules due end with the day of leaving, and each is taken or missed', () => {
  const { exposure } = part(analysis.results);
  assert.equal(exposure.overall.taken + exposure.overall.missed, exposure.overall.due);
  assert.ok(exposure.overall.due < 16 * 14);
  assert.equal(
    exposure.contents.reduce((sum, { taken }) => sum + taken, 0),
    exposure.overall.taken,
  );
  const placebo = exposure.arms.find(({ arm }) => arm === 'placebo');
  assert.equal(placebo?.active, 0);
});

test('what was due follows the version each participant was on, day by day', () => {
  const everyFourthDay = { kind: 'everyNDays', n: 4 } as const;
  const first = protocol();
  const second = { ...first, version: '2.0.0', dosing: { ...first.dosing, regimen: everyFourthDay } };
  const versions = [
    { protocol: first, adoptedAt: '2026-01-01T08:00:00.000Z', reconsent: false },
    { protocol: second, adoptedAt: '2026-01-02T08:00:00.000Z', reconsent: true },
  ] as const;
  const [one, two] = study.participants.filter(({ events }) =>
    events.some(({ type }) => type === 'participant.randomised'),
  );
  assert.ok(one && two);
  const others = study.participants.filter((participant) => participant !== one);
  const randomised = one.events.find(({ type }) => type === 'participant.randomised');
  assert.ok(randomised);
  const { startDate } = { ...randomised, ...randomised.data } as unknown as { startDate: string };
  const effectiveFrom = Temporal.PlainDate.from(startDate).add({ days: 20 }).toString();
  const consent = (seq: number, data: object) => ({ ...randomised, type: 'participant.consented', seq, data });
  const given = [
    consent(800, { protocolVersion: first.version }),
    consent(900, { protocolVersion: '2.0.0', effectiveFrom }),
  ];
  const events = [...one.events, ...given];
  const tables = deriveTables({ protocol: second, versions, participants: [{ ...one, events }, ...others] });
  const dueTo = (id: string) =>
    tables.doses.filter(({ participantId }) => participantId === id).map((row) => row.studyDay);
  const days = dueTo(one.participantId);
  const before = days.filter((day) => day <= 20);
  assert.ok(before.every((day, index) => index === 0 || day - (before[index - 1] ?? 0) === 3));
  const after = days.filter((day) => day > 20);
  assert.ok(after.length > 1 && after.every((day, index) => index === 0 || day - (after[index - 1] ?? 0) === 4));
  const stayed = two.participantId;
  assert.deepEqual(
    dueTo(stayed),
    deriveTables(study)
      .doses.filter((row) => row.participantId === stayed)
      .map((row) => row.studyDay),
  );
});

test('an adverse event goes with the capsule before it, graded as assessed', () => {
  const { adverseEvents } = part(analysis.results);
  assert.equal(adverseEvents.total, 1);
  assert.equal(adverseEvents.terms[0]?.worstGrade, 2);
  assert.equal(adverseEvents.relatedness.find(({ relatedness }) => relatedness === 'possible')?.events, 1);
  const events = adverseEvents.contents.map((one) => one.events).reduce((sum, count) => sum + count, 0);
  assert.equal(events + adverseEvents.beforeFirstCapsule, 1);
  const hit = adverseEvents.contents.find((one) => one.events === 1);
  assert.ok(hit?.interval);
  assert.deepEqual(hit.grades, [0, 1, 0, 0, 0]);
  // R 4.2.2, poisson.test(1)$conf.int: 0.02531781 to 5.57164339.
  assert.ok(Math.abs((hit.interval.lower * hit.capsules) / 100 - 0.02531781) < 1e-7);
  assert.ok(Math.abs((hit.interval.upper * hit.capsules) / 100 - 5.57164339) < 1e-7);
  const none = adverseEvents.contents.find((one) => one.events === 0 && one.capsules > 0);
  assert.equal(none?.interval?.lower, 0);
});

test('endpoints with rows are fitted with and without the guess, those without are reported as such', () => {
  const mood = analysis.results.outcomes.find(({ id }) => id === 'daily-mood');
  assert.ok(mood?.unadjusted.status === 'fitted' && mood.withGuess.status === 'fitted');
  assert.match(mood.withGuess.formula, /condition \+ guess \+ baseline/);
  assert.equal(mood.contrasts[0]?.term, 'conditionlsd');
  assert.ok(mood.unadjusted.terms.some(({ term }) => term === 'baseline'));
  const energy = analysis.results.outcomes.find(({ id }) => id === 'daily-energy');
  assert.ok(energy?.unadjusted.status === 'failed' && energy.unadjusted.code === 'constant_response');
  const phq = analysis.results.outcomes.find(({ id }) => id === 'week-6-phq-9');
  assert.ok(phq?.unadjusted.status === 'failed' && phq.unadjusted.code === 'no_rows');
});

test('the allocations are drawn again from the released seed', () => {
  const check = part(analysis.results).randomisation;
  assert.equal(check.verified, true);
  assert.equal(check.recomputed, check.commitment);
  assert.match(check.finding, /drawn again from the released seed/);
});

const withRelease = (change: (allocation: Record<string, unknown>, index: number) => object): StudyInput => ({
  ...study,
  release: { ...study.release, allocations: (study.release.allocations as Record<string, unknown>[]).map(change) },
});

test('a swapped arm, other contents or another seed are found', () => {
  const known = { studyId: study.protocol.id, protocolHash: study.protocolHash ?? null };
  const verified = ({ release }: StudyInput) => checkRandomisation(readRelease(release), study.protocol, known);
  const swapped = withRelease((one, index) =>
    index === 5 ? { ...one, arm: one.arm === 'lsd' ? 'placebo' : 'lsd' } : one,
  );
  assert.match(verified(swapped).finding, /step 5/);
  const other = withRelease((one, index) => ({
    ...one,
    contents: index === 3 ? Array(14).fill(one.arm === 'lsd' ? 'placebo' : 'lsd-10') : one.contents,
  }));
  assert.match(verified(other).finding, /P003/);
  const reseeded = verified({ ...study, release: { ...study.release, seed: '2b'.repeat(32) } });
  assert.equal(reseeded.verified, false);
  assert.match(reseeded.finding, /commitment/);
});

test('a release that does not fit the record is refused by name', () => {
  const tables = deriveTables(study);
  const join = (release: unknown) => joinAllocations(tables, readRelease(release), study.protocol);
  assert.throws(() => join({}), code('release_malformed'));
  assert.throws(() => join({ ...study.release, seed: 'short' }), /seed/);
  const allocations = study.release.allocations as object[];
  assert.throws(
    () => join({ ...study.release, allocations: allocations.slice(1) }),
    code('release_participant_missing'),
  );
  assert.throws(() => join(withRelease((one) => ({ ...one, arm: 'third' })).release), code('release_arm_unknown'));
  assert.throws(() => join(withRelease((one) => ({ ...one, contents: ['salt'] })).release), code('release_malformed'));
  assert.throws(() => analyseStudy(withRelease((one) => ({ ...one, contents: [] }))), code('release_contents_short'));
});

test('the same record gives the same bytes, in whatever order participants come', () => {
  const again = analyseStudy({ ...study, participants: study.participants.toReversed() });
  assert.equal(again.html, analysis.html);
  assert.equal(JSON.stringify(again.results), JSON.stringify(analysis.results));
});

test('events may carry their fields beside their place or apart from it', () => {
  const flat = study.participants.map((one) => ({
    ...one,
    events: one.events.map(({ data, ...place }) => ({ ...data, ...place })),
  }));
  assert.equal(analyseStudy({ ...study, participants: flat }).html, analysis.html);
});

test('an event that lacks a field is refused with its place', () => {
  const [first, ...rest] = study.participants;
  assert.ok(first);
  const events = [
    ...first.events,
    { seq: 99, type: 'answers.submitted', recordedAt: '2026-03-01T00:00:00.000Z', data: {} },
  ];
  assert.throws(
    () => deriveTables({ ...study, participants: [{ ...first, events }, ...rest] }),
    /entry 99: occurrence/,
  );
});

test('the report is one file that runs nothing, and words from the record stay words', () => {
  const { html } = analysis;
  assert.doesNotMatch(html, /<script|javascript:|https?:\/\/[^ "<]*\.(js|css)|style="|NaN|undefined|Infinity/);
  assert.match(html, /Moved &lt;away&gt; &amp; busy/);
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const drawings = html.match(/<svg/g)?.length ?? 0;
  assert.ok(drawings >= 6);
  assert.equal(html.match(/<svg[^>]*><title[^>]*>[^<]+<\/title><desc[^>]*>[^<]+<\/desc>/g)?.length, drawings);
  assert.equal(html.match(/<summary>Numbers behind figure/g)?.length, drawings);
});

test('the summary tells flow, capsules, adverse events, both estimates, blinding and verification', () => {
  const lines = summary(analysis.results);
  assert.match(lines[0] ?? '', /Screened 17, randomised 16, completed 15, analysed 16/);
  assert.ok(lines.some((line) => /Once the guess is in the model/.test(line)));
  assert.ok(lines.some((line) => /Bang/.test(line)));
  assert.match(lines.at(-1) ?? '', /drawn again/);
});

test('the derived tables become flat datasets whose rows fit their columns', () => {
  const tables = deriveTables(study);
  const datasets = datasetsOf(tables);
  assert.deepEqual(
    datasets.map(({ name, rows }) => [name, rows.length]),
    [
      ['ADSL', tables.subjects.length],
      ['ADEX', tables.doses.length],
      ['ADQS', tables.outcomes.length],
      ['ADGUESS', tables.guesses.length],
      ['ADAE', tables.adverseEvents.length],
    ],
  );
  for (const { columns, rows } of datasets) assert.ok(rows.every((row) => row.length === columns.length));
});

test('the CONSORT checklist leads to places that the report has, and says what is the authors’ to add', () => {
  const { results, html } = analysis;
  const places = [...html.matchAll(/<td[^>]*><a href="#([a-z-]+)">/g)].map(([, place]) => place);
  assert.ok(places.length > 20);
  for (const place of places) assert.ok(html.includes(`id="${place}"`), String(place));
  assert.match(html, /CONSORT 2025 checklist/);
  assert.match(html, /The authors’ to add/);
  const arms = results.study?.baseline ?? [];
  const all = arms.at(-1);
  assert.equal(all?.participants, results.participants);
  assert.equal(
    arms.slice(0, -1).reduce((sum, { participants }) => sum + participants, 0),
    all?.participants,
  );
  const sexes = all?.sex.reduce((sum, { participants }) => sum + participants, 0);
  assert.equal(sexes, all?.participants);
});
