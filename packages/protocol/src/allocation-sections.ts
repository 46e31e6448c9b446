/** How participants are allocated: the procedure, what it looks at, and what the arms' capsules hold. */
import { z } from 'zod';
import { id, label } from './document-parts.ts';

const procedures = [
  z.strictObject({ kind: z.literal('complete') }),
  z.strictObject({ kind: z.literal('permutedBlocks'), sizes: z.array(z.int().min(2).max(64)).min(1).max(8) }),
  z.strictObject({ kind: z.literal('bigStick'), tolerance: z.int().min(1).max(20) }),
  z.strictObject({ kind: z.literal('biasedCoin'), favour: z.int().min(2).max(100), against: z.int().min(1).max(99) }),
  z.strictObject({ kind: z.literal('urn'), initial: z.int().min(0).max(100), added: z.int().min(1).max(100) }),
  z.strictObject({ kind: z.literal('blockUrn'), blocks: z.int().min(1).max(100) }),
  z.strictObject({ kind: z.literal('maximal'), tolerance: z.int().min(1).max(20), size: z.int().min(2).max(600) }),
  z.strictObject({
    kind: z.literal('minimisation'),
    /** Factors of the document by id; a factor of weight 2 counts twice. */
    factors: z
      .array(z.strictObject({ id, weight: z.int().min(1).max(100) }))
      .min(1)
      .max(10),
    distance: z.enum(['range', 'variance']),
    /** Chances of the arm that balances best against those of all others together; never without a chance against. */
    favour: z.int().min(2).max(100),
    against: z.int().min(1).max(99),
  }),
] as const;

export const procedure = z.discriminatedUnion('kind', [
  ...procedures,
  /** In one person: cycles of all treatments in random order; `block` says how many periods each treatment has in one. */
  z.strictObject({
    kind: z.literal('nOf1'),
    cycles: z.int().min(1).max(50),
    block: z.array(z.int().min(1).max(12)).min(2).max(6),
  }),
  /** Households are drawn instead of people, by another procedure. */
  z.strictObject({ kind: z.literal('households'), of: z.discriminatedUnion('kind', [...procedures]) }),
  z.strictObject({ kind: z.literal('selfBlindingWeeks'), weeks: z.literal(4) }),
]);

const item = z.string().min(1).max(64).describe('An item of the screening instrument');

/** What is known of a person before allocation, in levels. */
export const factor = z.strictObject({
  id,
  label,
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('site') }),
    /** Every answer is a level, or groups of answers are. */
    z.strictObject({
      kind: z.literal('choice'),
      item,
      groups: z
        .array(z.strictObject({ label, answers: z.array(z.string().min(1).max(64)).min(1).max(30) }))
        .min(2)
        .max(10)
        .optional(),
    }),
    /** Levels end below each cut; the cuts rise. */
    z.strictObject({ kind: z.literal('number'), item, cuts: z.array(z.number()).min(1).max(9) }),
  ]),
});

/**
 * What the capsules of an arm hold. `drawn`: the allocation procedure decides capsule by capsule. `steps`: by capsule
 * number, each from `fromDose` until the next; periods of a crossover, a titration and sham doses are written this way.
 * `cycles`: the procedure of trials in one person decides which treatment each period holds.
 */
export const armContent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), intervention: id }),
  z.strictObject({ kind: z.literal('drawn'), active: id, placebo: id }),
  z.strictObject({
    kind: z.literal('steps'),
    steps: z
      .array(z.strictObject({ fromDose: z.int().min(1).max(1000), intervention: id }))
      .min(1)
      .max(200),
  }),
  z.strictObject({
    kind: z.literal('cycles'),
    treatments: z.array(id).min(2).max(6),
    capsulesPerPeriod: z.int().min(1).max(200),
  }),
]);
