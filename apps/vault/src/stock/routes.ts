/** The study server's questions about kits at the sites. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { House } from '../house.ts';
import * as protocol from '../protocol-kits.ts';
import { recordKitActs } from './acts.ts';
import { replaceKit } from './replace.ts';
import { listShipments } from './shipments.ts';

type Door = {
  /** Throws unless the caller carries the study's token. */
  readonly allow: (request: FastifyRequest) => void;
  readonly read: <S extends z.ZodType>(schema: S, body: unknown) => z.output<S>;
};

const studyOf = (request: FastifyRequest) => (request.params as { studyId: string }).studyId;

export function openStockRoutes(server: FastifyInstance, house: House, { allow, read }: Door): void {
  server.post('/studies/:studyId/replacements', async (request) => {
    allow(request);
    const body = read(protocol.replacementRequest, request.body);
    return protocol.replacementReply.parse(await replaceKit(house, studyOf(request), body));
  });
  server.get('/studies/:studyId/shipments', async (request) => {
    allow(request);
    return protocol.shipmentsReply.parse(await listShipments(house, studyOf(request)));
  });
  server.post('/studies/:studyId/kit-acts', async (request) => {
    allow(request);
    const body = read(protocol.kitActsRequest, request.body);
    return protocol.kitActsReply.parse(await recordKitActs(house, studyOf(request), body));
  });
}
