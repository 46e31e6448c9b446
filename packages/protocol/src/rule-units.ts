/**
 * Units in rules: `screening.age >= years(18)`. A quantity is turned into the unit of what it meets when the rule is
 * compiled, so that evaluation sees plain numbers; unlike quantities never meet.
 */
import { type PathNode, type RuleNode, RuleRefusal } from './rule-syntax.ts';

/** What each unit measures, and how many of the first unit of its kind it is. */
const units: Readonly<Record<string, readonly [kind: string, factor: number]>> = {
  minutes: ['time', 1],
  hours: ['time', 60],
  h: ['time', 60],
  days: ['time', 1440],
  weeks: ['time', 10_080],
  /** Mean lengths of the Gregorian calendar. */
  months: ['time', 43_829.1],
  years: ['time', 525_949.2],
  micrograms: ['mass', 1],
  milligrams: ['mass', 1e3],
  grams: ['mass', 1e6],
  kilograms: ['mass', 1e9],
  mmHg: ['pressure', 1],
  kPa: ['pressure', 7.500_616_827],
  drinks: ['drinks', 1],
  cups: ['cups', 1],
  points: ['points', 1],
};

export const unitNames: readonly string[] = Object.keys(units);
export const isUnit = (name: string): boolean => Object.hasOwn(units, name);

/** The unit in which a variable is recorded; null: a plain number, a text or a list. */
export type UnitOf = (path: PathNode) => string | null;
export const noUnits: UnitOf = () => null;

/**
 * The rule with every quantity written as a number of the unit it is compared with.
 * @throws RuleRefusal `rule_unit_conflict`
 */
export function withoutUnits(node: RuleNode, unitOf: UnitOf): RuleNode {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { ...node, left: withoutUnits(node.left, unitOf), right: withoutUnits(node.right, unitOf) };
    case 'not':
      return { ...node, operand: withoutUnits(node.operand, unitOf) };
    case 'compare': {
      const unit = common(node.left, node.right, unitOf);
      return { ...node, left: inUnit(node.left, unit, unitOf), right: inUnit(node.right, unit, unitOf) };
    }
    default:
      return inUnit(node, unitOfNode(node, unitOf), unitOf);
  }
}

/** The unit of a number that is worked out; null: plain, or no number. */
function unitOfNode(node: RuleNode, unitOf: UnitOf): string | null {
  switch (node.kind) {
    case 'quantity':
      return node.unit;
    case 'path':
      return unitOf(node);
    case 'minus':
      return unitOfNode(node.operand, unitOf);
    case 'arithmetic':
      if (node.operator === '+' || node.operator === '-') return common(node.left, node.right, unitOf);
      return scaled(node, unitOf);
    default:
      return null;
  }
}

/** A product or quotient of a quantity and a plain number. */
function scaled(node: Extract<RuleNode, { kind: 'arithmetic' }>, unitOf: UnitOf): string | null {
  const [left, right] = [unitOfNode(node.left, unitOf), unitOfNode(node.right, unitOf)];
  if (left !== null && right === null) return left;
  if (right !== null && left === null && node.operator === '*') return right;
  if (left === null && right === null) return null;
  throw conflict(node, 'Only a quantity and a plain number can be multiplied or divided here.');
}

/** The unit two sides share: a variable's before a written one. A plain written number takes the other side's. */
function common(left: RuleNode, right: RuleNode, unitOf: UnitOf): string | null {
  const [a, b] = [unitOfNode(left, unitOf), unitOfNode(right, unitOf)];
  if (a === null && b === null) return null;
  if (a === null || b === null) {
    const [plain, unit] = a === null ? [left, b] : [right, a];
    if (isWritten(plain)) return unit;
    throw conflict(plain, `One side is in ${unit} and the other has no unit.`);
  }
  if (units[a]?.[0] !== units[b]?.[0]) throw conflict(right, `One side is in ${a} and the other in ${b}.`);
  if (a === b) return a;
  if (hasVariable(left) && hasVariable(right)) {
    throw conflict(right, `One side is recorded in ${a} and the other in ${b}; only written quantities are converted.`);
  }
  return hasVariable(left) ? a : b;
}

/** The number in a unit that it is known to fit. */
function inUnit(node: RuleNode, unit: string | null, unitOf: UnitOf): RuleNode {
  switch (node.kind) {
    case 'quantity': {
      if (unit === null) throw conflict(node, `${node.unit} is compared with something that has no unit.`);
      const [, factor] = units[node.unit] ?? ['', 1];
      const value = (node.value * factor) / (units[unit]?.[1] ?? 1);
      return { kind: 'literal', value, words: `${node.value} ${node.unit}` };
    }
    case 'minus':
      return { ...node, operand: inUnit(node.operand, unit, unitOf) };
    case 'arithmetic': {
      const own = (part: RuleNode) => (unitOfNode(part, unitOf) === null ? null : unit);
      return {
        ...node,
        left: inUnit(node.left, own(node.left), unitOf),
        right: inUnit(node.right, own(node.right), unitOf),
      };
    }
    default:
      return node;
  }
}

const isWritten = (node: RuleNode): boolean =>
  node.kind === 'literal' || (node.kind === 'minus' && node.operand.kind === 'literal');

function hasVariable(node: RuleNode): boolean {
  if (node.kind === 'path') return true;
  if (node.kind === 'minus') return hasVariable(node.operand);
  return node.kind === 'arithmetic' && (hasVariable(node.left) || hasVariable(node.right));
}

function conflict(node: RuleNode, message: string): RuleRefusal {
  return new RuleRefusal('rule_unit_conflict', node.kind === 'quantity' ? node.offset : 0, message);
}
