/** Questions about kits: the study server's, and those of the supply's programs. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { House } from '../house.ts';
import * as protocol from '../protocol-kits.ts';
import * as stock from '../protocol-stock.ts';
import { registerSite } from '../register/registration.ts';
import { takeInCapsules } from '../register/stock.ts';
import { recordKitActs } from './acts.ts';
import { judgeShipment } from './judge.ts';
import { makeKits } from './make.ts';
import { replaceKit } from './replace.ts';
import { sendKits } from './send.ts';
import { listShipments } from './shipments.ts';

type Door = {
  /** Throws unless the caller carries the token. */
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

/** For programs of the supply; people use the pages. None is asked again by itself: it is done once more if it is. */
export function openDepotRoutes(server: FastifyInstance, house: House, { allow, read }: Door): void {
  server.post('/studies/:studyId/capsules', async (request) => {
    allow(request);
    const { by, ...taken } = read(stock.takeInRequest, request.body);
    await takeInCapsules(house, studyOf(request), by, taken);
    return stock.doneReply.parse({ done: true });
  });
  server.post('/studies/:studyId/registrations', async (request) => {
    allow(request);
    const { by, ...registration } = read(stock.registrationRequest, request.body);
    await registerSite(house, studyOf(request), by, registration);
    return stock.doneReply.parse({ done: true });
  });
  server.post('/studies/:studyId/kits', async (request) => {
    allow(request);
    const { by, sets, batches } = read(stock.makeKitsRequest, request.body);
    const made = { sets, batches: new Map(Object.entries(batches)) };
    return stock.makeKitsReply.parse({ kits: await makeKits(house, studyOf(request), by, made) });
  });
  server.post('/studies/:studyId/shipments', async (request) => {
    allow(request);
    const { by, ...sent } = read(stock.sendKitsRequest, request.body);
    return stock.sendKitsReply.parse({ shipmentId: await sendKits(house, studyOf(request), by, sent) });
  });
  server.post('/studies/:studyId/shipments/:shipmentId/judgements', async (request) => {
    allow(request);
    const { by, ...judged } = read(stock.judgementRequest, request.body);
    const { shipmentId } = request.params as { shipmentId: string };
    await judgeShipment(house, studyOf(request), by, { shipmentId, ...judged });
    return stock.doneReply.parse({ done: true });
  });
}
