/** Whether a request was signed by the device it names, just now, and for the first time. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  contentDigest,
  readSignature,
  readSignatureInput,
  type SignatureParameters,
  signatureBase,
} from '@limen/contract';
import type { FastifyRequest } from 'fastify';
import { type Device, rememberNonce } from '../data/devices.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';

export const deviceLimits = {
  /** How far the device's clock may be from the server's, either way. */
  skewMs: 5 * 60_000,
  /** Requests of one device, and refused requests of one address, within the window. */
  requests: 60,
  refusals: 30,
  windowMs: 60_000,
} as const;

/** @throws Problem `device_refused`, `device_clock`, `request_replayed`, `too_many_requests` */
export async function assertSigned(
  house: House,
  request: FastifyRequest,
  studyId: string,
  device: Device | null,
): Promise<SignatureParameters> {
  if (house.deviceRefusals.blocked(request.ip)) throw problemOf('too_many_requests');
  const parameters = device === null || device.revokedAt !== null ? null : signatureOf(request, device);
  if (device === null || parameters === null) {
    house.deviceRefusals.fail(request.ip);
    throw problemOf('device_refused');
  }
  const { deviceId } = device;
  if (house.deviceRequests.blocked(deviceId)) throw problemOf('too_many_requests');
  house.deviceRequests.fail(deviceId);
  const now = house.now();
  const nowMs = Date.parse(now);
  if (Math.abs(nowMs - parameters.created * 1000) > deviceLimits.skewMs) {
    throw problemOf('device_clock', {
      detail: `The server’s clock says ${now}. Set the device’s clock, and sign again.`,
    });
  }
  // Twice the skew: a request from the future of this clock stays acceptable that long.
  const before = new Date(nowMs - 2 * deviceLimits.skewMs).toISOString();
  const fresh = await rememberNonce(house.database, { studyId, deviceId, nonce: parameters.nonce, at: now, before });
  if (!fresh) throw problemOf('request_replayed');
  return parameters;
}

/** Null where anything of it does not fit; which, is not said. */
function signatureOf(request: FastifyRequest, device: Device): SignatureParameters | null {
  const { headers } = request;
  const parameters = readSignatureInput(String(headers['signature-input'] ?? ''));
  const signature = readSignature(String(headers.signature ?? ''));
  const digest = contentDigest(
    createHash('sha256')
      .update(request.received ?? '')
      .digest('base64'),
  );
  if (parameters === null || signature === null || parameters.keyId !== device.deviceId) return null;
  if (headers['content-digest'] !== digest) return null;
  const base = signatureBase({ method: request.method, path: request.url, digest }, parameters);
  return isSigned(base, device.publicKey, signature) ? parameters : null;
}

function isSigned(base: string, publicKey: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, Buffer.from(base), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** Whether these bytes are a key that signatures can be checked with. */
export function isPublicKey(publicKey: string): boolean {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' }) !== null;
  } catch {
    return false;
  }
}
