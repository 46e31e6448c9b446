/** Schema issues in plain sentences. */
import type { Node } from 'jsonc-parser';
import type { z } from 'zod';
import { nodeAt, type Path } from './document-path.ts';

export type ParseProblemCode =
  | 'too_large'
  | 'too_deep'
  | 'syntax'
  | 'duplicate_key'
  | 'unknown_field'
  | 'missing'
  | 'wrong_type'
  | 'invalid_value';

export type Issue = z.core.$ZodIssue;

export type Described = {
  readonly code: ParseProblemCode;
  readonly path: Path;
  readonly message?: string;
  /** An unknown field of the object at `path`. */
  readonly key?: string;
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

export function describeIssue(issue: Issue, root: Node, prefix: Path = []): Described[] {
  const path = [...prefix, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ code: 'unknown_field', path, key }));
  if (issue.code === 'invalid_union') return describeUnion(issue, root, path);
  if (isMissing(root, path)) return [{ code: 'missing', path, message: `The field “${path.at(-1)}” is missing.` }];
  if (issue.code === 'invalid_type') {
    const name = typeNames[issue.expected] ?? issue.expected;
    return [{ code: 'wrong_type', path, message: `This must be ${name}.` }];
  }
  return [{ code: 'invalid_value', path, message: valueSentence(issue) }];
}

/** Of several shapes, the one whose complaint reaches deepest is the one that was meant. */
function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>, root: Node, path: Path): Described[] {
  if (isMissing(root, path)) return [{ code: 'missing', path, message: `The field “${path.at(-1)}” is missing.` }];
  if ('discriminator' in issue && typeof issue.discriminator === 'string') {
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    const choice = options.length > 0 ? `one of ${options.join(', ')}` : 'a known kind';
    const code = nodeAt(root, path).type === 'null' ? 'wrong_type' : 'invalid_value';
    return [{ code, path, message: `The field “${issue.discriminator}” must be ${choice}.` }];
  }
  const node = nodeAt(root, path);
  const branches = issue.errors.map((branch) => branch.flatMap((inner) => describeIssue(inner, root, path)));
  const structured = node.type === 'object' || node.type === 'array';
  const meant = branches.find((branch) => structured && branch.every((problem) => !complainsOfWhole(problem, path)));
  return meant ?? [{ code: 'wrong_type', path, message: 'This is none of the shapes allowed here.' }];
}

function complainsOfWhole(problem: Described, path: Path): boolean {
  return problem.code === 'wrong_type' && problem.path.length === path.length;
}

function isMissing(root: Node, path: Path): boolean {
  const last = path.at(-1);
  if (typeof last !== 'string') return false;
  const parent = nodeAt(root, path.slice(0, -1));
  return parent.type === 'object' && !parent.children?.some(({ children }) => children?.[0]?.value === last);
}

function valueSentence(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `This must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      return `This must be ${issue.message}.`;
    case 'too_small':
      return `This must be ${bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}.`;
    case 'too_big':
      return `This must be ${bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}.`;
    default:
      return 'This value is not allowed here.';
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `${relation} ${limit} characters long`;
  return origin === 'array' ? `a list of ${relation} ${limit}` : `${relation} ${limit}`;
}
