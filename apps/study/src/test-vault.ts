/** A small vault for this server's own tests: its questions over real HTTP, kits from a list, nothing secret. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TestVault = {
  readonly address: string;
  readonly token: string;
  /** What was asked, in order. */
  readonly asked: { path: string; body: Record<string, unknown> }[];
  /** While set, every question is answered with this status. */
  failWith: number | null;
  /** What the pharmacy has sent. */
  shipments: object[];
  /** What happened in it that this server may know. */
  facts: { seq: string; studyId: string; participantId: string; kind: string; at: string }[];
  /** Acts about kits that are refused, by kind. */
  readonly refusedActs: Set<string>;
  close(): Promise<void>;
};

export async function startTestVault(): Promise<TestVault> {
  const token = 'test-vault-token-0123456789';
  const kits = new Map<string, string>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
    vault.asked.push({ path, body });
    const send = (status: number, reply: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return send(401, {});
    if (vault.failWith !== null) return send(vault.failWith, { secret: 'the next kit is an active one' });
    if (path === '/studies') return send(200, { commitment: 'c'.repeat(64) });
    if (path.endsWith('/allocations')) {
      const participantId = String(body.participantId);
      const kit = kits.get(participantId) ?? `KIT-${String(kits.size + 1).padStart(4, '0')}`;
      kits.set(participantId, kit);
      return send(200, { kit });
    }
    if (path.startsWith('/facts')) {
      const after = Number(new URL(path, 'http://vault').searchParams.get('after'));
      return send(200, { facts: vault.facts.filter(({ seq }) => Number(seq) > after) });
    }
    if (path.endsWith('/closed-data')) return send(200, { dataHash: 'd'.repeat(64) });
    if (path === '/probe') return send(200, { ready: true });
    if (path.endsWith('/replacements'))
      return send(200, { kit: `KIT-R${String(vault.asked.length).padStart(3, '0')}` });
    if (path.endsWith('/shipments')) return send(200, { shipments: vault.shipments });
    if (path.endsWith('/kit-acts')) {
      const acts = body.acts as { kind: string }[];
      const refused = acts.some(({ kind }) => vault.refusedActs.has(kind));
      return refused ? send(409, { code: 'supply_refused' }) : send(200, { accepted: acts.length });
    }
    if (path.endsWith('/release')) {
      const allocations = [...kits].map(([participantId, kit]) => ({ participantId, kit, arm: 'a' }));
      const shared = { seed: 's', commitment: 'c'.repeat(64), procedure: { kind: 'complete' }, arms: [], batches: [] };
      return send(200, { ...shared, allocations });
    }
    return send(404, {});
  };
  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const vault: TestVault = {
    address: `http://127.0.0.1:${port}`,
    token,
    asked: [],
    failWith: null,
    shipments: [],
    facts: [],
    refusedActs: new Set(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return vault;
}
