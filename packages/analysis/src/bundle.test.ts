import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parseProtocol } from '@limen/protocol';
import { exampleStudy } from './example-study.ts';
import { analyseStudy, type Bundle, dryRun, makeBundle, verifyBundle } from './index.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const parsed = parseProtocol(
  readFileSync(new URL('../../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8'),
);
assert.ok(parsed.ok);
const study = exampleStudy(parsed.protocol, 24);
const bundle = makeBundle(study, digest);

/** What a third party has: the bundle after a trip through a file. */
const received = (): { format: string; files: Record<string, string> } => JSON.parse(JSON.stringify(bundle));

test('a third party runs the bundle again to the same bytes', () => {
  const check = verifyBundle(received(), digest);
  assert.deepEqual(check.findings, []);
  assert.ok(check.ok && check.files > 10);
});

test('a file that was altered is named, also where its hash was altered with it', () => {
  const altered = received();
  altered.files['results.json'] = (altered.files['results.json'] ?? '').replace(
    '"participants": 24',
    '"participants": 25',
  );
  assert.ok(verifyBundle(altered, digest).findings.some((one) => one.startsWith('results.json is not the file')));
  const manifest = JSON.parse(altered.files['manifest.json'] ?? '');
  manifest.sha256['results.json'] = digest(altered.files['results.json'] ?? '');
  altered.files['manifest.json'] = JSON.stringify(manifest);
  assert.deepEqual(verifyBundle(altered, digest).findings, ['results.json: the analysis run again gives other bytes.']);
  const { 'report.html': _, ...rest } = received().files;
  const missing = verifyBundle({ ...received(), files: rest }, digest);
  assert.ok(missing.findings.includes('report.html is named in the manifest and missing.'));
});

test('something else than a bundle is refused, and so is a name that leaves the folder', () => {
  for (const given of [null, {}, { format: 'other', files: {} }, { ...received(), files: { '../x.txt': '' } }]) {
    assert.throws(() => verifyBundle(given, digest), { code: 'bundle_malformed' });
  }
});

test('every row of an endpoint names the entries of the record behind it', () => {
  const [head = '', ...rows] = (bundle.files['data/endpoint-daily-mood.csv'] ?? '').trimEnd().split('\n');
  assert.ok(head.endsWith(',events') && rows.length > 100);
  const known = new Set(study.participants.flatMap(({ events }) => events.map(({ eventId }) => eventId)));
  for (const row of rows) {
    const events = row.slice(row.lastIndexOf(',') + 1).split(' ');
    assert.ok(events.length > 0 && events.every((event) => known.has(event)), row);
  }
});

test('nothing is analysed before lock and release', () => {
  for (const part of [{ release: null }, { lock: { hash: '', at: '' } }]) {
    assert.throws(() => analyseStudy({ ...study, ...part }), { code: 'not_released' });
  }
});

test('a dry run carries out the plan without the allocation, and says so on every heading', () => {
  const { release: _, lock: __, ...blinded } = study;
  const { html, results } = dryRun(blinded, '2026-06-02T10:00:00.000Z');
  assert.equal(results.dummy, true);
  assert.equal(results.study?.randomisation.verified, false);
  assert.equal(results.outcomes[0]?.unadjusted.status, 'fitted');
  assert.match(html, /<title>Dry run on a dummy allocation/);
  assert.equal(
    html.match(/<h2 id="[^"]*">/g)?.length,
    (html.match(/dummy allocation<\/span><\/h2>/g)?.length ?? 0) + 1,
  );
  // The other allocation gives the same bytes: nothing of it is read.
  const other = { ...study.release, seed: '00'.repeat(32) };
  const carried = { ...blinded, release: other };
  assert.equal(dryRun(carried, '2026-06-02T10:00:00.000Z').html, html);
});

const R = spawnSync('Rscript', [
  '-e',
  'cat(requireNamespace("lme4", quietly=TRUE) && requireNamespace("nlme", quietly=TRUE))',
]);
const noR = String(R.stdout).endsWith('TRUE') ? false : 'R with lme4 and nlme is not on this machine';

function runScript(files: Bundle['files']): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'limen-bundle-'));
  try {
    mkdirSync(path.join(folder, 'data'));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const run = spawnSync('Rscript', ['primary.R'], { cwd: folder, encoding: 'utf8' });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    return run.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('R repeats the primary analysis of the bundle to one part in a million', { skip: noR }, () => {
  assert.match(runScript(bundle.files), /AGREES/);
});

test('R repeats an analysis of covariance and a model for repeated measures', { skip: noR }, () => {
  const document = JSON.parse(bundle.files['protocol.json'] ?? '');
  const [first] = document.analysis.endpoints;
  const own = [
    { ...first, model: 'value ~ condition + day' },
    { ...first, model: 'value ~ condition + day', repeated: { covariance: 'ar1' } },
  ];
  for (const endpoint of own) {
    document.analysis.endpoints = [endpoint];
    const again = parseProtocol(JSON.stringify(document));
    assert.ok(again.ok);
    assert.match(runScript(makeBundle(exampleStudy(again.protocol, 12), digest).files), /AGREES/);
  }
});
