/** Medicines, supply, stopping rules and skip logic: can what they say be carried out? */
import { interactionClasses } from '@limen/pharmacology';
import type { Medicines } from '../document.ts';
import { skipVariables } from '../hold-rules.ts';
import { compileRule } from '../rules.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';
import type { DayPlan } from './plan.ts';

type Protocol = CheckContext['protocol'];

export function checkCare({ protocol }: CheckContext, plans: readonly DayPlan[]): Finding[] {
  return [
    ...checkMedicines(protocol),
    ...checkSupply(protocol, plans),
    ...checkStoppingRules(protocol),
    ...checkWhen(protocol),
  ];
}

function checkMedicines({ medication, population }: Protocol): Finding[] {
  if (medication === undefined) return [];
  const { prohibited, cautioned } = medication;
  const inList = (list: 'prohibited' | 'cautioned', entries: readonly Medicines[]) =>
    entries.flatMap(({ id, classes = [], names = [] }, index): Finding[] => {
      const path = ['medication', list, index];
      if (classes.length + names.length === 0) {
        return [finding('error', 'medicine_missing', path, `“${id}” names no class and no medicine.`)];
      }
      return classes.flatMap((one, position) =>
        interactionClasses.some((known) => known.id === one)
          ? []
          : [finding('error', 'reference_unknown', [...path, 'classes', position], `There is no class “${one}”.`)],
      );
    });
  const read = population.eligibility.some(({ rule }) => /interactions\.contraindicated/.test(rule));
  const unread = prohibited.length > 0 && !read;
  const message = 'No criterion reads interactions.contraindicated, where prohibited medicines stand.';
  return [
    ...inList('prohibited', prohibited),
    ...inList('cautioned', cautioned),
    ...(unread ? [finding('error', 'prohibited_not_read', ['medication', 'prohibited'], message)] : []),
  ];
}

function checkSupply({ supply, arms }: Protocol, plans: readonly DayPlan[]): Finding[] {
  if (supply === undefined) return [];
  const found: Finding[] = [];
  const units = supply.unitsPerKit * supply.dispensedOn.length;
  const needed = Math.max(0, ...plans.map((plan) => plan.get('dose')?.length ?? 0));
  if (units < needed) {
    const message = `${supply.dispensedOn.length} kits of ${supply.unitsPerKit} are ${units} and ${needed} are taken.`;
    found.push(finding('error', 'supply_too_small', ['supply', 'unitsPerKit'], message));
  }
  if (supply.kits === 'stock' && arms.some(({ content }) => content.kind === 'drawn')) {
    const message = 'An arm’s capsules are drawn person by person, so its kits are packed to order.';
    found.push(finding('error', 'stock_contents_drawn', ['supply', 'kits'], message));
  }
  const firstDose = Math.min(...plans.map((plan) => plan.get('dose')?.[0] ?? Number.POSITIVE_INFINITY));
  const first = Math.min(...supply.dispensedOn);
  if (first > firstDose) {
    const message = `The first kit is handed out on day ${first} and the first dose is due on day ${firstDose}.`;
    found.push(finding('error', 'supply_after_dose', ['supply', 'dispensedOn'], message));
  }
  if (supply.content !== undefined && supply.content.lower >= supply.content.upper) {
    const message = `No content lies from ${supply.content.lower} to ${supply.content.upper} % of the label.`;
    found.push(finding('error', 'supply_content_reversed', ['supply', 'content'], message));
  }
  return found;
}

function checkStoppingRules({ safety, population }: Protocol): Finding[] {
  return (safety.stoppingRules ?? []).flatMap((rule, index) => {
    if (rule.kind !== 'rate' || rule.minimumExposed <= population.plannedSampleSize) return [];
    const path = ['safety', 'stoppingRules', index, 'minimumExposed'];
    const message = `It is asked from ${rule.minimumExposed} people on and ${population.plannedSampleSize} are planned.`;
    return [finding('error', 'stopping_rule_never_asked', path, message)];
  });
}

/** An activity that is asked only by what it says itself would never be asked again. */
function checkWhen({ activities }: Protocol): Finding[] {
  return activities.flatMap(({ id, when, instrument }, index) => {
    const compiled = when === undefined ? undefined : compileRule(when, skipVariables);
    if (compiled?.ok !== true) return [];
    const read = compiled.rule.paths.filter(({ root }) => root === 'latest').map(({ steps }) => steps[0]);
    const others = activities.some((other) => other.id !== id && other.instrument === instrument);
    if (others || read.length === 0 || read.some((one) => one !== instrument)) return [];
    const message = `“${id}” is asked by its own answers alone: once left out, it stays left out.`;
    return [finding('error', 'skip_logic_cyclic', ['activities', index, 'when'], message)];
  });
}
