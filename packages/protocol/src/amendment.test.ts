import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { amendment, documentChanges } from './amendment.ts';
import { compareVersions } from './consent.ts';
import type { ProtocolDocument } from './document.ts';
import { parseProtocol } from './parse.ts';

function read(document: unknown): ProtocolDocument {
  const parsed = parseProtocol(JSON.stringify(document));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.protocol;
}
const library = [read(everyThirdDay), read(selfBlinding)] as const;
const [home] = library;
const [first] = home.activities;
const [consent] = home.consent;
assert.ok(first && consent);
const next = (changes: Partial<ProtocolDocument>): ProtocolDocument => ({
  ...home,
  ...changes,
  version: '9.0.0',
  identity: { ...home.identity, versions: [{ version: '9.0.0', changes: 'As said.', substantial: true }] },
});
const quiet = new Set(['version', 'identity']);
const told = (after: ProtocolDocument) =>
  amendment(home, after).changes.filter(({ path }) => !quiet.has(path.split(/[.[]/)[0] ?? ''));
const codes = (after: ProtocolDocument) => amendment(home, after).problems.map(({ code }) => code);

test('equal documents have no differences', () => {
  for (const protocol of library) assert.deepEqual(documentChanges(protocol, structuredClone(protocol)), []);
});

test('another regimen concerns everyone, from the day after their consent, and needs a new consent text', () => {
  const slower = next({ dosing: { ...home.dosing, regimen: { kind: 'everyNDays', n: 4 } } });
  assert.deepEqual(
    told(slower).map(({ kind, path, concerns, from, reconsent, before, after }) => [
      kind,
      path,
      concerns,
      from,
      reconsent,
      before,
      after,
    ]),
    [['changed', 'dosing.regimen.n', 'everyone', 'consent', true, 3, 4]],
  );
  assert.deepEqual(codes(slower), ['consent_not_later']);
  const signed = next({ dosing: slower.dosing, consent: [...home.consent, { ...consent, version: '7.0' }] });
  assert.deepEqual(codes(signed), []);
  assert.deepEqual(amendment(home, signed).reasons, [
    'When or how capsules are taken changes.',
    'There is a new consent text.',
  ]);
});

test('a new question is asked of everyone after consent, one left out comes at once, a label changes nothing', () => {
  const added = { ...first, id: 'added' };
  const [one] = told(next({ activities: [...home.activities, added] }));
  assert.deepEqual([one?.kind, one?.reconsent, one?.place], ['added', true, 'activities, “added”']);
  const [less] = told(next({ activities: home.activities.slice(1) }));
  assert.deepEqual([less?.kind, less?.reconsent, less?.from], ['removed', false, 'nextDay']);
  const [label] = told(next({ activities: [{ ...first, label: 'Other words' }, ...home.activities.slice(1)] }));
  assert.deepEqual([label?.path, label?.reconsent], ['activities[0].label', false]);
  const [order] = told(next({ activities: [...home.activities].reverse() }));
  assert.deepEqual([order?.kind, order?.concerns], ['moved', 'nobody']);
});

test('eligibility concerns people yet to come, the plan the analysis, a site its site', () => {
  const [criterion, ...others] = home.population.eligibility;
  assert.ok(criterion);
  const eligibility = [{ ...criterion, rule: 'screening.age >= 21' }, ...others];
  const [older] = told(next({ population: { ...home.population, eligibility } }));
  assert.deepEqual([older?.concerns, older?.from], ['newPeople', 'screening']);
  const [alpha] = told(next({ analysis: { ...home.analysis, alpha: 0.01 } }));
  assert.deepEqual([alpha?.concerns, alpha?.reconsent], ['analysis', false]);
  const [site] = told(next({ sites: [{ id: 'main', label: 'Main', jurisdiction: 'nz', licences: [] }] }));
  assert.equal(site?.concerns, 'site');
});

test('a text that people have signed is never changed quietly', () => {
  const [section, ...rest] = consent.sections;
  assert.ok(section);
  const changed = { ...consent, sections: [{ ...section, text: 'Other words.' }, ...rest] };
  const [change] = told(next({ consent: [changed, ...home.consent.slice(1)] }));
  assert.deepEqual([change?.reconsent, change?.reason], [true, 'What people have signed is changed.']);
});

test('what the randomisation was committed with, the id, an older version and a missing history are problems', () => {
  const [arm, ...arms] = home.arms;
  assert.ok(arm);
  assert.ok(codes(next({ arms: [{ ...arm, weight: 5 }, ...arms] })).includes('committed'));
  assert.ok(codes({ ...next({}), id: 'another' }).includes('id_changed'));
  assert.deepEqual(codes({ ...home, version: '0.0.1' }), ['version_not_later', 'history_missing']);
  assert.ok(compareVersions('1.10', '1.9') > 0 && compareVersions('2.0.0', '2.0.0') === 0);
});

type Leaf = readonly (string | number)[];
function leaves(value: unknown, path: Leaf = []): Leaf[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) =>
    leaves(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
function withLeaf(value: unknown, [step, ...rest]: Leaf, leaf: unknown): unknown {
  if (step === undefined) return leaf;
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : { ...(value as object) };
  copy[step] = withLeaf(copy[step], rest, leaf);
  return copy;
}
const identifying = new Set(['id', 'item', 'version', 'language', 'role', 'code', 'path']);

test('every single change of any field is told once, at its path, with both values', () => {
  for (const protocol of library) {
    const places = leaves(protocol).filter((path) => !identifying.has(String(path.at(-1))));
    const property = fc.property(fc.constantFrom(...places), (path) => {
      const changed = withLeaf(protocol, path, 'changed here') as ProtocolDocument;
      const found = documentChanges(protocol, changed);
      assert.equal(found.length, 1, path.join('.'));
      assert.equal(JSON.stringify(found).includes('changed here'), true);
      assert.ok(found[0]?.reason !== '');
    });
    fc.assert(property, { numRuns: 300 });
  }
});

test('two documents that share nothing are compared without a fault, in both directions', () => {
  const [one, two] = library;
  const [there, back] = [documentChanges(one, two), documentChanges(two, one)];
  assert.ok(there.length > 50);
  const count = (found: typeof there, kind: string) => found.filter((change) => change.kind === kind).length;
  assert.equal(count(there, 'added'), count(back, 'removed'));
  assert.equal(count(there, 'changed'), count(back, 'changed'));
});
