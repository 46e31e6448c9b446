/**
 * How a dispenser or a scale signs what it sends: HTTP message signatures (RFC 9421) with Ed25519 over one fixed list of
 * components, and the digest of the body as in RFC 9530. Texts only: hashing and signing are the caller's.
 */

/** Method, path and body; nothing a proxy may rewrite. */
const components = '("@method" "@path" "content-digest")';

export type SignatureParameters = {
  /** Seconds since 1970, by the device's clock. */
  readonly created: number;
  /** 16 to 64 letters, digits, _ or -; never used twice by one device. */
  readonly nonce: string;
  /** The device's id. */
  readonly keyId: string;
};

export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  /** As in the header `content-digest`. */
  readonly digest: string;
};

/** The header `content-digest` for the SHA-256 of the body in base64. */
export const contentDigest = (sha256Base64: string): string => `sha-256=:${sha256Base64}:`;

function parametersOf({ created, nonce, keyId }: SignatureParameters): string {
  return `${components};created=${created};nonce="${nonce}";keyid="${keyId}";alg="ed25519"`;
}

/** The header `signature-input`. */
export const signatureInput = (parameters: SignatureParameters): string => `sig1=${parametersOf(parameters)}`;

/** The header `signature`. */
export const signatureHeader = (signatureBase64: string): string => `sig1=:${signatureBase64}:`;

/** The text that is signed, as RFC 9421 section 2.5 writes it. */
export function signatureBase({ method, path, digest }: SignedRequest, parameters: SignatureParameters): string {
  return [
    `"@method": ${method}`,
    `"@path": ${path}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${parametersOf(parameters)}`,
  ].join('\n');
}

const inputPattern =
  /^sig1=\("@method" "@path" "content-digest"\);created=(\d{1,12});nonce="([A-Za-z0-9_-]{16,64})";keyid="([0-9A-Z]{20})";alg="ed25519"$/;

/** Null for anything but the one form that is written above. */
export function readSignatureInput(header: string): SignatureParameters | null {
  const [, created, nonce, keyId] = inputPattern.exec(header) ?? [];
  if (created === undefined || nonce === undefined || keyId === undefined) return null;
  return { created: Number(created), nonce, keyId };
}

/** The signature in base64; null where the header is not one signature of 64 bytes. */
export function readSignature(header: string): string | null {
  return /^sig1=:([A-Za-z0-9+/]{86}==):$/.exec(header)?.[1] ?? null;
}
