/** The register as it is read and printed: one place, some batches, every movement with the balance after it. Pure. */
import { accountsOf } from './balances.ts';
import type { Entry } from './entry.ts';

export type RegisterRow = {
  readonly entry: Entry;
  readonly received: number;
  readonly issued: number;
  readonly balance: number;
};

export type RegisterView = {
  readonly opening: number;
  readonly rows: readonly RegisterRow[];
  readonly closing: number;
};

/** In the order of entry; `from` and `to`: ISO days of entry, both included. A movement within the place is no row. */
export function registerView(
  entries: readonly Entry[],
  place: string,
  batches: ReadonlySet<string>,
  period: { readonly from: string; readonly to: string },
): RegisterView {
  const accounts = accountsOf(place);
  let opening = 0;
  let balance = 0;
  const rows: RegisterRow[] = [];
  for (const entry of entries) {
    const moved = Object.entries(entry.capsules).reduce((sum, [id, number]) => sum + (batches.has(id) ? number : 0), 0);
    const received = accounts.includes(entry.to) ? moved : 0;
    const issued = accounts.includes(entry.from) ? moved : 0;
    if (received === issued) continue;
    const recorded = entry.recordedAt.slice(0, 10);
    if (recorded > period.to) break;
    balance += received - issued;
    if (recorded < period.from) opening = balance;
    else rows.push({ entry, received, issued, balance });
  }
  return { opening, rows, closing: balance };
}
