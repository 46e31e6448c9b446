/** What the operator asks: is it alive, can it serve, how does it fare; and the documents of the contract. */

import { dataHeaders, documentHeaders } from '@limen/access';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../data/database.ts';
import type { Live } from './live.ts';
import type { Metrics } from './metrics.ts';
import { renderDocsPage, renderOpenApi } from './openapi.ts';
import { problemOf } from './problem.ts';

export function bindOperations(
  app: FastifyInstance,
  parts: { database: Database; metrics: Metrics; live: Live; isStopping: () => boolean },
): void {
  const openApi = JSON.stringify(renderOpenApi());
  const docsPage = renderDocsPage();
  const options = (routeId: string) => ({ config: { routeId }, exposeHeadRoute: false });

  app.get('/health', options('health'), async (_, reply) => reply.headers(dataHeaders).send({ alive: true }));

  app.get('/ready', options('ready'), async (_, reply) => {
    if (parts.isStopping()) throw problemOf('shutting_down');
    await parts.database.pool.query('SELECT 1');
    return reply.headers(dataHeaders).send({ ready: true });
  });

  app.get('/metrics', options('metrics'), async (_, reply) => {
    const { pool } = parts.database;
    const gauges = {
      limen_live_clients: parts.live.clients(),
      limen_database_connections: pool.totalCount,
      limen_database_waiting: pool.waitingCount,
      limen_resident_bytes: process.memoryUsage.rss(),
    };
    return reply
      .headers(dataHeaders)
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(parts.metrics.render(gauges));
  });

  app.get('/docs/openapi.json', options('openapi'), async (_, reply) =>
    reply.headers(dataHeaders).type('application/json; charset=utf-8').send(openApi),
  );

  app.get('/docs', options('docs'), async (_, reply) =>
    reply.headers(documentHeaders).type('text/html; charset=utf-8').send(docsPage),
  );
}
