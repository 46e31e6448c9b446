/** Draws in order without starting over: a stratum is followed from step 0 once, then kept before its latest step. */
import { type Allocation, looksAtPeople, type Participant, type Walk, walkStratum } from '@limen/randomization';
import { type Design, randomisedArms } from './contents.ts';

type Drawn = { readonly studyId: string; readonly design: Design; readonly seed: Uint8Array };
/** The walk before a step: a transaction that was rolled back asks for its step again, perhaps for somebody else. */
type Kept = { readonly walk: Walk; readonly step: number };

export type Place = { readonly stratum: string; readonly step: number; readonly person: Participant };

export type Walks = {
  /**
   * The allocation of a step, the same whenever it is asked for the same people.
   * @param peopleFrom those of the stratum from a step on to the one before, asked where the procedure looks at people
   */
  drawAt(
    study: Drawn,
    place: Place,
    peopleFrom: (step: number) => Promise<readonly Participant[]>,
  ): Promise<Allocation>;
};

const strataKept = 256;

export function openWalks(): Walks {
  const walks = new Map<string, Kept>();
  return {
    async drawAt(study, { stratum, step, person }, peopleFrom) {
      const name = JSON.stringify([study.studyId, stratum]);
      const known = walks.get(name);
      const kept = known !== undefined && known.step <= step ? known : { walk: startWalk(study, stratum), step: 0 };
      const looks = looksAtPeople(study.design.procedure) && kept.step < step;
      const people = looks ? await peopleFrom(kept.step) : [];
      let { walk } = kept;
      for (let passed = kept.step; passed < step; passed += 1) walk = walk(people[passed - kept.step]).after;
      walks.delete(name);
      walks.set(name, { walk, step });
      if (walks.size > strataKept) walks.delete(walks.keys().next().value ?? name);
      return walk(person).allocation;
    },
  };
}

function startWalk({ studyId, design, seed }: Drawn, stratum: string): Walk {
  return walkStratum({ seed, studyId, stratum, arms: randomisedArms(design), procedure: design.procedure });
}
