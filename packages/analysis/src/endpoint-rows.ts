/** The rows of one endpoint of the plan: what is compared, with the guess and the covariates that belong to it. */
import { type Endpoint, isPlaceboArm, type ProtocolDocument } from '@limen/protocol';
import { AnalysisError } from './errors.ts';
import type { AnalysisRow } from './outcome-spec.ts';
import type { JoinedTables } from './release.ts';
import type { Cell } from './results.ts';
import type { DoseRow, GuessRow, OutcomeRow, SubjectRow } from './tables.ts';

export type EndpointRows = {
  readonly rows: readonly AnalysisRow[];
  readonly leftOut: readonly { readonly reason: string; readonly rows: number }[];
};

/** The tables of one participant, and who they are. */
export type Person = {
  readonly subject: SubjectRow;
  readonly doses: readonly DoseRow[];
  readonly outcomes: readonly OutcomeRow[];
  readonly guesses: readonly GuessRow[];
};

export function peopleOf(tables: JoinedTables): Person[] {
  const doses = Map.groupBy(tables.doses, (row) => row.participantId);
  const outcomes = Map.groupBy(tables.outcomes, (row) => row.participantId);
  const guesses = Map.groupBy(tables.guesses, (row) => row.participantId);
  return tables.subjects
    .filter(({ sets }) => sets.randomised)
    .map((subject) => ({
      subject,
      doses: doses.get(subject.participantId) ?? [],
      outcomes: outcomes.get(subject.participantId) ?? [],
      guesses: (guesses.get(subject.participantId) ?? []).filter(({ leftOut }) => leftOut === null),
    }));
}

type Condition = { readonly level: string; readonly role: 'active' | 'placebo' };

/**
 * Rows in order of participant and study day. Everybody randomised counts with what was allocated.
 * @throws AnalysisError `endpoint_activity_unknown`
 */
export function endpointRows(
  protocol: ProtocolDocument,
  endpoint: Endpoint,
  tables: JoinedTables,
  people: readonly Person[],
): EndpointRows {
  const activity = protocol.activities.find(({ id }) => id === endpoint.activity);
  if (activity === undefined) throw new AnalysisError('endpoint_activity_unknown', endpoint.activity);
  const leftOut = new Map<string, number>();
  const leave = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  const rows: AnalysisRow[] = [];
  for (const person of people) {
    const { subject } = person;
    const baseline = baselineOf(protocol, activity.instrument, endpoint.score, person);
    const measured = person.outcomes.filter((row) => row.activity === activity.id && row.score === endpoint.score);
    for (const row of measured) {
      const condition = row.leftOut ?? conditionOf(protocol, endpoint, tables, person, row);
      if (typeof condition === 'string') {
        leave(condition);
        continue;
      }
      rows.push({
        participant: subject.participantId,
        timePoint: `week ${row.week}`,
        value: row.value,
        condition: condition.level,
        role: condition.role,
        guess: guessFor(protocol, endpoint, person, row),
        source: row.source,
        covariates: {
          day: row.studyDay,
          week: row.week,
          capsulesTaken: person.doses.filter(({ status, studyDay }) => status === 'taken' && studyDay <= row.studyDay)
            .length,
          baseline,
          expectation: subject.expectation,
          age: subject.age,
          sex: subject.sex,
          site: subject.siteId,
        },
      });
    }
  }
  const counted = [...leftOut].map(([reason, count]) => ({ reason, rows: count }));
  return { rows, leftOut: counted.sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1)) };
}

const unknownEnvelope = 'it is not known which envelope the capsule came from';

