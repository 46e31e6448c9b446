/** CONSORT 2025 numbers: who was screened, left out, randomised, given capsules, lost and analysed. */
import type { ProtocolDocument } from '@limen/protocol';
import { byText, summarise } from './outcome.ts';
import type { JoinedTables } from './release.ts';
import type { AnalysisSets, Expectancy, Flow } from './results.ts';
import type { SubjectRow } from './tables.ts';

/** `analysed`: participants with a row in the first primary endpoint. */
export function flowOf(protocol: ProtocolDocument, tables: JoinedTables, analysed: ReadonlySet<string>): Flow {
  const { subjects } = tables;
  const screened = subjects.filter((row) => row.screened);
  const excluded = screened.filter(({ sets }) => !sets.randomised);
  return {
    screened: screened.length,
    excluded: excluded.length,
    exclusions: tally(excluded.map(reasonNotRandomised)),
    randomised: subjects.filter(({ sets }) => sets.randomised).length,
    arms: protocol.arms.map((arm) => {
      const own = subjects.filter(({ participantId }) => tables.given.get(participantId)?.arm === arm.id);
      const received = own.filter(({ sets }) => sets.safety);
      return {
        arm: arm.id,
        label: arm.label,
        allocated: own.length,
        received: received.length,
        notReceived: own.length - received.length,
        completed: own.filter(({ completed }) => completed).length,
        stillIn: own.filter(({ completed, withdrawal }) => !completed && withdrawal === null).length,
        discontinued: tally(own.flatMap((row) => (row.withdrawal && !row.completed ? [reasonLeft(row)] : []))),
        analysed: own.filter(({ participantId }) => analysed.has(participantId)).length,
      };
    }),
    enrolment: enrolmentOf(subjects),
  };
}

/** The first criterion not met decides; the same participant is counted once. */
function reasonNotRandomised(row: SubjectRow): string {
  if (row.screening === 'ineligible') return row.reasonsExcluded[0] ?? 'Not eligible';
  if (row.screening === 'unknown') return 'Eligibility left open';
  return row.consented ? 'Consented, not randomised' : 'Did not consent';
}

function reasonLeft({ withdrawal }: SubjectRow): string {
  const from = withdrawal?.scope === 'dosing' ? 'Left dosing' : 'Left the study';
  return `${from}: ${withdrawal?.reason?.trim() || 'no reason given'}`;
}

function enrolmentOf(subjects: readonly SubjectRow[]): Flow['enrolment'] {
  const months = subjects
    .flatMap(({ randomisedAt }) => (randomisedAt === null ? [] : [randomisedAt.slice(0, 7)]))
    .sort(byText);
  const counts = Map.groupBy(months, (month) => month);
  return [...counts].map(([month, list]) => ({ month, randomised: list.length }));
}

export function tally(reasons: readonly string[]): { reason: string; participants: number }[] {
  const counts = [...Map.groupBy(reasons, (reason) => reason)].map(([reason, list]) => ({
    reason,
    participants: list.length,
  }));
  return counts.sort((a, b) => b.participants - a.participants || byText(a.reason, b.reason));
}

export function setsOf(protocol: ProtocolDocument, { subjects, given }: JoinedTables): AnalysisSets {
  const randomised = subjects.filter(({ sets }) => sets.randomised);
  const counted = (own: readonly SubjectRow[]) => ({
    randomised: own.length,
    safety: own.filter(({ sets }) => sets.safety).length,
    perProtocol: own.filter(({ sets }) => sets.perProtocol).length,
    completers: own.filter(({ sets }) => sets.completer).length,
  });
  return {
    ...counted(randomised),
    safetyReasons: tally(randomised.flatMap(({ sets }) => (sets.safety ? [] : ['took no capsule']))),
    perProtocolReasons: tally(randomised.flatMap(({ perProtocolReasons }) => perProtocolReasons)),
    completerReasons: tally(
      randomised.flatMap((row) => {
        if (row.sets.completer) return [];
        return [row.withdrawal === null ? 'Still in the study' : reasonLeft(row)];
      }),
    ),
    arms: protocol.arms.map(({ id, label }) => ({
      arm: id,
      label,
      ...counted(randomised.filter(({ participantId }) => given.get(participantId)?.arm === id)),
    })),
    objectToFutureUse: subjects.filter(({ objectsToFutureUse }) => objectsToFutureUse).length,
  };
}

export function expectancyOf(protocol: ProtocolDocument, tables: JoinedTables): Expectancy {
  const randomised = tables.subjects.filter(({ sets }) => sets.randomised);
  const valuesOf = (rows: readonly SubjectRow[]) =>
    rows.flatMap(({ expectation }) => (expectation === null ? [] : [expectation]));
  const values = valuesOf(randomised);
  const all = values.length === 0 ? null : summarise(values);
  return {
    answered: values.length,
    randomised: randomised.length,
    mean: all?.mean ?? null,
    sd: all?.sd ?? null,
    arms: protocol.arms.flatMap(({ id, label }) => {
      const own = valuesOf(randomised.filter(({ participantId }) => tables.given.get(participantId)?.arm === id));
      return own.length === 0 ? [] : [{ arm: id, label, ...summarise(own) }];
    }),
  };
}
