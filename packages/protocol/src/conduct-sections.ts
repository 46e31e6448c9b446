/** Sections that conduct acts on and older documents lack: medicines, supply, roles, stopping rules. All are optional. */
import { z } from 'zod';
import { id, label, text } from './document-parts.ts';

/** Medicines that belong together: a class of the pharmacology package, names of their own, or both. */
const medicines = z.strictObject({
  id,
  label,
  /** Ids of interaction classes, such as `lithium` or `maoi`. */
  classes: z.array(id).max(40).optional(),
  names: z.array(label).max(100).optional(),
  /** Days after the last intake for which the rule still holds. A class's own washout is never shortened by it. */
  washoutDays: z.int().min(0).max(366).optional(),
  reason: text,
  source: text.optional(),
});

/** The document's own list. It adds to what is known of interactions and takes nothing away. */
export const medication = z.strictObject({
  /** Nobody takes part, and nobody takes a capsule, with one of these. */
  prohibited: z.array(medicines).max(60),
  /** Allowed with the measure that is written down. */
  cautioned: z
    .array(medicines.extend({ measure: text.describe('What is done when somebody takes one of them') }))
    .max(60),
  /** Said of everything else: whom to ask before a new medicine is taken. */
  otherwise: text.optional(),
});

export const supply = z.strictObject({
  unit: z.enum(['capsule', 'tablet', 'blotter', 'oralSolution', 'sublingual']),
  /** `stock`: made beforehand and kept at the sites; else (`toOrder`) packed for the person once the label is drawn. */
  kits: z.enum(['toOrder', 'stock']).optional(),
  unitsPerKit: z.int().min(1).max(1000),
  /** Study days on which kits are handed out; the first is no later than the first dose. */
  dispensedOn: z.array(z.int().min(1).max(3660)).min(1).max(100),
  /** Whether a batch may be used without a measured content. */
  assay: z.enum(['required', 'interval']),
  /** Within which a retest must lie, as per cent of the label; 90 to 110 where nothing is said. */
  content: z.strictObject({ lower: z.number().min(0).max(200), upper: z.number().min(0).max(200) }).optional(),
  /** Content uniformity and the look of the capsules, as they are checked before release. */
  release: text,
  storage: text,
  /** Returns, counts, destruction by two people. */
  accountability: text,
});

const role = z.enum([
  'participant',
  'coordinator',
  'investigator',
  'pharmacist',
  'statistician',
  'monitor',
  'administrator',
]);

/** Who does what. What each role can see and do is the platform’s; a document can ask more of people, never less. */
export const roles = z
  .array(
    z.strictObject({
      role,
      responsibilities: text,
      /** What somebody has learned before the role is given. */
      training: z.array(label).max(20).optional(),
    }),
  )
  .max(20);

/**
 * When the study as a whole pauses. Counts are of people, pooled over all arms; an event nobody has assessed yet counts as
 * related.
 */
export const stoppingRule = z.discriminatedUnion('kind', [
  /** Pauses when Pr(rate > `limit`) > `probability` under a beta prior, of people with at least one such event. */
  z.strictObject({
    kind: z.literal('rate'),
    id,
    label,
    event: z.enum(['relatedGrade3', 'serious']),
    limit: z.number().gt(0).lt(1),
    probability: z.number().gt(0).lt(1),
    prior: z.strictObject({ alpha: z.number().gt(0).max(1000), beta: z.number().gt(0).max(1000) }),
    /** People who have taken a capsule before the rule is asked. */
    minimumExposed: z.int().min(1).max(1_000_000),
    source: text.optional(),
  }),
  /** Pauses at so many events. */
  z.strictObject({
    kind: z.literal('count'),
    id,
    label,
    event: z.enum(['relatedGrade3', 'serious', 'death']),
    atLeast: z.int().min(1).max(1000),
    source: text.optional(),
  }),
]);
