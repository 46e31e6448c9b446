/** The effect over doses: its slope over the amount taken, and whether it changes with every capsule taken (tolerance). */
import type { Endpoint, ProtocolDocument } from '@limen/protocol';
import { fitModel } from './models.ts';
import type { OutcomeSpec } from './outcome-spec.ts';
import type { DoseEffects, Possible, Term } from './results.ts';

const taken = 'capsulesTaken';

/** Null where neither can be asked: without capsules before the values, or with a model of another kind. */
export function doseEffectsOf(protocol: ProtocolDocument, endpoint: Endpoint, spec: OutcomeSpec): DoseEffects | null {
  if (endpoint.contrast === 'week' || spec.rows.length === 0) return null;
  const response = endpoint.contrast === 'capsule' ? doseResponse(protocol, spec) : null;
  const tolerance = spec.levels.slice(1).map(({ level, label }) => ({
    level,
    label,
    slope: slopeOf(spec, `${spec.formula} + ${taken} + ${spec.columns.condition}:${taken}`, (name) => {
      const parts = name.split(':');
      return parts.length === 2 && parts.includes(`${spec.columns.condition}${level}`) && parts.includes(taken);
    }),
  }));
  return { response, tolerance };
}

/** Least squares over amounts, in the plan's model with the amount in the place of the condition; two doses or more. */
function doseResponse(protocol: ProtocolDocument, spec: OutcomeSpec): DoseEffects['response'] {
  const doses = new Map(protocol.interventions.map(({ id, substances = [] }) => [id, substances[0]?.dose]));
  const active = spec.levels.flatMap(({ level }) => doses.get(level) ?? []);
  const [first] = active;
  const alike = active.every(({ unit, form }) => unit === first?.unit && form === first.form);
  const amounts = new Set(active.map(({ min, max }) => (min + max) / 2));
  if (first === undefined || !alike || amounts.size < 2) return null;
  const rows = spec.rows.map((row) => {
    const dose = doses.get(row.condition);
    const amount = dose === undefined ? 0 : (dose.min + dose.max) / 2;
    return { ...row, covariates: { ...row.covariates, amount } };
  });
  const [left = '', right = ''] = spec.formula.split('~');
  const formula = `${left}~${right.replaceAll(/(?<![\p{L}\p{N}_.])condition(?![\p{L}\p{N}_.])/gu, 'amount')}`;
  return {
    unit: `${first.unit} ${first.form}`,
    slope: slopeOf({ ...spec, rows }, formula, (name) => name === 'amount'),
  };
}

function slopeOf(spec: OutcomeSpec, formula: string, pick: (term: string) => boolean): Possible<Term> {
  const model = fitModel(spec, formula, spec.rows);
  if (model.status === 'failed') return { notPossible: model.message };
  return model.terms.find(({ term }) => pick(term)) ?? { notPossible: 'The model has no term for it.' };
}
