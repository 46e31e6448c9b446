/** The vault's door: a few questions, each for one kind of caller, told apart by their tokens. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { migrate } from '@limen/postgres';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import pg from 'pg';
import type { z } from 'zod';
import { allocateKit } from './allocate.ts';
import { openBatchRoutes } from './batch-routes.ts';
import { envelopeSheet, planEnvelopes } from './envelopes/envelopes.ts';
import { type House, openAttempts } from './house.ts';
import { answerEveryMs, paceAnswers } from './pace.ts';
import { bindPages } from './pages/bind.ts';
import { probePage } from './pages/emergency/probe-page.ts';
import { allPages } from './pages/index.ts';
import * as protocol from './protocol.ts';
import { Refusal, type RefusalCode, refusals } from './refusals.ts';
import { recordRefusal } from './refused.ts';
import { releaseStudy } from './release.ts';
import { openRootKey } from './root-key.ts';
import { keyBytes, type RandomBytes } from './sealing.ts';
import { openDepotRoutes, openStockRoutes } from './stock/routes.ts';
import { createStudy } from './study.ts';
import { markPacked, packingList } from './supply.ts';
import { openProbe, type Probe } from './unblinding/probe.ts';
import { breakCode } from './unblinding/record.ts';
import { openUnblindingRoutes } from './unblinding/routes.ts';
import { openWalks } from './walks.ts';

export type VaultOptions = {
  readonly databaseUrl: string;
  /** The vault key, 32 bytes: it opens the root key, from which everything follows. */
  readonly key: Uint8Array;
  /** Tried after it: while a key is being changed, either may be the one. */
  readonly otherKeys?: readonly Uint8Array[];
  /** The root key of a database that has none yet; absent: the vault key itself. */
  readonly freshRootKey?: () => Uint8Array;
  readonly tokens: Readonly<Record<protocol.Caller, string>>;
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  readonly clock: { now(): string };
  readonly random: RandomBytes;
  /** For the first account of the vault's own people; absent: none can be made. */
  readonly setupCode?: string | undefined;
  readonly log: (line: Record<string, unknown>) => void;
  /** How often the vault tries by itself whether a code could be broken. */
  readonly probeEveryMs?: number;
  /** Answers to the study server leave at multiples of it; 0: at once, for tests that count no time. */
  readonly answerEveryMs?: number;
};

export type Vault = {
  readonly address: string;
  readonly house: House;
  /** Every address that answers, so that nobody who has to try them all can forget one. */
  readonly routes: readonly VaultRoute[];
  close(): Promise<void>;
};
export type VaultRoute = { readonly method: string; readonly path: string };

export const migrationsFolder = new URL('../migrations/', import.meta.url).pathname;
const largestBody = 2 * 1024 * 1024;
const connections = 8;
const minuteMs = 60_000;
const statementTimeoutMs = 15_000;

export async function startVault(options: VaultOptions): Promise<Vault> {
  if (options.key.length !== keyBytes) throw new RangeError('The vault key has 32 bytes');
  await migrate(options.databaseUrl, migrationsFolder);
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: connections,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: statementTimeoutMs,
  });
  // A lost idle connection is replaced at the next request; without a listener it would end the process.
  pool.on('error', (error) => options.log({ event: 'database.lost', message: error.message }));
  const { clock, random, log } = options;
  const keys = [options.key, ...(options.otherKeys ?? [])];
  const fresh = options.freshRootKey?.() ?? options.key;
  const key = await openRootKey(pool, keys, { fresh, now: clock.now() }).catch(async (error: Error) => {
    await pool.end();
    throw error;
  });
  const setupCode = options.setupCode ?? null;
  const house: House = { pool, key, clock, random, log, setupCode, attempts: openAttempts(), walks: openWalks() };
  const server = Fastify({ bodyLimit: largestBody, logger: false, forceCloseConnections: true });
  const routes: VaultRoute[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, path: url });
  });
  const probe = openProbe(house, probePage, options.probeEveryMs ?? minuteMs);
  paceAnswers(server, options.answerEveryMs ?? answerEveryMs);
  openRoutes(server, house, options.tokens, probe);
  bindPages(server, house, allPages);
  const address = await server.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  return {
    address,
    house,
    routes,
    close: async () => {
      await server.close();
      await probe.close();
      await pool.end();
    },
  };
}

