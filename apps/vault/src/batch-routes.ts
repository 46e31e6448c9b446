/** The supply's questions about batches. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { listBatches, readBatchAct, recordBatch, recordBatchAct } from './batch-record.ts';
import { traceBatch } from './batch-trace.ts';
import { largestCertificate, readCertificate, storeCertificate } from './certificates.ts';
import type { House } from './house.ts';
import * as protocol from './protocol-batches.ts';
import { Refusal } from './refusals.ts';

export type Door = {
  /** Throws unless the caller carries the supply's token. */
  readonly allow: (request: FastifyRequest) => void;
  readonly read: <S extends z.ZodType>(schema: S, body: unknown) => z.output<S>;
};

type Place = Readonly<Record<'studyId' | 'batchId' | 'actId' | 'sha256', string>>;
const placeOf = (request: FastifyRequest): Place => request.params as Place;

export function openBatchRoutes(server: FastifyInstance, house: House, { allow, read }: Door): void {
  server.post('/studies/:studyId/batches', async (request) => {
    allow(request);
    const batch = read(protocol.batchRequest, request.body);
    return protocol.batchReply.parse(await recordBatch(house, placeOf(request).studyId, batch));
  });
  server.get('/studies/:studyId/batches', async (request) => {
    allow(request);
    return protocol.batchListReply.parse(await listBatches(house, placeOf(request).studyId));
  });
  server.post('/studies/:studyId/batches/:batchId/acts', async (request) => {
    allow(request);
    const { studyId, batchId } = placeOf(request);
    const act = read(protocol.batchActRequest, request.body);
    return protocol.batchActReply.parse(await recordBatchAct(house, studyId, batchId, act));
  });
  server.get('/studies/:studyId/batches/:batchId/acts/:actId', async (request) => {
    allow(request);
    return protocol.batchActRequest.parse(await readBatchAct(house, placeOf(request)));
  });
  server.get('/studies/:studyId/batches/:batchId/kits', async (request) => {
    allow(request);
    return protocol.batchTraceReply.parse(await traceBatch(house, placeOf(request)));
  });
  void server.register(async (scope) => openCertificates(scope, house, allow));
}

/** Files come as they are; who may send one is asked before the first byte of it is read. */
function openCertificates(scope: FastifyInstance, house: House, allow: Door['allow']): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: largestCertificate },
    (_, body, done) => done(null, body),
  );
  const url = '/studies/:studyId/batches/:batchId/certificates/:sha256';
  const onRequest = async (request: FastifyRequest): Promise<void> => allow(request);
  scope.put(url, { onRequest, bodyLimit: largestCertificate }, async (request) => {
    if (!(request.body instanceof Uint8Array)) throw new Refusal('request_invalid', 'no file');
    return protocol.certificateReply.parse(await storeCertificate(house, placeOf(request), request.body));
  });
  scope.get(url, { onRequest }, async (request, reply) => {
    const { fileName, type, bytes } = await readCertificate(house, placeOf(request));
    return reply
      .type(type)
      .header('content-disposition', `attachment; filename*=UTF-8''${extendedValue(fileName)}`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(bytes);
  });
}

/** RFC 8187: what `encodeURIComponent` leaves and the header does not allow. */
const extendedValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
