/** Exposure, adverse events and entries: everybody who took a capsule, by what the capsule held. */

import type { ProtocolDocument } from '@limen/protocol';
import { chiSquareQuantile } from '@limen/statistics';
import { type Person, roleOf } from './endpoint-rows.ts';
import { tally } from './flow.ts';
import { byText } from './outcome.ts';
import type { JoinedTables } from './release.ts';
import type { AdverseEvents, Entries, Exposure } from './results.ts';
import type { AdverseEventRow, DoseRow } from './tables.ts';

export function exposureOf(protocol: ProtocolDocument, tables: JoinedTables): Exposure {
  const due = tables.doses.filter(({ status }) => status !== 'notDue');
  const taken = due.filter(({ status }) => status === 'taken');
  const late = taken.filter(({ timing }) => timing !== 'onTime').length;
  const contentOf = (dose: DoseRow) => tables.given.get(dose.participantId)?.contentOf(dose.doseNumber) ?? '';
  const weeks = [...Map.groupBy(due, ({ week }) => week)].sort(([a], [b]) => a - b);
  return {
    overall: { due: due.length, taken: taken.length, late, missed: due.length - taken.length },
    arms: protocol.arms.map(({ id, label }) => {
      const own = due.filter(({ participantId }) => tables.given.get(participantId)?.arm === id);
      const ownTaken = own.filter(({ status }) => status === 'taken');
      return {
        arm: id,
        label,
        participants: [...tables.given.values()].filter(({ arm }) => arm === id).length,
        due: own.length,
        taken: ownTaken.length,
        missed: own.length - ownTaken.length,
        active: ownTaken.filter((dose) => roleOf(protocol, contentOf(dose)) === 'active').length,
        adherence: own.length === 0 ? null : ownTaken.length / own.length,
      };
    }),
    weeks: weeks.map(([week, rows]) => ({
      week,
      due: rows.length,
      taken: rows.filter(({ status }) => status === 'taken').length,
    })),
    contents: protocol.interventions.map(({ id, label }) => ({
      intervention: id,
      label,
      taken: taken.filter((dose) => contentOf(dose) === id).length,
    })),
  };
}

type Attributed = AdverseEventRow & { readonly content: string | null };

/** Each event goes with the latest capsule taken up to the day of onset. */
export function adverseEventsOf(tables: JoinedTables, people: readonly Person[], exposure: Exposure): AdverseEvents {
  const doses = new Map(people.map((person) => [person.subject.participantId, person.doses]));
  const events = tables.adverseEvents.map((row): Attributed => {
    const own = doses.get(row.participantId) ?? [];
    const dose = own.findLast(({ status, studyDay }) => status === 'taken' && studyDay <= (row.studyDay ?? 0));
    const content = dose === undefined ? null : tables.given.get(row.participantId)?.contentOf(dose.doseNumber);
    return { ...row, content: content ?? null };
  });
  const per = (count: number, capsules: number) => (capsules === 0 ? null : (100 * count) / capsules);
  const incidence = (of: readonly Attributed[]) =>
    exposure.contents.map(({ intervention, taken }) => {
      const count = of.filter(({ content }) => content === intervention).length;
      return { intervention, events: count, perHundredCapsules: per(count, taken) };
    });
  const byTerm = [...Map.groupBy(events, ({ term }) => term.toLocaleLowerCase('en'))];
  return {
    total: events.length,
    serious: events.filter(({ serious }) => serious).length,
    participants: new Set(events.map(({ participantId }) => participantId)).size,
    beforeFirstCapsule: events.filter(({ content }) => content === null).length,
    contents: exposure.contents.map(({ intervention, label, taken }, index) => ({
      label,
      capsules: taken,
      ...(incidence(events)[index] ?? { events: 0, perHundredCapsules: null }),
      intervention,
      ...severity(
        events.filter(({ content }) => content === intervention),
        taken,
      ),
    })),
    terms: byTerm
      .map(([, list]) => ({
        term: list[0]?.term ?? '',
        events: list.length,
        participants: new Set(list.map(({ participantId }) => participantId)).size,
        serious: list.filter(({ serious }) => serious).length,
        worstGrade: Math.max(...list.map(({ grade }) => grade)),
        byContent: incidence(list),
      }))
      .sort((a, b) => b.events - a.events || byText(a.term, b.term)),
    grades: [1, 2, 3, 4, 5].map((grade) => ({ grade, events: events.filter((row) => row.grade === grade).length })),
    relatedness: ['unrelated', 'unlikely', 'possible', 'probable', 'definite', 'not assessed'].map((relatedness) => ({
      relatedness,
      events: events.filter((row) => (row.relatedness ?? 'not assessed') === relatedness).length,
    })),
  };
}

/** Garwood's exact interval of a Poisson count (1936, Biometrika 28:437), per hundred capsules, and events by grade. */
function severity(events: readonly Attributed[], capsules: number) {
  const count = events.length;
  const per = (mean: number) => (100 * mean) / capsules;
  const lower = count === 0 ? 0 : chiSquareQuantile(0.025, 2 * count) / 2;
  const upper = chiSquareQuantile(0.975, 2 * count + 2) / 2;
  return {
    interval: capsules === 0 ? null : { lower: per(lower), upper: per(upper) },
    grades: [1, 2, 3, 4, 5].map((grade) => events.filter((row) => row.grade === grade).length),
  };
}

export function entriesOf(tables: JoinedTables): Entries {
  const count = (timing: string) => tables.entries.filter((row) => row.timing === timing).length;
  return {
    due: tables.due.activities,
    answered: tables.due.answered,
    late: count('late'),
    outOfWindow: count('outOfWindow'),
    corrected: tables.entries.filter(({ corrections }) => corrections > 0).length,
    kept: tables.kept.length,
    keptBy: tally(tables.kept.map(({ code }) => code)).map(({ reason, participants }) => ({
      code: reason,
      entries: participants,
    })),
  };
}
