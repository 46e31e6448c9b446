/** Steps of an arm: do they cover every capsule, rise only as far and as fast as allowed, and keep sham doses? */
import { plannedIntervention } from '../contents.ts';
import type { Arm, Intervention } from '../document.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

type Protocol = CheckContext['protocol'];

export function checkTitration({ protocol }: CheckContext): Finding[] {
  return [
    ...protocol.arms.flatMap((arm, index) => [...checkSteps(arm, index), ...checkRise(protocol, arm, index)]),
    ...checkShamDoses(protocol),
  ];
}

function checkSteps({ content }: Arm, index: number): Finding[] {
  const path = ['arms', index, 'content'];
  if (content.kind !== 'steps') return [];
  const begins = content.steps.map(({ fromDose }) => fromDose);
  const found: Finding[] = [];
  if (!begins.includes(1)) {
    const message = `The first step begins with capsule ${Math.min(...begins)}; those before it hold nothing that is named.`;
    found.push(finding('error', 'steps_begin_late', [...path, 'steps'], message));
  }
  for (const [position, fromDose] of begins.entries()) {
    if (position === 0 || fromDose > (begins[position - 1] ?? 0)) continue;
    const message = `Capsule ${fromDose} does not come after the capsule of the step before.`;
    found.push(finding('error', 'steps_out_of_order', [...path, 'steps', position, 'fromDose'], message));
  }
  return found;
}

function checkRise({ dosing, interventions }: Protocol, { content }: Arm, index: number): Finding[] {
  if (content.kind !== 'steps') return [];
  const levelOf = (id: string): Intervention['level'] => interventions.find((one) => one.id === id)?.level;
  const limits = dosing.titration;
  return content.steps.flatMap((step, position): Finding[] => {
    const level = levelOf(step.intervention);
    if (level === undefined) return [];
    const path = ['arms', index, 'content', 'steps', position];
    const found: Finding[] = [];
    if (limits !== undefined && level.rank > limits.highestRank) {
      const message = `“${step.intervention}” is rank ${level.rank} and the highest allowed is ${limits.highestRank}.`;
      found.push(finding('error', 'titration_above_limit', [...path, 'intervention'], message));
    }
    const before = content.steps[position - 1];
    const earlier = before === undefined ? undefined : levelOf(before.intervention);
    if (before === undefined || earlier === undefined || earlier.ladder !== level.ladder) return found;
    if (level.rank > earlier.rank + 1) {
      const message = `It rises from rank ${earlier.rank} to rank ${level.rank} at once.`;
      found.push(finding('error', 'titration_step_skipped', [...path, 'intervention'], message));
    }
    if (level.rank > earlier.rank && limits === undefined) {
      const message = 'The dose rises and dosing.titration sets no limits.';
      found.push(finding('error', 'titration_without_limits', path, message));
    }
    if (limits !== undefined && level.rank > earlier.rank) {
      const given = step.fromDose - before.fromDose;
      if (given < limits.minimumDosesPerStep) {
        const message = `It rises after ${given} capsules and ${limits.minimumDosesPerStep} are asked for.`;
        found.push(finding('error', 'titration_too_fast', [...path, 'fromDose'], message));
      }
    }
    return found;
  });
}

/** A sham dose that one arm alone has would tell the arms apart. */
function checkShamDoses({ dosing, arms, interventions }: Protocol): Finding[] {
  return (dosing.shamDoses ?? []).flatMap((dose, index) => {
    const wrong = arms.filter((arm) => {
      const planned = plannedIntervention(arm, dose);
      return interventions.find(({ id }) => id === planned)?.role !== 'placebo';
    });
    if (wrong.length === 0) return [];
    const message = `Capsule ${dose} is not a placebo in ${wrong.map(({ id }) => `“${id}”`).join(', ')}.`;
    return [finding('error', 'sham_dose_not_placebo', ['dosing', 'shamDoses', index], message)];
  });
}
