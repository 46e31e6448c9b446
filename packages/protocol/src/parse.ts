/** From text to a protocol, or to a list of problems with path, line and column. Never throws. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type ProtocolDocument, protocolSchema } from './document.ts';
import { formatPath, keyNodeOf, nodeAt, type Path } from './document-path.ts';
import { describeIssue, type Issue, type ParseProblemCode } from './issues.ts';

export type { ParseProblemCode } from './issues.ts';

export const parseLimits = { characters: 2_000_000, depth: 64, problems: 100 } as const;

export type ParseProblem = {
  readonly code: ParseProblemCode;
  /** Such as `activities[2].window.opensAt`; empty for the whole document. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly message: string;
};

export type ParseResult =
  | { readonly ok: true; readonly protocol: ProtocolDocument }
  | { readonly ok: false; readonly problems: readonly ParseProblem[] };

type Located = {
  readonly code: ParseProblemCode;
  readonly path: Path;
  readonly offset: number;
  readonly message: string;
};

/**
 * Reads a protocol document. JSON as in RFC 8259: no comments, no trailing commas, no repeated keys, no unknown fields.
 *
 *     const result = parseProtocol('{ "format": "limen-protocol/2" }');
 *     if (!result.ok) result.problems[0]?.path; // 'format'
 */
export function parseProtocol(text: string): ParseResult {
  const problems = findProblems(text);
  if (!Array.isArray(problems)) return { ok: true, protocol: problems };
  return { ok: false, problems: positioned(text, problems) };
}

function findProblems(text: string): ProtocolDocument | Located[] {
  if (text.length > parseLimits.characters) {
    return [whole('too_large', `The document is longer than ${parseLimits.characters} characters.`)];
  }
  const deep = firstTooDeep(text);
  if (deep !== undefined) {
    return [{ ...whole('too_deep', `Brackets are nested deeper than ${parseLimits.depth}.`), offset: deep }];
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0) return errors.map((error) => syntaxProblem(text, error));
  if (root === undefined) return [whole('syntax', 'The document is empty.')];
  const problems: Located[] = [];
  const value = plainValue(root, [], problems);
  const result = protocolSchema.safeParse(value);
  if (!result.success) problems.push(...schemaProblems(result.error.issues, root));
  return problems.length > 0 || !result.success ? problems : result.data;
}

function whole(code: ParseProblemCode, message: string): Located {
  return { code, path: [], offset: 0, message };
}

/** Offset of the first bracket beyond the depth limit, so that nothing below needs a deep stack. */
function firstTooDeep(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (inString) {
      if (character === '\\') offset += 1;
      else if (character === '"' || character === '\n') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > parseLimits.depth) return offset;
  }
  return undefined;
}

const syntaxSentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is not JSON; text stands in double quotes.',
  InvalidNumberFormat: 'This is not a number as JSON writes it.',
  PropertyNameExpected: 'A field name in double quotes is expected here.',
  ValueExpected: 'A value is expected here.',
  ColonExpected: 'A colon is expected between a field name and its value.',
  CommaExpected: 'A comma is expected here.',
  CloseBraceExpected: 'A closing brace is expected here.',
  CloseBracketExpected: 'A closing bracket is expected here.',
  EndOfFileExpected: 'The document ends before this.',
  InvalidCommentToken: 'Comments are not allowed; JSON has none.',
  UnexpectedEndOfComment: 'A comment does not end, and comments are not allowed.',
  UnexpectedEndOfString: 'A text does not end; a closing double quote is missing.',
  UnexpectedEndOfNumber: 'A number is cut short.',
  InvalidUnicode: 'An escape such as \\u00b5 needs four hexadecimal digits.',
  InvalidEscapeCharacter: 'This escape is not one of JSON’s.',
  InvalidCharacter: 'This character must be written as an escape.',
};

function syntaxProblem(text: string, error: ParseError): Located {
  const name = printParseErrorCode(error.error);
  const message = syntaxSentences[name] ?? 'This is not JSON.';
  return { code: 'syntax', path: [], offset: Math.min(error.offset, text.length), message };
}

/** The plain value of a node; repeated keys become problems instead of silently winning. */
function plainValue(node: Node, path: Path, problems: Located[]): unknown {
  const children = node.children ?? [];
  if (node.type === 'array') return children.map((child, index) => plainValue(child, [...path, index], problems));
  if (node.type !== 'object') return node.value;
  const object: Record<string, unknown> = {};
  for (const property of children) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined || valueNode === undefined) continue;
    const key = String(keyNode.value);
    const here = [...path, key];
    if (Object.hasOwn(object, key)) {
      const message = `The field “${key}” stands here a second time.`;
      problems.push({ code: 'duplicate_key', path: here, offset: keyNode.offset, message });
    } else if (key === '__proto__') {
      problems.push({ code: 'unknown_field', path: here, offset: keyNode.offset, message: unknownField(key) });
    } else object[key] = plainValue(valueNode, here, problems);
  }
  return object;
}

function unknownField(key: string): string {
  return `There is no field “${key}” here.`;
}

function schemaProblems(issues: readonly Issue[], root: Node): Located[] {
  return issues.flatMap((issue) =>
    describeIssue(issue, root).map(({ code, path, message, key }): Located => {
      const node = nodeAt(root, path);
      const keyNode = key === undefined ? undefined : keyNodeOf(node, key);
      const full = key === undefined ? path : [...path, key];
      return { code, path: full, offset: (keyNode ?? node).offset, message: message ?? unknownField(key ?? '') };
    }),
  );
}

function positioned(text: string, problems: readonly Located[]): ParseProblem[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  const sorted = [...problems].sort((a, b) => a.offset - b.offset).slice(0, parseLimits.problems);
  return sorted.map(({ code, path, offset, message }) => {
    const next = starts.findIndex((start) => start > offset);
    const line = next === -1 ? starts.length : next;
    return { code, path: formatPath(path), line, column: offset - (starts[line - 1] ?? 0) + 1, message };
  });
}
