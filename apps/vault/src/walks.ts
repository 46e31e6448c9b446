/** Draws in order without starting over: procedures that remember are followed from step 0 once, then kept. */
import { type Allocation, allocations } from '@limen/randomization';
import { type Design, randomisedArms } from './contents.ts';

type Drawn = { readonly studyId: string; readonly design: Design; readonly seed: Uint8Array };
type Walk = { readonly draws: Generator<Allocation, never, undefined>; next: number; last: Allocation | null };

export type Walks = {
  /** The allocation of a step, the same whenever it is asked. */
  drawAt(study: Drawn, stratum: string, step: number): Allocation;
};

const strataKept = 256;

export function openWalks(): Walks {
  const walks = new Map<string, Walk>();
  return {
    drawAt(study, stratum, step) {
      const name = JSON.stringify([study.studyId, stratum]);
      const kept = walks.get(name);
      walks.delete(name);
      // A transaction that was rolled back asks for its step again, so the last draw is kept.
      const walk = kept !== undefined && step >= kept.next - 1 ? kept : startWalk(study, stratum);
      walks.set(name, walk);
      if (walks.size > strataKept) walks.delete(walks.keys().next().value ?? name);
      return advance(walk, step);
    },
  };
}

function startWalk({ studyId, design, seed }: Drawn, stratum: string): Walk {
  const { procedure } = design;
  return {
    draws: allocations({ seed, studyId, stratum, arms: randomisedArms(design), procedure }),
    next: 0,
    last: null,
  };
}

function advance(walk: Walk, step: number): Allocation {
  while (walk.next <= step) {
    walk.last = walk.draws.next().value;
    walk.next += 1;
  }
  if (walk.last === null) throw new RangeError(`No draw for step ${step}`);
  return walk.last;
}
