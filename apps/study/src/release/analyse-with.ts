/** The analyses of `@limen/analysis`, run where they cannot hold up a request: in a thread of their own. */
import { Worker } from 'node:worker_threads';
import type { Analyse, AnalyseRequest, Analysis, FileBundle } from './analyse.ts';

export function loadAnalyse(): Analyse {
  return (input) => inThread<Analysis>({ kind: 'report', input });
}

export function bundleInThread(input: Extract<AnalyseRequest, { kind: 'bundle' }>['input']): Promise<FileBundle> {
  return inThread<FileBundle>({ kind: 'bundle', input });
}

export function dryRunInThread(input: Extract<AnalyseRequest, { kind: 'dryRun' }>['input']): Promise<Analysis> {
  return inThread<Analysis>({ kind: 'dryRun', input });
}

function inThread<Answer>(request: AnalyseRequest): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const worker = new Worker(new URL('./analyse-thread.ts', import.meta.url), { workerData: request });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The analysis ended with ${code} before it answered.`)));
  });
}
