/** Looks before it leaps: whether a folder and a port are ours to use, asked before anything is started or removed. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { Failure } from './failure.ts';

/** What a demonstration leaves in its folder, so that the next one knows it may be emptied. */
export const demoMark = '.limen-demonstration';
const installationParts = ['study-database', 'vault-database', 'keys'] as const;

/** An installation goes into a new or empty folder, or into its own. Throws before anything in it is touched. */
export async function requireInstallationFolder(folder: string): Promise<void> {
  const entries = await entriesOf(folder);
  if (entries.length === 0 || installationParts.some((part) => entries.includes(part))) {
    if (!entries.includes(demoMark)) return;
    throw new Failure(
      'folder_is_demonstration',
      `${folder} belongs to a demonstration, whose keys are public.`,
      'Choose another folder with --folder.',
    );
  }
  throw foreign(folder, entries);
}

/** A demonstration empties its folder, so it must be a demonstration’s and no process may be using it. */
export async function requireDemoFolder(folder: string): Promise<void> {
  const entries = await entriesOf(folder);
  if (entries.length > 0 && !entries.includes(demoMark)) throw foreign(folder, entries);
  for (const part of ['study-database', 'vault-database']) {
    const held = await readFile(path.join(folder, part, 'limen.lock'), 'utf8').catch(() => '');
    const pid = Number(held.split('\n')[0]);
    if (pid > 0 && isAlive(pid)) {
      throw new Failure(
        'data_folder_in_use',
        `${folder} is in use by process ${pid}.`,
        'Stop that demonstration, or choose another folder with --folder.',
      );
    }
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return [];
  if (!found.isDirectory()) {
    throw new Failure('not_a_folder', `${folder} is a file.`, 'Choose a folder with --folder.');
  }
  return readdir(folder);
}

function foreign(folder: string, entries: readonly string[]): Failure {
  return new Failure(
    'data_folder_not_recognised',
    `${folder} holds other files, such as ${entries[0]}; nothing was touched.`,
    'Choose an empty or a new folder with --folder.',
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tries the port, so that a taken one is told before databases are made. 0 is any free one. */
export async function requireFreePort(port: number, option = '--port'): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Failure(
        'port_in_use',
        `Port ${port} is in use.`,
        `Stop the other program, or choose another port with ${option}.`,
      );
    }
    if (code === 'EACCES') {
      throw new Failure(
        'port_not_allowed',
        `This user may not listen on port ${port}.`,
        'Choose a port from 1024 with --port.',
      );
    }
    throw error;
  }
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
