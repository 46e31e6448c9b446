/** Destruction of what is in the vault: one person proposes, another one who was there confirms within a quarter of an hour. */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { open, pad, seal, unpad } from '../sealing.ts';
import { changeKits, type Kit, readKits } from '../stock/kits.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { addUp } from './balances.ts';
import { type Account, type Capsules, postEntry } from './entry.ts';
import { requireCapsules, requireStudy } from './stock.ts';

export const witnessWithinMs = 15 * 60_000;

export type Destruction = {
  readonly destructionId: string;
  readonly proposedAt: string;
  readonly proposedBy: string;
  readonly witnessedAt: string | null;
  readonly witnessedBy: string | null;
  readonly what: Destroyed;
};

/** Loose capsules of one batch, or kits that are in the vault. */
export type Destroyed = {
  readonly batchId: string | null;
  readonly capsules: number;
  readonly kits: readonly string[];
  readonly method: string;
  /** Such as the number of Form 41. */
  readonly reference: string;
  readonly reason: string;
};

const purposeOf = (studyId: string, destructionId: string): string => `destruction ${studyId} ${destructionId}`;

/** The id. Nothing is destroyed in the register yet. */
export async function proposeDestruction(
  house: House,
  studyId: string,
  personId: string,
  what: Destroyed,
): Promise<string> {
  return inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    for (const text of [what.method, what.reason]) {
      if (text.trim().length < 3) throw new Refusal('supply_refused', 'Say how and why.');
    }
    await findDestroyed(client, study, what);
    const destructionId = `d-${Buffer.from(house.random(8)).toString('hex')}`;
    await client.query(
      `insert into destruction (study_id, destruction_id, proposed_at, proposed_by, sealed) values ($1, $2, $3, $4, $5)`,
      [
        studyId,
        destructionId,
        house.clock.now(),
        personId,
        seal(study.dataKey, pad(JSON.stringify(what)), purposeOf(studyId, destructionId)),
      ],
    );
    await appendTrail(house, client, studyId, {
      type: 'destruction.proposed',
      actor: { id: personId, role: 'pharmacist' },
      cause: destructionId,
      payload: { ...what, kits: [...what.kits] },
    });
    return destructionId;
  });
}

/** What is to be destroyed, if it is all there. */
async function findDestroyed(
  client: Client,
  study: OpenStudy,
  { batchId, capsules, kits }: Destroyed,
): Promise<{ from: Account; capsules: Capsules }> {
  if ((batchId === null) === (kits.length === 0)) {
    throw new Refusal('supply_refused', 'Name either a batch or kits.');
  }
  if (batchId !== null) {
    if (!Number.isInteger(capsules) || capsules < 1)
      throw new Refusal('supply_refused', 'Destroy one capsule or more.');
    await requireCapsules(client, study, { [batchId]: capsules });
    return { from: 'store', capsules: { [batchId]: capsules } };
  }
  if (new Set(kits).size !== kits.length) throw new Refusal('supply_refused', 'A kit is named twice.');
  const found: Kit[] = [];
  for (const label of kits) {
    const [kit] = await readKits(client, study, { kit: label });
    if (kit?.place !== 'store') throw new Refusal('supply_refused', `Kit ${label} is not in the vault.`);
    found.push(kit);
  }
  return {
    from: 'kits',
    capsules: addUp(found.map(({ secret, units }) => (secret === null ? {} : { [secret.batchId]: units }))),
  };
}

export async function witnessDestruction(
  house: House,
  studyId: string,
  personId: string,
  destructionId: string,
): Promise<void> {
  await inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, studyId);
    const proposed = (await readDestructions(client, study)).find((one) => one.destructionId === destructionId);
    if (proposed === undefined) throw new Refusal('not_found', 'There is no such destruction.');
    if (proposed.witnessedAt !== null) throw new Refusal('supply_refused', 'It is confirmed already.');
    if (proposed.proposedBy === personId) {
      throw new Refusal('supply_refused', 'Two different people are needed: ask the one who was there with you.');
    }
    if (isOver(proposed, house.clock.now())) {
      throw new Refusal('supply_refused', 'It was not confirmed within 15 minutes: propose it again.');
    }
    const { what } = proposed;
    const { from, capsules } = await findDestroyed(client, study, what);
    const now = house.clock.now();
    const { reference, reason, kits } = what;
    const entryId = await postEntry(house, client, study, {
      ...{ kind: 'destroyed', happenedAt: proposed.proposedAt, from, to: 'destroyed', capsules },
      details: { by: proposed.proposedBy, witness: personId, reason, reference, kits },
    });
    if (kits.length > 0) await changeKits(client, studyId, kits, { place: 'destroyed' });
    await client.query(
      `update destruction set witnessed_at = $3, witnessed_by = $4, entry_id = $5
       where study_id = $1 and destruction_id = $2`,
      [studyId, destructionId, now, personId, entryId],
    );
    await appendTrail(house, client, studyId, {
      type: 'destruction.witnessed',
      actor: { id: personId, role: 'pharmacist' },
      cause: destructionId,
      payload: { destructionId, entryId },
    });
  });
}

export function isOver({ proposedAt, witnessedAt }: Destruction, now: string): boolean {
  return witnessedAt === null && Date.parse(now) - Date.parse(proposedAt) > witnessWithinMs;
}

type Row = {
  destruction_id: string;
  proposed_at: Date;
  proposed_by: string;
  sealed: Buffer;
  witnessed_at: Date | null;
  witnessed_by: string | null;
};

/** The newest first. */
export async function readDestructions(client: Client, study: OpenStudy): Promise<Destruction[]> {
  const { rows } = await client.query<Row>(
    'select * from destruction where study_id = $1 order by proposed_at desc, destruction_id',
    [study.studyId],
  );
  return rows.map((row) => ({
    destructionId: row.destruction_id,
    proposedAt: row.proposed_at.toISOString(),
    proposedBy: row.proposed_by,
    witnessedAt: row.witnessed_at?.toISOString() ?? null,
    witnessedBy: row.witnessed_by,
    what: JSON.parse(unpad(open(study.dataKey, row.sealed, purposeOf(study.studyId, row.destruction_id)))) as Destroyed,
  }));
}
