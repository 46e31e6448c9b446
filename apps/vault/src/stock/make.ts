/** Kits made beforehand: from released batches, with labels of one pool that know nothing of what they stand on. */
import { freeLabel } from '../allocate.ts';
import { readBatches, statusOf } from '../batches.ts';
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { postEntry } from '../register/entry.ts';
import { requireCapsules, requireStudy } from '../register/stock.ts';
import type { RandomBytes } from '../sealing.ts';
import { type Client, inTransaction } from '../store.ts';
import type { OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { keepsStock, stockDesign, stockFault } from './design.ts';
import { type KitSecret, sealKit } from './kits.ts';

/** Kits made in one go. */
const mostSets = 500;
const rankBytes = 12;

export type MakeKits = {
  readonly sets: number;
  /** Batch by content: every content of the design has one. */
  readonly batches: ReadonlyMap<string, string>;
};

/** The labels, in their own order. */
export async function makeKits(
  house: House,
  studyId: string,
  personId: string,
  { sets, batches }: MakeKits,
): Promise<string[]> {
  return inTransaction(house, async (client) => {
    const study = await requireStock(house, client, studyId);
    if (!Number.isInteger(sets) || sets < 1 || sets > mostSets) {
      throw new Refusal('supply_refused', `Make between 1 and ${mostSets} sets at a time.`);
    }
    const design = stockDesign(study.design);
    const usable = await usableBatches(house, client, study);
    const contents = [...design.perSet].flatMap(([content, perSet]) => {
      const batchId = batches.get(content) ?? '';
      const fault =
        usable.get(batchId)?.intervention === content
          ? null
          : `Batch ${batchId || '(none)'} cannot be used for ${content}.`;
      if (fault !== null) throw new Refusal('supply_refused', fault);
      return Array.from({ length: perSet * sets }, () => ({ content, batchId }));
    });
    const needed: Record<string, number> = {};
    for (const { batchId } of contents) needed[batchId] = (needed[batchId] ?? 0) + study.design.capsules;
    await requireCapsules(client, study, needed);
    const labels = await freshLabels(house, client, studyId, contents.length);
    const shuffled = shuffle(contents, house.random);
    for (const [index, kit] of labels.entries()) {
      const one = shuffled[index];
      if (one === undefined) throw new RangeError('There are fewer contents than labels');
      const rank = Buffer.from(house.random(rankBytes)).toString('hex');
      await insertKit(client, study, kit, { ...one, rank });
    }
    await postEntry(house, client, study, {
      kind: 'kitsMade',
      happenedAt: house.clock.now(),
      from: 'store',
      to: 'kits',
      capsules: needed,
      details: { by: personId, kits: labels },
    });
    await appendTrail(house, client, studyId, {
      type: 'kits.made',
      actor: { id: personId, role: 'pharmacist' },
      cause: labels[0] ?? '',
      payload: { kits: labels, sets, batches: Object.fromEntries(batches) },
    });
    return labels;
  });
}

/** @throws Refusal with the reason for a person who is not blinded */
export async function requireStock(house: House, client: Client, studyId: string): Promise<OpenStudy> {
  const study = await requireStudy(house, client, studyId);
  const fault = stockFault(study.design);
  if (fault !== null) throw new Refusal('supply_refused', `This design has no stock: ${fault}.`);
  if (!keepsStock(study)) {
    throw new Refusal('supply_refused', 'The protocol has its kits packed to order (supply.kits is not “stock”).');
  }
  return study;
}

type Usable = { readonly intervention: string; readonly expires: string };

/** Batches a kit can be made of today, by id. */
export async function usableBatches(
  house: House,
  client: Client,
  study: OpenStudy,
): Promise<ReadonlyMap<string, Usable>> {
  const now = house.clock.now();
  const fitting = (await readBatches(client, study)).filter((batch) => statusOf(batch, now) === 'released');
  return new Map(fitting.map(({ record: { batchId, intervention, expires } }) => [batchId, { intervention, expires }]));
}

/** Labels follow from how many the study has, and from nothing else; answered and inserted in their own order. */
async function freshLabels(house: House, client: Client, studyId: string, count: number): Promise<string[]> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from kit where study_id = $1', [
    studyId,
  ]);
  const first = rows[0]?.n ?? 0;
  const labels = new Set<string>();
  for (let index = first; labels.size < count; index += 1) {
    labels.add(await freeLabel(house, client, studyId, `kit ${index}`));
  }
  return [...labels].sort();
}

async function insertKit(client: Client, study: OpenStudy, kit: string, secret: KitSecret): Promise<void> {
  await client.query("insert into kit (study_id, kit, sealed, place, units) values ($1, $2, $3, 'store', $4)", [
    study.studyId,
    kit,
    sealKit(study, kit, secret),
    study.design.capsules,
  ]);
}

/** Fisher and Yates, each place drawn from 32 bits with the uneven rest thrown away. */
export function shuffle<T>(items: readonly T[], random: RandomBytes): T[] {
  const left = [...items];
  const shuffled: T[] = [];
  while (left.length > 0) shuffled.push(...left.splice(below(left.length, random), 1));
  return shuffled;
}

function below(limit: number, random: RandomBytes): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const drawn = Buffer.from(random(4)).readUInt32BE(0);
    if (drawn < fair) return drawn % limit;
  }
}
