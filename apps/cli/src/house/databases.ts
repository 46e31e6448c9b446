/** The databases under the house: two clusters managed here, or two that somebody else runs. */
import path from 'node:path';
import {
  type Cluster,
  ensureDatabase,
  ensureLogins,
  grantRights,
  migrate,
  type Rights,
  startCluster,
} from '@limen/postgres';
import { migrationsFolder as studyMigrations, serverRights as studyRights } from '@limen/study';
import { migrationsFolder as vaultMigrations, serverRights as vaultRights } from '@limen/vault';
import { Failure } from '../failure.ts';
import { loginsOf } from './keys.ts';

const names = { study: 'limen_study', vault: 'limen_vault' } as const;

/** One cluster each: catalogues and statistics views leak across the databases of one cluster. */
export async function startDatabases(
  folder: string,
  say: (line: string) => void,
  started: { stop(): Promise<void> }[],
) {
  const external = { study: process.env.DATABASE_URL, vault: process.env.VAULT_DATABASE_URL };
  if (external.study && external.vault) {
    if (external.study === external.vault) {
      throw new Failure(
        'databases_shared',
        'DATABASE_URL and VAULT_DATABASE_URL name the same database.',
        'Give the vault a cluster of its own: catalogue views of one cluster tell of its other databases.',
      );
    }
    return { clusters: [], studyUrl: external.study, vaultUrl: external.vault };
  }
  if (external.study || external.vault) {
    throw new Failure(
      'database_missing',
      'Only one of DATABASE_URL and VAULT_DATABASE_URL is set.',
      'Set both, or neither to have the databases managed on this machine.',
    );
  }
  const opened = await Promise.allSettled(
    (['study', 'vault'] as const).map((name) =>
      startCluster({ dataFolder: path.join(folder, `${name}-database`), log: say }),
    ),
  );
  const clusters = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  started.push(...clusters);
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const [study, vault] = clusters as [Cluster, Cluster];
  const [studyUrl, vaultUrl] = await Promise.all([
    openDatabase(study, 'study', folder, { migrations: studyMigrations, rights: studyRights }),
    openDatabase(vault, 'vault', folder, { migrations: vaultMigrations, rights: vaultRights }),
  ]);
  return { clusters, studyUrl, vaultUrl };
}

/** The owner's way into the vault's database. */
export async function openVaultDatabase(cluster: Cluster, folder: string): Promise<string> {
  await openDatabase(cluster, 'vault', folder, { migrations: vaultMigrations, rights: vaultRights });
  return cluster.connectionString(names.vault, (await loginsOf(path.join(folder, 'keys'), 'vault')).owner);
}

/** Brought forward by its owner; answers the way in of the server, which may do less. */
async function openDatabase(
  cluster: Cluster,
  server: 'study' | 'vault',
  folder: string,
  { migrations, rights }: { readonly migrations: string; readonly rights: Rights },
): Promise<string> {
  const name = names[server];
  const logins = await loginsOf(path.join(folder, 'keys'), server);
  await ensureDatabase(cluster.adminConnectionString, name);
  await ensureLogins((database) => cluster.connectionString(database), name, logins);
  const owner = cluster.connectionString(name, logins.owner);
  await migrate(owner, migrations);
  await grantRights(owner, logins.server.user, rights);
  return cluster.connectionString(name, logins.server);
}
