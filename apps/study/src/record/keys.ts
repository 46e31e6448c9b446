/** The keys of one installation. They live in a file beside the database, never in it. */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

export type Keys = {
  /** 32 bytes. Ids, salts and personal codes are derived from it, each under a key of its own. */
  readonly idKey: Uint8Array;
  /** Ed25519 secret, 32 bytes. */
  readonly checkpointKey: Uint8Array;
  /** 32 bytes; wraps the key of every person. */
  readonly personKeyWrap: Uint8Array;
};

const key = z.string().regex(/^[0-9a-f]{64}$/);
const keyFile = z.strictObject({ idKey: key, checkpointKey: key, personKeyWrap: key });

/**
 * Reads the key file; makes one, readable by its owner alone, where there is none. `demoSeed` makes the keys of a
 * demonstration follow from a word; a real installation draws them.
 */
export async function readOrCreateKeys(path: string, demoSeed: string | null = null): Promise<Keys> {
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const parsed = keyFile.parse(found === null ? await createKeyFile(path, demoSeed) : JSON.parse(found));
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
  return {
    idKey: bytes(parsed.idKey),
    checkpointKey: bytes(parsed.checkpointKey),
    personKeyWrap: bytes(parsed.personKeyWrap),
  };
}

async function createKeyFile(path: string, demoSeed: string | null): Promise<unknown> {
  const fresh = (name: string) =>
    demoSeed === null
      ? randomBytes(32).toString('hex')
      : createHmac('sha256', `limen demonstration ${demoSeed}`).update(`study/${name}`).digest('hex');
  const content = {
    idKey: fresh('idKey'),
    checkpointKey: fresh('checkpointKey'),
    personKeyWrap: fresh('personKeyWrap'),
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, 0o600);
  return content;
}

export type Deriver = {
  /** HMAC-SHA-256 over purpose, study and cause. The same cause gives the same bytes; without the key they look random. */
  derive(purpose: string, studyId: string, cause: string): Buffer;
  deriveSalt(studyId: string, eventId: string): string;
  deriveCode(studyId: string, participantId: string): Buffer;
};

export function openDeriver(keys: Keys): Deriver {
  const under = (info: string) =>
    Buffer.from(hkdfSync('sha256', keys.idKey, Buffer.alloc(0), `limen/study/${info}`, 32));
  const [ids, salts, codes] = [under('ids'), under('salts'), under('codes')];
  const mac = (secret: Buffer, ...parts: string[]) => createHmac('sha256', secret).update(parts.join('|')).digest();
  return {
    derive: (purpose, studyId, cause) => mac(ids, purpose, studyId, cause),
    deriveSalt: (studyId, eventId) => mac(salts, studyId, eventId).toString('hex'),
    deriveCode: (studyId, participantId) => mac(codes, studyId, participantId),
  };
}
