/** Certificates of laboratories: the bytes, under the study's key, and nothing but what a record has named by its hash. */
import { createHmac, hash } from 'node:crypto';
import { type BatchState, readBatches } from './batches.ts';
import type { House } from './house.ts';
import { Refusal } from './refusals.ts';
import { open, seal } from './sealing.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

export const largestCertificate = 10 * 1024 * 1024;
const supplier = { id: 'supply', role: 'pharmacist' } as const;

const kinds = [
  { type: 'application/pdf', begins: Buffer.from('%PDF-') },
  { type: 'image/png', begins: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { type: 'image/jpeg', begins: Buffer.from([0xff, 0xd8, 0xff]) },
] as const;

/** By its first bytes, whatever its name or the caller says; null for anything but PDF, PNG and JPEG. */
export function certificateType(bytes: Uint8Array): (typeof kinds)[number]['type'] | null {
  const found = kinds.find(({ begins }) => begins.equals(bytes.subarray(0, begins.length)));
  return found?.type ?? null;
}

type Named = { readonly fileName: string; readonly sha256: string };

/** In the record's assay and in its retests. */
export function namedCertificates({ record, acts }: BatchState): Named[] {
  return [record.assay?.certificate, ...acts.map(({ certificate }) => certificate)].flatMap((one) => one ?? []);
}

/** Tells of a hash whether its file is here. */
export async function heldCertificates(client: Client, study: OpenStudy, batchId: string) {
  const { rows } = await client.query<{ name: string }>(
    'select name from certificate where study_id = $1 and batch_id = $2',
    [study.studyId, batchId],
  );
  const names = new Set(rows.map(({ name }) => name));
  return (sha256: string): boolean => names.has(nameOf(study, sha256));
}

/** Once; the same file again changes nothing. */
export async function storeCertificate(
  house: House,
  asked: { readonly studyId: string; readonly batchId: string; readonly sha256: string },
  bytes: Uint8Array,
): Promise<{ batchId: string; sha256: string; bytes: number }> {
  const { studyId, batchId, sha256 } = asked;
  const refuse = (reason: string): never => {
    throw new Refusal('supply_refused', `certificate of ${batchId}: ${reason}`);
  };
  if (bytes.length === 0 || bytes.length > largestCertificate) refuse(`${bytes.length} bytes`);
  if (certificateType(bytes) === null) refuse('neither PDF nor PNG nor JPEG by its first bytes');
  if (hash('sha256', bytes, 'hex') !== sha256) refuse('its bytes have another hash than was said');
  return inTransaction(house, async (client) => {
    const { study, named } = await findNamed(house, client, asked);
    const stored = await client.query(
      `insert into certificate (study_id, batch_id, name, sealed, stored_at) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [studyId, batchId, nameOf(study, sha256), seal(study.dataKey, bytes, purposeOf(asked)), house.clock.now()],
    );
    if (stored.rowCount === 1) {
      const payload = { batchId, fileName: named.fileName, sha256, bytes: bytes.length };
      await appendTrail(house, client, studyId, {
        type: 'certificate.stored',
        actor: supplier,
        cause: sha256,
        payload,
      });
    }
    return { batchId, sha256, bytes: bytes.length };
  });
}

/** Reading it stands in the trail. */
export async function readCertificate(
  house: House,
  asked: { readonly studyId: string; readonly batchId: string; readonly sha256: string },
): Promise<{ fileName: string; type: string; bytes: Buffer }> {
  const { studyId, batchId, sha256 } = asked;
  return inTransaction(house, async (client) => {
    const { study, named } = await findNamed(house, client, asked);
    const { rows } = await client.query<{ sealed: Buffer }>(
      'select sealed from certificate where study_id = $1 and batch_id = $2 and name = $3',
      [studyId, batchId, nameOf(study, sha256)],
    );
    if (rows[0] === undefined) throw new Refusal('not_found', 'the certificate is named and not here');
    const bytes = open(study.dataKey, rows[0].sealed, purposeOf(asked));
    const payload = { batchId, sha256 };
    await appendTrail(house, client, studyId, { type: 'certificate.read', actor: supplier, cause: batchId, payload });
    return { fileName: named.fileName, type: certificateType(bytes) ?? 'application/octet-stream', bytes };
  });
}

async function findNamed(
  house: House,
  client: Client,
  { studyId, batchId, sha256 }: { studyId: string; batchId: string; sha256: string },
): Promise<{ study: OpenStudy; named: Named }> {
  const study = await lockStudy(house, client, studyId);
  const state = study && (await readBatches(client, study)).find(({ record }) => record.batchId === batchId);
  const named = state && namedCertificates(state).find((one) => one.sha256 === sha256);
  if (!study || !named) throw new Refusal('supply_refused', `no record of batch ${batchId} names a file of this hash`);
  return { study, named };
}

/** What the row is called: only who has the study's key can tell whether a file they hold is this one. */
function nameOf(study: OpenStudy, sha256: string): string {
  return createHmac('sha256', study.dataKey).update(`certificate ${sha256}`).digest('hex');
}

const purposeOf = ({ studyId, batchId, sha256 }: { studyId: string; batchId: string; sha256: string }): string =>
  `certificate ${studyId} ${batchId} ${sha256}`;
