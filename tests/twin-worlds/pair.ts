/** Two installations side by side, the worlds lived through in them, and the first difference between the two. */
import { Worker } from 'node:worker_threads';
import { createTestDatabases, type TestDatabase, type TestDatabases } from '@limen/postgres';
import { migrationsFolder as studyMigrations } from '@limen/study';
import { migrationsFolder as vaultMigrations } from '@limen/vault';
import { isAllowed } from './allowed.ts';
import type { Draws } from './draws.ts';
import type { InstallationOptions } from './installation.ts';
import type { Scenario } from './scenario.ts';
import type { Question, Told } from './thread.ts';

export type Difference = { readonly at: string; readonly one: string; readonly other: string };

export type Compared = {
  /** null: every byte is the same. */
  readonly difference: Difference | null;
  readonly lines: number;
  readonly routes: readonly string[];
  readonly roles: readonly string[];
  /** For how many people the two worlds drew something else. */
  readonly moved: number;
  /** Differences that the list in allowed.ts lets through. */
  readonly declassified: number;
};

export type Pair = {
  /** Lives through the scenario in both worlds. `draws`: instead of the scenario's own. */
  compare(
    scenario: Scenario,
    options?: { leak?: string; draws?: readonly [Draws | null, Draws | null] },
  ): Promise<Compared>;
  /** The whole of both databases as they are now. */
  compareDatabases(): Promise<Compared>;
  /** How often each table was written to; ends both installations. */
  compareWrites(): Promise<Compared>;
  close(): Promise<void>;
};

export type PairOptions = {
  /** Of the vaults; where they differ the commitments are left out of the comparison. */
  readonly vaultSeeds?: readonly [string, string];
};

export type Clusters = { readonly study: TestDatabases; readonly vault: TestDatabases };
/** The vault's databases are on a cluster of their own, as in every installation. */
export const openClusters = (): Clusters => ({ study: createTestDatabases(), vault: createTestDatabases() });
export async function closeClusters({ study, vault }: Clusters): Promise<void> {
  await Promise.all([study.close(), vault.close()]);
}

export async function openPair(clusters: Clusters, options: PairOptions = {}): Promise<Pair> {
  const vaultSeeds = options.vaultSeeds ?? ['vault', 'vault'];
  const hidesCommitment = vaultSeeds[0] !== vaultSeeds[1];
  const databases: TestDatabase[] = [];
  const sides: Side[] = [];
  for (const vaultSeed of vaultSeeds) {
    const [study, vault] = [
      await clusters.study.freshDatabase(studyMigrations),
      await clusters.vault.freshDatabase(vaultMigrations),
    ];
    databases.push(study, vault);
    const { connectionString: studyDatabase } = study;
    const { connectionString: vaultDatabase } = vault;
    sides.push(openSide({ studyDatabase, vaultDatabase, vaultSeed, hidesCommitment }));
  }
  const [one, other] = sides as [Side, Side];
  await Promise.all([one.ready, other.ready]);
  let lived = 0;
  const both = async (questions: readonly [Question, Question]): Promise<Compared> => {
    const [left, right] = await Promise.all([one.ask<Told>(questions[0]), other.ask<Told>(questions[1])]);
    return compareTold(left, right, (index) =>
      Promise.all([one.ask<string>({ ask: 'line', index }), other.ask<string>({ ask: 'line', index })]),
    );
  };
  return {
    compare(
      scenario,
      {
        leak = null,
        draws = scenario.draws,
      }: { leak?: string | null; draws?: readonly [Draws | null, Draws | null] } = {},
    ) {
      lived += 1;
      const studyId = `twin-${lived}`;
      const question = (side: 0 | 1): Question => ({ ask: 'live', scenario, studyId, draws: draws[side], leak });
      return both([question(0), question(1)]);
    },
    compareDatabases: () => both([{ ask: 'end' }, { ask: 'end' }]),
    compareWrites: () => both([{ ask: 'writes' }, { ask: 'writes' }]),
    async close() {
      await Promise.all(sides.map((side) => side.close()));
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}

type Side = { readonly ready: Promise<unknown>; ask<T>(question: Question): Promise<T>; close(): Promise<void> };
type Message = { readonly id: number; readonly result?: unknown; readonly error?: string };

function openSide(options: InstallationOptions): Side {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: options });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  const expect = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, result, error }: Message) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread of a world has ended')));
  return {
    ready: expect(0),
    ask: <T>(question: Question) => {
      asked += 1;
      const answer = expect(asked);
      worker.postMessage({ id: asked, question });
      return answer as Promise<T>;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

async function compareTold(
  left: Told,
  right: Told,
  linesAt: (index: number) => Promise<readonly [string, string]>,
): Promise<Compared> {
  const people = new Set([...Object.keys(left.drawn), ...Object.keys(right.drawn)]);
  const moved = new Set([...people].filter((id) => left.drawn[id] !== right.drawn[id]));
  let declassified = 0;
  let difference: Difference | null = null;
  const length = Math.max(left.digests.length, right.digests.length);
  for (let index = 0; index < length && difference === null; index += 1) {
    if (left.digests[index] === right.digests[index]) continue;
    const [one, other] = await linesAt(index);
    const at = left.heads[index] ?? right.heads[index] ?? '';
    if (isAllowed(left.heads[index], right.heads[index], moved)) declassified += 1;
    else difference = differenceOf(at, one, other);
  }
  return {
    difference,
    lines: left.digests.length,
    routes: left.routes,
    roles: left.roles,
    moved: moved.size,
    declassified,
  };
}

/** The first byte that differs, with as much around it as can be read. */
function differenceOf(at: string, one: string, other: string): Difference {
  let place = 0;
  while (place < one.length && one[place] === other[place]) place += 1;
  const around = (text: string) => text.slice(Math.max(0, place - 50), place + 70);
  return { at, one: around(one), other: around(other) };
}
