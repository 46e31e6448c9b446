/** What a minimisation balances: is it asked, does every answer have a level, and does the analysis take it in? */
import type { Instrument } from '@limen/instruments';
import type { AllocationProcedure, Factor } from '../document.ts';
import { factorsInUse } from '../factors.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

type Minimisation = Extract<AllocationProcedure, { kind: 'minimisation' }>;
type Path = readonly (string | number)[];

const minimisationSource = 'Pocock & Simon 1975';

export function checkMinimisation(context: CheckContext, procedure: Minimisation, path: Path): Finding[] {
  const { stratifyBy, factors = [] } = context.protocol.randomisation;
  const defined = new Set(factors.map(({ id }) => id));
  const named = procedure.factors.map(({ id }) => id);
  const found = named.flatMap((id, index) => {
    const at = [...path, 'factors', index, 'id'];
    if (!defined.has(id)) return [finding('error', 'reference_unknown', at, `There is no factor “${id}”.`)];
    if (named.indexOf(id) === index) return [];
    return [finding('error', 'duplicate_id', at, `“${id}” is balanced twice; give it a larger weight instead.`)];
  });
  if (stratifyBy.length > 0) {
    const message = 'Every stratum would be balanced by itself; make the site a factor instead.';
    found.push(finding('warning', 'minimisation_stratified', ['randomisation', 'stratifyBy'], message));
  }
  return [...found, ...checkChances(procedure, path), ...checkAnalysis(context)];
}

function checkChances({ favour, against }: Minimisation, path: Path): Finding[] {
  if (favour <= against) {
    const message = `With ${favour} against ${against} chances the arm that balances best is not favoured.`;
    return [finding('error', 'coin_not_biased', [...path, 'favour'], message, minimisationSource)];
  }
  const chance = favour / (favour + against);
  if (chance >= 0.7 && chance <= 0.9) return [];
  const why = chance > 0.9 ? 'the next arm can be guessed too well' : 'it balances little';
  const message = `The arm that balances best has a chance of ${chance.toFixed(2)}: ${why}. Usual are 0.7 to 0.9.`;
  return [finding('warning', 'minimisation_chance', [...path, 'favour'], message, minimisationSource)];
}

/** Columns of a model that say what a factor says. */
const columnOfItem: Readonly<Record<string, string>> = { age: 'age', sex: 'sex' };

/** Leaving out what was balanced makes intervals too wide and tests too timid. */
function checkAnalysis({ protocol }: CheckContext): Finding[] {
  return factorsInUse(protocol).flatMap((factor) => {
    const column = factor.from.kind === 'site' ? 'site' : columnOfItem[factor.from.item];
    if (column === undefined) {
      const message = `No column of a model carries “${factor.label}”: plan a re-randomisation test beside the model.`;
      return [finding('warning', 'factor_not_analysed', ['randomisation', 'factors'], message, analysisSource)];
    }
    return protocol.analysis.endpoints.flatMap(({ id, level, model }, index) => {
      if (level === 'exploratory' || new RegExp(`\\b${column}\\b`).test(model)) return [];
      const message = `Allocation balances “${factor.label}”, and the model of “${id}” leaves ${column} out.`;
      return [
        finding('warning', 'factor_not_analysed', ['analysis', 'endpoints', index, 'model'], message, analysisSource),
      ];
    });
  });
}

const analysisSource = 'EMA 2015, guideline on adjustment for baseline covariates, 4.2';

/** Every factor of the document, used or not. */
export function checkFactors({ protocol, instrument }: CheckContext): Finding[] {
  const { factors = [] } = protocol.randomisation;
  const screening = instrument(protocol.population.screeningInstrument);
  const used = new Set(factorsInUse(protocol).map(({ id }) => id));
  return factors.flatMap((factor, index) => {
    const path = ['randomisation', 'factors', index];
    const again = factors.findIndex(({ id }) => id === factor.id) < index;
    return [
      ...(again ? [finding('error', 'duplicate_id', [...path, 'id'], `Two factors are called “${factor.id}”.`)] : []),
      ...(used.has(factor.id)
        ? []
        : [finding('advice', 'factor_unused', path, `Nothing balances “${factor.label}”; only a minimisation does.`)]),
      ...(screening === undefined ? [] : checkSource(factor, screening, [...path, 'from'])),
    ];
  });
}

function checkSource({ from, label }: Factor, screening: Instrument, path: Path): Finding[] {
  if (from.kind === 'site') return [];
  const item = screening.items.find(({ id }) => id === from.item);
  if (item === undefined) {
    const message = `“${screening.id}” has no item “${from.item}”.`;
    return [finding('error', 'reference_unknown', [...path, 'item'], message)];
  }
  if (item.kind !== from.kind) {
    const message = `“${from.item}” is no ${from.kind === 'number' ? 'number' : 'choice'}, so it gives “${label}” no level.`;
    return [finding('error', 'factor_without_level', [...path, 'item'], message)];
  }
  if (from.kind === 'number') {
    const rising = from.cuts.every((cut, index) => index === 0 || cut > (from.cuts[index - 1] ?? cut));
    if (rising) return [];
    return [finding('error', 'factor_without_level', [...path, 'cuts'], 'The cuts do not rise.')];
  }
  const options = item.kind === 'choice' ? (screening.responseSets[item.responseSet] ?? []).map(String) : [];
  return checkGroups(from.groups, options, [...path, 'groups']);
}

function checkGroups(
  groups: Extract<Factor['from'], { kind: 'choice' }>['groups'],
  options: readonly string[],
  path: Path,
): Finding[] {
  if (groups === undefined) return [];
  const grouped = groups.flatMap(({ answers }) => answers);
  const wrong = (message: string) => finding('error', 'factor_without_level', path, message);
  const labels = groups.map(({ label }) => label);
  return [
    ...options.filter((option) => !grouped.includes(option)).map((option) => wrong(`No group has “${option}”.`)),
    ...[...new Set(grouped)].flatMap((answer) => {
      if (!options.includes(answer)) return [wrong(`“${answer}” is no answer of the item.`)];
      return grouped.filter((one) => one === answer).length > 1 ? [wrong(`Two groups have “${answer}”.`)] : [];
    }),
    ...(new Set(labels).size < labels.length ? [wrong('Two groups have the same name.')] : []),
  ];
}
