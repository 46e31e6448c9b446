/** Sections of a study document that older documents lack; all are optional. Their names follow ICH M11. */
import { z } from 'zod';
import { calendarDate, id, label, languageTag, text } from './document-parts.ts';

export const identity = z.strictObject({
  sponsor: text.optional(),
  phase: z.enum(['exploratory', 'phase1', 'phase2', 'phase3', 'phase4', 'notApplicable']).optional(),
  registrations: z
    .array(z.strictObject({ registry: label, number: label }))
    .max(10)
    .optional(),
  /** What each version changed, oldest first; the last is the document's own. */
  versions: z
    .array(
      z.strictObject({
        version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0'),
        date: calendarDate.optional(),
        changes: text,
        substantial: z.boolean(),
      }),
    )
    .max(100)
    .optional(),
});

/** What can happen to a participant after allocation that the platform records. */
export const intercurrentEvents = [
  'stoppedCapsules',
  'hold',
  'newMedicine',
  'otherPsychedelic',
  'emergencyUnblinding',
  'believedAllocation',
  'death',
] as const;

/** The five attributes of ICH E9(R1), for one endpoint. */
export const estimand = z.strictObject({
  id,
  endpoint: id,
  treatment: text,
  population: text,
  variable: text,
  intercurrentEvents: z
    .array(
      z.strictObject({
        event: z.enum(intercurrentEvents),
        strategy: z.enum(['treatmentPolicy', 'hypothetical', 'composite', 'whileOnTreatment', 'principalStratum']),
        reason: text.optional(),
      }),
    )
    .max(20),
  summary: text,
});

/** A licence or permit as it was recorded, not as somebody hopes to have it. */
const licence = z.strictObject({
  authority: label,
  number: label,
  /** Substances it covers. */
  substances: z.array(id).min(1).max(20),
  covers: z.array(z.enum(['takeHome', 'observed'])).min(1),
  validFrom: calendarDate,
  validUntil: calendarDate.optional(),
});

export const site = z.strictObject({
  id,
  label,
  /** A row of the table of jurisdictions, such as `ca` or `au-vic`. */
  jurisdiction: id,
  /** Absent: the document's setting. */
  setting: z.enum(['takeHome', 'observed', 'both']).optional(),
  licences: z.array(licence).max(20),
});

export const emergencyPlan = z.strictObject({
  /** Who may open one participant's allocation. */
  mayOpen: z
    .array(z.enum(['treatingClinician', 'investigator', 'pharmacist', 'safetyPhysician']))
    .min(1)
    .max(4),
  available: text.describe('At which hours, and how it is reached'),
  backup: text.describe('What is done when the platform cannot be reached'),
  afterwards: text.describe('What happens to the participant, and who stays blinded'),
});

export const interims = z.strictObject({
  looks: z
    .array(
      z.strictObject({
        id,
        /** Share of the planned information, more than 0, at most 1. */
        information: z.number().gt(0).max(1),
        decides: z.enum(['efficacy', 'futility', 'both', 'safety']),
      }),
    )
    .min(1)
    .max(12),
  /** Lan and DeMets; absent only where no look can stop for efficacy. */
  spending: z.strictObject({ kind: z.enum(['obrienFleming', 'pocock']), alpha: z.number().gt(0).lt(0.5) }).optional(),
  board: text.describe('Who looks, and what they may see'),
});

export const multiplicity = z.strictObject({
  method: z.enum(['oneComparison', 'holm', 'hochberg', 'gatekeeping', 'dunnett', 'falseDiscoveryRate', 'graph']),
  /** The family; for gatekeeping in testing order. */
  endpoints: z.array(id).min(1).max(60),
  /** Of a graph, in the order of the family: shares of α to begin with, and what a rejected test hands to the others. */
  graph: z
    .strictObject({
      weights: z.array(z.number().min(0).max(1)).min(1).max(60),
      transitions: z
        .array(z.array(z.number().min(0).max(1)).max(60))
        .min(1)
        .max(60),
    })
    .optional(),
  reason: text,
});

