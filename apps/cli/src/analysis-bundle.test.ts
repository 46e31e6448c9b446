import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { makeBundle } from '@limen/analysis';
import { parseProtocol } from '@limen/protocol';
import { root } from './places.ts';
import { documentOf, errorOf, openBench } from './test-limen.ts';

describe('limen analyse --bundle', () => {
  const bench = openBench();
  after(() => bench.clear());
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');

  /** A study that was released before anybody came. */
  function emptyBundle() {
    const parsed = parseProtocol(readFileSync(path.join(root, 'protocols/lsd-10ug-every-third-day.json'), 'utf8'));
    assert.ok(parsed.ok);
    const { protocol } = parsed;
    const arms = protocol.arms.map(({ id, weight }) => ({ id, weight }));
    const release = {
      seed: '00'.repeat(32),
      commitment: 'none',
      procedure: { kind: 'complete' },
      arms,
      allocations: [],
    };
    const lock = { hash: 'cd'.repeat(32), at: '2026-06-02T10:00:00.000Z' };
    return makeBundle({ protocol, participants: [], release, lock }, digest);
  }

  it('runs the analysis again, unpacks the files, and says where bytes differ', async () => {
    const bundle = emptyBundle();
    const file = bench.place('bundle.json');
    writeFileSync(file, JSON.stringify(bundle));
    const pdf = bench.place('report.pdf');
    const good = await bench.limen([
      'analyse',
      '--bundle',
      file,
      '--unpack',
      bench.place('out'),
      '--pdf',
      pdf,
      '--json',
    ]);
    assert.equal(good.code, 0, good.err);
    const printed = readFileSync(pdf, 'latin1');
    assert.match(printed, /^%PDF-/);
    assert.match(printed, /CreationDate \(D:20260602100000Z\)/, 'dated by the lock');
    assert.equal((documentOf(good) as { ok: boolean }).ok, true);
    assert.ok(existsSync(path.join(bench.place('out'), 'data', 'primary.csv')));
    const altered = { ...bundle, files: { ...bundle.files, 'report.html': 'Everything worked.' } };
    writeFileSync(file, JSON.stringify(altered));
    rmSync(pdf);
    const bad = await bench.limen(['analyse', '--bundle', file, '--pdf', pdf]);
    assert.equal(bad.code, 1);
    assert.equal(existsSync(pdf), false, 'what is not verified is not printed');
    assert.match(bad.out, /report\.html is not the file of the manifest/);
  });

  it('refuses what is no bundle, and a participant without a row', async () => {
    const file = bench.place('other.json');
    writeFileSync(file, '{}');
    assert.equal(errorOf(await bench.limen(['analyse', '--bundle', file, '--json'])).code, 'bundle_malformed');
    writeFileSync(file, JSON.stringify(emptyBundle()));
    const unknown = await bench.limen(['analyse', '--bundle', file, '--trace', 'nobody', '--json']);
    assert.equal(errorOf(unknown).code, 'participant_not_found');
  });
});
