/** A dispenser or a scale as this interface wants it: keeps a key, signs what it counts, sends it. The reference for makers. */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { contentDigest, routes, signatureBase, signatureHeader, signatureInput, urlOf } from '@limen/contract';

export type DeviceKey = { readonly privateKey: KeyObject; readonly publicKey: string };

/** Ed25519: PKCS #8 in PEM for the device's own storage, the public key in base64url for the coordinator. */
export function makeDeviceKey(): DeviceKey & { readonly pem: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { ...readDeviceKey(pem), pem };
}

/** @throws Error where the text is no private key of Ed25519 */
export function readDeviceKey(pem: string): DeviceKey {
  const privateKey = createPrivateKey(pem);
  const { crv, x } = privateKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new Error('This is not an Ed25519 key.');
  return { privateKey, publicKey: x };
}

export type DeviceIdentity = {
  /** Such as `http://127.0.0.1:8080`. */
  readonly server: string;
  readonly studyId: string;
  readonly deviceId: string;
  readonly key: DeviceKey;
  /** Milliseconds since 1970, by the device's clock. */
  readonly clock: () => number;
};

export type DeviceAct = {
  readonly act: 'dispensed' | 'weighed';
  readonly kit: string;
  readonly units: number;
  /** Given again where an answer did not arrive. */
  readonly eventId?: string;
};

export type SignedCall = {
  readonly url: string;
  readonly init: { readonly method: 'POST'; readonly headers: Record<string, string>; readonly body: string };
};

/** One request, ready to be sent once. */
export function signDeviceAct(identity: DeviceIdentity, { eventId = newId(), ...act }: DeviceAct): SignedCall {
  const { server, studyId, deviceId, key, clock } = identity;
  const now = clock();
  const path = urlOf(routes.deviceEvent, { studyId, deviceId });
  const body = JSON.stringify({ eventId, ...act, at: new Date(now).toISOString() });
  const digest = contentDigest(createHash('sha256').update(body).digest('base64'));
  const parameters = { created: Math.floor(now / 1000), nonce: newId(), keyId: deviceId };
  const signature = sign(
    null,
    Buffer.from(signatureBase({ method: 'POST', path, digest }, parameters)),
    key.privateKey,
  );
  return {
    url: server + path,
    init: {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-digest': digest,
        'signature-input': signatureInput(parameters),
        signature: signatureHeader(signature.toString('base64')),
      },
      body,
    },
  };
}

const newId = (): string => randomBytes(18).toString('base64url');

/**
 * How a scale counts: it weighs one capsule of the same kit and the full kit, and divides. Both weights stay in the scale,
 * so a kit of heavier capsules counts the same as a kit of lighter ones.
 */
export function countByWeight(weight: { kitMg: number; emptyMg: number; oneCapsuleMg: number }): number {
  return Math.max(0, Math.round((weight.kitMg - weight.emptyMg) / weight.oneCapsuleMg));
}
