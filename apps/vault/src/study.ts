/** A study in the vault: its design, its seed under lock, its commitment. */
import { hash } from 'node:crypto';
import { canonicalJson } from '@limen/ledger';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { commitment, RandomizationError } from '@limen/randomization';
import { type Design, randomisedArms } from './contents.ts';
import type { House } from './house.ts';
import type { CreateStudyRequest } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { deriveKey, keyBytes, open, seal } from './sealing.ts';
import { keepsStock, stockFault } from './stock/design.ts';
import { type Client, inTransaction } from './store.ts';
import { appendTrail } from './trail.ts';

export type OpenStudy = {
  readonly studyId: string;
  readonly protocolHash: string;
  readonly commitment: string;
  readonly design: Design;
  readonly dataKey: Buffer;
  readonly seed: Buffer;
  readonly releasedAt: Date | null;
  readonly lockHash: string | null;
  /** Absent for a study created without it. */
  readonly document: ProtocolDocument | null;
  readonly sites: readonly Site[];
};

export type Site = NonNullable<CreateStudyRequest['sites']>[number];

type StudyRow = {
  study_id: string;
  protocol_hash: string;
  commitment: string;
  design: string;
  wrapped_key: Buffer;
  sealed_seed: Buffer;
  released_at: Date | null;
  lock_hash: string | null;
  document: string | null;
  sites: string;
};

/** Draws the seed once; asked again with the same design, it answers the same commitment. */
export async function createStudy(house: House, request: CreateStudyRequest): Promise<{ commitment: string }> {
  const { studyId, protocolHash, sites = [] } = request;
  const document = documentOf(request);
  const design: Design = {
    procedure: request.procedure,
    stratifyBy: request.stratifyBy,
    capsules: request.capsules,
    arms: request.arms.map(({ id, weight, content }) => ({ id, weight, content })),
  };
  const fault = keepsStock({ document }) ? stockFault(design) : null;
  if (fault !== null) throw new Refusal('study_refused', fault);
  const text = canonicalJson(design);
  const seed = Buffer.from(house.random(keyBytes));
  const dataKey = Buffer.from(house.random(keyBytes));
  const committed = commit(studyId, protocolHash, design, seed);
  return inTransaction(house, async (client) => {
    const inserted = await client.query(
      `insert into study (study_id, protocol_hash, commitment, design, wrapped_key, sealed_seed, created_at, document, sites)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (study_id) do nothing`,
      [
        studyId,
        protocolHash,
        committed,
        text,
        seal(deriveKey(house.key, 'wrap'), dataKey, `data key ${studyId}`),
        seal(dataKey, seed, `seed ${studyId}`),
        house.clock.now(),
        document === null ? null : JSON.stringify(document),
        JSON.stringify(sites),
      ],
    );
    const row = await lockRow(client, studyId);
    if (!row || row.design !== text || row.protocol_hash !== protocolHash) {
      throw new Refusal('study_refused', 'another design is already committed under this id');
    }
    if (inserted.rowCount === 1) {
      await appendTrail(house, client, studyId, {
        type: 'study.committed',
        actor: { id: 'study', role: 'system' },
        cause: studyId,
        payload: { protocolHash, commitment: committed, design: JSON.parse(text) },
      });
    }
    return { commitment: row.commitment };
  });
}

/** What the commitment binds is what the vault's people read. */
function documentOf({ document, protocolHash }: CreateStudyRequest): ProtocolDocument | null {
  if (document === undefined) return null;
  const text = canonicalJson(document);
  if (hash('sha256', text, 'hex') !== protocolHash) {
    throw new Refusal('study_refused', 'the document is not the one whose hash is to be committed');
  }
  const parsed = parseProtocol(text);
  if (!parsed.ok) throw new Refusal('study_refused', 'the document is not a protocol');
  return parsed.protocol;
}

function commit(studyId: string, protocolHash: string, design: Design, seed: Uint8Array): string {
  try {
    return commitment({ studyId, protocolHash, arms: randomisedArms(design), procedure: design.procedure, seed });
  } catch (error) {
    if (error instanceof RandomizationError) throw new Refusal('study_refused', `${error.code}: ${error.message}`);
    throw error;
  }
}

/** Takes the study's row lock, so that steps and trail have no gaps. */
export async function lockStudy(house: House, client: Client, studyId: string): Promise<OpenStudy | null> {
  const row = await lockRow(client, studyId);
  return row ? opened(house, row) : null;
}

/** Waits for nobody, and nothing may be written by it. */
export async function readStudy(house: House, studyId: string): Promise<OpenStudy | null> {
  const { rows } = await house.pool.query<StudyRow>('select * from study where study_id = $1', [studyId]);
  return rows[0] ? opened(house, rows[0]) : null;
}

function opened(house: House, row: StudyRow): OpenStudy {
  const studyId = row.study_id;
  const dataKey = open(deriveKey(house.key, 'wrap'), row.wrapped_key, `data key ${studyId}`);
  return {
    studyId,
    protocolHash: row.protocol_hash,
    commitment: row.commitment,
    design: JSON.parse(row.design) as Design,
    dataKey,
    seed: open(dataKey, row.sealed_seed, `seed ${studyId}`),
    releasedAt: row.released_at,
    lockHash: row.lock_hash,
    document: row.document === null ? null : (JSON.parse(row.document) as ProtocolDocument),
    sites: JSON.parse(row.sites) as Site[],
  };
}

async function lockRow(client: Client, studyId: string): Promise<StudyRow | undefined> {
  return (await client.query<StudyRow>('select * from study where study_id = $1 for update', [studyId])).rows[0];
}
