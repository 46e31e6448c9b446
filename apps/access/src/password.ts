/** Passwords: argon2id with the parameters OWASP gives for 19 MiB, two passes, one lane. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

/** Hashing is bounded: beyond this many at once callers wait, so that sign-ins cannot exhaust memory. */
const concurrentHashes = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function tagOf(password: string, nonce: Buffer): Promise<Buffer> {
  if (running >= concurrentHashes) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await derive('argon2id', { ...parameters, message: Buffer.from(password.normalize('NFKC')), nonce });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** `argon2id$v=19$m=19456,t=2,p=1$salt$tag` with salt and tag in base 64. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await tagOf(password, nonce);
  const { memory, passes, parallelism } = parameters;
  return `argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${nonce.toString('base64')}$${tag.toString('base64')}`;
}

const decoyNonce = Buffer.alloc(16, 7);

/** Does the same work whether or not there is a hash to compare with. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , nonce, tag] = stored?.split('$') ?? [];
  const known = nonce !== undefined && tag !== undefined;
  const made = await tagOf(password, known ? Buffer.from(nonce, 'base64') : decoyNonce);
  const expected = known ? Buffer.from(tag, 'base64') : Buffer.alloc(parameters.tagLength);
  return timingSafeEqual(made, expected) && known;
}
