/** Time from the first study day to leaving dosing or the study: Kaplan and Meier by arm, log-rank and Cox. */
import type { ProtocolDocument } from '@limen/protocol';
import { fitCox, kaplanMeier, logRank, StatisticsError } from '@limen/statistics';
import { levelsOf } from './plan.ts';
import type { JoinedTables } from './release.ts';
import type { DropOut, Possible } from './results.ts';
import type { SubjectRow } from './tables.ts';

const msPerDay = 86_400_000;

/** Who completed is followed to the last study day, who is still in to the lock; a day begun counts. */
export function dropOutOf(protocol: ProtocolDocument, tables: JoinedTables, lockedAt: string): DropOut {
  const lastDay = Math.max(...protocol.epochs.map((epoch) => epoch.lastDay));
  const people = tables.subjects.flatMap((subject) => {
    const arm = tables.given.get(subject.participantId)?.arm;
    if (arm === undefined || subject.startDate === null) return [];
    const left = subject.completed ? null : subject.withdrawal;
    const time = left === null ? (subject.completed ? lastDay : dayOf(subject, lockedAt)) : dayOf(subject, left.at);
    return [{ group: arm, time: Math.max(1, Math.min(lastDay, time)), event: left !== null }];
  });
  const levels = levelsOf(protocol, { contrast: 'arm' });
  const shownDays = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.max(1, Math.round(share * lastDay)));
  return {
    lastDay,
    arms: levels.map(({ level, label }) => {
      const own = people.filter(({ group }) => group === level);
      const steps = own.length === 0 ? [] : kaplanMeier(own).steps;
      return {
        arm: level,
        label,
        participants: own.length,
        left: own.filter(({ event }) => event).length,
        atRisk: shownDays.map((day) => ({ day, people: own.filter(({ time }) => time >= day).length })),
        steps: steps
          .filter(({ events }) => events > 0)
          .map(({ time: day, atRisk, survival: stayed, lower, upper }) => ({ day, atRisk, stayed, lower, upper })),
      };
    }),
    logRank: possible(() => {
      const { chiSquare, df, p } = logRank(people);
      return { chiSquare, df, p };
    }),
    hazards: possible(() => {
      const data = {
        days: people.map(({ time }) => time),
        condition: people.map(({ group }) => group),
        left: people.map(({ event }) => (event ? 1 : 0)),
      };
      const reference = levels[0]?.level ?? '';
      const { terms } = fitCox({
        formula: 'days ~ condition',
        data,
        event: 'left',
        reference: { condition: reference },
      });
      const named = levels.slice(1).flatMap(({ level, label }) => {
        const term = terms.find((one) => one.term === `condition${level}`);
        return term === undefined ? [] : [{ level, label, ...term.hazardRatio, p: term.p }];
      });
      return { ratios: named };
    }),
  };
}

function dayOf({ startDate }: SubjectRow, instant: string): number {
  return Math.floor((Date.parse(instant) - Date.parse(`${startDate}T00:00:00Z`)) / msPerDay) + 1;
}

function possible<T extends object>(compute: () => T): Possible<T> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { notPossible: error.message };
  }
}
