/** A study document as CDISC USDM 4.0: what its classes can hold, and the rest as extension attributes. */
import {
  compileCalendar,
  interventionsOfArm,
  isPlaceboArm,
  nextStartDate,
  type ProtocolDocument,
} from '@limen/protocol';
import { codeOf, ownCode } from './codes.ts';
import { extensionUrl, heldBy } from './from-usdm.ts';
import { type Held, type Json, remainder } from './json.ts';

export const usdmVersion = '4.0.0';

export type NotHeld = {
  /** Path in the study document. */
  readonly path: string;
  readonly reason: string;
};

export type UsdmExport = {
  /** The `Wrapper` of the USDM API. */
  readonly usdm: Json;
  /** What no class of USDM holds; it travels in extension attributes, which other programs ignore. */
  readonly notHeld: readonly NotHeld[];
};

export function toUsdm(protocol: ProtocolDocument): UsdmExport {
  const bare = wrapper(protocol, []);
  const rest = remainder(JSON.parse(JSON.stringify(protocol)), heldBy(bare));
  return { usdm: wrapper(protocol, rest), notHeld: grouped(rest) };
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^(population\.eligibility|safety|activities\.\d+\.when)/,
    'USDM holds rules as text only, not as something to run.',
  ],
  [/^dosing\.regimen|^activities\.\d+\.on/, 'USDM lists days; the rule that makes them has no class.'],
  [/^(activities|dosing)/, 'USDM holds days and windows in durations, not local times of day, order or policies.'],
  [/^epochs/, 'USDM orders epochs; their first and last study day have no attribute.'],
  [/^consent/, 'USDM has no class for consent texts and their questions.'],
  [/^(answers|reporting|burden|supply|medication|roles)/, 'USDM has no class for it.'],
  [/^(randomisation|blinding)/, 'USDM says who is masked; procedure and emergency plan have no class.'],
  [/^analysis/, 'USDM has no class for models, multiplicity and missing data.'],
  [/^(interventions|arms)/, 'USDM links arms to interventions; contents by dose number have no class.'],
];

/** By two steps of the path: a list of every leaf would be as long as the document. */
function grouped(rest: readonly Held[]): NotHeld[] {
  const paths = new Set(
    rest.map(({ path }) =>
      path
        .filter((step) => typeof step === 'string')
        .slice(0, 2)
        .join('.'),
    ),
  );
  return [...paths].sort().map((path) => {
    const full = rest.find(({ path: steps }) =>
      steps
        .filter((step) => typeof step === 'string')
        .join('.')
        .startsWith(path),
    );
    const written = full?.path.join('.') ?? path;
    const reason = reasons.find(([pattern]) => pattern.test(written))?.[1] ?? 'USDM has no attribute for it.';
    return { path, reason };
  });
}

const oral = 'by mouth';

function wrapper(protocol: ProtocolDocument, rest: readonly Held[]): Json {
  return {
    study: {
      id: null,
      name: protocol.id,
      label: protocol.shortTitle,
      description: protocol.title,
      versions: [studyVersion(protocol, rest)],
      documentedBy: [
        {
          id: 'document',
          name: protocol.id,
          label: null,
          description: null,
          language: { ...(ownCode(protocol.language, 'document-language') as object), codeSystem: 'ISO 639-1' },
          type: ownCode('protocol', 'document-type'),
          templateName: 'ICH M11',
          versions: [],
          childIds: [],
          notes: [],
          instanceType: 'StudyDefinitionDocument',
        },
      ],
      instanceType: 'Study',
    },
    usdmVersion,
    systemName: 'Limen',
    systemVersion: null,
  };
}

