import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { errorOf, openBench } from '../test-limen.ts';

describe('limen verify, on what cannot be verified', () => {
  const bench = openBench();
  after(() => bench.clear());

  for (const { what, words, code, message } of [
    {
      what: 'a folder without an installation',
      words: () => ['--folder', bench.place('nowhere')],
      code: 'installation_not_found',
      message: /no installation in .*nowhere/,
    },
    {
      what: 'an archive that is not there',
      words: () => [bench.place('none.ndjson')],
      code: 'file_not_found',
      message: /none\.ndjson/,
    },
    {
      what: 'allocations that are not JSON',
      words: () => [bench.file('broken.json', '{ "seed"')],
      code: 'file_invalid',
      message: /is not JSON/,
    },
    {
      what: 'a JSON file without a seed',
      words: () => [bench.file('other.json', '{ "allocations": [] }')],
      code: 'file_invalid',
      message: /no seed/,
    },
    {
      what: 'a database that does not answer',
      words: () => ['--database', 'postgres://limen@127.0.0.1:1/limen'],
      code: 'database_unreachable',
      message: /Nothing answers/,
    },
  ]) {
    it(`refuses ${what}, in one sentence`, async () => {
      const given = ['verify', ...words()];
      const [plain, json] = await Promise.all([bench.limen(given), bench.limen([...given, '--json'])]);
      assert.equal(plain.code, 1);
      assert.doesNotMatch(plain.err, /\n {4}at /, 'no stack trace');
      assert.equal(json.code, 1);
      assert.equal(errorOf(json).code, code);
      assert.match(errorOf(json).message, message);
      assert.equal(json.err, '');
    });
  }

  it('looks into the folder that was named, whatever DATABASE_URL says', async () => {
    const answer = await bench.limen(['verify', '--folder', bench.place('nowhere'), '--json'], {
      DATABASE_URL: 'postgres://limen@127.0.0.1:1/limen',
    });
    assert.equal(errorOf(answer).code, 'installation_not_found');
  });

  it('says NOT verified of a file that is no archive', async () => {
    const noise = Uint8Array.from({ length: 3000 }, (_, index) => (index * 89 + 7) % 256);
    const answer = await bench.limen(['verify', bench.file('noise.ndjson', noise)]);
    assert.equal(answer.code, 1);
    assert.match(answer.out, /NOT verified\./);
  });
});