export const missingData = z.strictObject({
  assumption: z.enum(['missingAtRandom', 'missingNotAtRandom', 'missingCompletelyAtRandom']),
  primary: text,
  sensitivity: z.array(text).min(1).max(20),
});

/** How the analysis uses what people expected before the first capsule. */
export const expectancyUse = z.strictObject({ activity: id, use: text });

/** A written answer to a finding. Code and path are those of the finding. */
export const answer = z.strictObject({
  code: z.string().min(1).max(64),
  path: z.string().max(500),
  answer: text,
});

/** What the reporting standards ask for and no other section says, by item number. */
export const reporting = z.strictObject({
  spirit: z
    .array(
      z.strictObject({
        item: z.string().regex(/^\d{1,2}[a-d]?$/, 'an item number such as 27c'),
        says: text.optional(),
        notApplicable: text.optional(),
      }),
    )
    .max(80),
  /** Items of CONSORT 2025 that are settled before the trial: registration, access, sharing, funding, involvement. */
  consort: z
    .array(
      z.strictObject({
        item: z.string().regex(/^\d{1,2}[a-d]?$/, 'an item number such as 4'),
        says: text.optional(),
        notApplicable: text.optional(),
      }),
    )
    .max(60)
    .optional(),
});

export const burden = z.strictObject({ minutesPerDay: z.number().gt(0).max(1440) });

export const languages = z.array(languageTag).min(1).max(40);

/** Study days on which an endpoint counts, both included. */
export const endpointWindow = z
  .strictObject({ fromDay: z.int().min(1).max(3660), toDay: z.int().min(1).max(3660) })
  .optional();

/** Covariances of the residuals over visits that a plan can name. */
export const visitCovariances = [
  'unstructured',
  'compound-symmetry',
  'heterogeneous-compound-symmetry',
  'ar1',
  'heterogeneous-ar1',
  'toeplitz',
  'heterogeneous-toeplitz',
  'ante-dependence',
] as const;

const imputationRule = z.enum(['MAR', 'J2R', 'CR', 'CIR']);
const imputations = z.int().min(2).max(1000).optional();

/** A further analysis of one endpoint, run and shown beside the planned model. */
export const sensitivityAnalysis = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('set'), id, endpoint: id, set: z.enum(['perProtocol', 'safety', 'completers']) }),
  z.strictObject({ kind: z.literal('model'), id, endpoint: id, model: z.string().min(3).max(500) }),
  z.strictObject({
    kind: z.literal('imputation'),
    id,
    endpoint: id,
    /** Missing at random, jump to reference, copy reference, copy increments in reference. */
    rule: imputationRule,
    /** Added to every imputed value of other arms than the reference, in units of the score. */
    delta: z.number().optional(),
    imputations,
  }),
  z.strictObject({
    kind: z.literal('tippingPoint'),
    id,
    endpoint: id,
    rule: imputationRule,
    /** The largest shift tried, with the sign that speaks against the arm. */
    furthest: z.number(),
    imputations,
  }),
]);

/** Groups in which one endpoint is compared, with the test that the difference is the same in all of them. */
export const subgroup = z.strictObject({
  id,
  endpoint: id,
  by: z.enum(['sex', 'site', 'age', 'expectation', 'baseline']),
  /** Of a number: the second group begins here. */
  splitAt: z.number().optional(),
});

/** Above this many visits an unstructured covariance has more parameters than most trials can carry. */
export const mostUnstructuredVisits = 12;

/** A mixed model for repeated measures: visits are the days on which the activity is asked. */
export const repeatedMeasures = z.strictObject({
  covariance: z.enum(visitCovariances),
  /** @defaultValue satterthwaite */
  df: z.enum(['satterthwaite', 'kenward-roger', 'between-within']).optional(),
  /** Study day of the visit at which conditions are compared; absent: the last. */
  effectAtDay: z.int().min(1).max(3660).optional(),
});
