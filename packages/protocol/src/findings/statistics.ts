/** Estimands, interim looks, families of tests, expectancy and reporting: where a document has them, are they whole? */
import { intercurrentEvents, mostUnstructuredVisits } from '../design-sections.ts';
import { reportingItems } from '../reporting.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import { checkFurtherAnalyses } from './further-analyses.ts';
import type { DayPlan } from './plan.ts';

type Protocol = CheckContext['protocol'];

export function checkStatistics(context: CheckContext, plans: readonly DayPlan[]): Finding[] {
  const { protocol } = context;
  return [
    ...checkEstimands(protocol),
    ...checkInterims(protocol),
    ...checkFamily(protocol),
    ...checkFurtherAnalyses(context, plans),
    ...checkWindows(protocol, plans),
    ...checkRepeated(protocol, plans),
    ...checkExpectancy(protocol, plans),
    ...checkReporting(protocol),
  ];
}

function unknownEndpoint(id: string, path: readonly (string | number)[]): Finding {
  return finding('error', 'reference_unknown', path, `There is no endpoint “${id}”.`);
}

function checkEstimands({ estimands, analysis }: Protocol): Finding[] {
  if (estimands === undefined) return [];
  const missing = analysis.endpoints.flatMap(({ id, level }, index) =>
    level !== 'primary' || estimands.some(({ endpoint }) => endpoint === id)
      ? []
      : [
          finding(
            'error',
            'estimand_missing',
            ['analysis', 'endpoints', index],
            `“${id}” has no estimand.`,
            'ICH E9(R1)',
          ),
        ],
  );
  const within = estimands.flatMap((estimand, index) => {
    const path = ['estimands', index];
    const known = analysis.endpoints.some(({ id }) => id === estimand.endpoint);
    const unhandled = intercurrentEvents.filter(
      (event) => !estimand.intercurrentEvents.some((handled) => handled.event === event),
    );
    return [
      ...(known ? [] : [unknownEndpoint(estimand.endpoint, [...path, 'endpoint'])]),
      ...unhandled.map((event) => {
        const message = `Nothing says what is done about “${event}”.`;
        return finding('error', 'intercurrent_event_unhandled', [...path, 'intercurrentEvents'], message, 'ICH E9(R1)');
      }),
    ];
  });
  return [...missing, ...within];
}

function checkInterims({ analysis }: Protocol): Finding[] {
  const { interims } = analysis;
  if (interims === undefined) return [];
  const path = ['analysis', 'interims'];
  const found = interims.looks.flatMap(({ information }, index) => {
    const before = interims.looks[index - 1]?.information ?? 0;
    if (information > before) return [];
    const message = `It has ${information} of the information and the look before has ${before}.`;
    return [finding('error', 'interim_out_of_order', [...path, 'looks', index, 'information'], message)];
  });
  const stopsEarly = interims.looks.some(({ decides }) => decides === 'efficacy' || decides === 'both');
  if (stopsEarly && interims.spending === undefined) {
    const message = 'A look can stop for efficacy and nothing says how the error is spent.';
    found.push(finding('error', 'interim_without_spending', path, message, 'Lan and DeMets 1983'));
  }
  if (interims.spending !== undefined && interims.spending.alpha > analysis.alpha) {
    const message = `The looks spend ${interims.spending.alpha} and the analysis has ${analysis.alpha}.`;
    found.push(finding('error', 'spending_above_alpha', [...path, 'spending', 'alpha'], message));
  }
  return found;
}

function checkFamily({ analysis }: Protocol): Finding[] {
  const { multiplicity, endpoints } = analysis;
  if (multiplicity === undefined) return [];
  const path = ['analysis', 'multiplicity', 'endpoints'];
  const unknown = multiplicity.endpoints.flatMap((id, index) =>
    endpoints.some((endpoint) => endpoint.id === id) ? [] : [unknownEndpoint(id, [...path, index])],
  );
  const left = endpoints.filter(({ id, level }) => level === 'primary' && !multiplicity.endpoints.includes(id));
  return [
    ...unknown,
    ...left.map(({ id }) =>
      finding('error', 'primary_outside_family', path, `“${id}” is primary and not in the family.`),
    ),
  ];
}

