/**
 * A passkey of this phone opens the diary where the browser can derive a secret from one (WebAuthn Level 3, PRF
 * extension). Where it cannot, nothing is offered but the PIN. The name in the phone's list of passkeys tells no study.
 */
import { openDatabase, type PasskeyKey, strict } from './database.ts';
import { expand, rawKeyOf, unwrap, use, wrapUnder } from './keys.ts';

const name = 'Diary';
const purpose = 'limen/companion/passkey';
const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

/** Whether it is worth offering: the device has a way of recognising its owner. Whether PRF works shows when asked. */
export async function mayHavePasskey(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis)) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

function secretOf(credential: Credential | null): Uint8Array<ArrayBuffer> | null {
  const first = (credential as PublicKeyCredential | null)?.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  return new Uint8Array(first instanceof ArrayBuffer ? first : first.buffer.slice(0)) as Uint8Array<ArrayBuffer>;
}

async function ask(credential: Uint8Array<ArrayBuffer>, input: Uint8Array<ArrayBuffer>) {
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: 'public-key', id: credential }],
      userVerification: 'required',
      extensions: { prf: { eval: { first: input } } },
    },
  });
  return secretOf(found);
}

/** `notAble`: this browser or device cannot derive a secret. `cancelled`: the person said no to the phone. */
export type PasskeyOutcome = 'set' | 'wrongCode' | 'notAble' | 'cancelled';

export async function setPasskey(code: string): Promise<PasskeyOutcome> {
  const raw = await rawKeyOf(code);
  if (raw === null) return 'wrongCode';
  const input = random(32);
  const made = await makeCredential().catch(() => null);
  if (made === null) return 'cancelled';
  const credential = new Uint8Array(made.rawId);
  const secret = await ask(credential, input).catch(() => null);
  if (secret === null) return 'notAble';
  const record: PasskeyKey = {
    ...(await wrapUnder((salt) => expand(secret, salt, purpose), raw)),
    ...{ credential, input },
  };
  const transaction = (await openDatabase()).transaction('keys', 'readwrite', strict);
  const { store } = transaction;
  await Promise.all([store.put(record, 'passkey'), store.delete('data'), transaction.done]);
  await use(raw);
  return 'set';
}

async function makeCredential(): Promise<PublicKeyCredential | null> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name },
      user: { id: random(16), name, displayName: name },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' },
      extensions: { prf: {} },
    },
  });
  return made as PublicKeyCredential | null;
}

/** False where the phone did not recognise its owner, or the passkey is gone. */
export async function openWithPasskey(): Promise<boolean> {
  const record = (await (await openDatabase()).get('keys', 'passkey')) as PasskeyKey | undefined;
  const secret = record === undefined ? null : await ask(record.credential, record.input).catch(() => null);
  if (record === undefined || secret === null) return false;
  const raw = await unwrap(await expand(secret, record.salt, purpose), record);
  if (raw === null) return false;
  await use(raw);
  return true;
}

/** False where the personal code is another. */
export async function takePasskeyAway(code: string): Promise<boolean> {
  const raw = await rawKeyOf(code);
  if (raw === null) return false;
  await (await openDatabase()).delete('keys', 'passkey');
  await use(raw);
  return true;
}
