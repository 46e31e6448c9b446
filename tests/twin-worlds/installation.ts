/** One installation: the real study server on the real vault, in which worlds are lived through one after another. */

import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startStudyServer } from '@limen/study';
import { startVault, type Vault } from '@limen/vault';
import pg from 'pg';
import { atMoment, beat, seldomMs } from './determined.ts';
import { type Drawer, type Drawn, openDrawer } from './draws.ts';
import { type Breaker, openBreaker } from './faults.ts';
import { type Door, headersOf, openDoor, type Reply, send } from './http.ts';
import type { Knows, Leak } from './leak.ts';
import { type Accounts, setUp, setupCode } from './staff.ts';

export const vaultTokens = {
  study: 'twin-study-token-0001',
  supply: 'twin-supply-token-001',
  emergency: 'twin-emergency-token',
};
const keys = {
  idKey: new Uint8Array(32).fill(1),
  checkpointKey: new Uint8Array(32).fill(2),
  personKeyWrap: new Uint8Array(32).fill(3),
};
export const libraryFolder: string = new URL('../../protocols/', import.meta.url).pathname;
const firstMoment = Date.parse('2027-01-04T08:00:00.000Z');
/** Counts that nothing reaches. */
const countless = 2 ** 30;
/** What the study server does regularly waits for the scenario, told apart by its pace. */
const paces = { checkpoint: seldomMs + 1, post: seldomMs + 2, facts: seldomMs + 3, probe: seldomMs + 4 } as const;
const quietMs = 5;
const years = 10 * 365 * 86_400_000;
/** Long enough for everything to be overtaken by it, short enough to wait for. */
const slowMs = 120;

export type Installation = {
  readonly address: string;
  readonly vault: Vault;
  readonly database: pg.Pool;
  readonly accounts: Accounts;
  /** The token of the session of the first run. */
  readonly administrator: string;
  readonly clock: { now: number };
  readonly drawer: Drawer;
  readonly breaker: Breaker;
  /** What the study server logged, without what the clock of the machine says. */
  readonly log: string[];
  /** Questions of the study server and the vault's answers, byte for byte. */
  readonly asked: string[];
  /** The same for questions that change nothing, several of which may be under way at once: in no order. */
  readonly looked: string[];
  /** What was drawn for whom. */
  readonly drawn: ReadonlyMap<string, Drawn>;
  readonly knows: Knows;
  /** The study server hears what the vault has to tell, until there is nothing more. */
  hearFacts(): Promise<void>;
  /** null: none. */
  plant(leak: Leak | null): void;
  /** Ends the study server, so that all it did is counted. */
  letGo(): Promise<void>;
  close(): Promise<void>;
};

export type InstallationOptions = {
  readonly studyDatabase: string;
  readonly vaultDatabase: string;
  /** What the vault draws its seeds from. */
  readonly vaultSeed: string;
  /** Where two installations draw from different seeds, the commitment to them is left out. */
  readonly hidesCommitment: boolean;
};

export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { hidesCommitment } = options;
  const clock = { now: firstMoment };
  const vault = await startVault({
    databaseUrl: options.vaultDatabase,
    key: new Uint8Array(32).fill(9),
    tokens: vaultTokens,
    port: 0,
    answerEveryMs: 0,
    clock: { now: () => new Date(clock.now).toISOString() },
    random: seeded(options.vaultSeed),
    probeEveryMs: paces.probe,
    log: () => undefined,
  });
  const drawer = openDrawer(vault.house.walks);
  Object.assign(vault.house, { walks: drawer.walks });
  const database = new pg.Pool({ connectionString: options.studyDatabase, max: 1 });
  const breaker = openBreaker({ vault: vault.house.pool, study: database });
  const drawn = new Map<string, Drawn>();
  const asked: string[] = [];
  const looked: string[] = [];
  let leak: Leak | null = null;
  const door = await standBefore(vault, { drawer, breaker, drawn, asked, looked, leak: () => leak, hidesCommitment });
  const log: string[] = [];
  const server = await atMoment(firstMoment, () =>
    startStudyServer({
      databaseUrl: options.studyDatabase,
      vault: { address: door.address, token: vaultTokens.study },
      port: 0,
      host: '127.0.0.1',
      keys,
      clock: () => clock.now,
      analyse: () => {
        throw new Error('Nothing is analysed before release');
      },
      library: libraryFolder,
      setupCode,
      log: ({ ms: _, ...line }) => log.push(JSON.stringify(line)),
      limits: {
        sessions: { idleMs: years, staffMs: years, participantMs: years, stepUpMs: years },
        signInFailuresPerLogin: countless,
        signInFailuresPerAddress: countless,
        checkpointEveryMs: paces.checkpoint,
        postEveryMs: paces.post,
        factsEveryMs: paces.facts,
      },
    }),
  );
  const { accounts, administrator } = await setUp(server.address);
  return {
    address: server.address,
    vault,
    database,
    accounts,
    administrator,
    clock,
    drawer,
    breaker,
    log,
    asked,
    looked,
    drawn,
    knows: (participantId) => drawn.get(participantId)?.first ?? null,
    hearFacts: async () => {
      const before = looked.length;
      beat(paces.facts);
      while (!looked.slice(before).some((line) => line.includes('"facts":[]'))) await pause(quietMs);
    },
    plant: (planted) => {
      leak = planted;
    },
    letGo: () => server.close(),
    close: async () => {
      await server.close();
      door.close();
      await vault.close();
      await database.end();
    },
  };
}

