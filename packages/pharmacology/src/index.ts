/** Substances and forms, typed quantities, micro-dose windows, batches, interactions, kinetics and tolerance. */
export * from './appearance.ts';
export * from './batch.ts';
export * from './batch-status.ts';
export type { Sample } from './distributions.ts';
export * from './errors.ts';
export type { Evidence, Fact, Interval } from './fact.ts';
export {
  type BaseOf,
  type FormId,
  formIds,
  forms,
  isFormId,
  molarMass,
  type NaturalForm,
  type Salt,
  type SubstanceOf,
} from './forms.ts';
export * from './interactions.ts';
export * from './kinetics.ts';
export * from './medication.ts';
export * from './placebo-match.ts';
export * from './quantity.ts';
export * from './stability.ts';
export * from './substances.ts';
export * from './temperature.ts';
export * from './tolerance.ts';
export * from './uniformity.ts';
export * from './window.ts';
