/** Substances and forms, typed quantities, micro-dose windows, batches, interactions, kinetics and tolerance. */
export * from './batch.ts';
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
  type SubstanceOf,
} from './forms.ts';
export * from './interactions.ts';
export * from './kinetics.ts';
export * from './medication.ts';
export * from './quantity.ts';
export * from './substances.ts';
export * from './tolerance.ts';
export * from './window.ts';
