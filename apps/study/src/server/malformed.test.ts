import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { allRoutes, type Route, urlOf } from '@limen/contract';
import pg from 'pg';
import { enrolSubject, type Subject, startTestHouse, type TestHouse } from '../test-house.ts';
import { bodyLimits } from './body.ts';

let house: TestHouse;
let subject: Subject;
let pool: pg.Pool;
let agent: http.Agent;

before(async () => {
  house = await startTestHouse({
    limits: {
      signInFailuresPerAddress: 100,
      sessions: { idleMs: 1e12, staffMs: 1e12, participantMs: 1e12, stepUpMs: 1e12 },
    },
  });
  subject = await enrolSubject(house);
  pool = new pg.Pool({ connectionString: house.database.connectionString, max: 2 });
  agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  for (const person of Object.values(house.staff)) await house.stepUp(person);
});
after(async () => {
  agent.destroy();
  await pool.end();
  await house.close();
});

type Reply = { status: number; type: string; body: string };

/** Sends bytes as they are; a reply that does not come within ten seconds is a hang. */
function send(options: {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}): Promise<Reply> {
  const { hostname, port } = new URL(house.server.address);
  const { method, path, headers, body } = options;
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers, agent, timeout: 10_000 }, (response) => {
      const type = response.headers['content-type'] ?? '';
      if (type.startsWith('text/event-stream')) {
        response.destroy();
        resolve({ status: response.statusCode ?? 0, type, body: '' });
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('The server hangs.')));
    request.on('error', reject);
    request.end(body);
  });
}

/** How many rows each table has; not of those in which the server marks by itself what it told the vault and heard of it. */
async function tableCounts(): Promise<Record<string, number>> {
  const { rows: tables } = await pool.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
     AND table_name NOT IN ('kit_act_told', 'pharmacy_heard', 'fact_heard')`,
  );
  const counts: Record<string, number> = {};
  for (const { table_name: table } of tables) {
    const { rows } = await pool.query(`SELECT count(*)::integer AS n FROM ${pg.escapeIdentifier(table)}`);
    counts[table] = rows[0].n;
  }
  return counts;
}

/** Mulberry32: the run is the same for the same seed, which is named where something fails. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  "'; DROP TABLE ledger; --",
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '=1+1',
  '\u202e',
  '9'.repeat(400),
  'x'.repeat(5_000),
  '0000-00-00',
  '2026-02-30',
  '+275760-09-13T00:00:00.000Z',
  'dose@0',
  'dose@99999',
  '__proto__',
  'constructor',
  'Etc/../UTC',
];
const hostileValues: unknown[] = [
  null,
  true,
  -1,
  0.1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  [],
  {},
  [[[[]]]],
  { toString: 'x' },
  { length: -1 },
  ...hostileTexts,
];

function generator(seed: number) {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const fields = [
    'type',
    'commandId',
    'answers',
    'occurrence',
    'device',
    'reason',
    'signature',
    'version',
    'choices',
    'text',
    'memberships',
    'sites',
    'login',
    'password',
    'code',
    'unheard-of',
  ];
  const object = (depth: number): Record<string, unknown> => {
    const made: Record<string, unknown> = { 'unheard-of': 1 };
    for (let n = 0; n < 1 + random() * 6; n += 1) {
      made[pick(fields)] = depth > 0 && random() < 0.3 ? object(depth - 1) : pick(hostileValues);
    }
    return made;
  };
  const bodies: (() => Buffer)[] = [
    () => Buffer.from(JSON.stringify(object(3))),
    () => Buffer.from(JSON.stringify(object(3)).slice(0, -1)),
    () => Buffer.from(`${'['.repeat(5_000)}`),
    () => Buffer.from(`{"a":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`),
    () => Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256))),
    () => Buffer.from('{"__proto__":{"administrator":true},"unheard-of":1}'),
    () => Buffer.from('{"\\u005f_proto__":{"administrator":true},"unheard-of":1}'),
    () => Buffer.from('{"constructor":{"prototype":{"administrator":true}}}'),
    () => Buffer.from(JSON.stringify(pick(hostileValues))),
    () => Buffer.from('{"commandId":1e999999,"type":-0,"unheard-of":[NaN]}'),
    () => Buffer.alloc(0),
    () => Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    () => Buffer.from('{"text":"\\ud800","unheard-of":1}'),
  ];
  const paths: ((path: string) => string)[] = [
    (path) => path,
    (path) => `${path}?limit=${encodeURIComponent(String(pick([-1, 0, 501, 'x', '1e9', ''])))}`,
    (path) => `${path}?after=${encodeURIComponent(pick(hostileTexts).toWellFormed())}`,
    (path) => `${path}?unheard=of&unheard=of`,
    (path) => `${path}/%00`,
    (path) => `${path}?stream=%00`,
    (path) => `${path}?after=%c0%af`,
    (path) => path.replace(/[^/]+$/, encodeURIComponent(pick(hostileTexts).toWellFormed()) || 'x'),
    (path) => `${path}//`,
    (path) => `${path}%`,
  ];
  const types = ['application/json', 'application/json', 'application/json', 'text/plain', 'application/xml', ''];
  return { random, pick, bodies, paths, types };
}

