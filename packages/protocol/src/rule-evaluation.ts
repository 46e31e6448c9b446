/** The evaluator: a value or unknown for each node, with the reasons that decided it. */
import type { Arithmetic, Comparison, PathNode, RuleNode } from './rule-syntax.ts';

export type RuleContext = Readonly<Record<string, unknown>>;

const unknown = Symbol('unknown');
type Scalar = number | string | boolean;
type Value = Scalar | readonly unknown[] | Readonly<Record<string, unknown>> | typeof unknown;

export type Evaluated = {
  readonly value: Value;
  /** Sentences on the values that decided; empty for a plain operand. */
  readonly because: readonly string[];
  readonly missing: readonly string[];
  /** How the operand reads in a sentence. */
  readonly words: string;
};

export function evaluateNode(node: RuleNode, context: RuleContext): Evaluated {
  switch (node.kind) {
    case 'literal':
      return operand(node.value, node.words ?? show(node.value));
    case 'quantity':
      throw new TypeError('Quantities are numbers after compilation.');
    case 'path':
      return readPath(node, context);
    case 'list':
      return listOf(node.items.map((item) => evaluateNode(item, context)));
    case 'and':
      return connect(false, condition(node.left, context), condition(node.right, context));
    case 'or':
      return connect(true, condition(node.left, context), condition(node.right, context));
    case 'not':
      return negate(condition(node.operand, context));
    case 'minus':
      return arithmetic('-', operand(0, '0'), evaluateNode(node.operand, context));
    case 'compare':
      return compare(node.operator, evaluateNode(node.left, context), evaluateNode(node.right, context));
    case 'arithmetic':
      return arithmetic(node.operator, evaluateNode(node.left, context), evaluateNode(node.right, context));
    case 'in':
      return member(evaluateNode(node.item, context), evaluateNode(node.list, context));
    case 'size':
      return sizeOf(evaluateNode(node.of, context));
    case 'has':
      return presence(node.path, context);
    default:
      return node satisfies never;
  }
}

function operand(value: Value, words: string): Evaluated {
  return { value, because: [], missing: [], words };
}

function decided(value: boolean, sentence: string): Evaluated {
  return { value, because: [sentence], missing: [], words: sentence };
}

/** Unknown, for the reasons of the operands or else for the one given. */
function open(sentence: string, ...operands: readonly Evaluated[]): Evaluated {
  const because = operands.filter(({ value }) => value === unknown).flatMap((part) => part.because);
  const missing = operands.flatMap((part) => part.missing);
  return { value: unknown, because: because.length > 0 ? because : [sentence], missing, words: sentence };
}

/** A node in the place of a condition: a bare variable must be true or false. */
function condition(node: RuleNode, context: RuleContext): Evaluated {
  const result = evaluateNode(node, context);
  if (typeof result.value === 'boolean') {
    if (result.because.length > 0) return result;
    const name = node.kind === 'path' ? nameOf(node.root, node.steps) : 'the written value';
    return decided(result.value, `${name} is ${result.value}`);
  }
  return result.value === unknown ? result : open(`${result.words} is neither true nor false`);
}

/** Kleene: `decisive` (false for and, true for or) wins over unknown; otherwise unknown wins. */
function connect(decisive: boolean, left: Evaluated, right: Evaluated): Evaluated {
  const both = [left, right];
  const winners = both.filter(({ value }) => value === decisive);
  const unknowns = both.filter(({ value }) => value === unknown);
  const deciding = winners.length > 0 ? winners : unknowns.length > 0 ? unknowns : both;
  const value = winners.length > 0 ? decisive : unknowns.length > 0 ? unknown : !decisive;
  return {
    value,
    because: deciding.flatMap(({ because }) => because),
    missing: value === unknown ? unknowns.flatMap(({ missing }) => missing) : [],
    words: '',
  };
}

function negate(result: Evaluated): Evaluated {
  return typeof result.value === 'boolean' ? { ...result, value: !result.value } : result;
}

