/** How participants are allocated, in plain words. */
import type { AllocationProcedure, ProtocolDocument } from './document.ts';
import { factorsInUse } from './factors.ts';

/** Such as `Big stick design, tolerance 3, stratified by site`. */
export function describeAllocation(protocol: Pick<ProtocolDocument, 'randomisation'>): string {
  const { procedure, stratifyBy } = protocol.randomisation;
  const by = stratifyBy.length === 0 ? '' : `, stratified by ${stratifyBy.join(' and ')}`;
  const factors = factorsInUse(protocol).map(({ label }) => label);
  return `${words(procedure, factors)}${by}`;
}

function words(procedure: AllocationProcedure, factors: readonly string[]): string {
  switch (procedure.kind) {
    case 'complete':
      return 'Complete randomisation';
    case 'permutedBlocks':
      return 'Permuted blocks';
    case 'bigStick':
      return `Big stick design, tolerance ${procedure.tolerance}`;
    case 'biasedCoin':
      return `Biased coin, ${procedure.favour} : ${procedure.against}`;
    case 'urn':
      return `Urn, ${procedure.initial} of each and ${procedure.added} added`;
    case 'blockUrn':
      return `Block urn of ${procedure.blocks} balanced ${procedure.blocks === 1 ? 'set' : 'sets'}`;
    case 'maximal':
      return `Maximal procedure, tolerance ${procedure.tolerance}, ${procedure.size} allocations`;
    case 'minimisation': {
      const { favour, against, distance } = procedure;
      const chance = Number((favour / (favour + against)).toFixed(2));
      return `Minimisation over ${factors.join(', ')}, by ${distance}, with a random element (chance ${chance} for the arm that balances best)`;
    }
    case 'nOf1':
      return `Within each person, ${procedure.cycles} cycles of ${procedure.block.reduce((sum, one) => sum + one, 0)} periods in random order`;
    case 'households':
      return `Households, not people, by: ${words(procedure.of, factors)}`;
    case 'selfBlindingWeeks':
      return `Self-blinding weeks, ${procedure.weeks} weeks`;
    default:
      return procedure satisfies never;
  }
}
