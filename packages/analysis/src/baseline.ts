/** Who was randomised, by arm: what a reader compares before any outcome. */
import type { ProtocolDocument } from '@limen/protocol';
import { summarise } from './outcome.ts';
import type { JoinedTables } from './release.ts';
import type { BaselineArm } from './results.ts';
import type { SubjectRow } from './tables.ts';

/** Arms in the order of the protocol, then everybody under the arm `all`. */
export function baselineOf(protocol: ProtocolDocument, tables: JoinedTables): BaselineArm[] {
  const randomised = tables.subjects.filter(({ sets }) => sets.randomised);
  const own = (arm: string) => randomised.filter(({ participantId }) => tables.given.get(participantId)?.arm === arm);
  return [...protocol.arms.map(({ id, label }) => armOf(id, label, own(id))), armOf('all', 'All', randomised)];
}

function armOf(arm: string, label: string, people: readonly SubjectRow[]): BaselineArm {
  const ages = people.flatMap(({ age }) => age ?? []);
  const sexes = Map.groupBy(
    people.filter(({ sex }) => sex !== null),
    ({ sex }) => sex as string,
  );
  return {
    arm,
    label,
    participants: people.length,
    age: ages.length === 0 ? null : summarise(ages),
    sex: [...sexes]
      .map(([answer, same]) => ({ answer, participants: same.length }))
      .sort((a, b) => b.participants - a.participants || (a.answer < b.answer ? -1 : 1)),
  };
}
