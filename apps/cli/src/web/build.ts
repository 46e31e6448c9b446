/** Builds the two web apps when their sources are newer than what was built. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../places.ts';

export type WebFolders = { readonly console: string; readonly companion: string };

const apps = ['console', 'companion'] as const;
const shared = ['contract', 'conduct', 'protocol', 'instruments', 'pharmacology'].map((name) => `packages/${name}/src`);

/**
 * Answers the folders to serve: the ones named by the environment, where the pages come built, else ours. Throws vite's
 * error when a build fails.
 */
export async function buildWeb(say: (line: string) => void): Promise<WebFolders> {
  const { LIMEN_CONSOLE_FOLDER: console, LIMEN_COMPANION_FOLDER: companion } = process.env;
  if (console && companion) return { console, companion };
  for (const app of apps) await buildApp(app, say);
  return { console: distOf('console'), companion: distOf('companion') };
}

function distOf(app: string): string {
  return path.join(root, 'apps', app, 'dist');
}

async function buildApp(app: (typeof apps)[number], say: (line: string) => void): Promise<void> {
  const folder = path.join(root, 'apps', app);
  const fingerprint = await fingerprintOf(
    [path.join(folder, 'src'), path.join(folder, 'public'), ...shared.map((place) => path.join(root, place))],
    [path.join(folder, 'index.html'), path.join(folder, 'vite.config.ts'), path.join(root, 'package-lock.json')],
  );
  const mark = path.join(distOf(app), '.built-from');
  if ((await readFile(mark, 'utf8').catch(() => '')) === fingerprint) return;
  say(`Building the ${app}…`);
  const { build } = await import('vite');
  // Built aside and moved into place, so two processes that build at once cannot serve each other's half.
  const aside = path.join(folder, `dist-${process.pid}`);
  await build({
    root: folder,
    configFile: path.join(folder, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: aside, emptyOutDir: true },
  });
  await writeFile(path.join(aside, '.built-from'), fingerprint);
  await rm(distOf(app), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await rename(aside, distOf(app)).catch(async (error: NodeJS.ErrnoException) => {
    await rm(aside, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function fingerprintOf(folders: readonly string[], files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && !entry.name.endsWith('.test.ts')) found.push(path.join(entry.parentPath, entry.name));
    }
  }
  for (const file of [...found, ...files].sort()) {
    if (await stat(file).catch(() => null))
      hash
        .update(path.relative(root, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
  }
  return hash.digest('hex');
}