function seeded(seed: string) {
  let n = 0;
  return (length: number) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      n += 1;
      parts.push(createHmac('sha256', seed).update(String(n)).digest());
    }
    return Buffer.concat(parts).subarray(0, length);
  };
}

type Between = {
  readonly drawer: Drawer;
  readonly breaker: Breaker;
  readonly drawn: Map<string, Drawn>;
  readonly asked: string[];
  readonly looked: string[];
  readonly leak: () => Leak | null;
  readonly hidesCommitment: boolean;
};

/** Between study server and vault: hears every byte, breaks down when told to, learns who was drawn into which arm. */
async function standBefore(vault: Vault, between: Between): Promise<Door> {
  const { drawer, breaker, asked, looked } = between;
  const forward = async (method: string, path: string, headers: Record<string, string>, body: string) => {
    drawer.takeLast();
    const reply = await send(vault.address, { method, path, headers, body: method === 'GET' ? undefined : body });
    const last = drawer.takeLast();
    const participantId = participantIn(body) ?? '';
    if (last && reply.status === 200) between.drawn.set(participantId, last);
    if (between.hidesCommitment && path === '/studies') return { ...reply, body: JSON.stringify(noCommitment) };
    const known = between.drawn.get(participantId);
    const change = between.leak()?.vault;
    return change && known ? change(reply, known.first) : reply;
  };
  return openDoor(async (request, response, body) => {
    const { method = 'GET', url: path = '/' } = request;
    const { fault } = breaker;
    if (fault === 'vault down') {
      response.destroy();
      return;
    }
    if (fault === 'vault slow') await pause(slowMs);
    const refused = fault === 'vault refuses the caller';
    const authorization = refused ? 'Bearer of-nobody' : (request.headers.authorization ?? '');
    const reply = cannedBy(fault) ?? (await forward(method, path, { ...json, authorization }, body));
    (method === 'GET' ? looked : asked).push(
      `study server: ${method} ${path}\n${body}\n${reply.status} ${reply.headers.join('\n')}\n${reply.body}`,
    );
    const headers = reply.headers.flatMap((pair) => {
      const [name = '', ...value] = pair.split(': ');
      return /^(connection|keep-alive|content-length|transfer-encoding)$/i.test(name) ? [] : [name, value.join(': ')];
    });
    response.writeHead(reply.status, headers).end(reply.body);
  });
}

/** A hash of the seed: where seeds differ it differs, and tells nothing. */
const noCommitment = { commitment: '0'.repeat(64) };
const json = { 'content-type': 'application/json' };

function cannedBy(fault: string | null): Reply | null {
  const headers = headersOf(['content-type', 'application/json; charset=utf-8']);
  if (fault === 'vault talks nonsense') return { status: 200, headers, body: '{"kit":7}' };
  const outOfKits = { code: 'allocation_refused', detail: 'No kit can be given.' };
  return fault === 'vault out of kits' ? { status: 409, headers, body: JSON.stringify(outOfKits) } : null;
}

function participantIn(body: string): string | null {
  try {
    const { participantId } = JSON.parse(body) as { participantId?: unknown };
    return typeof participantId === 'string' ? participantId : null;
  } catch {
    return null;
  }
}
