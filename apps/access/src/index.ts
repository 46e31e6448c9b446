/** Who is asking: what both servers need at their doors. */
export {
  type Carried,
  companionHeaders,
  cookieFor,
  dataHeaders,
  documentHeaders,
  formHeaders,
  isForeignOrigin,
  pageHeaders,
  sessionCookie,
  tokenOf,
} from './headers.ts';
export { type Limiter, type LimiterOptions, openLimiter } from './limiter.ts';
export { hashPassword, verifyPassword } from './password.ts';
export { hashToken, newToken } from './token.ts';
