/** Sensitivity analyses, subgroups and the graph of tests: can the runner do what the plan says? */
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';

type Protocol = CheckContext['protocol'];

export function checkFurtherAnalyses({ protocol }: CheckContext, plans: readonly DayPlan[]): Finding[] {
  return [...checkSensitivity(protocol, plans), ...checkSubgroups(protocol), ...checkGraph(protocol)];
}

const measuredNumbers = ['age', 'expectation', 'baseline'];

function unknownEndpoint(path: readonly (string | number)[], id: string): Finding {
  return finding('error', 'reference_unknown', [...path, 'endpoint'], `There is no endpoint “${id}”.`);
}

function checkSensitivity({ analysis }: Protocol, plans: readonly DayPlan[]): Finding[] {
  return (analysis.sensitivity ?? []).flatMap((one, index) => {
    const path = ['analysis', 'sensitivity', index];
    const endpoint = analysis.endpoints.find(({ id }) => id === one.endpoint);
    if (endpoint === undefined) return [unknownEndpoint(path, one.endpoint)];
    if (one.kind === 'set' || one.kind === 'model') return [];
    const days = new Set(plans.flatMap((plan) => plan.get(endpoint.activity) ?? []));
    const found: Finding[] = [];
    if (endpoint.contrast !== 'arm' || days.size === 0) {
      const message = `“${endpoint.id}” is no contrast of arms, so there is no arm to impute by.`;
      found.push(finding('error', 'sensitivity_without_arms', path, message, 'Carpenter, Roger and Kenward 2013'));
    }
    if (one.kind === 'tippingPoint' && one.furthest === 0) {
      found.push(finding('error', 'tipping_point_zero', [...path, 'furthest'], 'The largest shift tried is 0.'));
    }
    return found;
  });
}

function checkSubgroups({ analysis }: Protocol): Finding[] {
  return (analysis.subgroups ?? []).flatMap(({ endpoint, by, splitAt }, index) => {
    const path = ['analysis', 'subgroups', index];
    if (!analysis.endpoints.some(({ id }) => id === endpoint)) return [unknownEndpoint(path, endpoint)];
    if (!measuredNumbers.includes(by) || splitAt !== undefined) return [];
    const message = `“${by}” is a number; say from which value on the second group begins.`;
    return [finding('error', 'subgroup_without_split', [...path, 'splitAt'], message)];
  });
}

/** Weights and rows of transitions sum to at most 1, and no test hands to itself (Bretz et al. 2009). */
function checkGraph({ analysis: { multiplicity } }: Protocol): Finding[] {
  if (multiplicity === undefined || (multiplicity.method !== 'graph' && multiplicity.graph === undefined)) return [];
  const path = ['analysis', 'multiplicity', 'graph'];
  const malformed = (message: string) => [finding('error', 'graph_malformed', path, message, 'Bretz et al. 2009')];
  if (multiplicity.method !== 'graph') return malformed('There is a graph, and the method is another one.');
  const { graph, endpoints } = multiplicity;
  if (graph === undefined) return malformed('The method is a graph, and there is none.');
  const m = endpoints.length;
  const sized = graph.weights.length === m && graph.transitions.length === m;
  if (!sized || graph.transitions.some((row) => row.length !== m)) {
    return malformed(`${m} endpoints need ${m} weights and ${m} rows of ${m} transitions.`);
  }
  const above = (row: readonly number[]) => row.reduce((sum, one) => sum + one, 0) > 1 + 1e-12;
  if (above(graph.weights) || graph.transitions.some(above)) return malformed('Shares sum to more than 1.');
  if (graph.transitions.some((row, index) => row[index] !== 0)) return malformed('A test hands its share to itself.');
  return [];
}
