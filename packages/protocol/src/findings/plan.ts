/** On which study days each thing falls, for every weekday a participant can start on. */
import { type ProtocolDocument, type Regimen, weekdays } from '../document.ts';
import { openDoseDays } from '../dose-days.ts';
import { isDrawn, regimenDays, weekdayAfter } from '../regimen.ts';

/** Study days by activity id; capsules under `dose`, before the maximum is applied. */
export type DayPlan = ReadonlyMap<string, readonly number[]>;

/** Drawn days are looked at under this many draws. */
const sampledDraws = 8;

/** Every plan that can come out; for drawn regimens a sample of them. References that lead nowhere fall on no day. */
export function dayPlans(protocol: ProtocolDocument): DayPlan[] {
  const starts = protocol.startsOn === undefined ? weekdays : [protocol.startsOn];
  const regimens = [protocol.dosing.regimen, ...protocol.activities.map(({ on }) => on)];
  const drawn = regimens.some((regimen) => regimen !== 'doseDays' && isDrawn(regimen));
  const seeds = Array.from({ length: drawn ? sampledDraws : 1 }, (_, index) => `draw ${index}`);
  return starts.flatMap((start) => seeds.map((seed) => planFor(protocol, start, seed)));
}

function planFor(protocol: ProtocolDocument, start: (typeof weekdays)[number], drawSeed: string): DayPlan {
  const daysOf = (epochId: string, regimen: Regimen, stream: string): number[] => {
    const epoch = protocol.epochs.find(({ id }) => id === epochId);
    if (epoch === undefined) return [];
    const firstWeekday = weekdayAfter(start, epoch.firstDay - 1);
    const scope = { length: epoch.lastDay - epoch.firstDay + 1, firstWeekday, drawSeed, stream };
    return regimenDays(regimen, scope).map((day) => epoch.firstDay + day - 1);
  };
  const { dosing } = protocol;
  const lastDay = protocol.epochs.find(({ id }) => id === dosing.epoch)?.lastDay ?? 0;
  const weekdayOf = (day: number) => weekdayAfter(start, day - 1);
  const doses = openDoseDays(dosing, daysOf(dosing.epoch, dosing.regimen, 'dose'), lastDay, { weekdayOf });
  const plan = new Map<string, readonly number[]>([['dose', doses]]);
  for (const { id, epoch, on } of protocol.activities) {
    const within = protocol.epochs.find((candidate) => candidate.id === epoch);
    const onDoses = doses.filter((day) => within !== undefined && day >= within.firstDay && day <= within.lastDay);
    plan.set(id, on === 'doseDays' ? onDoses : daysOf(epoch, on, id));
  }
  return plan;
}