function studyVersion(protocol: ProtocolDocument, rest: readonly Held[]): Json {
  const { identity, population, interventions } = protocol;
  const registrations = identity?.registrations ?? [];
  const sponsor = identity?.sponsor;
  return {
    id: 'version',
    extensionAttributes: rest.map(({ path, value }, index) => ({
      id: `remainder-${index + 1}`,
      url: extensionUrl,
      valueString: JSON.stringify({ path, value }),
      extensionAttributes: [],
      instanceType: 'ExtensionAttribute',
    })),
    versionIdentifier: protocol.version,
    rationale: protocol.rationale,
    documentVersionIds: [],
    dateValues: [],
    amendments: [],
    businessTherapeuticAreas: [],
    studyIdentifiers: [
      identifier('own', protocol.id, 'organization-sponsor'),
      ...registrations.map(({ number }, index) =>
        identifier(`registry-${index + 1}`, number, `organization-registry-${index + 1}`),
      ),
    ],
    referenceIdentifiers: [],
    studyDesigns: [studyDesign(protocol)],
    titles: [title('official', protocol.title), title('short', protocol.shortTitle)],
    eligibilityCriterionItems: population.eligibility.map(({ id, label, reason }) => ({
      ...named(`item-${id}`, id, label),
      text: reason,
      dictionaryId: null,
      notes: [],
      instanceType: 'EligibilityCriterionItem',
    })),
    narrativeContentItems: [],
    abbreviations: [],
    roles: maskedRoles.map((role) => ({
      ...named(`role-${role}`, role, null),
      code: ownCode(role, `role-${role}-code`),
      appliesToIds: ['design'],
      assignedPersons: [],
      organizationIds: [],
      masking: {
        id: `role-${role}-masking`,
        text: protocol.blinding.masked.includes(role) ? 'Does not know the allocation.' : 'May know the allocation.',
        isMasked: protocol.blinding.masked.includes(role),
        instanceType: 'Masking',
      },
      notes: [],
      instanceType: 'StudyRole',
    })),
    organizations: [
      organization(
        'organization-sponsor',
        sponsor ?? 'Not named',
        'sponsor',
        sponsor === undefined ? 'not-named' : 'named',
      ),
      ...registrations.map(({ registry }, index) =>
        organization(`organization-registry-${index + 1}`, registry, 'registry', 'named'),
      ),
    ],
    studyInterventions: interventions.map(intervention),
    administrableProducts: [],
    medicalDevices: [],
    productOrganizationRoles: [],
    biomedicalConcepts: [],
    bcCategories: [],
    bcSurrogates: [],
    dictionaries: [],
    conditions: [],
    notes: [],
    instanceType: 'StudyVersion',
  };
}

/** Whoever can be blinded, in the order of the document. */
export const maskedRoles = [
  'participant',
  'coordinator',
  'investigator',
  'pharmacist',
  'statistician',
  'monitor',
] as const;

const named = (id: string, name: string, label: string | null, description: string | null = null) => ({
  id,
  name,
  label,
  description,
});
const identifier = (id: string, text: string, scopeId: string): Json => ({
  id: `identifier-${id}`,
  text,
  scopeId,
  instanceType: 'StudyIdentifier',
});
const title = (kind: 'official' | 'short', text: string): Json => ({
  id: `title-${kind}`,
  text,
  type: codeOf('title', kind, `title-${kind}`),
  instanceType: 'StudyTitle',
});
const organization = (id: string, name: string, type: 'sponsor' | 'registry', known: string): Json => ({
  ...named(id, name, null),
  type: codeOf('organization', type, id),
  identifierScheme: 'none',
  identifier: known,
  legalAddress: null,
  managedSites: [],
  instanceType: 'Organization',
});

function intervention(one: ProtocolDocument['interventions'][number]): Json {
  const { id, label, role, description, substances = [] } = one;
  return {
    ...named(`intervention-${id}`, id, label, description),
    role: codeOf('interventionRole', role, `intervention-${id}`),
    type: codeOf('interventionType', 'drug', `intervention-${id}`),
    minimumResponseDuration: null,
    codes: [],
    administrations: substances.map(({ substance, dose }, index) => ({
      ...named(`administration-${id}-${index + 1}`, substance, `${dose.form}`, oral),
      duration: {
        id: `administration-${id}-${index + 1}-duration`,
        text: 'One unit at a time',
        quantity: null,
        durationWillVary: false,
        reasonDurationWillVary: null,
        instanceType: 'Duration',
      },
      dose: quantity(`administration-${id}-${index + 1}-dose`, dose.max, dose.unit),
      route: null,
      frequency: null,
      administrableProductId: null,
      medicalDeviceId: null,
      notes: [],
      instanceType: 'Administration',
    })),
    notes: [],
    instanceType: 'StudyIntervention',
  };
}

const quantity = (id: string, value: number, unit: string | null): Json => ({
  id,
  value,
  unit:
    unit === null
      ? null
      : {
          id: `${id}-unit`,
          standardCode: ownCode(unit, `${id}-unit-code`),
          standardCodeAliases: [],
          instanceType: 'AliasCode',
        },
  instanceType: 'Quantity',
});

