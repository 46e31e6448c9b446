/**
 * How long repeated-measures and mixed models take here and in R, on the same data in the same run, and how much memory
 * beside their input. Medians of five or more; a peer that takes minutes runs once. What R lacks is said and left out.
 *
 *     node benchmarks/statistics/run.ts [--without-r] [--large] [--slow-peers]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Data, fitLinearMixedModel, philox, prepareMmrm } from '@limen/statistics';
import { slopesTrial, visitsTrial } from './data.ts';

const { values } = parseArgs({
  options: {
    'without-r': { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    'slow-peers': { type: 'boolean', default: false },
  },
});
/** A peer takes at least so many times as long. */
const bars: Readonly<Record<string, number>> = { gls: 1000, glmmTMB: 150, lmer: 50 };
const folder = mkdtempSync(join(tmpdir(), 'limen-statistics-'));
const load = () =>
  loadavg()
    .map((one) => one.toFixed(2))
    .join(' ');

function median(times: number, run: () => void): number {
  const seconds = Array.from({ length: times }, () => {
    const began = performance.now();
    run();
    return (performance.now() - began) / 1000;
  });
  return seconds.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
}

function said(name: string, seconds: number, logLikelihood: number): void {
  process.stdout.write(
    `  ${name.padEnd(56)} ${(seconds * 1000).toFixed(2).padStart(12)} ms   ${logLikelihood.toFixed(6)}\n`,
  );
}

function peer(name: string, data: Data, times: number, ours: number): void {
  if (values['without-r']) return;
  const path = join(folder, 'data.csv');
  const columns = Object.keys(data);
  const length = data[columns[0] ?? '']?.length ?? 0;
  const lines = Array.from({ length }, (_, row) => columns.map((column) => data[column]?.[row]).join());
  writeFileSync(path, `${columns.join()}\n${lines.join('\n')}\n`);
  const script = join(import.meta.dirname, 'peers.R');
  const { stdout, error } = spawnSync('Rscript', [script, name, path, String(times)], { encoding: 'utf8' });
  const [seconds, logLikelihood] = (stdout ?? '').trim().split(/\s+/).map(Number);
  if (error || seconds === undefined || logLikelihood === undefined || Number.isNaN(seconds)) {
    process.stdout.write(`  ${name}: left out, R or the package is absent or gave no fit\n`);
    return;
  }
  const least = bars[name];
  const ratio = seconds / ours;
  const verdict = least === undefined ? '' : ratio >= least ? `, bar ${least} held` : `, bar ${least} MISSED`;
  said(`R ${name} (of ${times}), ${ratio.toFixed(0)} times as long${verdict}`, seconds, logLikelihood);
}

function repeatedMeasures(people: number, visits: number, peers: readonly (readonly [string, number])[]): void {
  const data = visitsTrial(people, visits);
  process.stdout.write(`Unstructured, ${people} x ${visits}, ${data.score.length} rows; load ${load()}\n`);
  const request = { formula: 'score ~ baseline * visit + arm * visit', data, subject: 'participant', visit: 'visit' };
  let logLikelihood = 0;
  const all = () => {
    const model = prepareMmrm(request).fit();
    model.terms();
    logLikelihood = model.logLikelihood;
  };
  const began = performance.now();
  all();
  said('first call, with Satterthwaite', (performance.now() - began) / 1000, logLikelihood);
  const whole = median(15, all);
  said('rows to terms, with Satterthwaite', whole, logLikelihood);
  const prepared = prepareMmrm(request);
  const random = philox(7n, 'responses');
  const y = Float64Array.from(data.score);
  let next = 0;
  const refit = median(1000, () => {
    y[next % y.length] = (data.score[next % y.length] ?? 0) + random.uniform();
    next += 1;
    logLikelihood = prepared.fit(y).logLikelihood;
  });
  said('new responses on the same design', refit, logLikelihood);
  for (const [name, times] of peers) peer(name, data, times, whole);
}

function randomSlopes(people: number, days: number, peerTimes: number): void {
  const data = slopesTrial(people, days);
  process.stdout.write(`Random intercept and slope, ${people * days} rows; load ${load()}\n`);
  let logLikelihood = 0;
  const ours = median(5, () => {
    logLikelihood = fitLinearMixedModel({ formula: 'score ~ day + (1 + day | participant)', data }).logLikelihood;
  });
  said('rows to terms, with Satterthwaite', ours, logLikelihood);
  peer('lmer', data, peerTimes, ours);
}

/** Of a process of its own, because memory once taken is not given back. */
function memory(kind: 'mixed' | 'visits', people: number, times: number): void {
  const script = join(import.meta.dirname, 'memory.ts');
  const run = [String(people), String(times)];
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', script, kind, ...run], { encoding: 'utf8' });
  const [input = Number.NaN, beside = Number.NaN] = stdout.trim().split(' ').map(Number);
  const mega = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  process.stdout.write(
    `Memory, ${kind} ${people} x ${times}: input ${mega(input)}, beside it ${mega(beside)}, ${(1 + beside / input).toFixed(1)} times the input in all\n`,
  );
}

try {
  repeatedMeasures(200, 8, []);
  repeatedMeasures(300, 8, [
    ['glmmTMB', 5],
    ['gls', 1],
  ]);
  repeatedMeasures(
    2000,
    12,
    values['slow-peers']
      ? [
          ['glmmTMB', 1],
          ['gls', 1],
        ]
      : [],
  );
  randomSlopes(2000, 50, 5);
  if (values.large) randomSlopes(5000, 200, 1);
  memory('mixed', 2000, 50);
  memory('mixed', 5000, 200);
  memory('visits', 2000, 12);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
