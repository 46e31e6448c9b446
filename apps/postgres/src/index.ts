/** A PostgreSQL to stand on: found or shipped, started, stopped and migrated. */

export type { Binaries, BinariesChoice } from './binaries.ts';
export { OLDEST_MAJOR } from './binaries.ts';
export type { Cluster, ClusterOptions } from './cluster.ts';
export { startCluster } from './cluster.ts';
export type { Login } from './connection.ts';
export { ensureDatabase, withClient } from './connection.ts';
export type { PostgresProblemCode } from './errors.ts';
export { POSTGRES_PROBLEMS, PostgresError } from './errors.ts';
export { type DatabaseLogins, ensureLogins, grantRights, type Right, type Rights } from './logins.ts';
export type { Migration, MigrationOutcome } from './migrate.ts';
export { migrate, readMigrations } from './migrate.ts';
export type { TestDatabase, TestDatabases } from './test-databases.ts';
export { createTestDatabases, freshDatabase, sharedTestDatabases } from './test-databases.ts';
