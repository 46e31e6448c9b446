/** Where the vault key comes from: the environment, a file that only its owner can read, or a program of a key service. */
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Names of the settings; exactly one of them is given. */
export type KeySettings = { readonly value: string; readonly file: string; readonly command: string };

export const keySettings: KeySettings = {
  value: 'VAULT_KEY',
  file: 'LIMEN_VAULT_KEY_FILE',
  command: 'LIMEN_VAULT_KEY_COMMAND',
};
/** The key to change to. */
export const newKeySettings: KeySettings = {
  value: 'VAULT_NEW_KEY',
  file: 'LIMEN_VAULT_NEW_KEY_FILE',
  command: 'LIMEN_VAULT_NEW_KEY_COMMAND',
};

/** 32 bytes, and nothing beside them. */
const key32 = /^[A-Za-z0-9+/_-]{43}=?$/;
const commandWithinMs = 20_000;
const longestAnswer = 4096;

/** Throws a sentence that names the setting, never a value, nor anything that the program said. */
export async function readVaultKey(env: NodeJS.ProcessEnv, settings = keySettings): Promise<Buffer> {
  const given = Object.values(settings).filter((name) => env[name] !== undefined);
  const [name] = given;
  if (name === undefined || given.length > 1) {
    throw new Error(`Set exactly one of ${Object.values(settings).join(', ')}.`);
  }
  const text = (await textOf(name, env[name] ?? '', settings)).trim();
  if (!key32.test(text)) throw new Error(`${name} does not give 32 bytes in base64.`);
  return Buffer.from(text, 'base64');
}

async function textOf(name: string, given: string, settings: KeySettings): Promise<string> {
  if (name === settings.file) return readKeyFile(name, given);
  return name === settings.command ? askCommand(name, given) : given;
}

async function readKeyFile(name: string, file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) throw new Error(`${name} names no file.`);
  if (process.platform !== 'win32' && (found.mode & 0o777) !== 0o600) {
    throw new Error(`${name}: others may have read the file. Make it 0600 (chmod 600), or give another key.`);
  }
  return readFile(file, 'utf8').catch(() => {
    throw new Error(`${name} names a file that cannot be read.`);
  });
}

/** Words separated by spaces, or a JSON list of words; no shell ever sees them. */
async function askCommand(name: string, given: string): Promise<string> {
  const [program, ...words] = wordsOf(name, given);
  if (program === undefined) throw new Error(`${name} names no program.`);
  try {
    const limits = { timeout: commandWithinMs, killSignal: 'SIGKILL', maxBuffer: longestAnswer } as const;
    return (await promisify(execFile)(program, words, { ...limits, shell: false, windowsHide: true })).stdout;
  } catch {
    throw new Error(`${name} did not answer with a key within ${commandWithinMs / 1000} seconds.`);
  }
}

function wordsOf(name: string, given: string): string[] {
  if (!given.trimStart().startsWith('[')) return given.split(/\s+/).filter((word) => word !== '');
  try {
    const words: unknown = JSON.parse(given);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Said below.
  }
  throw new Error(`${name} is no list of words.`);
}
