import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Answer, descendantsOf, documentOf, errorOf, isRunning, openBench } from '../test-limen.ts';

const small = ['--participants', '6', '--seed', 'test', '--port', '0', '--exit', '--json'];
const kept = ['report.html', 'report.pdf', 'results.json', 'archive.ndjson', 'allocations.json'] as const;

describe('a small demonstration, run twice from one seed', () => {
  const bench = openBench();
  const folders = [bench.place('one'), bench.place('two')] as const;
  let answers: Answer[] = [];
  before(async () => {
    answers = await Promise.all(folders.map((folder) => bench.limen(['demo', '--folder', folder, ...small])));
  });
  after(() => bench.clear());
  const read = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');

  it('answers one JSON document in which record, archive and randomisation are verified', () => {
    for (const answer of answers) {
      assert.equal(answer.code, 0, answer.err);
      assert.equal(answer.err, '');
      const said = documentOf(answer) as {
        flow: { randomised: number };
        ledger: { ok: boolean; differences: number };
        archive: { ok: boolean };
        randomisation: { ok: boolean };
      };
      assert.equal(said.flow.randomised, 6);
      assert.deepEqual(
        [said.ledger.ok, said.ledger.differences, said.archive.ok, said.randomisation.ok],
        [true, 0, true, true],
      );
    }
  });

  it('gives the same report, results, archive and allocations, byte for byte', () => {
    for (const name of kept) assert.ok(read(folders[0], name) === read(folders[1], name), `${name} differs`);
  });

  it('leaves an archive that verifies, and names the entry when one byte of it is changed', async () => {
    const good = await bench.limen(['verify', path.join(folders[0], 'archive.ndjson'), '--json']);
    assert.equal(good.code, 0);
    assert.equal(documentOf(good).ok, true);

    const bytes = readFileSync(path.join(folders[0], 'archive.ndjson'));
    const text = bytes.toString('utf8');
    const line = text.split('\n').find((one) => one.includes('"dose.taken"') || one.includes('doseTaken')) ?? '';
    const lines = text.split('\n');
    const target = line === '' ? lines.length - 20 : lines.indexOf(line);
    const entry = JSON.parse(lines[target] ?? '{}') as { header?: { stream: string; seq: number } };
    const at =
      Buffer.byteLength(lines.slice(0, target).join('\n')) + 1 + (lines[target] ?? '').indexOf('recordedAt') + 14;
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    const bad = await bench.limen(['verify', bench.file('flipped.ndjson', flipped), '--json']);
    assert.equal(bad.code, 1);
    const { failures } = documentOf(bad) as {
      failures: { line?: number; position?: { stream: string; seq: number } }[];
    };
    assert.ok(
      failures.some(({ position }) => position?.stream === entry.header?.stream && position?.seq === entry.header?.seq),
      JSON.stringify(failures.slice(0, 3)),
    );
    const plain = await bench.limen(['verify', bench.place('flipped.ndjson')]);
    assert.equal(plain.code, 1);
    assert.match(plain.out, /NOT verified/);
    assert.ok(plain.out.includes(`${entry.header?.stream} entry ${entry.header?.seq}`), plain.out);
  });

  it('refuses a key that did not sign the checkpoints', async () => {
    const other = await bench.limen(['verify', path.join(folders[0], 'archive.ndjson'), '--key', '0'.repeat(64)]);
    assert.equal(other.code, 1);
  });

  it('leaves allocations that follow from the seed, and says where they no longer do', async () => {
    const file = path.join(folders[0], 'allocations.json');
    assert.equal((await bench.limen(['verify', file, '--json'])).code, 0);
    const changed = JSON.parse(readFileSync(file, 'utf8')) as { allocations: { arm: string }[] };
    const [first] = changed.allocations;
    const other = changed.allocations.find(({ arm }) => arm !== first?.arm);
    if (first && other) first.arm = other.arm;
    const answer = await bench.limen(['verify', bench.file('changed.json', JSON.stringify(changed)), '--json']);
    assert.equal(answer.code, 1);
    assert.equal(documentOf(answer).ok, false);
  });

  it('verifies the databases it left behind, and then leaves no lock', async () => {
    const answer = await bench.limen(['verify', '--folder', folders[0], '--json']);
    assert.equal(answer.code, 0, answer.out);
    assert.equal(documentOf(answer).ok, true);
    assert.equal(existsSync(path.join(folders[0], 'study-database/limen.lock')), false);
  });

  it('does not become an installation, as its keys are public', async () => {
    const answer = await bench.limen(['start', '--folder', folders[0], '--port', '0', '--vault-port', '0', '--json']);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'folder_is_demonstration');
  });
});

describe('a demonstration that is refused or interrupted', () => {
  const bench = openBench();
  after(() => bench.clear());

  it('never empties a folder that is not its own', async () => {
    mkdirSync(bench.place('mine'));
    writeFileSync(path.join(bench.place('mine'), 'thesis.txt'), 'years of work');
    const answer = await bench.limen(['demo', '--folder', bench.place('mine'), '--port', '0', '--exit', '--json']);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'data_folder_not_recognised');
    assert.match(errorOf(answer).message, /thesis\.txt/);
    assert.equal(readFileSync(path.join(bench.place('mine'), 'thesis.txt'), 'utf8'), 'years of work');
  });

  it('stops everything on Ctrl+C in the middle of the study', async () => {
    const running = bench.launch(['demo', '--folder', bench.place('stopped'), '--port', '0']);
    await running.said('Enrolling');
    const below = descendantsOf(running.child.pid ?? 0);
    assert.ok(below.length >= 4, 'two servers and two databases');
    running.child.kill('SIGINT');
    const { code, err } = await running.answer;
    assert.equal(code, 130, err);
    assert.match(err, /Stopping…/);
    assert.deepEqual(below.filter(isRunning), []);
    assert.equal(existsSync(path.join(bench.place('stopped'), 'study-database/limen.lock')), false);
  });
});
