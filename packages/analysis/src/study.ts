/** A locked and released study, analysed as its protocol planned. */
import { type Endpoint, factorsInUse, type ProtocolDocument, reliableThreshold } from '@limen/protocol';
import { baselineOf } from './baseline.ts';
import { type Guess, guessSeries } from './blinding.ts';
import { deriveTables, type Versions } from './derive.ts';
import { doseEffectsOf } from './doses.ts';
import { dropOutOf } from './drop-out.ts';
import { dummyRelease, dummySeed, notChecked } from './dummy.ts';
import { endpointRows, type Person, peopleOf, roleOf, roleOfArm, weekType } from './endpoint-rows.ts';
import { envelopeSummary } from './envelopes.ts';
import { AnalysisError } from './errors.ts';
import { failedModels } from './findings.ts';
import { expectancyOf, flowOf, setsOf } from './flow.ts';
import { individualsOf } from './individual.ts';
import { interimLooks } from './interims.ts';
import { adjustFamily } from './multiplicity.ts';
import { analyseOutcome } from './outcome.ts';
import type { OutcomeSpec } from './outcome-spec.ts';
import { columns, guessLevels, levelsOf } from './plan.ts';
import { checkRandomisation, type JoinedTables, joinAllocations, type Release, readRelease } from './release.ts';
import { renderReport } from './report/report.ts';
import { respondersOf } from './responders.ts';
import type { GuessSeries, Outcome, Results, StudyPart } from './results.ts';
import { resultsFormat } from './results.ts';
import { adverseEventsOf, entriesOf, exposureOf } from './safety.ts';
import { sensitivityOf } from './sensitivity.ts';
import type { StudyParticipant } from './study-events.ts';
import { subgroupOf } from './subgroups.ts';
import { software } from './version.ts';

export type StudyInput = {
  readonly protocol: ProtocolDocument;
  /** All versions the study has had, oldest first; absent: it was never amended. */
  readonly versions?: Versions;
  readonly participants: readonly StudyParticipant[];
  /** As the vault released it: `{ seed, commitment, procedure, arms, allocations }`. */
  readonly release: unknown;
  readonly lock: { readonly hash: string; readonly at: string; readonly releasedAt?: string };
  /** The name under which the study was randomised; absent: the release's, else the protocol's. */
  readonly studyId?: string;
  /** SHA-256 of the protocol document; without it and without one in the release the commitment cannot be recomputed. */
  readonly protocolHash?: string;
  /** Seed of the resampling; absent: the lock hash. */
  readonly seed?: string;
};

export type Analysis = { readonly results: Results; readonly html: string };

const contrastWords = {
  capsule: 'what the capsule of the day held',
  week: 'the type of the week',
  arm: 'the arm',
} as const;

/**
 * Derives the tables, joins the allocation, fits every endpoint of the plan and writes the report. The same input gives
 * the same bytes.
 * @throws AnalysisError where record, release and protocol do not fit together
 */
export function analyseStudy(input: StudyInput): Analysis {
  const { lock, release } = input;
  if (release === null || release === undefined || !lock?.hash || !lock.at) throw new AnalysisError('not_released');
  return analyse(input, readRelease(release), false);
}

/**
 * The whole plan on a dummy allocation, at any time: shows that it runs and what the report will hold, and nothing of what
 * was given. Every page of it says so.
 * @throws AnalysisError as `analyseStudy`
 */
export function dryRun(input: Omit<StudyInput, 'release' | 'lock'>, at: string): Analysis {
  const release = dummyRelease(input.protocol, deriveTables(input));
  const lock = { hash: dummySeed, at };
  return analyse({ ...input, release, lock, seed: dummySeed }, release, true);
}

function analyse(input: StudyInput, release: Release, dummy: boolean): Analysis {
  const { protocol, lock } = input;
  if (!protocol.interventions.some(({ id }) => id === protocol.analysis.reference)) {
    throw new AnalysisError('plan_reference_unknown', protocol.analysis.reference);
  }
  const tables = joinAllocations(deriveTables(input), release, protocol);
  const people = peopleOf(tables);
  const seed = input.seed ?? lock.hash;
  const outcomes = adjustFamily(
    protocol,
    protocol.analysis.endpoints.map((endpoint) => analyseEndpoint({ protocol, endpoint, tables, people, seed })),
  );
  const failed = failedModels(outcomes);
  const results: Results = {
    format: resultsFormat,
    kind: 'study',
    ...(dummy ? { dummy: true as const } : {}),
    title: protocol.title,
    description: protocol.rationale,
    sources: protocol.sources.map(({ citation }) => citation),
    alpha: protocol.analysis.alpha,
    labels: labelsOf(protocol),
    participants: people.length,
    outcomes,
    partial: failed.length > 0,
    findings: failed,
    blinding: blindingOf(protocol, tables, people, seed),
    study: studyPart(input, release, tables, people, dummy),
    software,
    resamplingSeed: seed,
  };
  return { results, html: renderReport(results) };
}

