/** Which way the doors open: holds every module of the repository to the table of ARCHITECTURE.md. */
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import type { Module, ModuleImport } from './modules.ts';
import { isModule, isTest, listFiles, readModule } from './modules.ts';

/** What each room may use of the others. Apps are named by their folder. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pharmacology: [],
  instruments: [],
  randomization: [],
  ledger: [],
  wearables: [],
  statistics: [],
  protocol: ['pharmacology', 'instruments'],
  conduct: ['protocol', 'instruments'],
  contract: ['protocol', 'conduct', 'instruments'],
  simulation: ['protocol', 'conduct', 'instruments', 'pharmacology', 'randomization', 'statistics', 'analysis'],
  analysis: ['protocol', 'statistics', 'randomization'],
  interchange: ['protocol'],
};
const EVERY_PACKAGE = Object.keys(PACKAGES);
const WEB_APP = ['contract', 'protocol', 'conduct', 'instruments'];
const APPS: Readonly<Record<string, readonly string[]>> = {
  access: [],
  postgres: [],
  typeset: [],
  study: [...EVERY_PACKAGE, 'access', 'postgres', 'typeset'],
  vault: [...EVERY_PACKAGE, 'access', 'postgres', 'typeset'],
  console: [...WEB_APP, 'analysis', 'interchange', 'randomization', 'simulation'],
  companion: [...WEB_APP, 'wearables'],
  cli: [...EVERY_PACKAGE, 'postgres', 'typeset', 'study', 'vault'],
};
const WEB_APPS = new Set(['console', 'companion']);
/** What must never be bundled into a page. */
const SERVER_ONLY = /^(pg|pg-.*|fastify|fastify-.*|@fastify\/.*|kysely)$/;

/** Files that may reach out of their room, and why. */
const EXEMPT = new Set([
  // Must work before anything is installed, so it cannot import by name.
  'apps/cli/bin/limen.mjs',
]);

/** Documents of the repository that any room's tests may read. */
const PUBLISHED_DATA = /^(protocols|validation)\/.*\.json$/;

export type ViolationKind =
  | 'direction'
  | 'behind-the-door'
  | 'leaves-the-room'
  | 'undeclared'
  | 'missing'
  | 'platform'
  | 'impure'
  | 'computed-import'
  | 'cycle'
  | 'unreadable'
  | 'unknown-room';

export interface Violation {
  readonly kind: ViolationKind;
  readonly path: string;
  readonly what: string;
}

export interface DirectionsReport {
  readonly violations: readonly Violation[];
  /** Modules read, which must be all there are. */
  readonly scanned: readonly string[];
  readonly imports: number;
}

interface Room {
  readonly kind: 'package' | 'app' | 'open';
  readonly name: string;
  readonly folder: string;
}

/** The room a file is in; scripts, tests and benchmarks are open: they may use every front door. */
function roomOf(path: string): Room {
  const [area = '', name = ''] = path.split('/');
  if (area === 'packages') return { kind: 'package', name, folder: `packages/${name}` };
  if (area === 'apps') return { kind: 'app', name, folder: `apps/${name}` };
  // Scripts, tests and benchmarks share one room: the repository's own tools.
  return { kind: 'open', name: area, folder: '' };
}

/** Checks the tree below `root`. */
export function checkDirections(root: string): DirectionsReport {
  const paths = listFiles(root).filter(isModule);
  const modules = paths.map((path) => readModule(root, path));
  const violations = modules.flatMap((module) => checkModule(root, module));
  return {
    violations: [...violations, ...findCycles(root, modules)],
    scanned: modules.map((module) => module.path),
    imports: modules.reduce((sum, module) => sum + module.imports.length, 0),
  };
}

function checkModule(root: string, module: Module): Violation[] {
  const room = roomOf(module.path);
  const say = (kind: ViolationKind, what: string): Violation => ({ kind, path: module.path, what });
  const found = module.faults.map((fault) => say('unreadable', fault));
  if ((room.kind === 'package' && !(room.name in PACKAGES)) || (room.kind === 'app' && !(room.name in APPS))) {
    return [...found, say('unknown-room', `${room.folder} is not in the table of scripts/directions.ts`)];
  }
  if (room.kind === 'package' && !isTest(module.path)) {
    found.push(...module.impurities.map((impurity) => say('impure', impurity)));
  }
  for (const one of module.imports) {
    const fault = judgeImport(root, module.path, room, one);
    if (fault !== undefined) found.push(say(fault[0], `${one.specifier ?? 'import'} at line ${one.line}: ${fault[1]}`));
  }
  return found;
}

type Fault = readonly [ViolationKind, string];

function judgeImport(root: string, path: string, room: Room, one: ModuleImport): Fault | undefined {
  const { specifier } = one;
  const browserSide = room.kind === 'package' || (room.kind === 'app' && WEB_APPS.has(room.name));
  if (specifier === undefined)
    return browserSide && !isTest(path) ? ['computed-import', 'cannot be checked'] : undefined;
  if (specifier.startsWith('.')) return judgeRelative(root, path, room, specifier);
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return browserSide && isSource(room, path) ? ['platform', 'must run in a browser'] : undefined;
  }
  if (specifier.startsWith('@limen/')) return judgeRoom(root, path, room, specifier);
  const name = packageName(specifier);
  if (browserSide && isSource(room, path) && SERVER_ONLY.test(name)) return ['platform', 'belongs to the servers'];
  return isDeclared(root, room, path, name)
    ? undefined
    : ['undeclared', `not in the package.json of ${room.folder || 'the root'}`];
}

