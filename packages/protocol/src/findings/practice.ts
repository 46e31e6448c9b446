/** What a day asks of people, and parts that contradict one another. */

import { minuteOfDay } from '../calendar.ts';
import { interventionsOfArm } from '../contents.ts';
import { isObservedDose, takingHours } from '../dose-days.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';
import { skipCycle } from './skip-logic.ts';

type Protocol = CheckContext['protocol'];
const secondsPerMinute = 60;

export function checkPractice(context: CheckContext, plans: readonly DayPlan[]): Finding[] {
  const { protocol } = context;
  return [
    ...checkBurden(context, plans),
    ...checkUnits(protocol),
    ...checkOpening(protocol),
    ...checkOrderOfWindows(protocol),
    ...checkSkipLogic(context),
    ...checkLanguages(protocol),
    ...checkUnused(protocol),
    ...checkVersions(protocol),
  ];
}

function checkBurden({ protocol, instrument }: CheckContext, plans: readonly DayPlan[]): Finding[] {
  const { burden, activities } = protocol;
  if (burden === undefined) return [];
  const busiest = plans.reduce(
    (most, plan) => {
      const seconds = new Map<number, number>();
      for (const { id, instrument: asked } of activities)
        for (const day of plan.get(id) ?? [])
          seconds.set(day, (seconds.get(day) ?? 0) + (instrument(asked)?.estimatedSeconds ?? 0));
      return [...seconds].reduce((found, [day, sum]) => (sum > found.sum ? { day, sum } : found), most);
    },
    { day: 0, sum: 0 },
  );
  const minutes = busiest.sum / secondsPerMinute;
  if (minutes <= burden.minutesPerDay) return [];
  const message = `Day ${busiest.day} asks for ${minutes.toFixed(1)} minutes and at most ${burden.minutesPerDay} are allowed.`;
  return [finding('warning', 'burden_above_limit', ['burden', 'minutesPerDay'], message)];
}

/** Doses of one form in different units are how tenfold errors happen. */
function checkUnits({ interventions }: Protocol): Finding[] {
  const first = new Map<string, string>();
  return interventions.flatMap(({ substances = [] }, index) =>
    substances.flatMap(({ dose }, position) => {
      const unit = first.get(dose.form) ?? dose.unit;
      first.set(dose.form, unit);
      if (unit === dose.unit) return [];
      const path = ['interventions', index, 'substances', position, 'dose', 'unit'];
      return [finding('error', 'units_conflict', path, `${dose.form} is given in ${unit} elsewhere.`)];
    }),
  );
}

function checkOpening({ dosing }: Protocol): Finding[] {
  if (dosing.observed === undefined || !isObservedDose(dosing, 1)) return [];
  const { from, until } = takingHours(dosing, 1);
  if (from < until) return [];
  const message = `Capsules are taken from ${dosing.takeFrom} to ${dosing.takeUntil} and the site is closed then.`;
  return [finding('error', 'dose_outside_opening_hours', ['dosing', 'observed'], message)];
}

/** Something that waits for an answer must not close before the answer can be given. */
function checkOrderOfWindows({ activities }: Protocol): Finding[] {
  return activities.flatMap(({ id, after, window }, index) =>
    after.flatMap((other, position) => {
      const before = activities.find((activity) => activity.id === other);
      if (before === undefined || window.closesAfterDays > 0) return [];
      if (minuteOfDay(window.closesAt) > minuteOfDay(before.window.opensAt)) return [];
      const message = `“${id}” closes at ${window.closesAt}, before “${other}” opens at ${before.window.opensAt}.`;
      return [finding('error', 'after_window_impossible', ['activities', index, 'after', position], message)];
    }),
  );
}

function checkSkipLogic({ protocol, instrument }: CheckContext): Finding[] {
  const checked = new Set<string>();
  return protocol.activities.flatMap((activity, index) => {
    const asked = instrument(activity.instrument);
    if (asked === undefined || checked.has(asked.id)) return [];
    checked.add(asked.id);
    const cycle = skipCycle(asked);
    if (cycle === undefined) return [];
    const message = `In “${asked.id}” these questions wait for one another: ${cycle.join(', ')}.`;
    return [finding('error', 'skip_logic_cyclic', ['activities', index, 'instrument'], message)];
  });
}

function checkLanguages({ languages = [], consent }: Protocol): Finding[] {
  return languages.flatMap((language, index) =>
    consent.some((version) => version.language === language)
      ? []
      : [finding('error', 'consent_language_missing', ['languages', index], `No consent text is in “${language}”.`)],
  );
}

function checkUnused({ arms, interventions }: Protocol): Finding[] {
  const used = new Set(arms.flatMap(interventionsOfArm));
  return interventions.flatMap(({ id }, index) =>
    used.has(id) ? [] : [finding('advice', 'intervention_unused', ['interventions', index], `No arm gives “${id}”.`)],
  );
}

function checkVersions({ identity, version }: Protocol): Finding[] {
  const last = identity?.versions?.at(-1);
  if (identity?.versions === undefined || last === undefined || last.version === version) return [];
  const path = ['identity', 'versions', identity.versions.length - 1, 'version'];
  return [finding('error', 'version_mismatch', path, `The document is version ${version}.`)];
}
