/** Starts the study server: opens what it needs, binds the contract, listens; and closes all of it again. */
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openLimiter } from '@limen/access';
import { migrate } from '@limen/postgres';
import Fastify, { type FastifyInstance } from 'fastify';
import { openAccess } from '../access/access.ts';
import { openSessions, type SessionLimits, sessionLimits } from '../access/session.ts';
import { deleteExpiredSessions } from '../data/accounts.ts';
import { openAppender } from '../data/append.ts';
import { openDatabase } from '../data/database.ts';
import { deviceLimits } from '../devices/signed.ts';
import { openCheckpoints } from '../record/checkpoint.ts';
import { type Keys, openDeriver } from '../record/keys.ts';
import { openParticipantRecords } from '../record/participants.ts';
import { openStreams } from '../record/streams.ts';
import { openStudies } from '../record/studies.ts';
import { openWriter } from '../record/write.ts';
import type { Analyse } from '../release/analyse.ts';
import { openVaultClient } from '../release/vault.ts';
import { openReminders } from '../reminders/reminders.ts';
import { openWays, type ReminderSettings } from '../reminders/ways.ts';
import { openPost } from '../supply/post.ts';
import { openFactListener } from '../unblinding/facts.ts';
import { type AnyHandlers, bindRoutes } from './bind.ts';
import { bodyLimits, parseBody } from './body.ts';
import { handleErrors, sendNotFound } from './errors.ts';
import { handlers } from './handlers.ts';
import type { House } from './house.ts';
import { readLibrary } from './library.ts';
import { liveLimits, openLive } from './live.ts';
import { describeError, type Log } from './log.ts';
import { openMetrics } from './metrics.ts';
import { bindOperations } from './operations.ts';
import { readPages, type StaticFolders, servePages } from './static.ts';

export type StudyServerLimits = {
  readonly sessions: SessionLimits;
  /** Failed sign-ins per login, and per address, within the window. */
  readonly signInFailuresPerLogin: number;
  readonly signInFailuresPerAddress: number;
  readonly signInWindowMs: number;
  readonly connections: number;
  readonly liveClients: number;
  readonly checkpointEveryMs: number;
  /** How often the pharmacy is told and heard. */
  readonly postEveryMs: number;
  /** How often the vault is asked what happened. */
  readonly factsEveryMs: number;
  /** How often it is looked who wants to be reminded. */
  readonly remindEveryMs: number;
};

export const studyServerLimits: StudyServerLimits = {
  sessions: sessionLimits,
  signInFailuresPerLogin: 10,
  signInFailuresPerAddress: 100,
  signInWindowMs: 15 * 60_000,
  connections: 16,
  liveClients: liveLimits.clients,
  checkpointEveryMs: 10 * 60_000,
  postEveryMs: 10_000,
  factsEveryMs: 5_000,
  remindEveryMs: 60_000,
};

export type StudyServerOptions = {
  readonly databaseUrl: string;
  readonly vault: {
    readonly address: string;
    readonly token: string;
    /** Where people reach its pages. */
    readonly pages?: string | undefined;
  };
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly keys: Keys;
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  readonly analyse: Analyse;
  /** Absent: nobody is reminded, and the app says so. */
  readonly reminders?: ReminderSettings | undefined;
  /** Folder of protocol documents. */
  readonly library?: string | undefined;
  readonly staticFolders?: StaticFolders | undefined;
  /** Needed for the first run; without it nobody can set the installation up. */
  readonly setupCode?: string | undefined;
  readonly log?: Log | undefined;
  readonly limits?: Partial<StudyServerLimits> | undefined;
};

export type StudyServer = {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Reminds now whoever is to be reminded by this server's clock; answers how many were. */
  remind(): Promise<number>;
  /** Answers what is under way, signs a last checkpoint, lets go of the database. Idempotent. */
  close(): Promise<void>;
};

export const migrationsFolder: string = path.join(import.meta.dirname, '..', '..', 'migrations');

