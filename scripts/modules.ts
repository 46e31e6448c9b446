/** Reads every module of a tree: what it imports, and what it touches that a pure module must not. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { parseSync } from 'vite';

export interface ModuleImport {
  /** As written, or `undefined` where it is computed at run time. */
  readonly specifier: string | undefined;
  readonly line: number;
}

export interface Module {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly imports: readonly ModuleImport[];
  /** Clock, randomness, process and network, as `Date.now at line 3`. */
  readonly impurities: readonly string[];
  readonly faults: readonly string[];
}

const MODULE_ENDINGS = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']);
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage', '.git', '.limen']);

/** Paths of all files below a root, from it and with `/`, without what is installed or built. */
export function listFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : listFiles(root, path);
      return entry.isFile() ? [path.split(sep).join('/')] : [];
    })
    .sort();
}

export function isModule(path: string): boolean {
  return MODULE_ENDINGS.has(extname(path)) && !path.endsWith('.d.ts');
}

export function isTest(path: string): boolean {
  return /\.(test|test-program)\.[a-z]+$/.test(path);
}

/** Parses one module. Faults of syntax are answered, not thrown: an unread module must be seen. */
export function readModule(root: string, path: string): Module {
  const text = readFileSync(join(root, path), 'utf8');
  const parsed = parseSync(relative(root, join(root, path)), text);
  const lineAt = countLines(text);
  const imports: ModuleImport[] = [];
  const impurities: string[] = [];
  const declared = collectDeclared(parsed.program);
  walk(parsed.program, (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ specifier: found.specifier, line: lineAt(node.start) });
    const impurity = impurityOf(node, declared);
    if (impurity !== undefined) impurities.push(`${impurity} at line ${lineAt(node.start)}`);
  });
  return { path, imports, impurities, faults: parsed.errors.map((error) => error.message) };
}

/** A node of the syntax tree (ESTree with TypeScript), read without trusting its shape. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const entry of value) walk(entry, visit);
    return;
  }
  if (!isNode(value)) return;
  visit(value);
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) walk(child, visit);
  }
}

function importOf(node: Node): { specifier: string | undefined } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
    case 'ExportAllDeclaration':
      return { specifier: textOf(node.source ?? node.argument) };
    case 'ExportNamedDeclaration':
      return isNode(node.source) ? { specifier: textOf(node.source) } : undefined;
    case 'TSExternalModuleReference':
      return { specifier: textOf(node.expression) };
    case 'CallExpression':
      return isName(node.callee, 'require') ? { specifier: textOf(firstOf(node.arguments)) } : undefined;
    default:
      return undefined;
  }
}

/** The text of a literal, or of a template without gaps. */
function textOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Literal' && typeof value.value === 'string') return value.value;
  if (value.type === 'TSLiteralType') return textOf(value.literal);
  if (value.type !== 'TemplateLiteral' || !Array.isArray(value.expressions) || value.expressions.length > 0)
    return undefined;
  const part: unknown = firstOf(value.quasis);
  const cooked: unknown = isNode(part) ? part.value : undefined;
  return typeof cooked === 'object' && cooked !== null && 'cooked' in cooked ? String(cooked.cooked) : undefined;
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

function isName(value: unknown, name: string): boolean {
  return isNode(value) && value.type === 'Identifier' && value.name === name;
}

const FORBIDDEN_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['now', 'timeOrigin'],
  crypto: ['getRandomValues', 'randomUUID'],
  Temporal: ['Now'],
};
const FORBIDDEN_CALLS = ['fetch', 'setTimeout', 'setInterval', 'queueMicrotask', 'requestAnimationFrame'];

/** What a pure module must not do. A name that the module declares itself is its own affair. */
function impurityOf(node: Node, declared: ReadonlySet<string>): string | undefined {
  if (node.type === 'MemberExpression') {
    const object = globalName(node.object, declared);
    const property = node.computed === true ? textOf(node.property) : nameOf(node.property);
    if (object === 'process') return `process.${property ?? '…'}`;
    if (object === 'globalThis' && property === 'process') return 'globalThis.process';
    if (object !== undefined && property !== undefined && FORBIDDEN_MEMBERS[object]?.includes(property)) {
      return `${object}.${property}`;
    }
    return undefined;
  }
  const callee =
    node.type === 'NewExpression' || node.type === 'CallExpression' ? globalName(node.callee, declared) : undefined;
  if (callee === undefined) return undefined;
  const bare = Array.isArray(node.arguments) && node.arguments.length === 0;
  if (callee === 'Date' && (bare || node.type === 'CallExpression'))
    return node.type === 'NewExpression' ? 'new Date()' : 'Date()';
  return FORBIDDEN_CALLS.includes(callee) ? callee : undefined;
}

/** The name of a global that is meant: `Date`, or `globalThis.Date`. */
function globalName(value: unknown, declared: ReadonlySet<string>): string | undefined {
  const name = nameOf(value);
  if (name !== undefined) return declared.has(name) ? undefined : name;
  if (isNode(value) && value.type === 'MemberExpression' && isName(value.object, 'globalThis'))
    return nameOf(value.property);
  return undefined;
}

function nameOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Identifier' && typeof value.name === 'string' ? value.name : undefined;
}

/** Names bound anywhere in the module: parameters, variables, functions, imports. */
function collectDeclared(program: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    const name = nameOf(pattern);
    if (name !== undefined) names.add(name);
    else walkPattern(pattern, bind);
  };
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator' || node.type === 'ClassDeclaration') bind(node.id);
    if (/Function/.test(node.type)) {
      bind(node.id);
      for (const parameter of Array.isArray(node.params) ? node.params : []) bind(parameter);
    }
    if (/^Import.*Specifier$/.test(node.type)) bind(node.local);
  });
  return names;
}

function walkPattern(pattern: Node, bind: (pattern: unknown) => void): void {
  if (pattern.type === 'AssignmentPattern') bind(pattern.left);
  if (pattern.type === 'RestElement') bind(pattern.argument);
  if (pattern.type === 'Property') bind(pattern.value);
  for (const list of [pattern.elements, pattern.properties]) {
    for (const entry of Array.isArray(list) ? list : []) bind(entry);
  }
}

function countLines(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split('\n').length;
}
