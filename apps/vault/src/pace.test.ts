import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { paceAnswers, untilRelease } from './pace.ts';

test('an answer leaves at a whole multiple of the pause, at the first one at the earliest', () => {
  const released = [0, 0.2, 3, 49.9, 50, 50.1, 99, 100, 137].map((elapsed) => elapsed + untilRelease(elapsed, 50));
  assert.deepEqual(released, [50, 50, 50, 50, 50, 100, 100, 100, 150]);
});

test('whatever the vault did, the study server waits as long; a refusal too, and a page not at all', async () => {
  const timing = {
    at: 0,
    now: () => timing.at,
    sleep: async (ms: number) => {
      timing.at += ms;
    },
  };
  const server = Fastify();
  paceAnswers(server, 50, timing);
  const working = async (ms: number) => {
    timing.at += ms;
    return { kit: 'K' };
  };
  server.post('/studies/one/allocations', async (request) => working((request.body as { ms: number }).ms));
  server.post('/studies/one/refused', async (request) => {
    await working((request.body as { ms: number }).ms);
    throw new Error('no');
  });
  server.get('/room', async () => working(7));
  const took = async (method: 'GET' | 'POST', url: string, ms: number) => {
    const before = timing.at;
    await server.inject({ method, url, ...(method === 'POST' ? { payload: { ms } } : {}) });
    return timing.at - before;
  };
  for (const path of ['allocations', 'refused']) {
    const url = `/studies/one/${path}`;
    assert.deepEqual(
      [await took('POST', url, 3), await took('POST', url, 41), await took('POST', url, 60)],
      [50, 50, 100],
    );
  }
  assert.equal(await took('POST', '/studies/one/not-there', 0), 50);
  assert.equal(await took('GET', '/room', 0), 7);
  await server.close();
});
