/** A real Chromium for tests: found on the machine or unpacked from the installation, started without the network. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..', '..');
const START_MS = 30_000;

export interface Chromium {
  readonly executable: string;
  readonly origin: 'configured' | 'system' | 'shipped';
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Chromium cannot be had or cannot start; the message says in one line what to install. */
export class BrowserUnusable extends Error {
  override readonly name = 'BrowserUnusable';
}

/** Keeps Chromium from looking for the network by itself and from asking a person anything. */
const QUIET_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const SYSTEM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** `LIMEN_CHROMIUM` (a path, or `shipped`), else the machine's own, else the one that came with the installation. */
export async function findChromium(wanted = process.env.LIMEN_CHROMIUM ?? ''): Promise<Chromium> {
  if (wanted !== '' && wanted !== 'shipped') {
    if (!isExecutable(wanted)) throw new BrowserUnusable(`LIMEN_CHROMIUM names ${wanted}, which cannot be run.`);
    return { executable: wanted, origin: 'configured', flags: [], environment: {} };
  }
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name)));
  const system = wanted === 'shipped' ? undefined : [...onPath, ...SYSTEM_PLACES].find(isExecutable);
  if (system !== undefined) return { executable: system, origin: 'system', flags: [], environment: {} };
  return unpackShippedChromium();
}

/** Starts a headless Chromium with an empty profile. `flags`: more of Chromium's own. The caller closes it. */
export async function openBrowser(wanted?: string, flags: readonly string[] = []): Promise<Browser> {
  const found = await findChromium(wanted);
  return started(found, chromium.launch(launching(found, flags)));
}

/** As `openBrowser`, with a profile that stays in `folder` as it would on somebody's phone. */
export async function openProfile(folder: string, options: BrowserContextOptions): Promise<BrowserContext> {
  const found = await findChromium();
  return started(found, chromium.launchPersistentContext(folder, { ...launching(found, []), ...options }));
}

const launching = (found: Chromium, flags: readonly string[]) => ({
  executablePath: found.executable,
  headless: true,
  args: [...QUIET_FLAGS, ...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...found.flags],
  env: { ...definedEnvironment(), ...found.environment },
  timeout: START_MS,
});

async function started<T>(found: Chromium, starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    const reason = explainMissingLibraries(found) ?? String(error).split('\n').slice(0, 12).join('\n');
    throw new BrowserUnusable(`Chromium (${found.origin}, ${found.executable}) did not start: ${reason}`, {
      cause: error,
    });
  }
}

/** Which Debian package brings a library that Chromium needs. */
const DEBIAN_PACKAGE: Readonly<Record<string, string>> = {
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libplc4.so': 'libnspr4',
  'libplds4.so': 'libnspr4',
  'libexpat.so.1': 'libexpat1',
  'libgcc_s.so.1': 'libgcc-s1',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libgbm.so.1': 'libgbm1',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libasound.so.2': 'libasound2',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libglib-2.0.so.0': 'libglib2.0-0',
};

/** Reads the output of `ldd`; answers one line that names each missing library and the package that brings it. */
export function nameMissingLibraries(lddOutput: string): string | undefined {
  const missing = [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
  if (missing.length === 0) return undefined;
  const packages = new Set(missing.map((library) => DEBIAN_PACKAGE[library] ?? 'chromium'));
  return `missing ${missing.join(', ')}; on Debian: apt-get install ${[...packages].join(' ')}`;
}

function explainMissingLibraries(found: Chromium): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const environment = { ...definedEnvironment(), ...found.environment };
  return nameMissingLibraries(
    spawnSync('ldd', [found.executable], { encoding: 'utf8', env: environment }).stdout ?? '',
  );
}

/**
 * Unpacks the shipped Chromium into `.limen/` of the repository, once. Its archive also holds the libraries and a font
 * that bare machines lack, so it needs nothing of the system but its C library.
 */
async function unpackShippedChromium(): Promise<Chromium> {
  const archives = locateArchives();
  const folder = join(ROOT, '.limen', `chromium-${archives.version}`);
  if (!existsSync(folder)) await unpackInto(folder, archives.folder);
  return {
    executable: join(folder, 'chromium'),
    origin: 'shipped',
    flags: ['--no-zygote'],
    environment: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

function locateArchives(): { folder: string; version: string } {
  const advice = 'Install a browser (on Debian: apt-get install chromium), or name one in LIMEN_CHROMIUM.';
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new BrowserUnusable(`No Chromium was found. ${advice}`);
  try {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const root = dirname(dirname(entry));
    const described: unknown = createRequire(import.meta.url)(join(root, 'package.json'));
    const version =
      typeof described === 'object' && described !== null && 'version' in described ? described.version : '';
    return { folder: join(root, 'bin'), version: String(version) };
  } catch (error) {
    throw new BrowserUnusable(`No Chromium was found and none is installed. ${advice}`, { cause: error });
  }
}

async function unpackInto(folder: string, archives: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const half = mkdtempSync(`${folder}.`);
  try {
    const program = await expand(join(archives, 'chromium.br'));
    writeFileSync(join(half, 'chromium'), program, { mode: 0o755 });
    for (const [archive, target] of [
      ['al2023.tar.br', '.'],
      ['swiftshader.tar.br', '.'],
      ['fonts.tar.br', 'fonts'],
    ] as const) {
      const into = join(half, target);
      mkdirSync(into, { recursive: true });
      const unpacked = spawnSync('tar', ['-x', '-C', into], { input: await expand(join(archives, archive)) });
      if (unpacked.status !== 0)
        throw new BrowserUnusable(`tar could not unpack ${archive}: ${String(unpacked.stderr)}`);
    }
    writeFileSync(join(half, 'fonts.conf'), writeFontSettings(folder));
    renameSync(half, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** The archive's own settings expect a fixed place; without any font Chromium ends at the first letter. */
function writeFontSettings(folder: string): string {
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((one) => `  <dir>${one}</dir>`).join('\n')}
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;
}

async function expand(path: string): Promise<Buffer> {
  return promisify(brotliDecompress)(await readFile(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
