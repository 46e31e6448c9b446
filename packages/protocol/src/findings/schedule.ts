/** Can the calendar be kept: epochs, windows, orders. */
import { minuteOfDay } from '../calendar.ts';
import type { Regimen } from '../document.ts';
import type { Path } from '../document-path.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';

export function checkSchedule({ protocol }: CheckContext, plans: readonly DayPlan[]): Finding[] {
  return [
    ...checkEpochs(protocol),
    ...checkWindows(protocol),
    ...checkRegimens(protocol),
    ...checkDue(protocol, plans),
    ...checkOrder(protocol, plans),
  ];
}

type Protocol = CheckContext['protocol'];

function checkEpochs({ epochs }: Protocol): Finding[] {
  const reversed = epochs.flatMap(({ id, firstDay, lastDay }, index) =>
    firstDay === lastDay + 1
      ? [finding('error', 'epoch_empty', ['epochs', index, 'lastDay'], `“${id}” has no day between first and last.`)]
      : firstDay > lastDay
        ? [
            finding(
              'error',
              'epoch_reversed',
              ['epochs', index, 'lastDay'],
              `“${id}” ends on day ${lastDay}, before day ${firstDay}.`,
            ),
          ]
        : [],
  );
  const overlapping = epochs.flatMap((epoch, index) => {
    const other = epochs
      .slice(0, index)
      .find(({ firstDay, lastDay }) => epoch.firstDay <= lastDay && firstDay <= epoch.lastDay);
    if (other === undefined) return [];
    return [
      finding(
        'error',
        'epochs_overlap',
        ['epochs', index, 'firstDay'],
        `“${epoch.id}” shares days with “${other.id}”.`,
      ),
    ];
  });
  return [...reversed, ...overlapping];
}

function checkWindows({ activities, dosing }: Protocol): Finding[] {
  const closes = (path: Path, from: string, until: string): Finding[] =>
    minuteOfDay(until) > minuteOfDay(from)
      ? []
      : [
          finding(
            'error',
            'window_closes_before_opening',
            path,
            `It opens at ${from} and closes at ${until} of the same day.`,
          ),
        ];
  return [
    ...closes(['dosing', 'takeUntil'], dosing.takeFrom, dosing.takeUntil),
    ...activities.flatMap(({ window }, index) =>
      window.closesAfterDays > 0
        ? []
        : closes(['activities', index, 'window', 'closesAt'], window.opensAt, window.closesAt),
    ),
  ];
}

function checkRegimens({ activities, dosing, epochs }: Protocol): Finding[] {
  const lengthOf = (id: string): number => {
    const epoch = epochs.find((candidate) => candidate.id === id);
    return epoch === undefined ? Number.POSITIVE_INFINITY : epoch.lastDay - epoch.firstDay + 1;
  };
  return [
    ...checkRegimen(dosing.regimen, lengthOf(dosing.epoch), ['dosing', 'regimen']),
    ...activities.flatMap(({ on, epoch }, index) =>
      on === 'doseDays' ? [] : checkRegimen(on, lengthOf(epoch), ['activities', index, 'on']),
    ),
  ];
}

function checkRegimen(regimen: Regimen, length: number, path: Path): Finding[] {
  switch (regimen.kind) {
    case 'days':
      return regimen.days.flatMap((day, index) => {
        if (day <= length) return [];
        const message = `Day ${day} counts from the first day of the epoch, which has ${length} days.`;
        return [finding('error', 'regimen_day_outside_epoch', [...path, 'days', index], message)];
      });
    case 'drawn': {
      const choice = new Set(regimen.from).size;
      if (regimen.perWeek <= choice) return [];
      const message = `${regimen.perWeek} days a week cannot be drawn from ${choice}.`;
      return [finding('error', 'regimen_draws_too_many', [...path, 'perWeek'], message)];
    }
    case 'cycles':
      return checkRegimen(regimen.regimen, Math.min(length, regimen.weeksOn * 7), [...path, 'regimen']);
    case 'sequence':
      return regimen.parts.flatMap((part, index) =>
        checkRegimen(part.regimen, Math.min(length, part.days), [...path, 'parts', index, 'regimen']),
      );
    case 'anyOf':
      return regimen.regimens.flatMap((part, index) => checkRegimen(part, length, [...path, 'regimens', index]));
    case 'except':
      return [
        ...checkRegimen(regimen.regimen, length, [...path, 'regimen']),
        ...checkRegimen(regimen.without, length, [...path, 'without']),
      ];
    case 'spaced':
      return checkRegimen(regimen.regimen, length, [...path, 'regimen']);
    default:
      return [];
  }
}

function checkDue({ activities, epochs }: Protocol, plans: readonly DayPlan[]): Finding[] {
  return activities.flatMap(({ id, epoch }, index) => {
    const never = plans.some((plan) => (plan.get(id) ?? []).length === 0);
    if (!never || !epochs.some((candidate) => candidate.id === epoch)) return [];
    return [
      finding('error', 'activity_never_due', ['activities', index, 'on'], `“${id}” falls on no day of its epoch.`),
    ];
  });
}

function checkOrder({ activities }: Protocol, plans: readonly DayPlan[]): Finding[] {
  return activities.flatMap(({ id, after }, index) => {
    const path = ['activities', index, 'after'];
    if (allBefore(activities, id).has(id)) {
      return [finding('error', 'after_cycle', path, `“${id}” waits, in the end, for itself.`)];
    }
    return after.flatMap((other, position) => {
      const known = activities.some((activity) => activity.id === other);
      const together = plans.some((plan) => plan.get(id)?.some((day) => plan.get(other)?.includes(day)));
      if (!known || together) return [];
      const message = `“${id}” and “${other}” never fall on the same day, so the order means nothing.`;
      return [finding('warning', 'after_never_together', [...path, position], message)];
    });
  });
}

/** Everything that comes before an activity, directly or through others. */
export function allBefore(activities: Protocol['activities'], id: string): Set<string> {
  const before = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const other of activities.find((activity) => activity.id === next)?.after ?? []) {
      if (before.has(other)) continue;
      before.add(other);
      open.push(other);
    }
  }
  return before;
}