/** Code that ships, as against tests and build settings beside it. */
function isSource(room: Room, path: string): boolean {
  return path.startsWith(`${room.folder}/src/`) && !isTest(path);
}

function judgeRelative(root: string, path: string, room: Room, specifier: string): Fault | undefined {
  const target = resolveRelative(path, specifier);
  const home = roomOf(target);
  const publishedData = isTest(path) && PUBLISHED_DATA.test(target);
  if (home.folder !== room.folder && !publishedData && !EXEMPT.has(path))
    return ['leaves-the-room', 'use the front door, by name'];
  return existsSync(join(root, target)) ? undefined : ['missing', 'no such file'];
}

function resolveRelative(path: string, specifier: string): string {
  const plain = specifier.replace(/[?#].*$/, '');
  return normalize(join(dirname(path), plain)).replaceAll('\\', '/');
}

function judgeRoom(root: string, path: string, room: Room, specifier: string): Fault | undefined {
  const [, name = '', ...behind] = specifier.split('/');
  if (behind.length > 0) return ['behind-the-door', `use @limen/${name}`];
  if (name === room.name && room.kind !== 'open') return ['behind-the-door', 'a room uses itself by relative paths'];
  const allowed = room.kind === 'package' ? PACKAGES[room.name] : room.kind === 'app' ? APPS[room.name] : undefined;
  if (allowed !== undefined && !allowed.includes(name)) return ['direction', `${room.name} may not use ${name}`];
  return isDeclared(root, room, path, `@limen/${name}`) || room.kind === 'open'
    ? undefined
    : ['undeclared', `not in the package.json of ${room.folder}`];
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isDeclared(root: string, room: Room, path: string, name: string): boolean {
  if (declaredIn(root, room.folder).has(name)) return true;
  // The tools of the root (tests, types) serve every room's tests and build settings, its bundler also the command line.
  if (!isSource(room, path)) return declaredIn(root, '').has(name);
  return room.name === 'cli' && declaredIn(root, '', ['dependencies']).has(name);
}

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

const manifests = new Map<string, Readonly<Record<string, object | undefined>>>();

function declaredIn(root: string, folder: string, fields: readonly string[] = DEPENDENCY_FIELDS): ReadonlySet<string> {
  const path = join(root, folder, 'package.json');
  const manifest = manifests.get(path) ?? (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
  manifests.set(path, manifest);
  return new Set(fields.flatMap((field) => Object.keys(manifest[field] ?? {})));
}

/** Cycles between files, each reported once at its alphabetically first file. Types count: a cycle is a knot to read. */
function findCycles(root: string, modules: readonly Module[]): Violation[] {
  const doors = new Map([...EVERY_PACKAGE, ...Object.keys(APPS)].map((name) => [`@limen/${name}`, doorOf(root, name)]));
  const edges = new Map(
    modules.map((module) => {
      const targets = module.imports.flatMap(({ specifier }) => {
        if (specifier?.startsWith('.')) return [resolveRelative(module.path, specifier)];
        return doors.get(specifier ?? '') ?? [];
      });
      return [module.path, targets] as const;
    }),
  );
  return stronglyConnected(edges).map((knot) => ({ kind: 'cycle', path: knot[0] ?? '', what: knot.join(' -> ') }));
}

function doorOf(root: string, name: string): string {
  const area = name in PACKAGES ? 'packages' : 'apps';
  return existsSync(join(root, area, name, 'src/index.ts')) ? `${area}/${name}/src/index.ts` : '';
}

/** Tarjan's strongly connected components of more than one file, or of one that imports itself. */
function stronglyConnected(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const knots: string[][] = [];
  const visit = (at: string): number => {
    const mine = index.size;
    index.set(at, mine);
    low.set(at, mine);
    stack.push(at);
    for (const next of edges.get(at) ?? []) {
      if (!edges.has(next)) continue;
      const reached = index.has(next) ? (stack.includes(next) ? (index.get(next) ?? mine) : mine) : visit(next);
      low.set(at, Math.min(low.get(at) ?? mine, reached));
    }
    const lowest = low.get(at) ?? mine;
    if (lowest === mine) {
      const knot = stack.splice(stack.indexOf(at)).sort();
      if (knot.length > 1 || edges.get(at)?.includes(at)) knots.push(knot);
    }
    return lowest;
  };
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return knots;
}

if (import.meta.main) {
  const report = checkDirections(join(import.meta.dirname, '..'));
  for (const one of report.violations) console.error(`${one.path}: ${one.kind}: ${one.what}`);
  console.log(`${report.scanned.length} modules, ${report.imports} imports, ${report.violations.length} violations`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}
