import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { verifyAllocations } from '@limen/randomization';
import type { DatabaseReport } from '@limen/study';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const verify: Command = {
  name: 'verify',
  summary:
    'Is the record what was recorded? An installation, a database, an exported archive, or a released randomisation',
  usage: 'verify [ARCHIVE.ndjson | ALLOCATIONS.json] [--folder FOLDER | --database URL]',
  takes: 1,
  options: {
    folder: {
      type: 'string',
      value: 'FOLDER',
      help: 'An installation that is not running (default .limen/installation)',
    },
    database: { type: 'string', value: 'URL', help: 'The study database, also of a running installation' },
    key: { type: 'string', value: 'HEX', help: 'The public key that must have signed the checkpoints' },
  },
  examples: [
    { line: 'verify', says: 'Chains, checkpoints and tables of the installation in this folder' },
    { line: 'verify archive.ndjson --key 3b6a27bc…', says: 'An exported archive, without trusting the server' },
    { line: 'verify allocations.json', says: 'Recomputes every allocation of a released study from its seed' },
  ],
  async run(given, terminal) {
    const file = given.positionals[0];
    const key = given.text('key');
    const publicKeys = key ? { publicKeys: [key] } : {};
    if (file?.endsWith('.json')) return verifyRandomisation(file, terminal);
    if (file) return verifyArchiveFile(file, publicKeys, terminal);
    // A folder that was named is what is meant, whatever the environment says.
    const named = given.text('folder');
    const url = given.text('database') ?? (named === undefined ? process.env.DATABASE_URL : undefined);
    if (url) {
      // Loaded when it runs, so that help and faults of use are answered at once.
      const { verifyDatabase } = await import('@limen/study');
      return report(await verifyDatabase(url, publicKeys), terminal);
    }
    const folder = path.resolve(named ?? '.limen/installation');
    if (!(await stat(path.join(folder, 'study-database')).catch(() => null))) {
      throw new Failure(
        'installation_not_found',
        `There is no installation in ${folder}.`,
        'Name its folder with --folder.',
      );
    }
    const { ensureDatabase, startCluster } = await import('@limen/postgres');
    const { verifyDatabase } = await import('@limen/study');
    const cluster = await startCluster({ dataFolder: path.join(folder, 'study-database') });
    try {
      await ensureDatabase(cluster.adminConnectionString, 'limen_study');
      return report(await verifyDatabase(cluster.connectionString('limen_study'), publicKeys), terminal);
    } finally {
      await cluster.stop();
    }
  },
};

function report(found: DatabaseReport, terminal: Terminal): number {
  terminal.result(found);
  if (!terminal.json) {
    terminal.print(
      `${found.studies} studies, ${found.streams} chains, ${found.entries} entries, ${found.checkpoints} checkpoints`,
    );
    for (const fault of found.faults) {
      terminal.print(
        `  ${fault.studyId} ${fault.stream ?? ''} entry ${fault.seq ?? '-'} ${fault.field ?? ''}: ${fault.reason}`,
      );
    }
    for (const difference of found.replay.differences.slice(0, 50)) {
      terminal.print(
        `  ${difference.table} ${difference.key} ${difference.column}: stored ${JSON.stringify(difference.stored)}, recorded ${JSON.stringify(difference.folded)}`,
      );
    }
    terminal.print(found.ok ? 'Verified: chains, checkpoints and every table.' : 'NOT verified.');
  }
  return found.ok ? 0 : 1;
}

async function verifyArchiveFile(file: string, keys: { publicKeys?: string[] }, terminal: Terminal): Promise<number> {
  const { size } = await stat(file);
  const { openArchiveVerifier } = await import('@limen/ledger');
  const verifier = openArchiveVerifier({ digest: (text) => hash('sha256', text, 'hex'), ...keys });
  const progress = terminal.progress('Verifying', size);
  let read = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') verifier.line(line);
    read += Buffer.byteLength(line) + 1;
    progress.at(Math.min(read, size));
  }
  progress.finish();
  const result = verifier.finish();
  terminal.result(result);
  if (!terminal.json) {
    for (const check of result.checks) terminal.print(`  ${check.ok ? 'ok ' : 'NOT'} ${check.name} (${check.count})`);
    for (const failure of result.failures.slice(0, 20)) {
      const place = failure.position
        ? `${failure.position.stream} entry ${failure.position.seq}`
        : `line ${failure.line ?? '?'}`;
      terminal.print(`  ${place} ${failure.field ?? ''}: ${failure.reason}`);
    }
    terminal.print(result.ok ? `Verified: ${result.entries} entries in ${result.streams} chains.` : 'NOT verified.');
  }
  return result.ok ? 0 : 1;
}

type ReleasedFile = Parameters<typeof verifyAllocations>[0] & { seed: string };

async function verifyRandomisation(file: string, terminal: Terminal): Promise<number> {
  const text = await readFile(file, 'utf8');
  let released: ReleasedFile;
  try {
    released = JSON.parse(text) as ReleasedFile;
  } catch (error) {
    throw new Failure('file_invalid', `${file} is not JSON: ${(error as Error).message}`);
  }
  if (typeof released.seed !== 'string' || !Array.isArray(released.allocations)) {
    throw new Failure(
      'file_invalid',
      `${file} has no seed or no allocations.`,
      'Use the allocations of a released study.',
    );
  }
  const { verifyAllocations } = await import('@limen/randomization');
  const result = verifyAllocations({ ...released, seed: Buffer.from(released.seed, 'hex') });
  terminal.result({ ...result, file: createHash('sha256').update(text).digest('hex') });
  if (!terminal.json) {
    if (result.ok) terminal.print(`Verified: ${result.count} allocations follow from the committed seed.`);
    else if (result.reason === 'commitment')
      terminal.print('NOT verified: seed and design do not give the published commitment.');
    else {
      const { stratum, step, expected, found } = result.firstDifference;
      terminal.print(
        `NOT verified: stratum ${stratum}, step ${step}: expected ${String(expected)}, found ${String(found)}.`,
      );
    }
  }
  return result.ok ? 0 : 1;
}
