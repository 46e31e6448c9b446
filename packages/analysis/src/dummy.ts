/**
 * A dummy allocation for a dry run: everybody randomised is given an arm by the arms' weights and a public seed, and capsules
 * of that arm. It knows nothing of the real allocation and can be made at any time; what comes of it means nothing.
 */
import { type Arm, interventionsOfArm, type ProtocolDocument, plannedIntervention } from '@limen/protocol';
import { philox, type Random } from '@limen/statistics';
import type { RandomisationCheck, Release } from './release.ts';
import type { DerivedTables } from './tables.ts';

export const dummySeed = 'limen dry run';

export function notChecked({ allocations, commitment }: Release): RandomisationCheck {
  const finding = 'A dry run: the arms were drawn for it alone, and nothing is known of the real ones.';
  return { verified: false, allocations: allocations.length, commitment, recomputed: null, finding };
}

export function dummyRelease(protocol: ProtocolDocument, tables: DerivedTables): Release {
  const doses = Map.groupBy(tables.doses, ({ participantId }) => participantId);
  const randomised = tables.subjects.filter(({ sets }) => sets.randomised);
  return {
    studyId: null,
    protocolHash: null,
    seed: '0'.repeat(64),
    commitment: 'dummy',
    procedure: { kind: 'complete' },
    arms: protocol.arms.map(({ id, weight }) => ({ id, weight })),
    allocations: randomised.map(({ participantId }, step) => {
      const random = philox(dummySeed, participantId);
      const arm = drawnArm(protocol, random);
      const most = Math.max(0, ...(doses.get(participantId) ?? []).map(({ doseNumber }) => doseNumber));
      const contents = Array.from({ length: most }, (_, index) => contentOf(arm, index + 1, random));
      return { participantId, stratum: 'dummy', step, arm: arm.id, contents };
    }),
  };
}

function drawnArm({ arms }: ProtocolDocument, random: Random): Arm {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.uniform() * total;
  const found = arms.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? (arms[0] as Arm);
}

/** What the arm plans for a dose; one of what it can hold where that is drawn. */
function contentOf(arm: Arm, doseNumber: number, random: Random): string {
  const { kind } = arm.content;
  if (kind === 'drawn' || kind === 'cycles') return random.choice(interventionsOfArm(arm));
  return plannedIntervention(arm, doseNumber) ?? interventionsOfArm(arm)[0] ?? '';
}