function studyDesign(protocol: ProtocolDocument): Json {
  const {
    arms,
    epochs,
    population,
    objectives,
    analysis,
    estimands = [],
    interventions,
    activities,
    dosing,
  } = protocol;
  const crossover = arms.some((arm) => arm.content.kind === 'steps' && interventionsOfArm(arm).length > 1);
  const model = arms.length === 1 ? 'single' : crossover ? 'crossover' : 'parallel';
  const asked = [{ id: 'dose', label: dosing.unitLabel }, ...activities];
  const endpointsOf = (ids: readonly string[]) => analysis.endpoints.filter(({ id }) => ids.includes(id));
  const placed = new Set(objectives.flatMap(({ endpoints }) => endpoints));
  const loose = analysis.endpoints.filter(({ id }) => !placed.has(id));
  return {
    ...named('design', protocol.id, protocol.shortTitle, null),
    studyType: codeOf('studyType', 'interventional', 'design'),
    studyPhase: null,
    therapeuticAreas: [],
    characteristics: [],
    encounters: [],
    activities: asked.map(({ id, label }, index) => ({
      ...named(`activity-${id}`, id, label),
      previousId: index === 0 ? null : `activity-${asked[index - 1]?.id}`,
      nextId: index === asked.length - 1 ? null : `activity-${asked[index + 1]?.id}`,
      childIds: [],
      definedProcedures: [],
      biomedicalConceptIds: [],
      bcCategoryIds: [],
      bcSurrogateIds: [],
      timelineId: null,
      notes: [],
      instanceType: 'Activity',
    })),
    arms: arms.map((arm) => ({
      ...named(`arm-${arm.id}`, arm.id, arm.label, arm.description),
      type: codeOf('arm', isPlaceboArm(protocol, arm) ? 'placebo' : 'active', `arm-${arm.id}`),
      dataOriginDescription: 'Data generated within the study',
      dataOriginType: codeOf('dataOrigin', 'withinStudy', `arm-${arm.id}`),
      populationIds: [],
      notes: [],
      instanceType: 'StudyArm',
    })),
    studyCells: arms.flatMap((arm) =>
      epochs.map((epoch) => ({
        id: `cell-${arm.id}-${epoch.id}`,
        armId: `arm-${arm.id}`,
        epochId: `epoch-${epoch.id}`,
        elementIds: [`element-${arm.id}-${epoch.id}`],
        instanceType: 'StudyCell',
      })),
    ),
    rationale: protocol.rationale,
    epochs: epochs.map(({ id, label, type }, index) => ({
      ...named(`epoch-${id}`, id, label),
      type: codeOf('epoch', type, `epoch-${id}`),
      previousId: index === 0 ? null : `epoch-${epochs[index - 1]?.id}`,
      nextId: index === epochs.length - 1 ? null : `epoch-${epochs[index + 1]?.id}`,
      notes: [],
      instanceType: 'StudyEpoch',
    })),
    elements: arms.flatMap((arm) =>
      epochs.map((epoch) => ({
        ...named(`element-${arm.id}-${epoch.id}`, `${arm.id} ${epoch.id}`, epoch.label),
        transitionStartRule: null,
        transitionEndRule: null,
        studyInterventionIds:
          epoch.id === dosing.epoch ? interventionsOfArm(arm).map((id) => `intervention-${id}`) : [],
        notes: [],
        instanceType: 'StudyElement',
      })),
    ),
    estimands: estimands.map((one) => ({
      ...named(`estimand-${one.id}`, one.id, one.variable, one.treatment),
      populationSummary: one.summary,
      analysisPopulationId: `analysis-population-${one.id}`,
      interventionIds: interventions.map(({ id }) => `intervention-${id}`),
      variableOfInterestId: `endpoint-${one.endpoint}`,
      intercurrentEvents: one.intercurrentEvents.map(({ event, strategy, reason }) => ({
        ...named(`event-${one.id}-${event}`, event, null),
        text: reason ?? event,
        dictionaryId: null,
        strategy,
        notes: [],
        instanceType: 'IntercurrentEvent',
      })),
      notes: [],
      instanceType: 'Estimand',
    })),
    indications: [],
    studyInterventionIds: interventions.map(({ id }) => `intervention-${id}`),
    objectives: [
      ...objectives.map((one) => ({
        ...named(`objective-${one.id}`, one.id, null),
        text: one.text,
        dictionaryId: null,
        level: codeOf('objective', one.level, `objective-${one.id}`),
        endpoints: endpointsOf(one.endpoints).map(endpoint),
        notes: [],
        instanceType: 'Objective',
      })),
      ...(loose.length === 0
        ? []
        : [
            {
              ...named('objective--other', '-other', 'Endpoints of no objective'),
              text: 'Endpoints that no objective names',
              dictionaryId: null,
              level: codeOf('objective', 'exploratory', 'objective--other'),
              endpoints: loose.map(endpoint),
              notes: [],
              instanceType: 'Objective',
            },
          ]),
    ],
    population: {
      ...named('population', protocol.id, null, population.description),
      includesHealthySubjects: true,
      plannedEnrollmentNumber: quantity('population-planned', population.plannedSampleSize, null),
      plannedCompletionNumber: null,
      plannedSex: [],
      plannedAge: null,
      criterionIds: population.eligibility.map(({ id }) => `criterion-${id}`),
      cohorts: [],
      notes: [],
      instanceType: 'StudyDesignPopulation',
    },
    scheduleTimelines: [timeline(protocol)],
    biospecimenRetentions: [],
    documentVersionIds: [],
    eligibilityCriteria: population.eligibility.map(({ id, label, kind }, index, all) => ({
      ...named(`criterion-${id}`, id, label),
      category: codeOf('criterion', kind, `criterion-${id}`),
      identifier: id,
      criterionItemId: `item-${id}`,
      previousId: index === 0 ? null : `criterion-${all[index - 1]?.id}`,
      nextId: index === all.length - 1 ? null : `criterion-${all[index + 1]?.id}`,
      notes: [],
      instanceType: 'EligibilityCriterion',
    })),
    analysisPopulations: estimands.map(({ id, population: who }) => ({
      ...named(`analysis-population-${id}`, id, null),
      text: who,
      subsetOfIds: ['population'],
      notes: [],
      instanceType: 'AnalysisPopulation',
    })),
    notes: [],
    subTypes: [],
    model: codeOf('model', model, 'design'),
    intentTypes: [],
    blindingSchema: {
      id: 'design-blinding-alias',
      standardCode: codeOf('blinding', protocol.blinding.masked.length > 0 ? 'double' : 'open', 'design'),
      standardCodeAliases: [],
      instanceType: 'AliasCode',
    },
    instanceType: 'InterventionalStudyDesign',
  };
}

