/** Repository hygiene: what must not be in any file, and what every room must have. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './modules.ts';

export interface Untidiness {
  readonly path: string;
  readonly what: string;
}

/** Written in pieces, so that this file does not find itself. */
const MACHINE_PATH = new RegExp(
  `(?<![\\w.~-])/(?:${['wor' + 'k', 'ho' + 'me', 'Use' + 'rs', 'ro' + 'ot'].join('|')})/[A-Za-z_.]`,
);
const WINDOWS_PATH = new RegExp(`[A-Z]:\\\\${'Use' + 'rs'}\\\\`);
const REGISTRY_HOST = new RegExp(
  [
    'registry' + '\\.npm' + 'js',
    'registry' + '\\.yarn' + 'pkg',
    'npm\\.pkg\\.' + 'github',
    'deb\\.' + 'debian',
    'py' + 'pi\\.org',
  ].join('|'),
);
const UNFINISHED = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
const UNFINISHED_IN = /\.(ts|tsx|mjs|sql|css)$/;
const BINARY = /\.(png|jpg|jpeg|gif|ico|woff2?|ttf|pdf|parquet|xpt|gz|zip|rds)$/;

/** Checks a repository. An empty list is what a test wants. */
export function checkHygiene(root: string): readonly Untidiness[] {
  return [
    ...trackedFiles(root).flatMap((path) => checkText(root, path)),
    ...listRooms(root).flatMap((room) => checkRoom(root, room)),
    ...checkLockfile(root),
    ...checkDependencyLines(root),
  ];
}

function trackedFiles(root: string): string[] {
  const asked = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const tracked = asked.status === 0 ? asked.stdout.split('\0').filter((path) => path !== '') : listFiles(root);
  return tracked.filter((path) => !BINARY.test(path) && existsSync(join(root, path)));
}

function checkText(root: string, path: string): Untidiness[] {
  const found: Untidiness[] = [];
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    const at = `line ${index + 1}`;
    if (MACHINE_PATH.test(line) || WINDOWS_PATH.test(line)) found.push({ path, what: `a path of one machine, ${at}` });
    if (REGISTRY_HOST.test(line)) found.push({ path, what: `the host of a package registry, ${at}` });
    if (UNFINISHED_IN.test(path) && UNFINISHED.test(line)) found.push({ path, what: `something unfinished, ${at}` });
  }
  return found;
}

function listRooms(root: string): string[] {
  return ['packages', 'apps'].flatMap((area) =>
    existsSync(join(root, area)) ? readdirSync(join(root, area)).map((name) => `${area}/${name}`) : [],
  );
}

function checkRoom(root: string, room: string): Untidiness[] {
  const found: Untidiness[] = [];
  const say = (what: string): void => {
    found.push({ path: room, what });
  };
  if (!existsSync(join(root, room, 'README.md'))) say('has no README.md');
  const exported = Object.entries(readManifest(root, room).exports ?? {});
  const [door] = exported;
  if (exported.length !== 1 || door?.[0] !== '.') say('has not exactly one front door in package.json');
  else if (typeof door[1] !== 'string' || !existsSync(join(root, room, door[1])))
    say(`its front door ${String(door[1])} is missing`);
  return found;
}

interface Manifest {
  readonly [field: string]: Readonly<Record<string, unknown>> | undefined;
}

function readManifest(root: string, room: string): Manifest {
  const path = join(root, room, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** The lockfile must hold hashes and no addresses, so that it serves every registry. */
function checkLockfile(root: string): Untidiness[] {
  const path = 'package-lock.json';
  const parsed = readJson(join(root, path));
  const parts = Object.entries((parsed.packages ?? {}) as Record<string, Record<string, unknown>>);
  return parts.flatMap(([name, part]) => {
    if (typeof part.resolved === 'string' && /^[a-z+]+:\/\//.test(part.resolved))
      return [{ path, what: `${name} has an address` }];
    const installed = name.startsWith('node_modules/') && part.link !== true;
    return installed && typeof part.integrity !== 'string' ? [{ path, what: `${name} has no hash` }] : [];
  });
}

function readJson(path: string): Record<string, unknown> {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Every dependency has a line in DEPENDENCIES.md, and every line is about one that is used. */
function checkDependencyLines(root: string): Untidiness[] {
  const path = 'DEPENDENCIES.md';
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const used = new Set(
    ['', ...listRooms(root)]
      .flatMap((room) => fields.flatMap((field) => Object.keys(readManifest(root, room)[field] ?? {})))
      .filter((name) => !name.startsWith('@limen/')),
  );
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  const listed = new Set(
    rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')),
  );
  return [
    ...[...used].filter((name) => !listed.has(name)).map((name) => ({ path, what: `has no line for ${name}` })),
    ...[...listed]
      .filter((name) => !used.has(name))
      .map((name) => ({ path, what: `has a line for ${name}, which nothing uses` })),
  ];
}

if (import.meta.main) {
  const found = checkHygiene(join(import.meta.dirname, '..'));
  for (const one of found) console.error(`${one.path}: ${one.what}`);
  console.log(`${found.length} findings`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