/** Days count on which the endpoint's activity is asked. */
function checkWindows({ analysis }: Protocol, plans: readonly DayPlan[]): Finding[] {
  return analysis.endpoints.flatMap(({ id, activity, window }, index) => {
    if (window === undefined) return [];
    const path = ['analysis', 'endpoints', index, 'window'];
    if (window.fromDay > window.toDay) {
      const message = `It ends on day ${window.toDay}, before day ${window.fromDay}.`;
      return [finding('error', 'endpoint_window_reversed', [...path, 'toDay'], message)];
    }
    const outside = plans
      .flatMap((plan) => plan.get(activity) ?? [])
      .find((day) => day < window.fromDay || day > window.toDay);
    if (outside === undefined) return [];
    const message = `“${id}” counts from day ${window.fromDay} to ${window.toDay} and is measured on day ${outside}.`;
    return [finding('error', 'endpoint_outside_window', path, message)];
  });
}

/** Visits of a model for repeated measures are the days on which the endpoint's activity is asked. */
function checkRepeated({ analysis }: Protocol, plans: readonly DayPlan[]): Finding[] {
  return analysis.endpoints.flatMap(({ id, activity, model, repeated }, index) => {
    if (repeated === undefined) return [];
    const path = ['analysis', 'endpoints', index];
    const days = new Set(plans.flatMap((plan) => plan.get(activity) ?? []));
    const found: Finding[] = [];
    if (model.includes('|')) {
      const message = `“${id}” has both a covariance over visits and a random term; one of them says how rows of a person hang together.`;
      found.push(finding('error', 'repeated_with_random_term', [...path, 'model'], message));
    }
    if (days.size < 2) {
      const message = `“${id}” is measured on ${days.size === 1 ? 'one day' : 'no day'}; repeated measures need two.`;
      found.push(finding('error', 'repeated_visits', [...path, 'repeated'], message));
    } else if (repeated.effectAtDay !== undefined && !days.has(repeated.effectAtDay)) {
      const message = `“${id}” is compared at day ${repeated.effectAtDay} and is not measured then.`;
      found.push(finding('error', 'repeated_visits', [...path, 'repeated', 'effectAtDay'], message));
    }
    if (repeated.covariance === 'unstructured' && days.size > mostUnstructuredVisits) {
      const parameters = (days.size * (days.size + 1)) / 2;
      const message = `“${id}” has ${days.size} visits, so ${parameters} variances and covariances are estimated.`;
      found.push(finding('warning', 'repeated_many_visits', [...path, 'repeated', 'covariance'], message));
    }
    return found;
  });
}

/** What people expect is asked before the first capsule, or it is not an expectation. */
function checkExpectancy({ analysis, activities }: Protocol, plans: readonly DayPlan[]): Finding[] {
  const { expectancy } = analysis;
  if (expectancy === undefined) return [];
  const path = ['analysis', 'expectancy', 'activity'];
  if (!activities.some(({ id }) => id === expectancy.activity)) {
    return [finding('error', 'reference_unknown', path, `There is no activity “${expectancy.activity}”.`)];
  }
  const late = plans.some((plan) => {
    const first = plan.get('dose')?.[0] ?? Number.POSITIVE_INFINITY;
    return (plan.get(expectancy.activity)?.[0] ?? 0) >= first;
  });
  if (!late) return [];
  return [finding('error', 'expectancy_after_dose', path, 'It is first asked when a capsule may have been taken.')];
}

function checkReporting(protocol: Protocol): Finding[] {
  if (protocol.reporting === undefined) return [];
  const withConsort = protocol.reporting.consort !== undefined;
  return reportingItems(protocol)
    .filter(({ status, standard }) => status === 'empty' && (standard === 'SPIRIT 2025' || withConsort))
    .map(({ standard, item, topic }) => {
      const path = ['reporting', standard === 'SPIRIT 2025' ? 'spirit' : 'consort'];
      return finding('advice', 'reporting_item_empty', path, `${standard} item ${item} is empty: ${topic}.`, standard);
    });
}
