/**
 * What the study server draws by itself (tokens, nonces, request ids) follows from a seed in this thread, so that two
 * worlds can be compared whole, with no value masked. Only a worker may load this: its built-in modules are its own.
 * What the vault draws stays as it is, so a draw in one process cannot shift the other.
 */
import crypto, { createHmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) throw new Error('Randomness is determined in a thread of its own, never in the one of other tests');

const drawn = crypto.randomBytes;
let count = 0;

/** The next bytes of a keyed stream that begins anew with every thread. */
function determinedBytes(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let have = 0; have < length; have += 32) {
    count += 1;
    parts.push(createHmac('sha256', 'twin worlds').update(String(count)).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

const determined = (length: number, then?: (error: Error | null, bytes: Buffer) => void) => {
  const from = new Error().stack ?? '';
  const byStudyServer = from.includes('/apps/study/') && !from.includes('/apps/vault/');
  if (then) return drawn(length, then);
  return byStudyServer ? determinedBytes(length) : drawn(length);
};
Object.assign(crypto, { randomBytes: determined });
syncBuiltinESMExports();

/** Runs with a standing clock: the study server puts the moment of its start into the ids of its requests. */
export async function atMoment<T>(moment: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => moment;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

/** Work at least this seldom is not done by the machine's clock here: it waits for `beat`. */
export const seldomMs = 2 ** 29;
const seldom = new Map<number, () => void>();
const { setInterval: regularly } = globalThis;
Object.assign(globalThis, {
  setInterval: (work: () => void, everyMs: number) => {
    if (everyMs >= seldomMs) seldom.set(everyMs, work);
    return regularly(work, everyMs);
  },
});

/** Does now what the study server does regularly at that pace. */
export function beat(everyMs: number): void {
  seldom.get(everyMs)?.();
}
