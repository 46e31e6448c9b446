/** The analysis of `@limen/analysis`, run where it cannot hold up a request: in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { Analyse, Analysis } from './analyse.ts';

export function loadAnalyse(): Analyse {
  return (input) =>
    new Promise<Analysis>((resolve, reject) => {
      const worker = new Worker(new URL('./analyse-thread.ts', import.meta.url), { workerData: input });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`The analysis ended with ${code} before it answered.`)));
    });
}