function openRoutes(server: FastifyInstance, house: House, tokens: VaultOptions['tokens'], probe: Probe): void {
  const allow = (request: FastifyRequest, caller: protocol.Caller) => {
    if (!sameToken(request.headers.authorization ?? '', `Bearer ${tokens[caller]}`)) {
      throw new Refusal('unauthorised', `not the token of ${caller}`);
    }
  };
  const studyOf = (request: FastifyRequest) => (request.params as { studyId: string }).studyId;
  const kitOf = (request: FastifyRequest) => (request.params as { kit: string }).kit;

  // The same question has the same bytes for an answer, at whatever time.
  server.addHook('onRequest', async (_, reply) => {
    reply.raw.sendDate = false;
  });
  server.get('/health', async () => {
    await house.pool.query('select 1');
    return protocol.healthReply.parse({ ready: true });
  });
  server.post('/studies', async (request) => {
    allow(request, 'study');
    return protocol.createStudyReply.parse(await createStudy(house, read(protocol.createStudyRequest, request.body)));
  });
  server.post('/studies/:studyId/allocations', async (request) => {
    allow(request, 'study');
    const body = read(protocol.allocationRequest, request.body);
    return protocol.allocationReply.parse(await allocateKit(house, studyOf(request), body));
  });
  openUnblindingRoutes(server, house, probe, { allow: (request) => allow(request, 'study'), read });
  openDepotRoutes(server, house, { allow: (request) => allow(request, 'supply'), read });
  openStockRoutes(server, house, { allow: (request) => allow(request, 'study'), read });
  server.post('/studies/:studyId/envelopes', async (request) => {
    allow(request, 'study');
    const body = read(protocol.envelopeRequest, request.body);
    return protocol.envelopeReply.parse(await planEnvelopes(house, studyOf(request), body));
  });
  server.post('/studies/:studyId/envelope-sheets', async (request) => {
    allow(request, 'study');
    const body = read(protocol.sheetRequest, request.body);
    return protocol.sheetReply.parse(await envelopeSheet(house, studyOf(request), body));
  });
  server.post('/studies/:studyId/release', async (request) => {
    allow(request, 'study');
    return releaseStudy(house, studyOf(request), read(protocol.releaseRequest, request.body));
  });
  openBatchRoutes(server, house, { allow: (request) => allow(request, 'supply'), read });
  server.get('/studies/:studyId/kits/:kit', async (request) => {
    allow(request, 'supply');
    return protocol.packingListReply.parse(await packingList(house, studyOf(request), kitOf(request)));
  });
  server.post('/studies/:studyId/kits/:kit/packed', async (request) => {
    allow(request, 'supply');
    return protocol.packedReply.parse(await markPacked(house, studyOf(request), kitOf(request)));
  });
  server.post('/studies/:studyId/code-breaks', async (request) => {
    allow(request, 'emergency');
    return protocol.codeBreakReply.parse(
      await breakCode(house, studyOf(request), read(protocol.codeBreakRequest, request.body)),
    );
  });
  server.setNotFoundHandler(async () => {
    throw new Refusal('unknown_route', 'no such route');
  });
  server.setErrorHandler(async (error, request, reply) => {
    const refusal = error instanceof Refusal ? error : undefined;
    const code: RefusalCode = refusal?.code ?? codeOf(error as { statusCode?: number });
    house.log({ event: 'refused', route: request.routeOptions.url ?? '', code, kind: (error as Error).name });
    if (refusal) await recordRefusal(house, refusal, request).catch(() => house.log({ event: 'trail.unavailable' }));
    const { status, detail } = refusals[code];
    await reply.status(status).send({ code, detail });
  });
}

/** Faults of the transport are the caller's; anything else is ours and says nothing of itself. */
function codeOf(error: { statusCode?: number }): RefusalCode {
  return error.statusCode !== undefined && error.statusCode < 500 ? 'request_invalid' : 'unavailable';
}

function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new Refusal('request_invalid', parsed.error.issues.map((issue) => issue.path.join('.')).join(', '));
  }
  return parsed.data;
}

/** In constant time, whatever the lengths. */
function sameToken(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
