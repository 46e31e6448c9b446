/** The thread in which a released study is analysed: one input in, one report out. */
import { parentPort, workerData } from 'node:worker_threads';
import { analyseStudy } from '@limen/analysis';
import type { AnalyseInput } from './analyse.ts';

const { protocol, versions, participants, released, lockHash, lockedAt, releasedAt, studyId, protocolHash } =
  workerData as AnalyseInput;
const { html, results } = analyseStudy({
  protocol,
  versions,
  participants,
  release: released,
  lock: { hash: lockHash, at: lockedAt, releasedAt },
  studyId,
  protocolHash,
});
parentPort?.postMessage({ html, results });
