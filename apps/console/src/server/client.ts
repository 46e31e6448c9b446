/** The way to the server: the contract's typed client, carried by the session cookie. */
import { type CallInput, createClient, Refused, type Route, routes, Unreachable, urlOf } from '@limen/contract';

const bare = createClient({
  baseUrl: '',
  fetch: (url, init) => fetch(url, { ...init, credentials: 'same-origin' }),
});

/** What a route answers, parsed. */
export type ReplyOf<R extends Route> = R['reply']['_zod']['output'];

/** The person did not confirm who they are, so the act was not sent again. */
export class NotConfirmed extends Error {
  constructor() {
    super('You did not confirm that it is you, so nothing was changed.');
    this.name = 'NotConfirmed';
  }
}

type Doorkeeper = {
  /** The session has ended. */
  signedOut: () => void;
  /** Asks for the password again; false when the person turns away. */
  confirmPerson: () => Promise<boolean>;
};
let doorkeeper: Doorkeeper = { signedOut: () => undefined, confirmPerson: async () => false };

export function setDoorkeeper(next: Doorkeeper): void {
  doorkeeper = next;
}

export const codeOf = (error: unknown): string | null => (error instanceof Refused ? error.problem.code : null);

/** Calls without the dialogs: for signing in and confirming themselves. */
export const callPlainly = bare;

/**
 * Calls the server. A lost session leads to the sign-in page; an act that needs confirmation asks for it and is sent
 * again, with the same body and so the same command id.
 */
export async function call<R extends Route>(route: R, input: CallInput<R>): Promise<ReplyOf<R>> {
  try {
    return (await bare(route, input)) as ReplyOf<R>;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'not_signed_in') doorkeeper.signedOut();
    if (code !== 'step_up_required') throw error;
    if (!(await doorkeeper.confirmPerson())) throw new NotConfirmed();
    return bare(route, input) as Promise<ReplyOf<R>>;
  }
}

/** A new id for an act; kept while the same form is sent again, so that a repeat is harmless. */
export function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replace(/[+/]/g, (sign) => (sign === '+' ? '-' : '_'));
}

/** The sentence to show for whatever went wrong. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refused || error instanceof NotConfirmed) return error.message;
  if (error instanceof Unreachable) return 'The server cannot be reached just now. Check the connection and try again.';
  return 'The answer of the server could not be understood. Reload the page; if it happens again, tell the operator.';
}

/** Faults inside a request, side by side, such as the findings of a protocol. */
export function faultsOf(error: unknown): readonly { path: string; code: string; detail: string }[] {
  return error instanceof Refused ? (error.problem.problems ?? []) : [];
}

export { Refused, routes, Unreachable, urlOf };
