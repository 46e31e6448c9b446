import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { allRoutes } from '@limen/contract';
import { startTestHouse, type TestHouse } from '../test-house.ts';

let house: TestHouse;
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'limen-pages-'));
  for (const app of ['console', 'companion']) {
    await mkdir(path.join(folder, app, 'assets'), { recursive: true });
    await writeFile(path.join(folder, app, 'index.html'), `<title>${app}</title>`);
    await writeFile(path.join(folder, app, 'assets', 'index-B7x2kQ9a.js'), 'export {};');
    await writeFile(path.join(folder, app, 'sw.js'), '// worker');
  }
  const staticFolders = { console: path.join(folder, 'console'), companion: path.join(folder, 'companion') };
  house = await startTestHouse({ staticFolders });
});
after(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (address: string, headers: Record<string, string> = {}) =>
  fetch(house.server.address + address, { headers, redirect: 'manual' });

describe('the apps', () => {
  it('are served with their own page for every place inside them', async () => {
    assert.match(await (await get('/')).text(), /console/);
    assert.match(await (await get('/studies/pilot/safety')).text(), /console/);
    assert.match(await (await get('/app/')).text(), /companion/);
    assert.match(await (await get('/app/today')).text(), /companion/);
    assert.equal((await get('/app')).headers.get('location'), '/app/');
    assert.equal((await get('/assets/nothing.js')).status, 404);
    assert.equal((await get('/v1/nothing')).status, 404);
    assert.match((await get('/v1/nothing')).headers.get('content-type') ?? '', /problem\+json/);
  });

  it('are cached by name where the name says the content, and asked for anew elsewhere', async () => {
    const cacheOf = async (address: string) => (await get(address)).headers.get('cache-control');
    assert.equal(await cacheOf('/assets/index-B7x2kQ9a.js'), 'public, max-age=31536000, immutable');
    assert.equal(await cacheOf('/'), 'no-store');
    assert.equal(await cacheOf('/app/sw.js'), 'no-cache');
    const worker = await get('/app/sw.js');
    assert.equal(worker.headers.get('service-worker-allowed'), '/app/');
    const etag = worker.headers.get('etag') ?? '';
    assert.equal((await get('/app/sw.js', { 'if-none-match': etag })).status, 304);
  });

  it('are sent compressed to whoever accepts it, and unpack to the same', async () => {
    const plain = await get('/app/sw.js', { 'accept-encoding': 'identity' });
    assert.equal(plain.headers.get('content-encoding'), null);
    const text = await plain.text();
    for (const [accepted, encoding] of [
      ['gzip, deflate', 'gzip'],
      ['gzip, br;q=0', 'gzip'],
      ['gzip, deflate, br', 'br'],
    ] as const) {
      const reply = await get('/app/sw.js', { 'accept-encoding': accepted });
      assert.equal(reply.headers.get('content-encoding'), encoding);
      assert.equal(reply.headers.get('vary'), 'accept-encoding');
      assert.equal(await reply.text(), text);
      assert.equal(reply.headers.get('etag'), plain.headers.get('etag'));
    }
  });

  it('cannot be left by their folder', async () => {
    for (const address of ['/..%2f..%2fetc/passwd', '/app/%2e%2e/%2e%2e/package.json', '/assets/..%5c..%5cx']) {
      const reply = await get(address);
      assert.doesNotMatch(await reply.text(), /root:|"name"/, address);
    }
  });

  it('run under a policy that lets them load from here alone', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    const data = await get('/v1/installation');
    assert.match(data.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
    assert.equal(data.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(data.headers.get('cache-control'), 'no-store');
  });
});

describe('the documents of the contract', () => {
  it('describe every route in OpenAPI 3.1', async () => {
    const document = (await (await get('/docs/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    };
    assert.equal(document.openapi, '3.1.0');
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    assert.deepEqual(ids.sort(), allRoutes.map(({ id }) => id).sort());
    const submit = document.paths['/v1/studies/{studyId}/participants/{participantId}/submissions']?.post;
    assert.match(JSON.stringify(submit), /"commandId"/);
  });

  it('can be read by people', async () => {
    const page = await (await get('/docs')).text();
    for (const { path: address } of allRoutes) assert.ok(page.includes(address), address);
  });
});

describe('what the operator sees', () => {
  it('counts requests by route and names no study and no person', async () => {
    await house.staff.monitor.call(allRoutes.find(({ id }) => id === 'studyOverview') ?? failed(), {
      params: { studyId: house.studyId },
    });
    const metrics = await (await get('/metrics')).text();
    assert.match(metrics, /limen_requests_total\{route="studyOverview",status="2xx"\} 1/);
    assert.ok(!metrics.includes(house.studyId));
  });

  function failed(): never {
    throw new Error('The contract has no overview.');
  }
});
