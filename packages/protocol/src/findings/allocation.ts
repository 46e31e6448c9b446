/** Do procedure, arms and what the procedure looks at fit together? */
import type { AllocationProcedure } from '../document.ts';
import { checkFactors, checkMinimisation } from './factors.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

type Protocol = CheckContext['protocol'];
type Path = readonly (string | number)[];

/** Arm ids of this package for the arms of the self-blinding procedure: `pl` is PL, `hh` HH, `md` MD. */
export const selfBlindingArmIds = { pl: 'PL', hh: 'HH', md: 'MD' } as const;

export function checkAllocation(context: CheckContext): Finding[] {
  const { procedure } = context.protocol.randomisation;
  return [
    ...checkProcedure(context, procedure, ['randomisation', 'procedure']),
    ...checkFactors(context),
    ...checkDrawnContent(context.protocol),
  ];
}

function checkProcedure(context: CheckContext, procedure: AllocationProcedure, path: Path): Finding[] {
  const { protocol } = context;
  const { arms } = protocol;
  if (procedure.kind === 'nOf1') return checkNOf1(protocol, procedure);
  if (procedure.kind === 'households') {
    const message = 'People of one household are known to share an arm: when one of them is unblinded, all are.';
    return [
      ...checkProcedure(context, procedure.of, [...path, 'of']),
      finding('advice', 'household_shares_arm', path, message, 'CONSORT extension for cluster trials 2012'),
    ];
  }
  if (arms.length < 2) return checkSingleArm(procedure);
  switch (procedure.kind) {
    case 'permutedBlocks':
      return checkBlocks(arms, procedure.sizes, [...path, 'sizes']);
    case 'selfBlindingWeeks':
      return checkSelfBlinding(protocol);
    case 'maximal':
      return [...checkSlots(arms, 6), ...checkBlocks(arms, [procedure.size], [...path, 'size'])];
    case 'biasedCoin':
      return [...checkSlots(arms, 64), ...checkCoin(procedure, path)];
    case 'blockUrn':
      return checkBlockUrn(arms);
    case 'minimisation':
      return [...checkSlots(arms, 64), ...checkMinimisation(context, procedure, path)];
    case 'urn':
    case 'bigStick':
      return checkSlots(arms, 64);
    case 'complete':
      return [];
    default:
      return procedure satisfies never;
  }
}

/** Contents that are drawn need the procedure that draws them. */
function checkDrawnContent({ arms, randomisation }: Protocol): Finding[] {
  const drawers = {
    drawn: ['selfBlindingWeeks', 'Only the procedure of self-blinding weeks draws what single capsules hold.'],
    cycles: ['nOf1', 'Only the procedure of trials in one person draws what a period holds.'],
  } as const;
  return arms.flatMap(({ content }, index) => {
    if (content.kind !== 'drawn' && content.kind !== 'cycles') return [];
    const [kind, message] = drawers[content.kind];
    if (randomisation.procedure.kind === kind) return [];
    return [finding('error', 'content_needs_drawing', ['arms', index, 'content'], message)];
  });
}

const nOf1Source = 'CENT 2015';

function checkNOf1(
  { arms, dosing }: Protocol,
  { cycles, block }: Extract<AllocationProcedure, { kind: 'nOf1' }>,
): Finding[] {
  const mismatch = (path: Path, message: string) =>
    finding('error', 'procedure_arms_mismatch', path, message, nOf1Source);
  const [arm] = arms;
  if (arm === undefined || arms.length > 1 || arm.content.kind !== 'cycles') {
    return [mismatch(['arms'], 'A trial in one person has one arm, whose periods are drawn.')];
  }
  const { treatments, capsulesPerPeriod } = arm.content;
  const found: Finding[] = [];
  if (treatments.length !== block.length) {
    const message = `The arm has ${treatments.length} treatments and a cycle has ${block.length}.`;
    found.push(mismatch(['arms', 0, 'content', 'treatments'], message));
  }
  const periods = cycles * block.reduce((sum, count) => sum + count, 0);
  if (periods * capsulesPerPeriod !== dosing.maximumDoses) {
    const message = `${periods} periods of ${capsulesPerPeriod} capsules are ${periods * capsulesPerPeriod}, and ${dosing.maximumDoses} are allowed.`;
    found.push(mismatch(['dosing', 'maximumDoses'], message));
  }
  if (cycles < 3) {
    const message = `With ${cycles} cycles one person says little about that person; three or more are usual.`;
    found.push(finding('warning', 'too_few_cycles', ['randomisation', 'procedure', 'cycles'], message, nOf1Source));
  }
  return found;
}

