/** Capsules of a batch in the vault's store: taken in, and whether there are enough. */
import { readBatches } from '../batches.ts';
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { type Balances, foldBalances, heldBy } from './balances.ts';
import { type Capsules, postEntry, readEntries } from './entry.ts';

export async function readBalances(client: Client, study: OpenStudy): Promise<Balances> {
  return foldBalances(await readEntries(client, study));
}

export type TakeIn = {
  readonly batchId: string;
  readonly capsules: number;
  readonly happenedAt: string;
  /** The papers it came with: order form, certificate of manufacture. */
  readonly reference: string;
};

const mostCapsules = 1_000_000;

export async function takeInCapsules(house: House, studyId: string, personId: string, taken: TakeIn): Promise<void> {
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    const { batchId, capsules, happenedAt, reference } = taken;
    if (!(await readBatches(client, study)).some(({ record }) => record.batchId === batchId)) {
      throw new Refusal('supply_refused', `There is no batch ${batchId}.`);
    }
    if (!Number.isInteger(capsules) || capsules < 1 || capsules > mostCapsules) {
      throw new Refusal('supply_refused', `Take in between 1 and ${mostCapsules} capsules.`);
    }
    if (reference.trim() === '') throw new Refusal('supply_refused', 'Name the papers the capsules came with.');
    assertPast(house, happenedAt);
    const entryId = await postEntry(house, client, study, {
      kind: 'takenIn',
      happenedAt,
      from: 'outside',
      to: 'store',
      capsules: { [batchId]: capsules },
      details: { by: personId, reference: reference.trim() },
    });
    await appendTrail(house, client, studyId, {
      type: 'capsules.takenIn',
      actor: { id: personId, role: 'pharmacist' },
      cause: entryId ?? '',
      payload: { ...taken },
    });
  });
}

/** What happened is written down afterwards, never before. */
export function assertPast(house: House, happenedAt: string): void {
  if (Number.isNaN(Date.parse(happenedAt))) throw new Refusal('supply_refused', 'The time is not a time.');
  if (happenedAt > house.clock.now()) throw new Refusal('supply_refused', 'That time has not come yet.');
}

/** @throws Refusal that says how many capsules are missing of which batch */
export async function requireCapsules(client: Client, study: OpenStudy, needed: Capsules): Promise<void> {
  const balances = await readBalances(client, study);
  for (const [batchId, capsules] of Object.entries(needed)) {
    const held = heldBy(balances, 'store', batchId);
    if (held < capsules) {
      throw new Refusal('supply_refused', `${capsules} capsules of ${batchId} are needed; the store has ${held}.`);
    }
  }
}

/** For the vault's people. */
export async function requireStudy(house: House, client: Client, studyId: string): Promise<OpenStudy> {
  const study = await lockStudy(house, client, studyId);
  if (!study) throw new Refusal('not_found', 'There is no such study.');
  return study;
}
