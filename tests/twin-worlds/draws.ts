/**
 * Which arm each person gets in a world. Put in place of the vault's own draws from outside, by the test alone: the vault
 * has no option for it, and what was put in place can never be released, as a release draws everything again.
 */
import { createHash } from 'node:crypto';
import { type Allocation, allocations } from '@limen/randomization';
import type { Vault } from '@limen/vault';

/** An allocation of a whole study, told by how it is made. */
export type Draws = {
  /** Names the stream that the study's own procedure draws from. */
  readonly from: string;
  /** Every arm is exchanged for the next one. */
  readonly swapped?: boolean;
  /** The n-th person allocated, from 0, gets the next arm; everybody else keeps theirs. */
  readonly single?: number;
  /** Everybody gets this one. */
  readonly all?: 'first' | 'last';
};

type Walks = Vault['house']['walks'];
type Study = Parameters<Walks['drawAt']>[0];

export type Drawer = {
  readonly walks: Walks;
  /** From now on the study is drawn so. null: as the vault draws by itself. */
  expect(studyId: string, draws: Draws | null): void;
  /** What was drawn last; null where nothing was since it was last asked. */
  takeLast(): Drawn | null;
};

/** `first`: it is the first arm of the design. `all`: arm and sequence, as one text. */
export type Drawn = { readonly first: boolean; readonly all: string };

export function openDrawer(own: Walks): Drawer {
  const expected = new Map<string, Draws>();
  const streams = new Map<string, Allocation[]>();
  const order = new Map<string, string[]>();
  let last: Drawn | null = null;

  const streamAt = (study: Study, draws: Draws, stratum: string, step: number): Allocation => {
    const name = JSON.stringify([study.studyId, stratum]);
    let drawn = streams.get(name);
    if (drawn === undefined || drawn.length <= step) {
      drawn = drawMany(study, draws.from, stratum, step + 16);
      streams.set(name, drawn);
    }
    return drawn[step] as Allocation;
  };
  const placeOf = (studyId: string, step: string): number => {
    const steps = order.get(studyId) ?? [];
    if (!steps.includes(step)) steps.push(step);
    order.set(studyId, steps);
    return steps.indexOf(step);
  };
  const drawAt: Walks['drawAt'] = async (study, place, peopleFrom) => {
    const draws = expected.get(study.studyId);
    if (draws === undefined) return own.drawAt(study, place, peopleFrom);
    const { stratum, step } = place;
    const base = streamAt(study, draws, stratum, step);
    const salt = `${stratum} ${step}`;
    const moves = draws.swapped === true || draws.single === placeOf(study.studyId, salt);
    if (draws.all) return ofArm(study, armsOf(study).at(draws.all === 'first' ? 0 : -1)?.id ?? '', salt);
    return moves ? ofArm(study, nextArm(study, base.arm), salt) : base;
  };
  return {
    walks: {
      async drawAt(study, place, peopleFrom) {
        const drawn = await drawAt(study, place, peopleFrom);
        last = { first: drawn.arm === armsOf(study)[0]?.id, all: JSON.stringify(drawn) };
        return drawn;
      },
    },
    expect(studyId, draws) {
      if (draws) expected.set(studyId, draws);
      else expected.delete(studyId);
    },
    takeLast() {
      const taken = last;
      last = null;
      return taken;
    },
  };
}

/** The self-blinding procedure names its arms in capitals. */
function armsOf({ design }: Study) {
  const capital = design.procedure.kind === 'selfBlindingWeeks';
  return design.arms.map(({ id, weight }) => ({ id: capital ? id.toUpperCase() : id, weight }));
}

function nextArm(study: Study, arm: string): string {
  const ids = armsOf(study).map(({ id }) => id);
  return ids[(ids.indexOf(arm) + 1) % ids.length] as string;
}

function drawMany(study: Study, from: string, stratum: string, count: number): Allocation[] {
  const seed = createHash('sha256').update(from).digest();
  const { design } = study;
  // Not of this study: a scenario draws the same, whichever study of an installation it is lived through as.
  return allocations({ seed, studyId: 'twin', stratum, arms: armsOf(study), procedure: design.procedure })
    .take(count)
    .toArray();
}

const tries = 400;

/** An allocation to one arm as the procedure itself would draw it, with a sequence where it draws one. */
function ofArm(study: Study, arm: string, salt: string): Allocation {
  if (study.design.procedure.kind !== 'selfBlindingWeeks') return { arm };
  const found = drawMany(study, `of arm ${salt}`, salt, tries).find((one) => one.arm === arm);
  if (!found) throw new Error(`No draw of ${tries} is of arm ${arm}`);
  return found;
}