/** Those that no route of this path answers: a session that is closed by the book is no malformed request. */
const strangeMethods = ({ path }: Route): string[] =>
  ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].filter(
    (method) => !allRoutes.some((known) => known.path === path && known.method === method),
  );

const requests = 10_000;
const seed = 20_260_302;

describe('requests that make no sense', () => {
  it(`are all refused, none fails the server, nothing is written (seed ${seed})`, async () => {
    const { pick, bodies, paths, types } = generator(seed);
    // What only reads and is well-formed may answer; what exports is recorded, so it is left to tests of its own.
    const routes = allRoutes.filter(({ id }) => !['exportTable', 'archive', 'signOut', 'takeCheckpoint'].includes(id));
    const tokens: (string | null)[] = [null, subject.token, ...Object.values(house.staff).map(({ token }) => token)];
    // Failed sign-ins are recorded up to their limit, and only up to it.
    const before = await tableCounts();
    const refusedBefore = await refusedSignIns();
    const statuses = new Map<number, number>();
    const one = async (index: number) => {
      const route = routes[index % routes.length] as Route;
      const token = pick(tokens);
      const path = pick(paths)(urlOf(route, { ...subject.params, signalId: 'none' }));
      const type = pick(types);
      const method = Math.floor(index / routes.length) % 17 === 0 ? pick(strangeMethods(route)) : route.method;
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const body = hasBody ? pick(bodies)() : undefined;
      const reply = await send({
        method: route.id === 'signOut' ? 'GET' : method,
        path,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(hasBody && type !== '' ? { 'content-type': type } : {}),
        },
        ...(body === undefined ? {} : { body }),
      });
      const what = `request ${index}: ${method} ${path} ${body?.toString().slice(0, 120)}`;
      assert.ok(reply.status < 500, `${what} -> ${reply.status} ${reply.body}`);
      if (reply.status >= 400 && method !== 'HEAD') {
        assert.match(reply.type, /^application\/problem\+json/, what);
        const problem = JSON.parse(reply.body);
        assert.equal(problem.status, reply.status, what);
        assert.ok(problem.code.length > 0 && problem.detail.length > 0, what);
        assert.doesNotMatch(reply.body, /node:|\.ts:|_pkey|constraint|relation|syntax error|at async/, what);
      }
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
    };
    let next = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (next < requests) {
          next += 1;
          await one(next - 1);
        }
      }),
    );
    const afterwards = await tableCounts();
    const refused = (await refusedSignIns()) - refusedBefore;
    assert.ok(refused <= 100, `${refused} refused sign-ins recorded`);
    assert.deepEqual({ ...afterwards, ledger: (afterwards.ledger ?? 0) - refused }, before);
    assert.ok((statuses.get(400) ?? 0) > requests / 10, JSON.stringify([...statuses]));
  });

  async function refusedSignIns(): Promise<number> {
    const { rows } = await pool.query(`SELECT count(*)::integer AS n FROM ledger WHERE type = 'session.refused'`);
    return rows[0].n;
  }

  const submissions = () => `/v1/studies/${house.studyId}/participants/${subject.participantId}/submissions`;
  const authorized = () => ({ authorization: `Bearer ${subject.token}` });

  it('are told apart: wrong type, too large, wrong method, unknown address', async () => {
    const json = { ...authorized(), 'content-type': 'application/json' };
    const plain = await send({
      method: 'POST',
      path: submissions(),
      headers: { ...authorized(), 'content-type': 'text/plain' },
      body: Buffer.from('{}'),
    });
    assert.equal(plain.status, 415);
    assert.equal(JSON.parse(plain.body).code, 'unsupported_media_type');
    const large = await send({
      method: 'POST',
      path: submissions(),
      headers: json,
      body: Buffer.alloc(bodyLimits.bytes + 1, 0x20),
    });
    assert.equal(large.status, 413);
    assert.equal(JSON.parse(large.body).code, 'too_large');
    const put = await send({ method: 'PUT', path: submissions(), headers: json, body: Buffer.from('{}') });
    assert.equal(put.status, 405);
    assert.equal(JSON.parse(put.body).code, 'method_not_allowed');
    const lost = await send({ method: 'GET', path: '/v1/nowhere', headers: {} });
    assert.equal(lost.status, 404);
    const broken = await send({ method: 'POST', path: submissions(), headers: json, body: Buffer.from('{"a":') });
    assert.equal(JSON.parse(broken.body).code, 'malformed_json');
    const shape = await send({
      method: 'POST',
      path: submissions(),
      headers: json,
      body: Buffer.from(JSON.stringify({ type: 'submit', commandId: 'short' })),
    });
    const problem = JSON.parse(shape.body);
    assert.equal(problem.code, 'invalid_input');
    assert.ok(problem.problems.some(({ path }: { path: string }) => path === 'commandId'));
  });

  it('that break off in the middle leave no transaction open and nothing written', async () => {
    const before = await tableCounts();
    const { hostname, port } = new URL(house.server.address);
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = net.connect({ host: hostname, port: Number(port) });
        await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
        socket.write(
          `POST ${submissions()} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${subject.token}\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"type":"sub`,
        );
        await new Promise((resolve) => setImmediate(resolve));
        socket.destroy();
      }),
    );
    const { rows } = await pool.query(
      `SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = current_database()
       AND application_name = 'limen-study' AND state LIKE 'idle in transaction%'`,
    );
    assert.equal(rows[0].n, 0);
    assert.deepEqual(await tableCounts(), before);
  });

  it('that are no HTTP get a problem document and the door', async () => {
    const { hostname, port } = new URL(house.server.address);
    const socket = net.connect({ host: hostname, port: Number(port) });
    socket.write('NONSENSE\r\n\r\n');
    let heard = '';
    for await (const chunk of socket) heard += String(chunk);
    assert.match(heard, /^HTTP\/1\.1 400/);
    assert.match(heard, /"code":"malformed_request"/);
  });

  it('that ride on a cookie from another page are not carried out', async () => {
    const cookie = `limen_session=${house.staff.coordinator.token}`;
    const path = `/v1/studies/${house.studyId}/participants`;
    const body = Buffer.from(JSON.stringify({ commandId: house.commandId(), siteId: 'main', timeZone: 'UTC' }));
    const headers = { cookie, 'content-type': 'application/json' };
    const foreign = await send({ method: 'POST', path, headers: { ...headers, origin: 'https://evil.example' }, body });
    assert.equal(JSON.parse(foreign.body).code, 'foreign_origin');
    const crossed = await send({ method: 'POST', path, headers: { ...headers, 'sec-fetch-site': 'cross-site' }, body });
    assert.equal(JSON.parse(crossed.body).code, 'foreign_origin');
    const own = await send({ method: 'POST', path, headers: { ...headers, origin: house.server.address }, body });
    assert.equal(own.status, 200);
  });
});
