/** The study server, through the contract's own client and the route addresses made by the build. */
import { createClient, Refused } from '@limen/contract';

let token: string | null = null;

export function setToken(next: string | null): void {
  token = next;
}

const answerWithinMs = 20_000;

/** No cookie travels: the session is the token alone, and that lies sealed. */
export const call = createClient({
  baseUrl: '',
  token: () => token,
  fetch: (url, init) =>
    fetch(url, { ...init, credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(answerWithinMs) }),
});

export { Refused };
