import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { protocolsFolder, root } from '../places.ts';
import { documentOf, errorOf, openBench } from '../test-limen.ts';

const example = path.join(root, 'docs/examples/tiny-protocol.json');
const document = JSON.parse(readFileSync(example, 'utf8'));
const bench = openBench();
after(() => bench.clear());

describe('limen protocol diff', () => {
  const amended = (changes: object) => bench.file('amended.json', JSON.stringify({ ...document, ...changes }));

  it('says what changes, for whom, from when, and whether people are asked again', async () => {
    const dosing = { ...document.dosing, regimen: { kind: 'everyNDays', n: 4 } };
    const newer = amended({ version: '9.0.0', dosing });
    const plain = await bench.limen(['protocol', 'diff', example, newer]);
    assert.equal(plain.code, 1, 'the consent text and the history have to be raised first');
    assert.match(plain.out, /changed {2}dosing, regimen, n {2}dosing\.regimen\.n\n {9}- 3\n {9}\+ 4\n/);
    assert.match(plain.out, /everyone, from the day after their new consent/);
    assert.match(plain.out, /problem {2}consent/);
    assert.match(plain.err, /People who take part are asked again\./);
    const { changes, reconsent } = documentOf(await bench.limen(['protocol', 'diff', example, newer, '--json'])) as {
      changes: { path: string }[];
      reconsent: boolean;
    };
    assert.equal(reconsent, true);
    assert.deepEqual(changes.map((change) => change.path).sort(), ['dosing.regimen.n', 'version']);
  });

  it('finds nothing between a document and itself but that it is no newer version', async () => {
    const { code, out, err } = await bench.limen(['protocol', 'diff', example, example]);
    assert.equal(code, 1);
    assert.match(out, /problem {2}version/);
    assert.match(err, /do not differ/);
  });

  it('refuses one name alone, and a document that is none with its place', async () => {
    assert.equal((await bench.limen(['protocol', 'diff', example])).code, 2);
    const broken = bench.file('broken.json', '{\n  "format": 3,\n');
    const answer = await bench.limen(['protocol', 'diff', example, broken, '--json']);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'invalid_protocol');
    assert.match(String(errorOf(answer).message), /broken\.json:\d+:\d+/);
  });
});

describe('limen protocol calendar', () => {
  const trial = path.join(protocolsFolder, 'lsd-10ug-every-third-day.json');
  const words = ['protocol', 'calendar', trial, '--zone', 'Pacific/Auckland'];

  it('prints every capsule and question of one person in local time, and writes a file for calendar programs', async () => {
    const ics = bench.place('diary.ics');
    const { code, out, err } = await bench.limen([...words, '--start', '2027-01-04', '--ics', ics]);
    assert.equal(code, 0);
    assert.equal(out.match(/capsule \d+$/gim)?.length, 14);
    assert.match(err, /14 capsules until 2027-/);
    const file = readFileSync(ics, 'utf8');
    assert.equal(file.match(/BEGIN:VEVENT/g)?.length, out.trim().split('\n').length);
    assert.doesNotMatch(file, /lsd|capsule/i);
  });

  it('refuses a day, a zone, a file and a document that cannot be, and needs all three', async () => {
    const refused = async (given: readonly string[]) => {
      const answer = await bench.limen([...given, '--json']);
      return `${answer.code} ${errorOf(answer).code}`;
    };
    assert.equal(await refused([...words, '--start', '2027-02-30']), '1 start_date_invalid');
    assert.equal(await refused(words), '2 usage');
    assert.equal(await refused([...words.slice(0, 3), '--start', '2027-01-04', '--zone', 'Mars/Base']), '2 usage');
    const none = ['protocol', 'calendar', bench.place('none.json'), '--start', '2027-01-04', '--zone', 'UTC'];
    assert.equal(await refused(none), '1 file_not_found');
    const faulty = bench.file('faulty.json', JSON.stringify({ ...document, epochs: [] }));
    assert.match(
      await refused(['protocol', 'calendar', faulty, '--start', '2027-01-04', '--zone', 'UTC']),
      /invalid_protocol/,
    );
    const place = path.join(bench.place('no-such-folder'), 'diary.ics');
    assert.equal(await refused([...words, '--start', '2027-01-04', '--ics', place]), '1 file_not_found');
  });
});