function analyseEndpoint(request: {
  readonly protocol: ProtocolDocument;
  readonly endpoint: Endpoint;
  readonly tables: JoinedTables;
  readonly people: readonly Person[];
  readonly seed: string;
}): Outcome {
  const { protocol, endpoint, tables, people, seed } = request;
  const { alpha, sensitivity = [], subgroups = [] } = protocol.analysis;
  const spec = specOf(protocol, endpoint, tables, people);
  const armOf = (participant: string) => {
    const given = tables.given.get(participant);
    return given?.asPlanned ? given.arm : null;
  };
  const further = sensitivity
    .filter((one) => one.endpoint === endpoint.id)
    .map((one) => sensitivityOf(one, { spec, endpoint, people, armOf, alpha, seed }));
  const groups = subgroups.filter((one) => one.endpoint === endpoint.id).map((one) => subgroupOf(one, spec));
  const individuals = individualsOf(spec);
  const doses = doseEffectsOf(protocol, endpoint, spec);
  const responders = endpoint.contrast === 'arm' ? respondersOf(spec, reliableThreshold(protocol, endpoint)) : null;
  return {
    ...analyseOutcome(spec, seed),
    ...(individuals.length > 0 ? { individuals } : {}),
    ...(doses === null ? {} : { doses }),
    ...(responders === null ? {} : { responders }),
    ...(further.length > 0 ? { sensitivity: further } : {}),
    ...(groups.length > 0 ? { subgroups: groups } : {}),
  };
}

function studyPart(
  input: StudyInput,
  release: Release,
  tables: JoinedTables,
  people: readonly Person[],
  dummy: boolean,
): NonNullable<Results['study']> {
  const { protocol, lock } = input;
  const exposure = exposureOf(protocol, tables);
  const envelopes = envelopeSummary(tables);
  const looks = interimLooks(protocol);
  const { multiplicity } = protocol.analysis;
  const protocolHash = input.protocolHash ?? release.protocolHash;
  const studyId = input.studyId ?? release.studyId ?? protocol.id;
  return {
    flow: flowOf(protocol, tables, analysedIn(protocol, tables, people)),
    sets: setsOf(protocol, tables),
    baseline: baselineOf(protocol, tables),
    expectancy: expectancyOf(protocol, tables),
    reporting: (protocol.reporting?.consort ?? []).map(({ item, says, notApplicable }) => ({
      item,
      ...(says === undefined ? {} : { says }),
      ...(notApplicable === undefined ? {} : { notApplicable }),
    })),
    exposure,
    adverseEvents: adverseEventsOf(tables, people, exposure),
    dropOut: dropOutOf(protocol, tables, lock.at),
    entries: entriesOf(tables),
    ...(envelopes === null ? {} : { envelopes }),
    randomisation: dummy ? notChecked(release) : checkRandomisation(release, protocol, { studyId, protocolHash }),
    ...(looks.length > 0 ? { interims: looks } : {}),
    ...(multiplicity === undefined
      ? {}
      : { multiplicity: { method: multiplicity.method, reason: multiplicity.reason } }),
    lock: { hash: lock.hash, at: lock.at, releasedAt: lock.releasedAt ?? null },
    protocol: {
      id: protocol.id,
      version: protocol.version,
      amendments: (input.versions ?? []).slice(1).map(({ protocol: { version }, adoptedAt: at, reconsent }) => ({
        version,
        at,
        reconsent,
      })),
      hash: protocolHash,
      ...allocationOf(protocol),
      stratified: protocol.randomisation.stratifyBy.length > 0,
      seed: release.seed,
    },
  };
}

function allocationOf(protocol: ProtocolDocument): Pick<StudyPart['protocol'], 'procedure' | 'households' | 'factors'> {
  const { procedure } = protocol.randomisation;
  const factors = factorsInUse(protocol).map(({ label }) => label);
  return {
    procedure: procedure.kind === 'households' ? procedure.of.kind : procedure.kind,
    ...(procedure.kind === 'households' ? { households: true } : {}),
    ...(factors.length > 0 ? { factors } : {}),
  };
}

/** Participants with a row in the first primary endpoint, or in the first endpoint where none is primary. */
function analysedIn(protocol: ProtocolDocument, tables: JoinedTables, people: readonly Person[]): Set<string> {
  const { endpoints } = protocol.analysis;
  const endpoint = endpoints.find(({ level }) => level === 'primary') ?? endpoints[0];
  if (endpoint === undefined) return new Set();
  return new Set(endpointRows(protocol, endpoint, tables, people).rows.map((row) => row.participant));
}