function checkSingleArm({ kind }: { readonly kind: string }): Finding[] {
  const single = finding('warning', 'single_arm', ['arms'], 'One arm compares with nothing.');
  if (kind !== 'urn') return [single];
  const message = 'An urn gains balls of the arms not drawn, so it needs two arms.';
  return [single, finding('error', 'procedure_arms_mismatch', ['randomisation', 'procedure'], message, 'Wei 1977')];
}

function checkBlocks(arms: Protocol['arms'], sizes: readonly number[], at: Path): Finding[] {
  const total = slotsOf(arms);
  return sizes.flatMap((size, index) => {
    if (size % total === 0) return [];
    const path = at.at(-1) === 'sizes' ? [...at, index] : at;
    const message = `A block of ${size} cannot hold the ratio, which adds up to ${total}.`;
    return [finding('error', 'block_size_not_multiple', path, message)];
  });
}

/** The weights in lowest terms, added up. */
function slotsOf(arms: Protocol['arms']): number {
  const divisor = arms.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0);
  return arms.reduce((sum, { weight }) => sum + weight, 0) / divisor;
}

function checkSlots(arms: Protocol['arms'], most: number): Finding[] {
  const total = slotsOf(arms);
  if (total <= most) return [];
  const message = `The weights in lowest terms add up to ${total}; the procedure can draw ${most} at most.`;
  return [finding('error', 'ratio_too_large', ['arms'], message)];
}

function checkCoin({ favour, against }: Extract<AllocationProcedure, { kind: 'biasedCoin' }>, path: Path): Finding[] {
  if (favour > against) return [];
  const message = `With ${favour} against ${against} chances the arm that is behind is not favoured.`;
  return [finding('error', 'coin_not_biased', [...path, 'favour'], message, 'Efron 1971')];
}

function checkBlockUrn(arms: Protocol['arms']): Finding[] {
  if (new Set(arms.map(({ weight }) => weight)).size === 1) return [];
  const message = 'With unequal weights a block urn does not keep the ratio at every step; another procedure does.';
  return [finding('warning', 'ratio_not_kept', ['randomisation', 'procedure'], message)];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function checkSelfBlinding({ arms, dosing, epochs }: Protocol): Finding[] {
  const mismatch = (path: (string | number)[], message: string): Finding =>
    finding('error', 'procedure_arms_mismatch', path, message, 'Szigeti 2021');
  const ids = Object.keys(selfBlindingArmIds);
  const wrongIds = [...arms.map(({ id }) => id)].sort().join() !== [...ids].sort().join();
  if (wrongIds) return [mismatch(['arms'], `The arms of this procedure are ${ids.join(', ')}.`)];
  const found = arms.flatMap(({ id, weight, content }, index) => {
    const expected = id === 'pl' ? 'constant' : 'drawn';
    return [
      ...(weight === arms[0]?.weight ? [] : [mismatch(['arms', index, 'weight'], 'All arms have the same weight.')]),
      ...(content.kind === expected
        ? []
        : [mismatch(['arms', index, 'content'], `The content of “${id}” is ${expected}.`)]),
    ];
  });
  const epoch = epochs.find(({ id }) => id === dosing.epoch);
  if (epoch !== undefined && epoch.lastDay - epoch.firstDay + 1 !== 28) {
    found.push(mismatch(['dosing', 'epoch'], 'This procedure fills exactly 4 weeks.'));
  }
  return found;
}