describe('limen protocol schema', () => {
  it('prints the schema that is published', async () => {
    const published = readFileSync(path.join(protocolsFolder, 'limen-protocol-1.schema.json'), 'utf8');
    const { code, out } = await bench.limen(['protocol', 'schema']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), JSON.parse(published));
  });
});

describe('limen protocol synopsis', () => {
  it('writes one page with the SPIRIT table, to a file or to standard output', async () => {
    const trial = path.join(protocolsFolder, 'lsd-n-of-1.json');
    const target = bench.place('synopsis.html');
    const { code, out } = await bench.limen(['protocol', 'synopsis', trial, '--out', target]);
    assert.deepEqual([code, out], [0, '']);
    const page = readFileSync(target, 'utf8');
    assert.match(page, /<h2>SPIRIT 2025<\/h2>/);
    assert.equal((await bench.limen(['protocol', 'synopsis', trial])).out, `${page}\n`);
  });

  it('writes it as PDF for paper', async () => {
    const trial = path.join(protocolsFolder, 'lsd-n-of-1.json');
    const target = bench.place('synopsis.pdf');
    const { code, out } = await bench.limen(['protocol', 'synopsis', trial, '--pdf', target]);
    assert.deepEqual([code, out], [0, '']);
    assert.match(readFileSync(target, 'latin1'), /^%PDF-1\.7.*%%EOF$/s);
  });

  it('refuses a document with errors, a missing file and a place that cannot be written', async () => {
    const refused = async (...words: string[]) =>
      String(errorOf(await bench.limen(['protocol', 'synopsis', ...words, '--json'])).code);
    const faulty = { ...document, interventions: [], arms: document.arms };
    assert.equal(await refused(bench.file('errors.json', JSON.stringify(faulty))), 'invalid_protocol');
    assert.equal(await refused(bench.place('none.json')), 'file_not_found');
    assert.equal(await refused(example, '--out', path.join(bench.place('no-folder'), 'a.html')), 'file_not_found');
    assert.equal(await refused(), 'usage');
  });
});

describe('limen protocol export and import', () => {
  const trial = path.join(protocolsFolder, 'lsd-depression-titration.json');

  it('write USDM, list what it has no class for, and read the same document back', async () => {
    const [usdm, back] = [bench.place('usdm.json'), bench.place('back.json')];
    const exported = await bench.limen(['protocol', 'export', trial, '--out', usdm]);
    assert.deepEqual([exported.code, exported.out], [0, '']);
    assert.match(exported.err, /^dosing\.regimen: USDM lists days/m);
    const imported = await bench.limen(['protocol', 'import', usdm, '--out', back]);
    assert.deepEqual([imported.code, imported.err], [0, 'The document is whole.\n']);
    const same = await bench.limen(['protocol', 'diff', trial, back]);
    assert.match(same.err, /do not differ/);
  });

  it('say of another program’s file what it lacks, and refuse what is no USDM', async () => {
    const usdm = documentOf(await bench.limen(['protocol', 'export', trial, '--json'])).usdm as {
      study: { versions: { extensionAttributes: unknown[] }[] };
    };
    for (const version of usdm.study.versions) version.extensionAttributes = [];
    const foreign = await bench.limen([
      'protocol',
      'import',
      bench.file('foreign.json', JSON.stringify(usdm)),
      '--json',
    ]);
    assert.equal(foreign.code, 1);
    assert.ok((documentOf(foreign).notCarried as unknown[]).length > 5);
    for (const [name, text] of [
      ['no.json', 'no'],
      ['other.json', '{"study":{}}'],
    ] as const) {
      const answer = await bench.limen(['protocol', 'import', bench.file(name, text), '--json']);
      assert.deepEqual([answer.code, errorOf(answer).code], [1, 'usdm_malformed']);
    }
    assert.equal((await bench.limen(['protocol', 'export', bench.place('none.json')])).code, 1);
    assert.equal((await bench.limen(['protocol', 'import'])).code, 2);
  });
});
