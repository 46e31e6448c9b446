/** Does everything that is named exist, once? */
import type { Path } from '../document-path.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

type Named = { readonly id: string };

export function checkReferences(context: CheckContext): Finding[] {
  return [
    ...checkDuplicates(context),
    ...checkArms(context),
    ...checkActivities(context),
    ...checkAnalysis(context),
    ...checkInstrument(context, context.protocol.population.screeningInstrument, ['population', 'screeningInstrument']),
  ];
}

function unknown(kind: string, id: string, path: Path): Finding {
  return finding('error', 'reference_unknown', path, `There is no ${kind} “${id}”.`);
}

function checkDuplicates({ protocol }: CheckContext): Finding[] {
  const consent = protocol.consent.flatMap((version, index): [Path, readonly Named[]][] => [
    [['consent', index, 'sections'], version.sections],
    [['consent', index, 'comprehension'], version.comprehension],
    [['consent', index, 'choices'], version.choices],
  ]);
  const lists: [Path, readonly Named[]][] = [
    [['objectives'], protocol.objectives],
    [['population', 'eligibility'], protocol.population.eligibility],
    [['interventions'], protocol.interventions],
    [['arms'], protocol.arms],
    [['epochs'], protocol.epochs],
    [['activities'], protocol.activities],
    [['safety', 'holdRules'], protocol.safety.holdRules],
    [['analysis', 'endpoints'], protocol.analysis.endpoints],
    ...consent,
  ];
  return lists.flatMap(([path, items]) =>
    items.flatMap(({ id }, index) =>
      items.findIndex((other) => other.id === id) < index
        ? [finding('error', 'duplicate_id', [...path, index, 'id'], `“${id}” stands in this list already.`)]
        : [],
    ),
  );
}

function checkArms({ protocol }: CheckContext): Finding[] {
  const intervention = (id: string, path: Path, role?: 'active' | 'placebo'): Finding[] => {
    const found = protocol.interventions.find((candidate) => candidate.id === id);
    if (found === undefined) return [unknown('intervention', id, path)];
    if (role === undefined || found.role === role) return [];
    return [finding('error', 'role_mismatch', path, `“${id}” is ${found.role}, and ${role} is expected here.`)];
  };
  return protocol.arms.flatMap(({ content }, index) => {
    const path = ['arms', index, 'content'];
    if (content.kind === 'constant') return intervention(content.intervention, [...path, 'intervention']);
    if (content.kind === 'steps') {
      return content.steps.flatMap((step, position) =>
        intervention(step.intervention, [...path, 'steps', position, 'intervention']),
      );
    }
    if (content.kind === 'cycles') {
      return content.treatments.flatMap((id, position) => intervention(id, [...path, 'treatments', position]));
    }
    return [
      ...intervention(content.active, [...path, 'active'], 'active'),
      ...intervention(content.placebo, [...path, 'placebo'], 'placebo'),
    ];
  });
}

function checkActivities(context: CheckContext): Finding[] {
  const { protocol } = context;
  const epochs = new Set(protocol.epochs.map(({ id }) => id));
  const activities = new Set(protocol.activities.map(({ id }) => id));
  const problems = protocol.activities.flatMap(({ id, epoch, instrument, after }, index) => {
    const path = ['activities', index];
    return [
      ...(id === 'dose' ? [finding('error', 'reserved_id', [...path, 'id'], '“dose” is kept for capsules.')] : []),
      ...(epochs.has(epoch) ? [] : [unknown('epoch', epoch, [...path, 'epoch'])]),
      ...checkInstrument(context, instrument, [...path, 'instrument']),
      ...after.flatMap((other, position) =>
        activities.has(other) ? [] : [unknown('activity', other, [...path, 'after', position])],
      ),
    ];
  });
  const { epoch } = protocol.dosing;
  return epochs.has(epoch) ? problems : [...problems, unknown('epoch', epoch, ['dosing', 'epoch'])];
}

function checkInstrument(context: CheckContext, id: string, path: Path): Finding[] {
  const instrument = context.instrument(id);
  if (instrument === undefined) {
    return [finding('error', 'instrument_unknown', path, `There is no instrument “${id}” that may be used here.`)];
  }
  if (instrument.licence?.statement) return [];
  return [finding('error', 'instrument_without_licence', path, `“${id}” has no statement of licence.`)];
}

function checkAnalysis({ protocol, instrument }: CheckContext): Finding[] {
  const { analysis, objectives, blinding } = protocol;
  const endpointIds = new Set(analysis.endpoints.map(({ id }) => id));
  const activity = (id: string) => protocol.activities.find((candidate) => candidate.id === id);
  const problems = analysis.endpoints.flatMap((endpoint, index) => {
    const path = ['analysis', 'endpoints', index];
    const measured = activity(endpoint.activity);
    if (measured === undefined) return [unknown('activity', endpoint.activity, [...path, 'activity'])];
    const source = instrument(measured.instrument);
    const scores = [
      ...(source?.scoring.scores ?? []),
      ...(source?.items.filter(({ kind }) => kind === 'rating') ?? []),
    ];
    if (source === undefined || scores.some(({ id }) => id === endpoint.score)) return [];
    const message = `“${measured.instrument}” has no score or rating “${endpoint.score}”.`;
    return [finding('error', 'score_unknown', [...path, 'score'], message)];
  });
  for (const [index, objective] of objectives.entries()) {
    for (const [position, id] of objective.endpoints.entries()) {
      if (!endpointIds.has(id)) problems.push(unknown('endpoint', id, ['objectives', index, 'endpoints', position]));
    }
  }
  const reference = protocol.interventions.find(({ id }) => id === analysis.reference);
  if (reference === undefined) problems.push(unknown('intervention', analysis.reference, ['analysis', 'reference']));
  else if (reference.role !== 'placebo') {
    const message = `Contrasts are measured against “${reference.id}”, which is not a placebo.`;
    problems.push(finding('warning', 'reference_not_placebo', ['analysis', 'reference'], message));
  }
  const { guessActivity } = blinding;
  if (guessActivity !== undefined && activity(guessActivity) === undefined) {
    problems.push(unknown('activity', guessActivity, ['blinding', 'guessActivity']));
  }
  return problems;
}
