/**
 * Web push: a message encrypted for one browser (RFC 8291, aes128gcm of RFC 8188), sent with the server's own signature
 * (VAPID, RFC 8292). The service that carries it sees neither words nor whose phone it is.
 */
import { createCipheriv, createECDH, createPrivateKey, hkdfSync, randomBytes, sign } from 'node:crypto';

export type Subscription = {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
};

/** P-256: the private scalar of 32 bytes and the uncompressed point, base64url. */
export type VapidKey = { readonly scalar: Buffer; readonly publicKey: string };

export function vapidKeyOf(scalar: Buffer): VapidKey {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(scalar);
  return { scalar, publicKey: pair.getPublicKey().toString('base64url') };
}

const recordSize = 4096;

/** `own`: salt of 16 bytes and an ephemeral scalar, drawn anew for every message. */
export function encryptFor(
  { keys }: Subscription,
  plain: Buffer,
  own: { salt: Buffer; scalar: Buffer } = { salt: randomBytes(16), scalar: randomScalar() },
): Buffer {
  const theirs = Buffer.from(keys.p256dh, 'base64url');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(own.scalar);
  const point = pair.getPublicKey();
  const shared = pair.computeSecret(theirs);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, point]);
  const input = derive(shared, Buffer.from(keys.auth, 'base64url'), info, 32);
  const key = derive(input, own.salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(input, own.salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // 2: the last and only record.
  const sealed = Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.of(2)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(recordSize);
  return Buffer.concat([own.salt, size, Buffer.of(point.length), point, sealed]);
}

const derive = (input: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', input, salt, info, bytes));

function randomScalar(): Buffer {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  // Short scalars lose their leading zeros on the way out.
  return Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
}

const validSeconds = 12 * 3600;

/** The header `authorization` for one push service. */
export function vapidHeader(endpoint: string, key: VapidKey, subject: string, nowMs: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(nowMs / 1000) + validSeconds, sub: subject };
  const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`;
  const point = Buffer.from(key.publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const jwk = { kty: 'EC', crv: 'P-256', d: key.scalar.toString('base64url'), x, y };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${signed}.${signature.toString('base64url')}, k=${key.publicKey}`;
}

/** Push services of the browsers; the server sends nowhere else, whatever a client says. */
export const pushHosts: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  '.notify.windows.com',
];

/** Whether an endpoint belongs to one of the hosts; `.host` takes in everything below it, `http://host:port` one origin. */
export function isPushService(endpoint: string, hosts: readonly string[]): boolean {
  const { origin, protocol, hostname, port } = new URL(endpoint);
  return hosts.some((host) => {
    if (host.includes('://')) return origin === host;
    if (protocol !== 'https:' || port !== '') return false;
    return host.startsWith('.') ? hostname.endsWith(host) : hostname === host;
  });
}

export type PushOutcome = 'sent' | 'gone' | 'failed';

const withinMs = 10_000;
/** A reminder of this morning is of no use tomorrow. */
const keptSeconds = 6 * 3600;

export async function sendPush(
  subscription: Subscription,
  vapid: { key: VapidKey; subject: string },
  nowMs: number,
): Promise<PushOutcome> {
  const { endpoint } = subscription;
  try {
    const reply = await fetch(endpoint, {
      method: 'POST',
      redirect: 'error',
      headers: {
        authorization: vapidHeader(endpoint, vapid.key, vapid.subject, nowMs),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(keptSeconds),
        topic: 'reminder',
        urgency: 'normal',
      },
      // No word of anything: the app on the phone says what it says, in the phone's language.
      body: new Uint8Array(encryptFor(subscription, Buffer.from('{"remind":true}'))),
      signal: AbortSignal.timeout(withinMs),
    });
    await reply.body?.cancel();
    if (reply.status === 404 || reply.status === 410) return 'gone';
    return reply.ok ? 'sent' : 'failed';
  } catch {
    return 'failed';
  }
}
