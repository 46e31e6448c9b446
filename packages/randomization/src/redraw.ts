/**
 * The same people drawn again: in the same order, strata, factors and households, from another seed. It is what a
 * re-randomisation test compares the trial with (Rosenberger, Uschner & Wang 2019, Statist Med 38:1).
 */
import type { Arm, Procedure } from './design.ts';
import { type DrawSource, seededDraws } from './draws.ts';
import { RandomizationError } from './errors.ts';
import type { Participant } from './people.ts';
import { simulatedDraws } from './simulated-draws.ts';
import { type Allocation, openWalk, type Walk } from './walk.ts';

type Design = { readonly arms: readonly Arm[]; readonly procedure: Procedure };
/** In the order of allocation. */
type Enrolled = readonly (Participant & { readonly stratum: string })[];

/** One allocation a person, in their order. The same seed gives the same answer. */
export function redraw(
  design: Design & { readonly studyId: string; readonly seed: Uint8Array },
  people: Enrolled,
): Allocation[] {
  return drawThrough(design, people, (stratum) => seededDraws(design.seed, design.studyId, stratum));
}

/**
 * The p-value of a re-randomisation test: (1 + redraws whose statistic is at least the observed one) / (1 + redraws).
 * Under the null hypothesis that nobody's outcome depends on the allocation it is at most α with chance at most α, for
 * every α, procedure and number of redraws (Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39).
 * @param statistic of the allocations in the order of `people`; large values speak against the null hypothesis
 */
export function rerandomisationTest(request: {
  readonly design: Design;
  readonly people: Enrolled;
  readonly allocated: readonly Allocation[];
  readonly statistic: (allocations: readonly Allocation[]) => number;
  readonly redraws: number;
  readonly seed: Uint8Array;
}): { readonly p: number; readonly observed: number; readonly asLarge: number } {
  const { design, people, allocated, statistic, redraws, seed } = request;
  if (!Number.isInteger(redraws) || redraws < 1 || redraws > maxRedraws) {
    throw new RandomizationError('simulation.size', `${redraws}`);
  }
  if (allocated.length !== people.length) throw new RandomizationError('history.differs', `${allocated.length} arms`);
  const draws = simulatedDraws(seed, 'redraw');
  const observed = statistic(allocated);
  let asLarge = 0;
  for (let run = 0; run < redraws; run += 1) {
    if (statistic(drawThrough(design, people, () => () => draws)) >= observed) asLarge += 1;
  }
  return { p: (1 + asLarge) / (1 + redraws), observed, asLarge };
}

const maxRedraws = 1_000_000;

function drawThrough(design: Design, people: Enrolled, sourceOf: (stratum: string) => DrawSource): Allocation[] {
  const walks = new Map<string, Walk>();
  return people.map((person) => {
    const walk = walks.get(person.stratum) ?? openWalk(design, sourceOf(person.stratum));
    const { allocation, after } = walk(person);
    walks.set(person.stratum, after);
    return allocation;
  });
}
