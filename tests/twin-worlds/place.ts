/** A world under way: who is in it, how they ask, and every byte they were answered. */
import { type Client, createClient } from '@limen/contract';
import type { ProtocolDocument } from '@limen/protocol';
import type { Person, Act as ScriptedAct } from '@limen/simulation';
import { send } from './http.ts';
import type { Installation } from './installation.ts';
import type { Leak } from './leak.ts';

/** One participant, from before the invitation on. */
export type Someone = {
  readonly index: number;
  readonly role: string;
  readonly siteId: string;
  readonly timeZone: string;
  readonly person: Person;
  participantId: string | null;
  code: string | null;
  kit: string | null;
  startDate: string | null;
  script: readonly ScriptedAct[] | null;
  next: number;
  lastSubmission: { readonly id: string; readonly item: string } | null;
  lastEntry: { readonly path: string; readonly body: Readonly<Record<string, unknown>> } | null;
  adverseEventId: string | null;
  holdId: string | null;
};

export type Place = {
  readonly scenario: { readonly seed: string; readonly thorough: boolean; readonly leak: Leak | null };
  /** Counts of the study server as they were before, by name and labels. */
  readonly countsBefore: ReadonlyMap<string, number>;
  readonly installation: Installation;
  readonly studyId: string;
  readonly protocol: ProtocolDocument;
  /** The document that was adopted last. */
  text: string;
  readonly people: readonly Someone[];
  readonly tokens: Record<string, string>;
  readonly heard: string[];
  draftId: string | null;
  /** A fresh command id; the n-th act has the same one in both worlds. */
  commandId(): string;
  /** The contract's client as a role. */
  call(role: string): Client;
  /** One request as a role, heard like any other; null: no token. */
  ask(role: string, request: Asking): Promise<string>;
};

/** Counters by name and labels, as they stand. */
export async function readCounts(address: string): Promise<ReadonlyMap<string, number>> {
  const { body } = await send(address, { method: 'GET', path: '/metrics' });
  return new Map(
    body.split('\n').flatMap((line) => {
      const [, name, count] = /^([a-z_]+(?:\{.*\})?) (\d+)$/.exec(line) ?? [];
      return name !== undefined && count !== undefined ? [[name, Number(count)] as const] : [];
    }),
  );
}

export type Asking = { readonly method: string; readonly path: string; readonly body?: unknown };

export function listenFor(place: {
  readonly installation: Installation;
  readonly tokens: Record<string, string>;
  readonly heard: string[];
  readonly leak: Leak | null;
  readonly language: string;
  readonly people: readonly Someone[];
}): Pick<Place, 'call' | 'ask'> {
  const { installation, tokens, heard, leak, language } = place;
  const peopleNow = () => place.people.flatMap(({ participantId }) => participantId ?? []);
  const hear = async (role: string, path: string, init: { method: string; headers: object; body?: string }) => {
    const headers = { ...init.headers, 'accept-language': language };
    let reply = await send(installation.address, { method: init.method, path, headers, body: init.body });
    if (leak?.study) {
      const asked = { role, method: init.method, path, people: peopleNow() };
      reply = leak.study(reply, asked, installation.knows);
    }
    heard.push(`${role}: ${init.method} ${path}\n${reply.status} ${reply.headers.join('\n')}\n${reply.body}`);
    return reply;
  };
  return {
    call: (role) =>
      createClient({
        baseUrl: '',
        token: () => tokens[role] ?? null,
        fetch: async (path, init) => {
          const reply = await hear(role, path, init);
          return { ok: reply.status < 400, status: reply.status, text: async () => reply.body };
        },
      }),
    ask: async (role, { method, path, body }) => {
      const token = tokens[role];
      const headers = {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      return (await hear(role, path, { method, headers, ...(body === undefined ? {} : { body: textOf(body) }) })).body;
    },
  };
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));
