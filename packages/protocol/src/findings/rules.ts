/** Can every rule be read, and is everything it reads ever recorded? */
import type { Instrument } from '@limen/instruments';
import type { Path } from '../document-path.ts';
import { eligibilityVariables, screeningUnits } from '../eligibility.ts';
import { holdVariables, skipVariables } from '../hold-rules.ts';
import type { PathNode, RuleNode } from '../rule-syntax.ts';
import type { UnitOf } from '../rule-units.ts';
import { compileRule } from '../rules.ts';
import { type CheckContext, type Finding, finding } from './finding.ts';

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  interactions: ['contraindicated', 'major', 'caution', 'unknown', 'listed'],
  adverseEvent: ['grade', 'serious', 'ongoing'],
  doses: ['taken', 'missed'],
};

type Names = {
  readonly exists: (path: PathNode) => boolean;
  readonly answersOf: (path: PathNode) => readonly unknown[] | undefined;
  readonly unitOf: UnitOf;
};

export function checkRules(context: CheckContext): Finding[] {
  const { population, safety } = context.protocol;
  const screening = context.instrument(population.screeningInstrument);
  const instruments = instrumentsInUse(context);
  const flags = new Set(instruments.flatMap((instrument) => instrument.safetyFlags.map(({ flag }) => flag)));
  const names: Names = {
    unitOf: screeningUnits(screening),
    exists: (path) => isRecorded(path, screening, instruments),
    answersOf: (path) => (path.root === 'flags' ? [...flags] : answersOf(path, screening)),
  };
  return [
    ...population.eligibility.flatMap(({ rule }, index) =>
      checkRule(rule, eligibilityVariables, ['population', 'eligibility', index, 'rule'], names),
    ),
    ...safety.holdRules.flatMap(({ rule }, index) =>
      checkRule(rule, holdVariables, ['safety', 'holdRules', index, 'rule'], names),
    ),
    ...context.protocol.activities.flatMap(({ when }, index) =>
      when === undefined ? [] : checkRule(when, skipVariables, ['activities', index, 'when'], names),
    ),
    ...checkFlags(context, flags),
  ];
}

function instrumentsInUse({ protocol, instrument }: CheckContext): Instrument[] {
  const ids = new Set(protocol.activities.map((activity) => activity.instrument));
  return [...ids].flatMap((id) => instrument(id) ?? []);
}

function checkRule(text: string, variables: readonly string[], path: Path, names: Names): Finding[] {
  const compiled = compileRule(text, variables, names.unitOf);
  if (!compiled.ok) {
    return compiled.problems.map(({ code, line, column, message }) =>
      finding('error', code, path, `${message} (line ${line}, column ${column} of the rule)`),
    );
  }
  const unknown = compiled.rule.paths.filter((node) => !names.exists(node));
  return [
    ...unknown.map((node) => {
      const name = [node.root, ...node.steps].join(' ');
      return finding('error', 'rule_unknown_name', path, `Nothing in this protocol records “${name}”.`);
    }),
    ...comparedAnswers(compiled.rule.node).flatMap(([node, value]) => {
      const possible = names.answersOf(node);
      if (possible === undefined || possible.includes(value)) return [];
      const message = `“${String(value)}” is not a possible value of ${[node.root, ...node.steps].join(' ')}.`;
      return [finding('error', 'rule_unknown_answer', path, message)];
    }),
  ];
}

function isRecorded(
  { root, steps }: PathNode,
  screening: Instrument | undefined,
  instruments: readonly Instrument[],
): boolean {
  const [first, second] = steps;
  if (root === 'screening')
    return screening === undefined || first === undefined || screening.items.some(({ id }) => id === first);
  if (root === 'latest' || root === 'baseline') {
    const instrument = instruments.find(({ id }) => id === first);
    return instrument?.scoring.scores.some(({ id }) => id === second) ?? false;
  }
  const fields = fieldsOf[root];
  return fields === undefined || first === undefined || fields.includes(String(first));
}

/** What a choice item can be answered with; undefined where any value is possible. */
function answersOf({ root, steps }: PathNode, screening: Instrument | undefined): readonly unknown[] | undefined {
  if (root !== 'screening' || steps.length !== 1) return undefined;
  const item = screening?.items.find(({ id }) => id === steps[0]);
  return item !== undefined && 'responseSet' in item ? screening?.responseSets[item.responseSet] : undefined;
}

/** Each path that is compared with a written-out value, or searched for one. */
function comparedAnswers(node: RuleNode): [PathNode, unknown][] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return [...comparedAnswers(node.left), ...comparedAnswers(node.right)];
    case 'not':
      return comparedAnswers(node.operand);
    case 'compare':
      return node.operator === '==' || node.operator === '!='
        ? [...pair(node.left, node.right), ...pair(node.right, node.left)]
        : [];
    case 'in':
      if (node.list.kind === 'list') return node.list.items.flatMap((item) => pair(node.item, item));
      return pair(node.list, node.item);
    default:
      return [];
  }
}

function pair(path: RuleNode, value: RuleNode): [PathNode, unknown][] {
  return path.kind === 'path' && value.kind === 'literal' ? [[path, value.value]] : [];
}

function checkFlags({ protocol }: CheckContext, flags: ReadonlySet<string>): Finding[] {
  const rules = protocol.safety.holdRules.map(({ rule }) => rule);
  const unread = [...flags].filter(
    (flag) => !rules.some((rule) => rule.includes(`'${flag}'`) || rule.includes(`"${flag}"`)),
  );
  return unread.map((flag) =>
    finding('warning', 'safety_flag_without_rule', ['safety', 'holdRules'], `No hold rule reads the flag “${flag}”.`),
  );
}