function readPath({ root, steps }: PathNode, context: RuleContext): Evaluated {
  const value = follow([root, ...steps], context);
  const words = nameOf(root, steps);
  if (value !== undefined) return operand(value, isScalar(value) ? `${words} ${show(value)}` : words);
  return { value: unknown, because: [`${words} is not known`], missing: [pathText(root, steps)], words };
}

/** Own properties only; null, undefined and NaN are no value. */
function follow(steps: readonly (string | number)[], context: unknown): Exclude<Value, typeof unknown> | undefined {
  let value = context;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  return isScalar(value) ? value : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value));
}

function listOf(items: readonly Evaluated[]): Evaluated {
  if (items.some(({ value }) => value === unknown)) return open('a list has a missing part', ...items);
  return operand(
    items.map(({ value }) => value),
    items.map(({ words }) => words).join(', '),
  );
}

const relations: Record<Comparison, readonly [whenTrue: string, whenFalse: string]> = {
  '==': ['is', 'is not'],
  '!=': ['is not', 'is'],
  '<': ['is below', 'is not below'],
  '<=': ['is at most', 'is above'],
  '>': ['is above', 'is not above'],
  '>=': ['is at least', 'is below'],
};

function compare(operator: Comparison, left: Evaluated, right: Evaluated): Evaluated {
  if (left.value === unknown || right.value === unknown) return open('', left, right);
  const outcome = compareValues(operator, left.value, right.value);
  if (outcome === undefined) return open(`${left.words} and ${right.words} cannot be compared`, left, right);
  const relation = relations[operator][outcome ? 0 : 1];
  return decided(outcome, `${left.words} ${relation} ${right.words}`);
}

/** Undefined where the two are not of one type: a comparison of unlike things decides nothing. */
function compareValues(operator: Comparison, left: Value, right: Value): boolean | undefined {
  if (typeof left !== typeof right || !isScalar(left) || !isScalar(right)) return undefined;
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left === 'boolean') return undefined;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

const arithmeticWords: Record<Arithmetic, string> = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divided by' };

function arithmetic(operator: Arithmetic, left: Evaluated, right: Evaluated): Evaluated {
  const words = `${left.words} ${arithmeticWords[operator]} ${right.words}`;
  if (typeof left.value !== 'number' || typeof right.value !== 'number') {
    return open(`${words} is not a calculation with numbers`, left, right);
  }
  const value = calculate(operator, left.value, right.value);
  return Number.isFinite(value) ? operand(value, `${words} (${show(value)})`) : open(`${words} has no result`);
}

function calculate(operator: Arithmetic, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

function member(item: Evaluated, list: Evaluated): Evaluated {
  if (item.value === unknown || list.value === unknown) return open('', item, list);
  if (!Array.isArray(list.value)) return open(`${list.words} is not a list`);
  const found = list.value.includes(item.value);
  return decided(found, `${item.words} is ${found ? '' : 'not '}among ${list.words}`);
}

function sizeOf(of: Evaluated): Evaluated {
  if (of.value === unknown) return open('', of);
  if (Array.isArray(of.value)) {
    const items = of.value.length > 0 ? ` (${of.value.map(String).join(', ')})` : '';
    return operand(of.value.length, `number of ${of.words}${items} ${of.value.length}`);
  }
  if (typeof of.value === 'string') return operand([...of.value].length, `length of ${of.words}`);
  return open(`${of.words} has no size`);
}

function presence({ root, steps }: PathNode, context: RuleContext): Evaluated {
  const present = follow([root, ...steps], context) !== undefined;
  return decided(present, `${nameOf(root, steps)} is ${present ? 'known' : 'not known'}`);
}

function show(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  return typeof value === 'string' ? `“${value}”` : String(value);
}

/** `screening.age` reads as `age`; `latest['phq-9'].total` as `latest phq-9 total`. */
function nameOf(root: string, steps: readonly (string | number)[]): string {
  const quiet = root === 'screening' && steps.length > 0;
  return (quiet ? steps : [root, ...steps]).join(' ');
}

function pathText(root: string, steps: readonly (string | number)[]): string {
  return steps.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `${text}.${step}` : `${text}['${step}']`;
  }, root);
}
