/** Binds the declared routes to Fastify: access first, then the body, then the shape, then the handler. */
import { Readable } from 'node:stream';
import { dataHeaders, documentHeaders, isForeignOrigin, tokenOf } from '@limen/access';
import { allRoutes, type Route } from '@limen/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { AccessCheck } from '../access/access.ts';
import type { Scope } from '../access/scope.ts';
import { assertText, bodyLimits } from './body.ts';
import { type Answer, type Handler, streaming } from './call.ts';
import type { House } from './house.ts';
import { problemOf } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    scope: Scope | null;
    /** The body as it came: what a signature covers. */
    received: Buffer | null;
  }
  interface FastifyContextConfig {
    routeId?: string;
  }
}

const mediaTypes: Readonly<Record<Route['media'], string>> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  events: 'text/event-stream; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  pdf: 'application/pdf',
  calendar: 'text/calendar; charset=utf-8',
};

const scopeKinds = {
  public: 'public',
  signedIn: 'session',
  installation: 'session',
  anyStudy: 'session',
  study: 'study',
  participant: 'participant',
} as const;

export type AnyHandlers = Readonly<Record<string, Handler>>;

/** Throws where handlers and contract do not agree: such a server must not start. */
export function assertDeclared(handlers: AnyHandlers, declared: readonly Route[] = allRoutes): void {
  const known = new Map(declared.map((route) => [route.id, route]));
  for (const id of Object.keys(handlers)) {
    if (!known.has(id)) throw new Error(`There is a handler for ${id}, which the contract does not declare.`);
  }
  for (const route of declared) {
    const handler = handlers[route.id];
    if (handler === undefined) throw new Error(`The contract declares ${route.id}, which has no handler.`);
    if (handler.kind !== scopeKinds[route.access.kind]) {
      throw new Error(`The handler of ${route.id} works for ${handler.kind}, the contract says ${route.access.kind}.`);
    }
  }
}

export function bindRoutes(app: FastifyInstance, house: House, access: AccessCheck, handlers: AnyHandlers): void {
  assertDeclared(handlers);
  app.decorateRequest('scope', null);
  app.decorateRequest('received', null);
  for (const route of allRoutes) {
    const handler = handlers[route.id];
    if (handler === undefined) continue;
    app.route({
      method: route.method,
      url: route.path,
      config: { routeId: route.id },
      // A HEAD of a stream would run it for nothing.
      exposeHeadRoute: false,
      bodyLimit: takesDocument(route) ? bodyLimits.documentBytes : bodyLimits.bytes,
      onRequest: async (request) => {
        request.scope = await enter(route, request, house, access);
      },
      handler: async (request, reply) => answer(route, handler, request, reply, house),
    });
  }
}

const documentRoutes: ReadonlySet<string> = new Set(['checkProtocol', 'createStudy', 'createDraft', 'saveDraft']);

function takesDocument(route: Route): boolean {
  return documentRoutes.has(route.id);
}

async function enter(route: Route, request: FastifyRequest, house: House, access: AccessCheck): Promise<Scope> {
  if (request.raw.url?.includes('%00')) throw problemOf('malformed_request');
  const carried = tokenOf(request.headers);
  if (route.writes && carried.by !== 'bearer' && isForeignOrigin(request.headers)) throw problemOf('foreign_origin');
  return access({ route, token: carried.token, params: request.params as Record<string, unknown>, now: house.now() });
}

async function answer(
  route: Route,
  handler: Handler,
  request: FastifyRequest,
  reply: FastifyReply,
  house: House,
): Promise<FastifyReply> {
  const call = {
    scope: request.scope as never,
    params: checked(route.params, request.params, 'params'),
    query: checked(route.query, request.query, 'query'),
    body: checked(route.body, bodyOf(request), 'body'),
    house,
    request,
    reply,
  };
  const made: Answer<Route> = await handler.run(call);
  if (made === streaming) return reply;
  reply.headers(route.media === 'html' ? documentHeaders : dataHeaders).type(mediaTypes[route.media]);
  if (isText(made)) return reply.send(Readable.from(made, { objectMode: false, highWaterMark: 65_536 }));
  if (route.media !== 'json') return reply.send(made);
  // The declared shape is the last gate: a field it does not name does not leave the house.
  return reply.send(JSON.stringify(route.reply.parse(made)));
}

function isText(made: unknown): made is AsyncIterable<string> {
  return typeof made === 'object' && made !== null && Symbol.asyncIterator in made;
}

function bodyOf(request: FastifyRequest): unknown {
  return request.body === null ? undefined : request.body;
}

function checked<S extends z.ZodType>(schema: S, value: unknown, where: 'params' | 'query' | 'body'): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(result.error, where);
  if (where === 'query') assertTexts(result.data);
  return result.data;
}

function assertTexts(value: unknown): void {
  for (const field of Object.values(value ?? {})) if (typeof field === 'string') assertText(field);
}

const problemsShown = 20;

function invalid(error: z.ZodError, where: string): Error {
  const problems = error.issues.slice(0, problemsShown).map((issue) => ({
    path: pathOf(where, issue.path),
    code: issue.code,
    detail: issue.message.slice(0, 500),
  }));
  const first = problems[0];
  if (first === undefined) return problemOf('invalid_input');
  return problemOf('invalid_input', { path: first.path, detail: `${first.path}: ${first.detail}`, problems });
}

/** `answers.mood` in the body, `query.limit`; keys come from the request, so they are cut to a decent length. */
function pathOf(where: string, path: readonly PropertyKey[]): string {
  const parts = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step).slice(0, 80)}`));
  const whole = where === 'body' && parts.length > 0 ? parts.join('').replace(/^\./, '') : `${where}${parts.join('')}`;
  return whole.slice(0, 400);
}
