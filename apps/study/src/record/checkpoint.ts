/** Takes signed checkpoints: on demand, at lock, and regularly while something has changed. */
import { type Checkpoint, type HeadSet, openHeadSet, takeCheckpoint } from '@limen/ledger';
import {
  inCheckpoint,
  readCheckpointHeads,
  readLastCheckpoint,
  readMovedHeads,
  writeCheckpoint,
} from '../data/checkpoints.ts';
import type { Database } from '../data/database.ts';
import { listStudyIds } from '../data/studies.ts';
import type { Keys } from './keys.ts';
import { installationId, notBefore } from './streams.ts';

export type Checkpoints = {
  /** The latest checkpoint where nothing has moved since. */
  take(studyId: string): Promise<Checkpoint | null>;
  takeAll(): Promise<number>;
};

export function openCheckpoints(database: Database, keys: Keys, now: () => string): Checkpoints {
  // The tree of a large study is kept: then only the paths of the heads that moved are hashed.
  const sets = new Map<string, { number: number; heads: HeadSet }>();

  const take = async (studyId: string): Promise<Checkpoint | null> => {
    const taken = await inCheckpoint(database, studyId, async (tx) => {
      const previous = await readLastCheckpoint({ query: tx }, studyId);
      const moved = await readMovedHeads(tx, studyId);
      if (moved.length === 0) return { checkpoint: previous, heads: null };
      const kept = sets.get(studyId);
      const fits = kept !== undefined && kept.number === (previous?.number ?? 0);
      const heads = fits ? kept.heads : openHeadSet(await readCheckpointHeads(tx, studyId));
      // Until the transaction is through, what is kept must not be believed.
      sets.delete(studyId);
      for (const head of moved) heads.move(head);
      const checkpoint = takeCheckpoint({
        studyId,
        previous,
        takenAt: notBefore(now(), previous?.takenAt ?? null),
        summary: heads.summary(),
        secretKey: keys.checkpointKey,
      });
      await writeCheckpoint(tx, { checkpoint, moved });
      return { checkpoint, heads };
    });
    const { checkpoint, heads } = taken;
    if (checkpoint !== null && heads !== null) sets.set(studyId, { number: checkpoint.number, heads });
    return checkpoint;
  };

  return {
    take,
    async takeAll() {
      let taken = 0;
      for (const studyId of [...(await listStudyIds(database)), installationId]) {
        if ((await take(studyId)) !== null) taken += 1;
      }
      return taken;
    },
  };
}
