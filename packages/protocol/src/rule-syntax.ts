/**
 * Reading a rule. The grammar is CEL's, parsed by cel-js; this package accepts the part of it that three-valued logic
 * gives a plain meaning, and refuses the rest at compile time with a position.
 */
import { type ASTNode, ParseError, parse } from '@marcbachmann/cel-js';

export const comparisons = ['==', '!=', '<', '<=', '>', '>='] as const;
export const arithmetic = ['+', '-', '*', '/'] as const;
export type Comparison = (typeof comparisons)[number];
export type Arithmetic = (typeof arithmetic)[number];

/** A path into the context, such as `latest['phq-9'].total`. */
export type PathNode = { readonly kind: 'path'; readonly root: string; readonly steps: readonly (string | number)[] };

export type RuleNode =
  | {
      readonly kind: 'literal';
      readonly value: number | string | boolean;
      /** How it reads in a sentence, where that is not the value itself. */
      readonly words?: string;
    }
  /** A written number with its unit; gone after compilation. */
  | { readonly kind: 'quantity'; readonly value: number; readonly unit: string; readonly offset: number }
  | { readonly kind: 'list'; readonly items: readonly RuleNode[] }
  | PathNode
  | { readonly kind: 'and' | 'or'; readonly left: RuleNode; readonly right: RuleNode }
  | { readonly kind: 'not' | 'minus'; readonly operand: RuleNode }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: RuleNode; readonly right: RuleNode }
  | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: RuleNode; readonly right: RuleNode }
  | { readonly kind: 'in'; readonly item: RuleNode; readonly list: RuleNode }
  | { readonly kind: 'size'; readonly of: RuleNode }
  | { readonly kind: 'has'; readonly path: PathNode };

export type RuleProblemCode =
  | 'rule_syntax'
  | 'rule_unknown_variable'
  | 'rule_not_supported'
  | 'rule_not_a_condition'
  | 'rule_unit_conflict';

export type RuleProblem = {
  readonly code: RuleProblemCode;
  /** Offset into the rule's text, from 0. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/** Thrown inside this package only; `compileRule` turns it into a problem. */
export class RuleRefusal extends Error {
  readonly code: RuleProblemCode;
  readonly offset: number;

  constructor(code: RuleProblemCode, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/**
 * @param isUnit whether a function of this name writes a quantity
 * @throws RuleRefusal
 */
export function readRule(text: string, isUnit: (name: string) => boolean): RuleNode {
  return lower(parseCel(text), isUnit);
}

function parseCel(text: string): ASTNode {
  try {
    return parse(text).ast;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new RuleRefusal('rule_syntax', error.range?.start ?? 0, `This rule cannot be read: ${error.summary}.`);
  }
}

type IsUnit = (name: string) => boolean;

/** From cel-js nodes to ours; what has no three-valued meaning here is refused. */
function lower(node: ASTNode, isUnit: IsUnit): RuleNode {
  const below = (part: ASTNode) => lower(part, isUnit);
  switch (node.op) {
    case 'value':
      return literal(node.args, node.start);
    case 'id':
      return { kind: 'path', root: node.args, steps: [] };
    case '.':
      return step(below(node.args[0]), node.args[1], node.start);
    case '[]':
      return step(below(node.args[0]), indexOf(node.args[1]), node.start);
    case '||':
    case '&&':
      return { kind: node.op === '||' ? 'or' : 'and', left: below(node.args[0]), right: below(node.args[1]) };
    case '!_':
      return { kind: 'not', operand: below(node.args) };
    case '-_':
      return { kind: 'minus', operand: below(node.args) };
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { kind: 'compare', operator: node.op, left: below(node.args[0]), right: below(node.args[1]) };
    case '+':
    case '-':
    case '*':
    case '/':
      return { kind: 'arithmetic', operator: node.op, left: below(node.args[0]), right: below(node.args[1]) };
    case 'in':
      return { kind: 'in', item: below(node.args[0]), list: below(node.args[1]) };
    case 'list':
      return { kind: 'list', items: node.args.map(below) };
    case 'call':
      return call(node.args[0], node.args[1], node.start, isUnit);
    default:
      throw new RuleRefusal('rule_not_supported', node.start, `“${node.op}” is not part of the rule language.`);
  }
}

function literal(value: unknown, offset: number): RuleNode {
  if (typeof value === 'bigint') return { kind: 'literal', value: Number(value) };
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return { kind: 'literal', value };
  }
  const message = 'Only numbers, texts, true and false can be written out; ask for a missing value with has(…).';
  throw new RuleRefusal('rule_not_supported', offset, message);
}

function step(base: RuleNode, name: string | number, offset: number): PathNode {
  if (base.kind === 'path') return { ...base, steps: [...base.steps, name] };
  throw new RuleRefusal('rule_not_supported', offset, 'Only a variable has parts.');
}

function indexOf(index: ASTNode): string | number {
  if (index.op === 'value' && typeof index.args === 'string') return index.args;
  if (index.op === 'value' && typeof index.args === 'bigint') return Number(index.args);
  throw new RuleRefusal('rule_not_supported', index.start, 'An index is a written-out text or whole number.');
}

function call(name: string, parts: readonly ASTNode[], offset: number, isUnit: IsUnit): RuleNode {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    if (name === 'size') return { kind: 'size', of: lower(only, isUnit) };
    if (name === 'has') {
      const path = lower(only, isUnit);
      if (path.kind === 'path') return { kind: 'has', path };
      throw new RuleRefusal('rule_not_supported', only.start, 'has(…) takes a variable.');
    }
    if (isUnit(name)) {
      const amount = lower(only, isUnit);
      if (amount.kind === 'literal' && typeof amount.value === 'number') {
        return { kind: 'quantity', value: amount.value, unit: name, offset };
      }
      throw new RuleRefusal('rule_not_supported', only.start, `${name}(…) takes a written number.`);
    }
  }
  throw new RuleRefusal(
    'rule_not_supported',
    offset,
    `The functions are size(…), has(…) and units such as days(…), not ${name}.`,
  );
}