/** The condition of a row, or why it has none. */
function conditionOf(
  protocol: ProtocolDocument,
  endpoint: Endpoint,
  tables: JoinedTables,
  person: Person,
  row: OutcomeRow,
): Condition | string {
  const given = tables.given.get(person.subject.participantId);
  if (given === undefined) throw new AnalysisError('release_participant_missing', person.subject.participantId);
  if (endpoint.contrast === 'arm' && !given.asPlanned) return 'other envelopes were opened than planned';
  if (endpoint.contrast === 'arm') return { level: given.arm, role: roleOfArm(protocol, given.arm) };
  if (endpoint.contrast === 'week') {
    const own = person.doses.filter(({ week }) => week === row.week).map(({ doseNumber }) => doseNumber);
    if (own.length === 0) return 'no capsule belongs to the week';
    if (!own.every(given.isKnown)) return unknownEnvelope;
    return weekType(protocol, own.map(given.contentOf));
  }
  const own = person.doses.find(({ studyDay }) => studyDay === row.studyDay);
  if (own !== undefined && own.status !== 'taken') return 'the capsule of the day was not taken';
  const dose = person.doses.findLast(({ studyDay, status }) => studyDay <= row.studyDay && status === 'taken');
  if (dose === undefined) return 'no capsule was taken before';
  if (!given.isKnown(dose.doseNumber)) return unknownEnvelope;
  const content = given.contentOf(dose.doseNumber);
  return { level: content, role: roleOf(protocol, content) };
}

/** A week with an active capsule is of that capsule's type. */
export function weekType(protocol: ProtocolDocument, contents: readonly string[]): Condition {
  const active = contents.find((content) => roleOf(protocol, content) === 'active');
  const level = active ?? contents[0] ?? protocol.analysis.reference;
  return { level, role: roleOf(protocol, level) };
}

export function roleOf(protocol: ProtocolDocument, intervention: string): 'active' | 'placebo' {
  return protocol.interventions.find(({ id }) => id === intervention)?.role ?? 'placebo';
}

/** An arm is active when any of its capsules can be. */
export function roleOfArm(protocol: ProtocolDocument, armId: string): 'active' | 'placebo' {
  const arm = protocol.arms.find(({ id }) => id === armId);
  return arm === undefined || isPlaceboArm(protocol, arm) ? 'placebo' : 'active';
}

/** Mean of the same score of the same instrument in the baseline activities before the first capsule was due. */
function baselineOf(protocol: ProtocolDocument, instrument: string, score: string, person: Person): number | null {
  const ids = new Set(
    protocol.activities
      .filter((one) => one.purpose === 'baseline' && one.instrument === instrument)
      .map(({ id }) => id),
  );
  const firstCapsule = person.doses[0]?.studyDay ?? Number.POSITIVE_INFINITY;
  const values = person.outcomes
    .filter(
      (row) => ids.has(row.activity) && row.score === score && row.leftOut === null && row.studyDay <= firstCapsule,
    )
    .map(({ value }) => value);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The guess that goes with a row. Capsule: about that day's capsule, else the latest before. Week: about that week, else
 * the latest capsule guess of the week. Arm: the latest guess up to that day.
 */
function guessFor(protocol: ProtocolDocument, endpoint: Endpoint, person: Person, row: OutcomeRow): Cell | null {
  const before = person.guesses.filter(({ studyDay }) => studyDay <= row.studyDay);
  if (endpoint.contrast === 'arm') return latest(protocol, before)?.guess ?? null;
  if (endpoint.contrast === 'week') {
    const week = person.guesses.filter((guess) => guess.week === row.week);
    return (week.findLast(({ about }) => about === 'period') ?? week.at(-1))?.guess ?? null;
  }
  const capsule = before.filter(({ about }) => about === 'capsule');
  const dose = person.doses.findLast(({ studyDay, status }) => studyDay <= row.studyDay && status === 'taken');
  return capsule.findLast(({ studyDay }) => studyDay >= (dose?.studyDay ?? row.studyDay))?.guess ?? null;
}

/** The latest guess; of two on one day that of the plan's guess activity. */
function latest(protocol: ProtocolDocument, guesses: readonly GuessRow[]): GuessRow | undefined {
  const planned = guesses.filter(({ activity }) => activity === protocol.blinding.guessActivity);
  return (planned.length > 0 ? planned : guesses).at(-1);
}
