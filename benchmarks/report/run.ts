/**
 * How long the whole analysis of a study takes, from its record to the report: 1,000 participants over eight weeks of daily entries
 * with every endpoint of the library's every-third-day trial; twice, and the same bytes.
 *
 *     node benchmarks/report/run.ts [--participants N]
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyseStudy, type StudyInput } from '@limen/analysis';
import { parseProtocol } from '@limen/protocol';

/** The hand-made study of the package's own tests. */
const example = new URL('../../packages/analysis/src/example-study.ts', import.meta.url).href;
const { exampleStudy } = await import(example);

const { values } = parseArgs({ options: { participants: { type: 'string', default: '1000' } } });
const limitSeconds = 20;
const file = join(import.meta.dirname, '..', '..', 'protocols', 'lsd-10ug-every-third-day.json');
const parsed = parseProtocol(readFileSync(file, 'utf8'));
if (!parsed.ok) throw new Error('The library document cannot be read.');
const study: StudyInput = exampleStudy(parsed.protocol, Number(values.participants));
const entries = study.participants.reduce((sum, { events }) => sum + events.length, 0);
const print = (line: string) => process.stdout.write(`${line}\n`);
print(
  `load ${loadavg()
    .map((one) => one.toFixed(2))
    .join(' ')}`,
);
const runs = [1, 2].map(() => {
  const began = performance.now();
  const { html, results } = analyseStudy(study);
  const seconds = (performance.now() - began) / 1000;
  const hash = createHash('sha256').update(html).update(JSON.stringify(results)).digest('hex');
  return { seconds, hash, bytes: Buffer.byteLength(html), outcomes: results.outcomes.length };
});
const [first, second] = runs as [(typeof runs)[number], (typeof runs)[number]];
print(
  `${values.participants} participants, ${entries} entries, ${first.outcomes} endpoints, report ${(first.bytes / 1024).toFixed(0)} KB`,
);
print(
  `${first.seconds.toFixed(1)} s, then ${second.seconds.toFixed(1)} s; limit ${limitSeconds} s: ${first.seconds < limitSeconds ? 'held' : 'not held'}`,
);
print(`the same bytes: ${first.hash === second.hash ? 'yes' : 'no'}`);
if (first.hash !== second.hash) process.exitCode = 1;
