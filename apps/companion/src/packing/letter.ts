/** Labels come in a letter that only this device can open: its key is made here, used once and never leaves. */
export type Label = { readonly token: string; readonly contents: readonly ('MD' | 'PL')[] };
export type Sheet = { readonly sealCode: string; readonly sets: readonly Label[] };

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const pointBytes = 65;
const nonceBytes = 12;

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (one) => one.charCodeAt(0));
}

/** Asks with a fresh key and opens what comes. `ask` sends the public key and answers the letter. */
export async function fetchSheet(
  whose: { readonly studyId: string; readonly participantId: string },
  ask: (publicKey: string) => Promise<{ sealed: string }>,
): Promise<Sheet> {
  const { subtle } = crypto;
  const pair = await subtle.generateKey(curve, false, ['deriveBits']);
  const point = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
  const letter = bytesOf((await ask(base64url(point))).sealed);
  const theirs = await subtle.importKey('raw', letter.subarray(0, pointBytes), curve, false, []);
  const secret = await subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256);
  const base = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`limen envelope sheet ${whose.studyId} ${whose.participantId}`);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  const key = await subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  const iv = letter.subarray(pointBytes, pointBytes + nonceBytes);
  const body = letter.subarray(pointBytes + nonceBytes);
  const plain = new DataView(await subtle.decrypt({ name: 'AES-GCM', iv }, key, body));
  const text = new Uint8Array(plain.buffer, 4, plain.getUint32(0));
  return JSON.parse(new TextDecoder().decode(text)) as Sheet;
}
