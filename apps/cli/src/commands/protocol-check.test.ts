import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { protocolsFolder, root } from '../places.ts';
import { documentOf, errorOf, openBench } from '../test-limen.ts';

const library = readdirSync(protocolsFolder).filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'));
const example = path.join(root, 'docs/examples/tiny-protocol.json');

describe('limen protocol check', () => {
  const bench = openBench();
  after(() => bench.clear());

  it('finds no errors in the documents of the library and in the example of the documentation', async () => {
    assert.ok(library.length >= 2);
    for (const file of [...library.map((name) => path.join(protocolsFolder, name)), example]) {
      const answer = await bench.limen(['protocol', 'check', file, '--json']);
      assert.equal(answer.code, 0, file);
      assert.equal(answer.err, '');
      assert.equal(documentOf(answer).valid, true);
    }
  });

  it('says in a few lines what a document compiles to', async () => {
    const { code, out } = await bench.limen(['protocol', 'check', example]);
    assert.equal(code, 0);
    assert.match(out, /every 3rd day/);
    assert.match(out, /37 study days, 5 capsules, 27 other things to do/);
  });

  it('names line and path of a field that does not belong, and of one that is missing', async () => {
    const lines = readFileSync(example, 'utf8').split('\n');
    const line = lines.findIndex((one) => one.includes('"takeFrom"')) + 1;
    const file = bench.file('misspelt.json', lines.join('\n').replace('"takeFrom"', '"takeFrm"'));
    const plain = await bench.limen(['protocol', 'check', file]);
    assert.equal(plain.code, 1);
    assert.match(plain.out, new RegExp(`:${line}:\\d+ {2}dosing\\.takeFrm {2}There is no field “takeFrm” here\\.`));
    assert.match(plain.out, /dosing\.takeFrom {2}The field “takeFrom” is missing\./);
    const json = await bench.limen(['protocol', 'check', file, '--json']);
    assert.equal(json.code, 1);
    const { valid, problems } = documentOf(json) as { valid: boolean; problems: { path: string; line: number }[] };
    assert.equal(valid, false);
    assert.equal(problems.find((problem) => problem.path === 'dosing.takeFrm')?.line, line);
  });

  it('says of rubbish that it is not JSON, and where', async () => {
    for (const [name, content] of [
      ['bytes.json', Uint8Array.from({ length: 400 }, (_, index) => (index * 89 + 7) % 256)],
      ['cut-off.json', readFileSync(example).subarray(0, 500)],
      ['empty.json', ''],
      ['list.json', '[1, 2]'],
    ] as const) {
      const answer = await bench.limen(['protocol', 'check', bench.file(name, content), '--json']);
      assert.equal(answer.code, 1, name);
      const { problems } = documentOf(answer) as { problems: { line: number; column: number; message: string }[] };
      assert.ok(problems.length > 0, name);
      for (const { line, column, message } of problems) assert.ok(line >= 1 && column >= 1 && message !== '', name);
    }
  });

  it('refuses a file that is not there and a time zone that is none', async () => {
    const missing = await bench.limen(['protocol', 'check', bench.place('none.json'), '--json']);
    assert.equal(missing.code, 1);
    assert.equal(errorOf(missing).code, 'file_not_found');
    const zone = await bench.limen(['protocol', 'check', example, '--zone', 'Mars/Base']);
    assert.equal(zone.code, 2);
    assert.match(zone.err, /“Mars\/Base”/);
  });
});
