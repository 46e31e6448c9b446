/** Questions of machines about unblinding: the facts for the study server, the probe for whoever watches. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { receiveData } from '../closed/meetings.ts';
import { closedDataReply, closedDataRequest } from '../closed/protocol.ts';
import type { House } from '../house.ts';
import { probe } from './drill.ts';
import { listFacts, toldKinds } from './facts.ts';

const largestClosedData = 256 * 1024 * 1024;
const factsQuery = z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });

export const factsReply = z.strictObject({
  facts: z.array(
    z.strictObject({
      seq: z.string().length(12),
      studyId: z.string(),
      participantId: z.string(),
      kind: z.enum(toldKinds),
      at: z.iso.datetime({ precision: 3 }),
    }),
  ),
});
export const probeReply = z.strictObject({ ready: z.literal(true) });

type Door = {
  readonly allow: (request: FastifyRequest) => void;
  readonly read: <S extends z.ZodType>(schema: S, body: unknown) => z.output<S>;
};

export function openUnblindingRoutes(server: FastifyInstance, house: House, { allow, read }: Door): void {
  server.get('/facts', async (request) => {
    allow(request);
    return factsReply.parse(await listFacts(house, read(factsQuery, request.query).after));
  });
  server.post('/studies/:studyId/closed-data', { bodyLimit: largestClosedData }, async (request) => {
    allow(request);
    const { studyId } = request.params as { studyId: string };
    return closedDataReply.parse(await receiveData(house, studyId, read(closedDataRequest, request.body)));
  });
  server.get('/probe', async () => probeReply.parse(await probe(house)));
}
