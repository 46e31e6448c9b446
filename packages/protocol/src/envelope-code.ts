/**
 * What stands on the envelopes of somebody who packs their own capsules: a token of 128 random bits as 26 characters for
 * the camera, and the same token as ten characters for the hand. Neither says anything of what an envelope holds.
 */

/** Crockford's base 32; all of it is in the compact alphabet of QR codes. */
const tokenAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const tokenCharacters = 26;
export const tokenBytes = 16;
export const tokenPattern: RegExp = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** 31 characters, a prime, so that the check characters notice what they promise; no 0, I, L, O, U. */
const codeAlphabet = '123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeBody = 8;
export const codeCharacters = 10;

/** The token as text, most significant bit first. @throws RangeError unless there are 16 bytes */
export function tokenOfBytes(bytes: Uint8Array): string {
  if (bytes.length !== tokenBytes) throw new RangeError('A token has 16 bytes');
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = '';
  for (let place = 0; place < tokenCharacters; place += 1) {
    text = (tokenAlphabet[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return text;
}

/** What a camera read, or null where it is no token. */
export function readToken(scanned: string): string | null {
  const text = scanned.trim().toUpperCase();
  return tokenPattern.test(text) ? text : null;
}

/**
 * The short code of a token, `K7Q2M-9XTR4`: eight characters of the token's last 48 bits and two check characters. One
 * or two wrong characters are always noticed.
 */
export function shortCodeOf(token: string): string {
  let value = [...token].reduce((sum, one) => (sum << 5n) | BigInt(tokenAlphabet.indexOf(one)), 0n) & 0xffff_ffff_ffffn;
  let body = '';
  for (let place = 0; place < codeBody; place += 1) {
    body += codeAlphabet[Number(value % 31n)] ?? '';
    value /= 31n;
  }
  return withHyphen(body + checksOf(body));
}

/** A code as typed, in its one spelling; null where its check characters do not fit. */
export function readShortCode(typed: string): string | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1');
  if (text.length !== codeCharacters || [...text].some((one) => !codeAlphabet.includes(one))) return null;
  const body = text.slice(0, codeBody);
  return text === body + checksOf(body) ? withHyphen(text) : null;
}

/** Two weighted sums modulo 31, as of a Reed-Solomon code: their weights tell every pair of places apart. */
function checksOf(body: string): string {
  let first = 0;
  let second = 0;
  for (const [index, one] of [...body].entries()) {
    const value = codeAlphabet.indexOf(one);
    const weight = 3 ** (index + 1) % 31;
    first += weight * value;
    second += weight * weight * value;
  }
  return (codeAlphabet[first % 31] ?? '') + (codeAlphabet[second % 31] ?? '');
}

const withHyphen = (text: string): string => `${text.slice(0, 5)}-${text.slice(5)}`;
