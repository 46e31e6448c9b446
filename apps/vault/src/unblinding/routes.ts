/** Questions of machines about unblinding: facts for the study server, the probe and the numbers for whoever watches. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { receiveData } from '../closed/meetings.ts';
import { closedDataReply, closedDataRequest } from '../closed/protocol.ts';
import type { House } from '../house.ts';
import { lastDrills } from './drill.ts';
import { listFacts, toldKinds } from './facts.ts';
import { availability, type Probe } from './probe.ts';

const largestClosedData = 256 * 1024 * 1024;
const factsQuery = z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });

/** No field has room for a treatment. */
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
export const probeReply = z.strictObject({
  ready: z.boolean(),
  within: z.enum(['second', 'tenSeconds', 'longer']),
});

type Door = {
  readonly allow: (request: FastifyRequest) => void;
  readonly read: <S extends z.ZodType>(schema: S, given: unknown) => z.output<S>;
};

export function openUnblindingRoutes(server: FastifyInstance, house: House, probe: Probe, { allow, read }: Door): void {
  server.get('/facts', async (request) => {
    allow(request);
    return factsReply.parse(await listFacts(house, read(factsQuery, request.query).after));
  });
  server.post('/studies/:studyId/closed-data', { bodyLimit: largestClosedData }, async (request) => {
    allow(request);
    const { studyId } = request.params as { studyId: string };
    return closedDataReply.parse(await receiveData(house, studyId, read(closedDataRequest, request.body)));
  });
  server.get('/probe', async (_, reply) => {
    const answered = probeReply.parse(await probe.ask());
    return reply
      .status(answered.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(answered);
  });
  server.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics(house, probe)),
  );
}
/** How often codes were broken is not among them: that is the studies' own matter. */
async function metrics(house: House, probe: Probe): Promise<string> {
  const { ready } = await probe.ask();
  const { minutes, ready: readyMinutes, slowestMs } = await availability(house);
  const drills = await lastDrills(house);
  const gauges: [name: string, help: string, values: readonly (readonly [labels: string, value: number])[]][] = [
    ['limen_code_break_ready', 'Whether a treatment could be opened just now.', [['', ready ? 1 : 0]]],
    ['limen_code_break_minutes', 'Minutes of the last 30 days since the first probe.', [['', minutes]]],
    ['limen_code_break_ready_minutes', 'Of these, minutes in which a treatment could be opened.', [['', readyMinutes]]],
    ['limen_code_break_slowest_seconds', 'The slowest probe of the last 30 days.', [['', slowestMs / 1000]]],
    [
      'limen_code_break_drill_timestamp_seconds',
      'When a drill was last answered.',
      drills.map((one) => [labelsOf(one), one.answeredAt.getTime() / 1000] as const),
    ],
    [
      'limen_code_break_drill_seconds',
      'How long the last drill took.',
      drills.map((one) => [labelsOf(one), one.seconds] as const),
    ],
  ];
  return gauges
    .map(([name, help, values]) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...values.map(([labels, value]) => `${name}${labels} ${value}`),
      ]
        .join('\n')
        .concat('\n'),
    )
    .join('');
}

const labelsOf = ({ studyId, siteId }: { studyId: string; siteId: string }) => `{study="${studyId}",site="${siteId}"}`;
