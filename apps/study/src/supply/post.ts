/**
 * Between this server and the pharmacy: acts about kits are told in order until they are confirmed, shipments are heard.
 * The ledger is the outbox, so nothing is lost when either side is away.
 */
import type { Database } from '../data/database.ts';
import { factsOf } from '../data/ledger.ts';
import type { LedgerTable } from '../data/schema.ts';
import { listStudyIds } from '../data/studies.ts';
import { listUntoldActs, writeShipments, writeTold } from '../data/supply.ts';
import type { Studies } from '../record/studies.ts';
import { type KitAct, type VaultClient, VaultRefusal, VaultUnavailable } from '../release/vault.ts';
import type { Live } from '../server/live.ts';
import { describeError, type Log } from '../server/log.ts';

export type Post = {
  /** Tells and hears now; resolves when that is done, whether or not the pharmacy answered. */
  exchange(studyId: string): Promise<void>;
  close(): Promise<void>;
};

type Parts = {
  readonly database: Database;
  readonly studies: Studies;
  readonly vault: VaultClient;
  readonly live: Live;
  readonly now: () => string;
  readonly log: Log;
};

const actsAtOnce = 100;

export function openPost(parts: Parts, everyMs: number): Post {
  let closed = false;
  const underWay = new Map<string, Promise<void>>();

  const exchange = (studyId: string): Promise<void> => {
    const running = underWay.get(studyId);
    if (running !== undefined) return running.then(() => (closed ? undefined : exchangeOnce(studyId)));
    return exchangeOnce(studyId);
  };
  const exchangeOnce = (studyId: string): Promise<void> => {
    const running = underWay.get(studyId);
    if (running !== undefined) return running;
    const work = tellAndHear(parts, studyId)
      .catch((error: unknown) => {
        if (error instanceof VaultUnavailable) return;
        parts.log({ level: 'error', event: 'post.failed', ...describeError(error) });
      })
      .finally(() => underWay.delete(studyId));
    underWay.set(studyId, work);
    return work;
  };
  const round = async () => {
    for (const studyId of await listStudyIds(parts.database)) if (!closed) await exchangeOnce(studyId);
  };
  const timer = setInterval(() => {
    round().catch((error: unknown) => parts.log({ level: 'error', event: 'post.failed', ...describeError(error) }));
  }, everyMs);
  timer.unref();
  return {
    exchange,
    async close() {
      closed = true;
      clearInterval(timer);
      await Promise.all(underWay.values());
    },
  };
}

async function tellAndHear(parts: Parts, studyId: string): Promise<void> {
  const study = await parts.studies.get(studyId);
  // Who packs for themselves has no kit of the pharmacy's.
  if (study === null || study.protocol.randomisation.procedure.kind === 'selfBlindingWeeks') return;
  await tell(parts, studyId);
  if (study.protocol.supply?.kits !== 'stock') return;
  const heard = await parts.vault.shipments(studyId);
  const rows = heard.map((one) => ({
    shipment_id: one.shipmentId,
    site_id: one.siteId,
    lot: one.lot,
    expires: one.expires,
    storage: one.storage,
    sent_at: one.sentAt,
    status: one.status,
    kits: [...one.kits],
  }));
  if (await writeShipments(parts.database, studyId, rows, parts.now())) parts.live.announce(studyId, null);
}

/** All together; where the pharmacy does not accept them, one by one, so that one act does not hold up the others. */
async function tell({ database, vault }: Parts, studyId: string): Promise<void> {
  for (;;) {
    const rows = await listUntoldActs(database, studyId, actsAtOnce);
    if (rows.length === 0) return;
    const acts = rows.flatMap(kitActsOf);
    try {
      await vault.tellKitActs(studyId, acts);
      await writeTold(database, studyId, idsOf(rows), true);
    } catch (error) {
      if (!(error instanceof VaultRefusal)) throw error;
      for (const row of rows) await tellOne({ database, vault }, studyId, row);
    }
  }
}

async function tellOne(
  { database, vault }: Pick<Parts, 'database' | 'vault'>,
  studyId: string,
  row: ActRow,
): Promise<void> {
  try {
    await vault.tellKitActs(studyId, kitActsOf(row));
    await writeTold(database, studyId, [row.event_id], true);
  } catch (error) {
    if (!(error instanceof VaultRefusal)) throw error;
    await writeTold(database, studyId, [row.event_id], false);
  }
}

const idsOf = (rows: readonly LedgerTable[]) => rows.map((row) => row.event_id);

type ActRow = LedgerTable & { site_id: string | null };

function kitActsOf(row: ActRow): KitAct[] {
  const facts = factsOf(row) ?? {};
  const siteId = row.site_id ?? String(facts.siteId ?? '');
  const common = { actId: row.event_id, at: row.recorded_at, by: row.actor_id, siteId };
  const kit = String(facts.kit ?? '');
  const shipmentId = String(facts.shipmentId ?? '');
  switch (row.type) {
    case 'kit.dispensed':
      return [{ ...common, kind: 'dispensed', kit, participantId: row.stream }];
    case 'kit.returned':
      return [{ ...common, kind: 'returned', kit, units: Number(facts.units) }];
    case 'kit.lost':
      return [{ ...common, kind: facts.cause === 'damaged' ? 'damaged' : 'lost', kit }];
    case 'shipment.received': {
      const [missing, damaged] = [texts(facts.missing), texts(facts.damaged)];
      const received: KitAct = { ...common, kind: 'shipmentReceived', shipmentId, missing, damaged };
      if (facts.excursion == null) return [received];
      const warm = temperatureOf(facts.excursion as Record<string, unknown>);
      return [received, { ...common, actId: `${row.event_id}-temperature`, kind: 'excursion', shipmentId, ...warm }];
    }
    case 'shipment.excursion':
      return [{ ...common, kind: 'excursion', shipmentId, ...temperatureOf(facts) }];
    default:
      return [{ ...common, kind: 'destroyed', kits: texts(facts.kits), witness: String(facts.witness) }];
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function temperatureOf(facts: Readonly<Record<string, unknown>>) {
  const { lowestCelsius, highestCelsius, hours } = facts;
  return {
    lowestCelsius: Number(lowestCelsius),
    highestCelsius: Number(highestCelsius),
    hours: Number(hours),
  };
}
