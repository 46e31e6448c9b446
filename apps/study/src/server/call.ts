/** How a handler is declared: for which kind of scope, with the route's own types. */
import type { Route, routes } from '@limen/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ParticipantScope, PublicScope, Scope, SessionScope, StudyScope } from '../access/scope.ts';
import type { House } from './house.ts';

export type Call<R extends Route, S extends Scope> = {
  readonly scope: S;
  readonly params: z.output<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: z.output<R['body']>;
  readonly house: House;
  /** For the few handlers that touch HTTP: sessions, streams. */
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** A reply in the route's shape, or a stream of the route's media type. */
export type Answer<R extends Route> = z.input<R['reply']> | AsyncIterable<string> | Streaming;

/** The handler has taken the response over. */
export const streaming: unique symbol = Symbol('streaming');
export type Streaming = typeof streaming;

export type Handler<R extends Route = Route> = {
  readonly kind: Scope['kind'];
  readonly run: (call: Call<R, never>) => Promise<Answer<R>>;
};

export type RouteName = {
  [Name in keyof typeof routes]: (typeof routes)[Name] extends Route ? Name : never;
}[keyof typeof routes];

/** One handler per declared route: a missing or an undeclared one does not compile. */
export type Handlers = { readonly [Name in RouteName]: Handler<(typeof routes)[Name]> };

export function forAnyone<R extends Route>(_: R, run: (call: Call<R, PublicScope>) => Promise<Answer<R>>) {
  return { kind: 'public', run } as Handler<R>;
}

export function forSession<R extends Route>(_: R, run: (call: Call<R, SessionScope>) => Promise<Answer<R>>) {
  return { kind: 'session', run } as Handler<R>;
}

export function forStudy<R extends Route>(_: R, run: (call: Call<R, StudyScope>) => Promise<Answer<R>>) {
  return { kind: 'study', run } as Handler<R>;
}

export function forParticipant<R extends Route>(_: R, run: (call: Call<R, ParticipantScope>) => Promise<Answer<R>>) {
  return { kind: 'participant', run } as Handler<R>;
}
