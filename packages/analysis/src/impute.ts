/**
 * One arm against the reference with visits not seen imputed. Visits are the study days of the endpoint, or the means of
 * study weeks where there are more than twelve days; a baseline that everybody has stands before them. Completed data are
 * compared by analysis of covariance: at the visit that the plan's repeated measures compare, else in the mean over visits.
 */

import type { Endpoint, ProtocolDocument } from '@limen/protocol';
import {
  type CompletedEstimate,
  type CompletedParticipant,
  fitLinearModel,
  type ImputedParticipant,
  multipleImputation,
  type PooledEstimate,
  StatisticsError,
  tippingPoint,
} from '@limen/statistics';
import type { Person } from './endpoint-rows.ts';
import type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
import type { SensitivityEstimate } from './results.ts';

const mostVisits = 12;

type ImputedPlan = Extract<
  NonNullable<ProtocolDocument['analysis']['sensitivity']>[number],
  { kind: 'imputation' | 'tippingPoint' }
>;

type Request = {
  readonly planned: ImputedPlan;
  readonly level: string;
  readonly spec: OutcomeSpec;
  readonly endpoint: Endpoint;
  readonly people: readonly Person[];
  readonly armOf: (participant: string) => string | null;
  readonly alpha: number;
  readonly seed: string;
};

/** @throws StatisticsError of imputation and pooling; `too_few_rows` where nothing was measured */
export function imputeLevel(request: Request): SensitivityEstimate {
  const { planned, level, spec, alpha } = request;
  const reference = spec.levels[0]?.level ?? '';
  const layout = layoutOf(request, new Set([reference, level]));
  const seed = `${request.seed}/${spec.id}/${planned.id}/${level}`;
  const covariates = layout.withBaseline ? 3 : 2;
  const base = {
    participants: layout.participants,
    reference,
    rule: planned.rule,
    seed,
    analyse: (completed: readonly CompletedParticipant[]) => covariance(completed, layout, reference),
    completeDf: layout.participants.length - covariates,
    ...(planned.imputations === undefined ? {} : { imputations: planned.imputations }),
  };
  const about = {
    participants: layout.participants.length,
    missing: layout.missing,
    visits: layout.visits,
    at: layout.at,
  };
  if (planned.kind === 'imputation') {
    const delta = planned.delta === undefined ? {} : { delta: { [level]: planned.delta } };
    return { ...estimateOf(multipleImputation({ ...base, ...delta })), ...about };
  }
  const found = tippingPoint(base, { arm: level, furthest: planned.furthest, alpha });
  return { ...estimateOf(found.start), ...about, tippingPoint: found.delta };
}

function estimateOf({ estimate, standardError, df, p, lower, upper }: PooledEstimate) {
  return { estimate, standardError, df, p, lower, upper };
}

type Layout = {
  readonly participants: readonly ImputedParticipant[];
  readonly visits: readonly string[];
  readonly withBaseline: boolean;
  /** Places compared among the values of a participant. */
  readonly compared: readonly number[];
  readonly at: string;
  /** Visits not seen. */
  readonly missing: number;
};

function layoutOf({ spec, endpoint, people, armOf }: Request, levels: ReadonlySet<string>): Layout {
  const rows = Map.groupBy(spec.rows, ({ participant }) => participant);
  const dayOf = ({ covariates: { day } }: AnalysisRow) => Number(day);
  const days = [...new Set(spec.rows.map(dayOf))].sort((a, b) => a - b);
  if (days.length === 0) throw new StatisticsError('too_few_rows', 'nothing was measured');
  const weekly = days.length > mostVisits;
  const placeOf = (day: number) => (weekly ? Math.ceil(day / 7) : day);
  const places = [...new Set(days.map(placeOf))];
  const own = people.flatMap(({ subject: { participantId } }) => {
    const arm = armOf(participantId);
    return arm !== null && levels.has(arm) ? [{ participant: participantId, arm }] : [];
  });
  const baselines = own.map(({ participant }) => rows.get(participant)?.[0]?.covariates.baseline ?? null);
  const withBaseline = baselines.every((value) => typeof value === 'number');
  const participants = own.map(({ participant, arm }, index) => {
    const seen = places.map((place) =>
      meanOf((rows.get(participant) ?? []).filter((row) => placeOf(dayOf(row)) === place)),
    );
    return { participant, arm, values: withBaseline ? [Number(baselines[index]), ...seen] : seen };
  });
  const offset = withBaseline ? 1 : 0;
  const one = endpoint.repeated === undefined ? null : (endpoint.repeated.effectAtDay ?? days.at(-1) ?? 0);
  const name = (place: number) => `${weekly ? 'week' : 'day'} ${place}`;
  return {
    participants,
    visits: places.map(name),
    withBaseline,
    compared: places.flatMap((place, index) => (one === null || place === placeOf(one) ? [index + offset] : [])),
    at: one === null ? 'mean over visits' : name(placeOf(one)),
    missing: participants.reduce((sum, { values }) => sum + values.filter((value) => value === null).length, 0),
  };
}

function meanOf(rows: readonly AnalysisRow[]): number | null {
  return rows.length === 0 ? null : rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
}

function covariance(
  completed: readonly CompletedParticipant[],
  { compared, withBaseline }: Layout,
  reference: string,
): CompletedEstimate {
  const value = completed.map(
    ({ values }) => compared.reduce((sum, at) => sum + (values[at] ?? 0), 0) / compared.length,
  );
  const condition = completed.map(({ arm }) => arm);
  const baseline = completed.map(({ values }) => values[0] ?? 0);
  const model = fitLinearModel({
    formula: withBaseline ? 'value ~ condition + baseline' : 'value ~ condition',
    data: { value, condition, ...(withBaseline ? { baseline } : {}) },
    reference: { condition: reference },
  });
  const term = model.terms[1];
  if (term === undefined) throw new StatisticsError('one_level_factor', 'condition');
  return { estimate: term.estimate, standardError: term.standardError };
}