export function specOf(
  protocol: ProtocolDocument,
  endpoint: Endpoint,
  tables: JoinedTables,
  people: readonly Person[],
): OutcomeSpec {
  const { rows, leftOut } = endpointRows(protocol, endpoint, tables, people);
  const kept = people.filter(({ subject }) => subject.sets.perProtocol).map(({ subject }) => subject.participantId);
  return {
    id: endpoint.id,
    label: endpoint.label,
    level: endpoint.level,
    better: endpoint.better,
    contrastKind: contrastWords[endpoint.contrast],
    formula: endpoint.model,
    ...(endpoint.repeated === undefined ? {} : { repeated: endpoint.repeated }),
    columns,
    rows,
    leftOut,
    levels: levelsOf(protocol, endpoint),
    guessLevels,
    perProtocol: endpoint.level === 'primary' ? new Set(kept) : null,
    notes: [],
  };
}

function labelsOf(protocol: ProtocolDocument): Results['labels'] {
  const labels = (role: 'active' | 'placebo') =>
    protocol.interventions.flatMap((one) => (one.role === role ? [one.label] : [])).join(' or ');
  return { active: labels('active') || 'Active', placebo: labels('placebo') || 'Placebo' };
}

/** One series per guess activity; the condition is that of the capsule of the day, or of the week guessed. */
function blindingOf(
  protocol: ProtocolDocument,
  tables: JoinedTables,
  people: readonly Person[],
  seed: string,
): GuessSeries[] {
  const { unit, amountOf } = amountsOf(protocol);
  return protocol.activities
    .filter(({ purpose }) => purpose === 'guess')
    .map((activity) => {
      const rows = people.flatMap((person) =>
        person.guesses
          .filter((guess) => guess.activity === activity.id)
          .flatMap((row): Guess[] => {
            const { role, content } = guessedRole(protocol, tables, person, row) ?? {};
            if (role === undefined) return [];
            const { guess, confidence, cues } = row;
            const dose = content === undefined ? null : amountOf(content);
            const timePoint = `week ${row.week}`;
            return [{ participant: row.participantId, timePoint, role, guess, confidence, cues, dose }];
          }),
      );
      const about = activity.instrument.includes('period') ? 'a period' : 'one capsule';
      return guessSeries(
        { id: activity.id, label: activity.label, about, unit },
        rows,
        `${seed}/${activity.id}`,
        byNumber,
      );
    });
}

function guessedRole(
  protocol: ProtocolDocument,
  tables: JoinedTables,
  person: Person,
  guess: Person['guesses'][number],
): { readonly role: 'active' | 'placebo'; readonly content?: string } | null {
  const given = tables.given.get(person.subject.participantId);
  if (given === undefined) return null;
  if (guess.about === 'period') {
    const own = person.doses.filter(({ week }) => week === guess.week).map(({ doseNumber }) => doseNumber);
    if (own.length === 0) return given.asPlanned ? { role: roleOfArm(protocol, given.arm) } : null;
    return own.every(given.isKnown) ? { role: weekType(protocol, own.map(given.contentOf)).role } : null;
  }
  const dose = person.doses.findLast(({ studyDay, status }) => status === 'taken' && studyDay <= guess.studyDay);
  if (dose === undefined || !given.isKnown(dose.doseNumber)) return null;
  const content = given.contentOf(dose.doseNumber);
  return { role: roleOf(protocol, content), content };
}

/** Amounts of the interventions where all are of one substance and unit: the middle of the window, 0 for a placebo. */
function amountsOf(protocol: ProtocolDocument): {
  unit: string | null;
  amountOf: (intervention: string) => number | null;
} {
  const active = protocol.interventions.filter(({ role }) => role === 'active');
  const doses = active.map(({ substances = [] }) => substances[0]);
  const [first] = doses;
  const alike = doses.every(
    (one) =>
      one !== undefined &&
      one.substance === first?.substance &&
      one.dose.unit === first.dose.unit &&
      one.dose.form === first.dose.form,
  );
  if (first === undefined || !alike) return { unit: null, amountOf: () => null };
  const amounts = new Map(
    protocol.interventions.map(({ id, role, substances = [] }): [string, number | null] => {
      const dose = substances[0]?.dose;
      return [id, role === 'placebo' ? 0 : dose === undefined ? null : (dose.min + dose.max) / 2];
    }),
  );
  return { unit: first.dose.unit, amountOf: (intervention) => amounts.get(intervention) ?? null };
}

function byNumber(a: string, b: string): number {
  return Number(a.match(/\d+/)?.[0] ?? 0) - Number(b.match(/\d+/)?.[0] ?? 0);
}
