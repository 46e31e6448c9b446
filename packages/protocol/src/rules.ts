/** Three-valued rules: compile once, evaluate often, always with the values that decided. */
import { evaluateNode, type RuleContext } from './rule-evaluation.ts';
import { type PathNode, type RuleNode, type RuleProblem, RuleRefusal, readRule } from './rule-syntax.ts';
import { isUnit, noUnits, type UnitOf, withoutUnits } from './rule-units.ts';

export type RuleVerdict = 'true' | 'false' | 'unknown';

export type CompiledRule = {
  readonly text: string;
  readonly node: RuleNode;
  /** Every path the rule reads, in order of appearance. */
  readonly paths: readonly PathNode[];
};

export type RuleResult = {
  readonly verdict: RuleVerdict;
  /** Paths without a value that left the verdict open, such as `screening.age`. */
  readonly missing: readonly string[];
  /** The values that decided: `age 17 is below 18`. */
  readonly explanation: string;
};

export type RuleCompilation =
  | { readonly ok: true; readonly rule: CompiledRule }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** Most rules kept compiled at a time. */
const cacheLimit = 1000;
const caches = new WeakMap<UnitOf, Map<string, RuleCompilation>>();

/**
 * Compiles a rule over the named variables. The same text, variables and units give the same object.
 *
 *     const compiled = compileRule('screening.age >= 18', ['screening']);
 *     if (compiled.ok) evaluateRule(compiled.rule, { screening: { age: 17 } }).verdict; // 'false'
 */
export function compileRule(text: string, variables: readonly string[], unitOf: UnitOf = noUnits): RuleCompilation {
  const key = `${variables.join(',')}\n${text}`;
  const cache = caches.get(unitOf) ?? new Map<string, RuleCompilation>();
  caches.set(unitOf, cache);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const compiled = compile(text, variables, unitOf);
  const oldest = cache.size >= cacheLimit ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, compiled);
  return compiled;
}

function compile(text: string, variables: readonly string[], unitOf: UnitOf): RuleCompilation {
  try {
    const written = readRule(text, isUnit);
    const paths = pathsOf(written);
    const node = paths.every(({ root }) => variables.includes(root)) ? withoutUnits(written, unitOf) : written;
    const problems = paths
      .filter(({ root }) => !variables.includes(root))
      .map(({ root }) => {
        const message = `There is no variable “${root}” here; there are ${variables.join(', ')}.`;
        return problem(text, { code: 'rule_unknown_variable', offset: wordOffset(text, root), message });
      });
    if (!isCondition(node)) {
      const message = 'A rule must be a condition, such as a comparison.';
      problems.push(problem(text, { code: 'rule_not_a_condition', offset: 0, message }));
    }
    return problems.length > 0 ? { ok: false, problems } : { ok: true, rule: { text, node, paths } };
  } catch (error) {
    if (!(error instanceof RuleRefusal)) throw error;
    return { ok: false, problems: [problem(text, error)] };
  }
}

/**
 * Kleene's strong three-valued logic: what is missing, null or of another type is unknown, never false.
 * `unknown || true` is true, `unknown && false` is false.
 */
export function evaluateRule(rule: CompiledRule, context: RuleContext): RuleResult {
  const { value, because, missing } = evaluateNode(rule.node, context);
  const verdict: RuleVerdict = value === true ? 'true' : value === false ? 'false' : 'unknown';
  return {
    verdict,
    missing: verdict === 'unknown' ? [...new Set(missing)] : [],
    explanation: [...new Set(because)].join('; '),
  };
}

function problem(
  text: string,
  { code, offset, message }: Pick<RuleProblem, 'code' | 'offset' | 'message'>,
): RuleProblem {
  const before = text.slice(0, offset).split('\n');
  return { code, offset, line: before.length, column: (before.at(-1) ?? '').length + 1, message };
}

function wordOffset(text: string, word: string): number {
  return Math.max(0, text.search(new RegExp(`(?<![\\w.'"])${word}\\b`)));
}

function isCondition(node: RuleNode): boolean {
  return (
    !['list', 'minus', 'arithmetic', 'size', 'quantity'].includes(node.kind) &&
    !(node.kind === 'literal' && typeof node.value !== 'boolean')
  );
}

function pathsOf(node: RuleNode): PathNode[] {
  switch (node.kind) {
    case 'literal':
    case 'quantity':
      return [];
    case 'path':
      return [node];
    case 'list':
      return node.items.flatMap(pathsOf);
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      return [...pathsOf(node.left), ...pathsOf(node.right)];
    case 'not':
    case 'minus':
      return pathsOf(node.operand);
    case 'in':
      return [...pathsOf(node.item), ...pathsOf(node.list)];
    case 'size':
      return pathsOf(node.of);
    case 'has':
      return [node.path];
    default:
      return node satisfies never;
  }
}
