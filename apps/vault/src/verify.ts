/** Is the vault's record whole? Every trail, and every allocation drawn again; nothing secret is told of what is found. */
import { verifyAllocations } from '@limen/randomization';
import pg from 'pg';
import { readAllocations } from './allocate.ts';
import { randomisedArms } from './contents.ts';
import { type House, openAttempts } from './house.ts';
import { openRootKey } from './root-key.ts';
import { inTransaction } from './store.ts';
import { lockStudy } from './study.ts';
import { houseStream, verifyTrail } from './trail.ts';
import { openWalks } from './walks.ts';

export type VaultReport = {
  readonly ok: boolean;
  readonly studies: readonly {
    readonly studyId: string;
    readonly trailEntries: number;
    readonly allocations: number;
    readonly ok: boolean;
  }[];
  readonly faults: readonly VaultFault[];
};

export type VaultFault = {
  readonly studyId: string;
  readonly part: 'trail' | 'allocation';
  /** Where: the entry's number, or list and step. Never an arm, a seed or what was sealed. */
  readonly place: string;
  readonly reason: string;
};

/** Reads only. `keys`: the first that opens the database is used. */
export async function verifyVault(databaseUrl: string, keys: readonly Uint8Array[]): Promise<VaultReport> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => undefined);
  const clock = { now: () => new Date().toISOString() };
  try {
    const first = keys[0] ?? new Uint8Array();
    const key = await openRootKey(pool, keys, { fresh: first, now: clock.now() });
    const random = () => new Uint8Array();
    const quiet = { setupCode: null, attempts: openAttempts(), walks: openWalks(), log: () => undefined };
    const house: House = { pool, key, clock, random, ...quiet };
    const { rows } = await pool.query<{ study_id: string }>('select study_id from study order by study_id');
    const faults: VaultFault[] = [];
    const studies: VaultReport['studies'][number][] = [];
    for (const { study_id: studyId } of rows) studies.push(await verifyStudy(house, studyId, faults));
    await verifyOneTrail(house, houseStream, faults);
    return { ok: faults.length === 0, studies, faults };
  } finally {
    await pool.end();
  }
}

async function verifyStudy(house: House, studyId: string, faults: VaultFault[]) {
  const before = faults.length;
  const trailEntries = await verifyOneTrail(house, studyId, faults);
  const allocations = await verifyDraws(house, studyId, faults).catch(() => {
    faults.push({ studyId, part: 'allocation', place: '', reason: 'Something sealed does not open.' });
    return 0;
  });
  return { studyId, trailEntries, allocations, ok: faults.length === before };
}

async function verifyOneTrail(house: House, studyId: string, faults: VaultFault[]): Promise<number> {
  const part = 'trail';
  return inTransaction(house, async (client) => {
    try {
      const found = await verifyTrail(house, client, studyId);
      if (found.ok) return found.count;
      const { code, field, position } = found;
      faults.push({ studyId, part, place: `entry ${position.seq}`, reason: `${code} at ${field}` });
    } catch {
      faults.push({ studyId, part, place: '', reason: 'A sealed entry does not open.' });
    }
    return 0;
  });
}

async function verifyDraws(house: House, studyId: string, faults: VaultFault[]): Promise<number> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (study === null) return 0;
    const { protocolHash, commitment, seed, design } = study;
    const allocations = await readAllocations(client, study);
    const arms = randomisedArms(design);
    const { procedure } = design;
    const checked = verifyAllocations({ studyId, protocolHash, commitment, seed, arms, procedure, allocations });
    if (!checked.ok) {
      const place = 'firstDifference' in checked ? checked.firstDifference : null;
      faults.push({
        studyId,
        part: 'allocation',
        place: place === null ? '' : `stratum ${place.stratum}, step ${place.step}`,
        reason:
          checked.reason === 'commitment' ? 'The seed is not the committed one.' : 'It is not what the seed draws.',
      });
    }
    return allocations.length;
  });
}