export async function startStudyServer(options: StudyServerOptions): Promise<StudyServer> {
  const limits = { ...studyServerLimits, ...options.limits };
  const log = options.log ?? (() => {});
  await migrate(options.databaseUrl, migrationsFolder);
  const house = await openHouse(options, limits, log);
  const app = openApp(house, log);
  const metrics = openMetrics();
  let stopping = false;
  const exists = async (studyId: string) => (await house.studies.get(studyId)) !== null;
  const access = openAccess(house.database, house.sessions, exists);

  observeRequests(app, metrics.observe, log);
  handleErrors(app, log);
  bindRoutes(app, house, access, handlers as unknown as AnyHandlers);
  bindOperations(app, { database: house.database, metrics, live: house.live, isStopping: () => stopping });
  servePages(app, await readPages(options.staticFolders ?? {}), sendNotFound);

  try {
    await app.listen({ port: options.port, host: options.host });
  } catch (error) {
    await house.database.close();
    throw error;
  }
  const reminders = openReminders(house, limits.remindEveryMs);
  const timer = keepRegularly(house, limits.checkpointEveryMs);

  let closing: Promise<void> | null = null;
  const close = async () => {
    stopping = true;
    clearInterval(timer);
    house.live.close();
    await Promise.all([house.post.close(), house.facts.close(), reminders.close()]);
    await app.close();
    await house.checkpoints.takeAll().catch((error) => {
      log({ level: 'error', event: 'checkpoint.failed', ...describeError(error) });
    });
    await house.database.close();
  };
  return {
    address: addressOf(app, options.host),
    remind: reminders.remind,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function openHouse(options: StudyServerOptions, limits: StudyServerLimits, log: Log): Promise<House> {
  const now = () => new Date(options.clock()).toISOString();
  const database = openDatabase(options.databaseUrl, { connections: limits.connections });
  const deriver = openDeriver(options.keys);
  const studies = openStudies(database);
  const live = openLive({ ...liveLimits, clients: limits.liveClients });
  const records = openParticipantRecords(database);
  const vault = openVaultClient(options.vault);
  const streams = openStreams(database, deriver);
  const writer = openWriter({ database, appender: openAppender(database), deriver, studies, records, live });
  const window = { windowMs: limits.signInWindowMs, now: () => performance.now() };
  const deviceWindow = { windowMs: deviceLimits.windowMs, now: () => performance.now() };
  return {
    database,
    now,
    keys: options.keys,
    deriver,
    sessions: openSessions(database, limits.sessions),
    signInsByLogin: openLimiter({ ...window, failures: limits.signInFailuresPerLogin }),
    signInsByAddress: openLimiter({ ...window, failures: limits.signInFailuresPerAddress }),
    deviceRequests: openLimiter({ ...deviceWindow, failures: deviceLimits.requests }),
    deviceRefusals: openLimiter({ ...deviceWindow, failures: deviceLimits.refusals }),
    studies,
    streams,
    writer,
    checkpoints: openCheckpoints(database, options.keys, now),
    vault,
    post: openPost({ database, studies, vault, live, now, log }, limits.postEveryMs),
    vaultPages: options.vault.pages ?? null,
    facts: openFactListener({ database, studies, streams, writer, vault, live, now, log }, limits.factsEveryMs),
    reminderWays: await openWays(options.reminders ?? {}, deriver.derive('vapid', '', 'key')),
    analyse: options.analyse,
    library: await readLibrary(options.library ?? null, log),
    live,
    setupCode: options.setupCode ?? null,
    log,
  };
}

/** Requests that dawdle over their body are cut off; see `requestTimeout`. */
const bodyWithinMs = 20_000;
const headersWithinMs = 10_000;
const idleSocketMs = 65_000;

function openApp(house: House, log: Log): FastifyInstance {
  const started = Date.now().toString(36);
  let requests = 0;
  const app = Fastify({
    logger: false,
    bodyLimit: bodyLimits.bytes,
    requestTimeout: bodyWithinMs,
    keepAliveTimeout: idleSocketMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 200 },
    genReqId: () => {
      requests += 1;
      return `${started}-${requests.toString(36)}`;
    },
    exposeHeadRoutes: false,
    frameworkErrors: (_, request, reply) => {
      void sendNotFound(request as never, reply as never);
    },
    clientErrorHandler: refuseUnreadable,
  });
  app.server.headersTimeout = headersWithinMs;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.received = body as Buffer;
    try {
      done(null, body.length === 0 ? undefined : parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  log({ level: 'info', event: 'server.opened', at: house.now() });
  return app;
}

/** Bytes that are no HTTP: a problem document, written by hand, for there is no reply object yet. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'header_too_large'] : [400, 'malformed_request'];
  const detail = 'The request could not be read as HTTP.';
  const body = JSON.stringify({ type: `urn:limen:problem:${code}`, title: code, status, code, detail });
  const head = `HTTP/1.1 ${status} Bad Request\r\ncontent-type: application/problem+json\r\nconnection: close`;
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function observeRequests(
  app: FastifyInstance,
  observe: (route: string, status: number, ms: number) => void,
  log: Log,
): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.config.routeId ?? 'none';
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    observe(route, reply.statusCode, ms);
    log({ level: 'info', event: 'request', id: request.id, route, status: reply.statusCode, ms });
  });
}

/** Checkpoints while something has moved; sessions that are over go. */
function keepRegularly(house: House, everyMs: number): NodeJS.Timeout {
  const work = async () => {
    try {
      await house.checkpoints.takeAll();
      await deleteExpiredSessions(house.database, house.now());
    } catch (error) {
      house.log({ level: 'error', event: 'upkeep.failed', ...describeError(error) });
    }
  };
  const timer = setInterval(() => void work(), everyMs);
  timer.unref();
  return timer;
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
