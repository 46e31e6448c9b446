/** Virtual trials in a thread: answers each range of trial numbers that it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import { runTrials, type TrialsRequest } from '@limen/simulation';

const request = workerData as TrialsRequest;
parentPort?.on('message', ({ from, to }: { readonly from: number; readonly to: number }) => {
  parentPort?.postMessage([...runTrials(request, from, to)]);
});