function endpoint({ id, label, level, score, activity }: ProtocolDocument['analysis']['endpoints'][number]): Json {
  return {
    ...named(`endpoint-${id}`, id, label),
    text: label,
    dictionaryId: null,
    purpose: `Score ${score} of ${activity}`,
    level: codeOf('endpoint', level, `endpoint-${id}`),
    notes: [],
    instanceType: 'Endpoint',
  };
}

/** A start that is the same from run to run; drawn days are those of one draw. */
const sampleFrom = '2027-01-04';

/** One instance for each study day on which something is due, timed from the first study day. */
function timeline(protocol: ProtocolDocument): Json {
  const options = { startDate: nextStartDate(protocol, sampleFrom), timeZone: 'UTC', drawSeed: 'sample' };
  const { occurrences } = compileCalendar(protocol, options);
  const days = Map.groupBy(occurrences, ({ studyDay }) => studyDay);
  const ordered = [...days.keys()].sort((a, b) => a - b);
  const epochOn = (day: number) =>
    protocol.epochs.find(({ firstDay, lastDay }) => day >= firstDay && day <= lastDay)?.id;
  const [first = 1] = ordered;
  return {
    ...named('timeline', 'main', 'Study days', null),
    mainTimeline: true,
    entryCondition: 'The first study day',
    entryId: `instance-${first}`,
    exits: [{ id: 'timeline-exit', instanceType: 'ScheduleTimelineExit' }],
    timings: ordered.map((day) => ({
      ...named(`timing-${day}`, `day ${day}`, null),
      type: codeOf('timing', day === first ? 'fixed' : 'after', `timing-${day}`),
      value: `P${day - 1}D`,
      valueLabel: `Day ${day}`,
      relativeToFrom: codeOf('relative', 'startToStart', `timing-${day}`),
      relativeFromScheduledInstanceId: `instance-${day}`,
      relativeToScheduledInstanceId: `instance-${first}`,
      windowLower: null,
      windowUpper: null,
      windowLabel: null,
      instanceType: 'Timing',
    })),
    instances: ordered.map((day, index) => ({
      ...named(`instance-${day}`, `day ${day}`, null),
      defaultConditionId: index === ordered.length - 1 ? null : `instance-${ordered[index + 1]}`,
      epochId: epochOn(day) === undefined ? null : `epoch-${epochOn(day)}`,
      activityIds: (days.get(day) ?? []).map(({ activityId }) => `activity-${activityId}`),
      encounterId: null,
      timelineId: null,
      timelineExitId: index === ordered.length - 1 ? 'timeline-exit' : null,
      instanceType: 'ScheduledActivityInstance',
    })),
    plannedDuration: null,
    instanceType: 'ScheduleTimeline',
  };
}
