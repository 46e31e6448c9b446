/** The plan's sensitivity analyses of one endpoint: other sets, other models, imputation by reference, tipping points. */
import type { Endpoint, ProtocolDocument } from '@limen/protocol';
import { StatisticsError } from '@limen/statistics';
import type { Person } from './endpoint-rows.ts';
import { imputeLevel } from './impute.ts';
import { fitModel } from './models.ts';
import type { OutcomeSpec } from './outcome-spec.ts';
import type { ModelResult, Possible, Sensitivity, SensitivityEstimate } from './results.ts';

export type PlannedSensitivity = NonNullable<ProtocolDocument['analysis']['sensitivity']>[number];

type Request = {
  readonly spec: OutcomeSpec;
  readonly endpoint: Endpoint;
  readonly people: readonly Person[];
  readonly armOf: (participant: string) => string | null;
  readonly alpha: number;
  readonly seed: string;
};

const setWords = {
  perProtocol: 'Per-protocol set',
  safety: 'Safety set',
  completers: 'Completers',
} as const;

const ruleWords = {
  MAR: 'Missing at random',
  J2R: 'Jump to reference',
  CR: 'Copy reference',
  CIR: 'Copy increments in reference',
} as const;

export function sensitivityOf(planned: PlannedSensitivity, request: Request): Sensitivity {
  const { spec } = request;
  const levels = spec.levels.slice(1);
  switch (planned.kind) {
    case 'set': {
      const kept = new Set(request.people.filter(inSet(planned.set)).map(({ subject }) => subject.participantId));
      const rows = spec.rows.filter(({ participant }) => kept.has(participant));
      const model = fitModel(spec, spec.formula, rows);
      return { id: planned.id, kind: 'set', what: setWords[planned.set], rows: fromModel(spec, model) };
    }
    case 'model': {
      const model = fitModel(spec, planned.model, spec.rows);
      return { id: planned.id, kind: 'model', what: planned.model, rows: fromModel(spec, model) };
    }
    case 'imputation':
    case 'tippingPoint': {
      const rows = levels.map(({ level, label }) => ({
        level,
        label,
        result: possible(() => imputeLevel({ ...request, level, planned })),
      }));
      const shift = planned.kind === 'imputation' && planned.delta ? `, shifted by ${planned.delta}` : '';
      const tip = planned.kind === 'tippingPoint' ? `: tipping point up to ${planned.furthest}` : '';
      return { id: planned.id, kind: planned.kind, what: `${ruleWords[planned.rule]}${shift}${tip}`, rows };
    }
  }
}

function inSet(set: keyof typeof setWords) {
  return ({ subject: { sets } }: Person): boolean => {
    if (set === 'perProtocol') return sets.perProtocol;
    return set === 'safety' ? sets.safety : sets.completer;
  };
}

function fromModel(spec: OutcomeSpec, model: ModelResult): Sensitivity['rows'] {
  return spec.levels.slice(1).map(({ level, label }): Sensitivity['rows'][number] => {
    if (model.status === 'failed') return { level, label, result: { notPossible: model.message } };
    const term = model.terms.find((one) => one.term === `${spec.columns.condition}${level}`);
    if (term === undefined) return { level, label, result: { notPossible: 'The model has no term for it.' } };
    const { estimate, standardError, df, p, lower, upper } = term;
    return { level, label, result: { estimate, standardError, df, p, lower, upper, participants: model.participants } };
  });
}

function possible(compute: () => SensitivityEstimate): Possible<SensitivityEstimate> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { notPossible: error.message };
  }
}
