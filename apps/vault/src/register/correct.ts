/** Mistakes are put right by an entry of their own that names the one that was wrong. */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { inTransaction } from '../store.ts';
import { appendTrail } from '../trail.ts';
import { foldBalances, overdrawn } from './balances.ts';
import { type Account, postEntry, readEntries } from './entry.ts';
import { assertPast, requireStudy } from './stock.ts';

/** Loose capsules: what is in kits is put right kit by kit, by the sites’ acts. */
export const correctable = ['outside', 'store', 'lost', 'used', 'destroyed'] as const satisfies readonly Account[];

export type Correction = {
  /** Of the wrong entry; empty where something was never entered. */
  readonly corrects: string;
  readonly from: string;
  readonly to: string;
  readonly batchId: string;
  readonly capsules: number;
  readonly happenedAt: string;
  readonly reason: string;
};

export async function correctRegister(
  house: House,
  studyId: string,
  personId: string,
  given: Correction,
): Promise<void> {
  const { corrects, batchId, capsules, happenedAt } = given;
  const reason = given.reason.trim();
  if (reason.length < 3) throw new Refusal('supply_refused', 'Say why.');
  const [from, to] = [accountOf(given.from), accountOf(given.to)];
  if (from === to) throw new Refusal('supply_refused', 'A correction moves capsules between two accounts.');
  if (!Number.isInteger(capsules) || capsules < 1) throw new Refusal('supply_refused', 'Correct one capsule or more.');
  assertPast(house, happenedAt);
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    const entries = await readEntries(client, study);
    if (corrects !== '' && !entries.some(({ entryId }) => entryId === corrects)) {
      throw new Refusal('supply_refused', `The register has no entry ${corrects}.`);
    }
    if (!foldBalances(entries).get('outside')?.has(batchId)) {
      throw new Refusal('supply_refused', `The register has no batch ${batchId}.`);
    }
    const entry = { from, to, capsules: { [batchId]: capsules } };
    const below = overdrawn(foldBalances([...entries, entry]));
    if (below.length > 0) throw new Refusal('supply_refused', `Fewer than none would be left: ${below.join('; ')}.`);
    const details = { by: personId, reason, ...(corrects === '' ? {} : { corrects }) };
    const entryId = await postEntry(house, client, study, { kind: 'corrected', happenedAt, ...entry, details });
    await appendTrail(house, client, studyId, {
      type: 'register.corrected',
      actor: { id: personId, role: 'pharmacist' },
      cause: entryId ?? '',
      payload: { ...given, reason },
    });
  });
}

function accountOf(name: string): Account {
  const account = correctable.find((one) => one === name);
  if (account === undefined) throw new Refusal('supply_refused', `The account “${name}” cannot be corrected here.`);
  return account;
}
