/** The environment of the process, checked once. */
import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { newKeySettings, readVaultKey } from './key-source.ts';
import { keyBytes } from './sealing.ts';
import type { VaultOptions } from './server.ts';

const token = z.string().min(16);
const environment = z.object({
  VAULT_DATABASE_URL: z.string().min(1),
  LIMEN_VAULT_STUDY_TOKEN: token,
  LIMEN_VAULT_SUPPLY_TOKEN: token,
  LIMEN_VAULT_EMERGENCY_TOKEN: token,
  LIMEN_VAULT_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  LIMEN_VAULT_SETUP_CODE: z.string().min(8).optional(),
  LIMEN_VAULT_HOST: z.string().min(1).default('127.0.0.1'),
});

/** Read by a process started with `--demo` and by no other: a real vault's seed and clock cannot be set. */
const demonstration = z.object({
  LIMEN_DEMO_SEED: z.string().min(1),
  LIMEN_DEMO_NOW: z.iso.datetime({ precision: 3 }),
});

export type Settings = {
  readonly demo: { readonly now: string } | null;
  readonly vault: Omit<VaultOptions, 'clock' | 'log'>;
};

/** Throws a sentence that names what is missing, never a value. */
export async function readSettings(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Settings> {
  const given = environment.safeParse(env);
  if (!given.success) throw missing(given.error);
  const demo = args.includes('--demo') ? demonstration.safeParse(env) : null;
  if (demo && !demo.success) throw missing(demo.error);
  const { data } = given;
  const key = await readVaultKey(env);
  const nextKey = env.VAULT_NEW_KEY === undefined ? [] : [await readVaultKey(env, newKeySettings)];
  return {
    demo: demo?.success ? { now: demo.data.LIMEN_DEMO_NOW } : null,
    vault: {
      databaseUrl: data.VAULT_DATABASE_URL,
      key,
      otherKeys: nextKey,
      // A demonstration is to be the same again from its seed.
      ...(demo?.success ? {} : { freshRootKey: () => randomBytes(keyBytes) }),
      tokens: {
        study: data.LIMEN_VAULT_STUDY_TOKEN,
        supply: data.LIMEN_VAULT_SUPPLY_TOKEN,
        emergency: data.LIMEN_VAULT_EMERGENCY_TOKEN,
      },
      port: data.LIMEN_VAULT_PORT,
      host: data.LIMEN_VAULT_HOST,
      setupCode: data.LIMEN_VAULT_SETUP_CODE,
      random: demo?.success
        ? seededBytes(key.toString('base64'), demo.data.LIMEN_DEMO_SEED)
        : (length) => randomBytes(length),
    },
  };
}

function missing(error: z.ZodError): Error {
  const names = [...new Set(error.issues.map(({ path }) => String(path[0])))];
  return new Error(`These settings are missing or not right: ${names.join(', ')}.`);
}

/** Bytes that follow from a seed, for a demonstration that can be repeated. */
function seededBytes(key: string, seed: string): (length: number) => Uint8Array {
  let drawn = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      drawn += 1;
      parts.push(createHmac('sha256', `${key} ${seed}`).update(String(drawn)).digest());
    }
    return Buffer.concat(parts).subarray(0, length);
  };
}
