/** A typed client made from the contract. It knows `fetch` and nothing else; give it one that carries the session. */
import type { z } from 'zod';
import type { Route } from './route.ts';
import type { problem } from './shapes.ts';

export type Problem = z.output<typeof problem>;

/** A refusal by the server: a problem document (RFC 9457). */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(refusal: Problem) {
    super(refusal.detail);
    this.name = 'Refused';
    this.problem = refusal;
  }
}

/** The server could not be reached or did not answer with the contract. */
export class Unreachable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unreachable';
  }
}

/** What a call needs: parameters where the path has some, a body where the route takes one. */
export type CallInput<R extends Route> = (string extends keyof z.input<R['params']>
  ? { params?: undefined }
  : { params: z.input<R['params']> }) & { query?: z.input<R['query']> } & (undefined extends z.input<R['body']>
    ? { body?: undefined }
    : { body: z.input<R['body']> });

export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{
  ok: boolean;
  status: number;
  text(): Promise<string>;
  /** Needed for routes whose reply is bytes. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}>;

export function urlOf(
  target: Route,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const path = target.path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = pairs.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(String(v))}`).join('&');
  return search ? `${path}?${search}` : path;
}

export function createClient(options: { baseUrl: string; fetch: Fetch; token?: () => string | null }) {
  return async function call<R extends Route>(target: R, input: CallInput<R>): Promise<z.output<R['reply']>> {
    const headers: Record<string, string> = { accept: target.media === 'json' ? 'application/json' : '*/*' };
    const token = options.token?.();
    if (token) headers.authorization = `Bearer ${token}`;
    const init: Parameters<Fetch>[1] = { method: target.method, headers };
    if (input.body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(input.body);
    }
    const url =
      options.baseUrl + urlOf(target, input.params as Record<string, unknown>, input.query as Record<string, unknown>);
    let status: number;
    let ok: boolean;
    let text: string;
    try {
      const answer = await options.fetch(url, init);
      ({ ok, status } = answer);
      if (ok && target.media === 'pdf') return (await bytesOf(answer)) as z.output<R['reply']>;
      text = await answer.text();
    } catch (cause) {
      throw new Unreachable('The server could not be reached.', cause);
    }
    if (!ok) throw refusal(status, text);
    if (target.media !== 'json') return text as z.output<R['reply']>;
    return target.reply.parse(JSON.parse(text)) as z.output<R['reply']>;
  };
}

async function bytesOf(answer: Awaited<ReturnType<Fetch>>): Promise<Uint8Array> {
  if (answer.arrayBuffer === undefined) throw new TypeError('This client was given no way to read bytes.');
  return new Uint8Array(await answer.arrayBuffer());
}

export type Client = ReturnType<typeof createClient>;

function refusal(status: number, text: string): Error {
  try {
    const document = JSON.parse(text) as Problem;
    if (typeof document.code === 'string') return new Refused(document);
  } catch {
    // Not a problem document: said below.
  }
  return new Unreachable(`The server answered ${status} without a problem document.`);
}
