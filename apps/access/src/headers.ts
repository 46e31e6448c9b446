/** Security headers on every reply. Our own hook: the usual package costs a third of the throughput. */

const common = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
} as const;

/** Data: nothing may be loaded, framed or cached. */
export const dataHeaders = {
  ...common,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
} as const;

/** Pages of the two apps: their own files and this server alone. Styles are set from scripts, hence inline styles. */
export const pageHeaders = {
  ...common,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; '),
  'cache-control': 'no-store',
} as const;

/** The participant’s app alone may use the camera: it reads the codes on envelopes; the picture stays on the phone. */
export const companionHeaders = {
  ...pageHeaders,
  'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
} as const;

/** Documents made here, such as the report: own inline styles and pictures, no scripts at all. */
export const documentHeaders = {
  ...common,
  'x-frame-options': 'SAMEORIGIN',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
} as const;

/**
 * Pages made on the server, with forms and without any script; what they show is in no cache. Without a referrer at all a
 * browser would send a form with the origin `null`, which says nothing of where it comes from.
 */
export const formHeaders = {
  ...common,
  'referrer-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'cache-control': 'no-store',
} as const;

export const sessionCookie = 'limen_session';

/** `name` keeps two servers on one host apart: cookies know no ports. */
export function cookieFor(token: string, maxAgeSeconds: number, secure: boolean, name: string = sessionCookie): string {
  const flags = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`;
  return `${name}=${token}; ${flags}`;
}

export type Carried = { readonly token: string | null; readonly by: 'bearer' | 'cookie' | null };

const tokenShape = /^[A-Za-z0-9_-]{43}$/;

/** The session token of a request. A bearer header wins: a page that sends one has said whose session it means. */
export function tokenOf(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  name: string = sessionCookie,
): Carried {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) {
    const [scheme, token] = authorization.split(' ');
    if (scheme?.toLowerCase() === 'bearer' && token !== undefined && tokenShape.test(token)) {
      return { token, by: 'bearer' };
    }
    return { token: null, by: null };
  }
  for (const part of cookie?.split(';') ?? []) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined && tokenShape.test(value)) return { token: value, by: 'cookie' };
  }
  return { token: null, by: null };
}

/** Whether a changing request that rides on a cookie comes from our own pages. */
export function isForeignOrigin(headers: Record<string, string | string[] | undefined>): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  // No page can set this header; where a browser sends it, it decides.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (typeof origin !== 'string') return false;
  try {
    return new URL(origin).host !== host;
  } catch {
    return true;
  }
}
