/** Transactions: one decision for commit and rollback. */
import type pg from 'pg';
import type { House } from './house.ts';

export type Client = pg.PoolClient;

export async function inTransaction<T>(house: House, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await house.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const answer = await work(client);
    await client.query('commit');
    return answer;
  } catch (error) {
    await client.query('rollback').catch((fault: Error) => {
      broken = fault;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
