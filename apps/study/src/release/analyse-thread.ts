/** The thread in which a study is analysed: one input in, one report, bundle or dry run out. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { analyseStudy, dryRun, makeBundle, type StudyInput } from '@limen/analysis';
import type { AnalyseInput, AnalyseRequest } from './analyse.ts';

parentPort?.postMessage(answer(workerData as AnalyseRequest));

function answer(request: AnalyseRequest) {
  switch (request.kind) {
    case 'report': {
      const { html, results } = analyseStudy(studyInput(request.input));
      return { html, results };
    }
    case 'bundle':
      return makeBundle(studyInput(request.input), (text) => createHash('sha256').update(text).digest('hex'));
    case 'dryRun': {
      const { at, ...input } = request.input;
      const { html, results } = dryRun(input, at);
      return { html, results };
    }
  }
}

function studyInput(input: AnalyseInput): StudyInput {
  const { protocol, versions, participants, released, lockHash, lockedAt, releasedAt, studyId, protocolHash } = input;
  const lock = { hash: lockHash, at: lockedAt, releasedAt };
  return { protocol, versions, participants, release: released, lock, studyId, protocolHash };
}
