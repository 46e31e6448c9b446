/** What every account holds, folded from the entries. Pure. */
import type { Account, Capsules, Entry } from './entry.ts';

export type Balances = ReadonlyMap<Account, ReadonlyMap<string, number>>;

/** In the order of the entries; by account, then batch. */
export function foldBalances(entries: readonly Pick<Entry, 'from' | 'to' | 'capsules'>[]): Balances {
  const balances = new Map<Account, Map<string, number>>();
  const add = (account: Account, batchId: string, capsules: number) => {
    const own = balances.get(account) ?? new Map<string, number>();
    own.set(batchId, (own.get(batchId) ?? 0) + capsules);
    balances.set(account, own);
  };
  for (const { from, to, capsules } of entries) {
    for (const [batchId, moved] of Object.entries(capsules)) {
      add(from, batchId, -moved);
      add(to, batchId, moved);
    }
  }
  return balances;
}

export function heldBy(balances: Balances, account: Account, batchId: string): number {
  return balances.get(account)?.get(batchId) ?? 0;
}

/** Of each batch over all accounts: nothing, as long as every entry balances. */
export function sumByBatch(balances: Balances): Map<string, number> {
  const sums = new Map<string, number>();
  for (const held of balances.values()) {
    for (const [batchId, capsules] of held) sums.set(batchId, (sums.get(batchId) ?? 0) + capsules);
  }
  return sums;
}

/** Accounts that hold fewer than none; `outside` alone may. */
export function overdrawn(balances: Balances): string[] {
  return [...balances].flatMap(([account, held]) =>
    account === 'outside'
      ? []
      : [...held].flatMap(([batchId, capsules]) => (capsules < 0 ? [`${account}: ${capsules} of ${batchId}`] : [])),
  );
}

/** Several kits' capsules as one movement. */
export function addUp(all: readonly Capsules[]): Capsules {
  const sum: Record<string, number> = {};
  for (const capsules of all) {
    for (const [batchId, number] of Object.entries(capsules)) sum[batchId] = (sum[batchId] ?? 0) + number;
  }
  return sum;
}

/** A place as an inspector knows it, and the accounts that are in it. */
export function accountsOf(place: string): Account[] {
  return place === 'vault' ? ['store', 'kits'] : [`site ${place}`];
}
