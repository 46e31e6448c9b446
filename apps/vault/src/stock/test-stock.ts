/** For tests: a vault on a database of its own, with a study whose kits are in stock. */
import { createHmac, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '@limen/ledger';
import type { TestDatabases } from '@limen/postgres';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { startVault, vaultClient } from '../index.ts';
import type { CreateStudyRequest } from '../protocol.ts';

const tokens = { study: 'study'.repeat(8), supply: 'supply'.repeat(8), emergency: 'emergency'.repeat(8) };

/** Bytes that follow from a seed. */
export function seeded(seed: string): (length: number) => Uint8Array {
  let drawn = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      drawn += 1;
      parts.push(createHmac('sha256', seed).update(String(drawn)).digest());
    }
    return Buffer.concat(parts).subarray(0, length);
  };
}

export async function openStockVault(databases: TestDatabases, seed = 'one') {
  const database = await databases.freshDatabase();
  const clock = { now: '2027-02-01T08:00:00.000Z' };
  const log: Record<string, unknown>[] = [];
  const vault = await startVault({
    databaseUrl: database.connectionString,
    key: Buffer.alloc(32, 9),
    tokens,
    port: 0,
    clock: { now: () => clock.now },
    random: seeded(seed),
    setupCode: 'a-set-up-code',
    log: (line) => log.push(line),
  });
  const clientOf = (caller: keyof typeof tokens) => vaultClient({ address: vault.address, token: tokens[caller] });
  return {
    ...{ vault, house: vault.house, clock, log, databaseUrl: database.connectionString },
    ...{ study: clientOf('study'), supply: clientOf('supply'), emergency: clientOf('emergency') },
  };
}

export type StockVault = Awaited<ReturnType<typeof openStockVault>>;

type StockStudy = {
  readonly studyId: string;
  readonly procedure: CreateStudyRequest['procedure'];
  readonly kits: 'stock' | 'toOrder';
  readonly stratifyBy: readonly string[];
};

/** A protocol of the library with its kits in stock, two arms of one content each and 14 capsules a kit. */
export function stockStudy({
  studyId = 'stock',
  procedure = { kind: 'complete' },
  kits = 'stock',
  stratifyBy = ['site'],
}: Partial<StockStudy> = {}): CreateStudyRequest {
  const path = new URL('../../../../protocols/lsd-10ug-every-third-day.json', import.meta.url);
  const document = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  document.supply = { ...(document.supply as object), kits };
  const parsed = parseProtocol(JSON.stringify(document));
  if (!parsed.ok) throw new RangeError('The protocol of the test is not valid');
  const text = canonicalJson(parsed.protocol);
  const { arms } = parsed.protocol as ProtocolDocument;
  return {
    ...{ studyId, procedure, stratifyBy: [...stratifyBy], capsules: 14 },
    protocolHash: hash('sha256', text, 'hex'),
    arms: arms.map(({ id, weight, content }) => ({ id, weight, content })),
    document: JSON.parse(text),
    sites: [
      { siteId: 'east', name: 'Eastern clinic' },
      { siteId: 'west', name: 'Western clinic' },
    ],
  };
}

export const batches = {
  active: {
    batchId: 'b-active',
    intervention: 'lsd-10',
    form: 'lsd-base',
    fillWeight: { meanGrams: 0.3, sdGrams: 0.004, n: 30 },
    assay: {
      analyte: 'lsd-base',
      contentPerUnit: { value: 33.3, unit: 'µg/g' as const },
      cv: 0.03,
      n: 6,
      method: 'HPLC-UV',
      date: '2026-12-01',
    },
    expires: '2028-01-01',
  },
  placebo: {
    batchId: 'b-placebo',
    intervention: 'placebo',
    fillWeight: { meanGrams: 0.3, sdGrams: 0.004, n: 30 },
    expires: '2028-06-01',
  },
};
/** Batches recorded, released and taken in; both sites registered. */
export async function openStore({ supply, clock }: StockVault, studyId = 'stock'): Promise<void> {
  await openBatches({ supply, clock }, [batches.active, batches.placebo], studyId);
  for (const siteId of ['east', 'west']) {
    const registered = { authority: 'DEA', number: `R-${siteId}`, expires: '2029-01-01', substances: ['lsd'] };
    await supply.registerSite(studyId, { by: 'ph', siteId, ...registered });
  }
}

/** Recorded, released, and a thousand capsules of each taken in. */
export async function openBatches(
  { supply, clock }: Pick<StockVault, 'supply' | 'clock'>,
  recorded: readonly (typeof batches)['active' | 'placebo'][],
  studyId = 'stock',
): Promise<void> {
  for (const batch of recorded) {
    await supply.recordBatch(studyId, batch);
    await decideBatch({ supply }, batch.batchId, 'released', studyId);
    const { batchId } = batch;
    await supply.takeInCapsules(studyId, {
      by: 'ph',
      batchId,
      capsules: 1000,
      happenedAt: clock.now,
      reference: '222-1',
    });
  }
}

export async function decideBatch(
  { supply }: Pick<StockVault, 'supply'>,
  batchId: string,
  kind: 'released' | 'quarantined' | 'recalled',
  studyId = 'stock',
): Promise<void> {
  const { acts } = (await supply.listBatches(studyId)).batches.find(({ record }) => record.batchId === batchId) ?? {};
  const actId = `${batchId}-${acts?.length ?? 0}`;
  await supply.recordBatchAct(studyId, batchId, { kind, actId, by: 'Pharmacist', reason: 'As tested' });
}

export const batchByContent = new Map([
  ['lsd-10', 'b-active'],
  ['placebo', 'b-placebo'],
]);
