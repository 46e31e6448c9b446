/** Counting what is there: at the beginning, at least every two years, at the end; the difference is told, not hidden. */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { open, pad, seal, unpad } from '../sealing.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { accountsOf, type Balances, heldBy } from './balances.ts';
import { assertPast, readBalances, requireStudy } from './stock.ts';

export type Count = { readonly batchId: string; readonly counted: number; readonly expected: number };
export type Inventory = {
  readonly inventoryId: string;
  readonly place: string;
  readonly countedAt: string;
  readonly by: string;
  readonly occasion: Occasion;
  readonly counts: readonly Count[];
};
/** Of a registered location's life. */
export const occasions = ['opening', 'biennial', 'closing'] as const;
export type Occasion = (typeof occasions)[number];

export type NewInventory = {
  readonly place: string;
  readonly occasion: string;
  readonly countedAt: string;
  readonly counted: ReadonlyMap<string, number>;
};

const purposeOf = (studyId: string, inventoryId: string): string => `inventory ${studyId} ${inventoryId}`;

export async function recordInventory(
  house: House,
  studyId: string,
  personId: string,
  given: NewInventory,
): Promise<void> {
  const occasion = occasions.find((one) => one === given.occasion);
  if (occasion === undefined) throw new Refusal('supply_refused', 'Say which kind of inventory it is.');
  assertPast(house, given.countedAt);
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    requirePlace(study, given.place);
    const balances = await readBalances(client, study);
    const counts = batchesIn(balances).map((batchId) => {
      const counted = given.counted.get(batchId);
      if (counted === undefined || !Number.isInteger(counted) || counted < 0) {
        throw new Refusal('supply_refused', `Count the capsules of ${batchId}; none is 0.`);
      }
      return { batchId, counted, expected: heldAt(balances, given.place, batchId) };
    });
    const inventoryId = `i-${Buffer.from(house.random(8)).toString('hex')}`;
    const payload = { inventoryId, place: given.place, countedAt: given.countedAt, by: personId, occasion, counts };
    await client.query(
      `insert into inventory (study_id, inventory_id, place, counted_at, recorded_at, sealed)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        studyId,
        inventoryId,
        given.place,
        given.countedAt,
        house.clock.now(),
        seal(study.dataKey, pad(JSON.stringify(payload)), purposeOf(studyId, inventoryId)),
      ],
    );
    const actor = { id: personId, role: 'pharmacist' };
    await appendTrail(house, client, studyId, { type: 'inventory.counted', actor, cause: inventoryId, payload });
  });
}

export function requirePlace(study: OpenStudy, place: string): void {
  if (place !== 'vault' && !study.sites.some(({ siteId }) => siteId === place)) {
    throw new Refusal('not_found', 'There is no such place.');
  }
}

/** Every batch that was ever taken in. */
export function batchesIn(balances: Balances): string[] {
  return [...(balances.get('outside')?.keys() ?? [])].sort();
}

export function heldAt(balances: Balances, place: string, batchId: string): number {
  return accountsOf(place).reduce((sum, account) => sum + heldBy(balances, account, batchId), 0);
}

/** The newest first. */
export async function readInventories(client: Client, study: OpenStudy): Promise<Inventory[]> {
  const { rows } = await client.query<{ inventory_id: string; sealed: Buffer }>(
    'select inventory_id, sealed from inventory where study_id = $1 order by counted_at desc, recorded_at desc, inventory_id',
    [study.studyId],
  );
  return rows.map((row) =>
    JSON.parse(unpad(open(study.dataKey, row.sealed, purposeOf(study.studyId, row.inventory_id)))),
  );
}

const day = 86_400_000;
const warnedBefore = 30 * day;

/**
 * When the next count is due: two years after the last (21 CFR 1304.11), and at once where capsules are held and none was
 * counted; null where there is nothing to count.
 */
export function inventoryDue(last: string | null, heldSince: string | null): { readonly dueAt: string } | null {
  if (heldSince === null) return null;
  if (last === null) return { dueAt: heldSince };
  const due = new Date(last);
  due.setUTCFullYear(due.getUTCFullYear() + 2);
  return { dueAt: due.toISOString() };
}

/** From thirty days before it is due. */
export function isToBeTold(due: { readonly dueAt: string } | null, now: string): boolean {
  return due !== null && Date.parse(now) >= Date.parse(due.dueAt) - warnedBefore;
}
