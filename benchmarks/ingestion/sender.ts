/**
 * The load: sends prepared requests over a fixed number of kept connections and measures each answer. A process of its
 * own, on bare sockets, so that it takes as little as it can of the cores it shares with the server.
 *
 * Reads one JSON line {@link Orders} from its parent, answers with one {@link Measured}.
 */
import { connect, type Socket } from 'node:net';

export type Orders = {
  readonly host: string;
  readonly port: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** One list per connection: requests of one participant never overlap. */
  readonly connections: readonly (readonly Prepared[])[];
};

export type Prepared = { readonly path: string; readonly token: string; readonly body: string };

export type Measured = {
  /** Answered 2xx within the measured time. */
  readonly accepted: number;
  /** Answers with another status, by status. */
  readonly otherwise: Readonly<Record<string, number>>;
  /** What the first of those said. */
  readonly firstRefusal: string | null;
  /** Of the accepted ones, ms, ascending. */
  readonly latencies: readonly number[];
  /** All accepted ones, those of the warm-up too. */
  readonly acceptedInAll: number;
  /** True if the prepared requests ran out before the time did. */
  readonly ranOut: boolean;
};

const headEnd = Buffer.from('\r\n\r\n');

type Answer = { readonly status: number; readonly content: string };

/** Sends one request and resolves once the whole answer is there. */
function exchange(socket: Socket, host: string, { path, token, body }: Prepared): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let held: Buffer = Buffer.alloc(0);
    const hear = (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = held.indexOf(headEnd);
      if (end < 0) return;
      const head = held.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (held.length < end + headEnd.length + length) return;
      socket.off('data', hear);
      socket.off('close', closed);
      resolve({ status: Number(head.slice(9, 12)), content: held.toString('utf8', end + headEnd.length) });
    };
    const closed = () => reject(new Error('The server closed the connection.'));
    socket.on('data', hear);
    socket.once('close', closed);
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

async function send(orders: Orders): Promise<Measured> {
  const { host, port, warmUpMs, measureMs } = orders;
  const latencies: number[] = [];
  const otherwise: Record<string, number> = {};
  let firstRefusal: string | null = null;
  let acceptedInAll = 0;
  let ranOut = false;
  const sockets = await Promise.all(
    orders.connections.map(
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
          socket.once('error', reject);
        }),
    ),
  );
  const from = performance.now() + warmUpMs;
  const until = from + measureMs;
  const run = async (socket: Socket, requests: readonly Prepared[]): Promise<void> => {
    for (const request of requests) {
      const sentAt = performance.now();
      if (sentAt >= until) return;
      const { status, content } = await exchange(socket, host, request);
      const answeredAt = performance.now();
      const accepted = status >= 200 && status < 300;
      if (accepted) acceptedInAll += 1;
      else firstRefusal ??= content;
      if (answeredAt < from || answeredAt > until) continue;
      if (accepted) latencies.push(answeredAt - sentAt);
      else otherwise[status] = (otherwise[status] ?? 0) + 1;
    }
    ranOut = true;
  };
  await Promise.all(sockets.map((socket, index) => run(socket, orders.connections[index] ?? [])));
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  return { accepted: latencies.length, otherwise, firstRefusal, latencies, acceptedInAll, ranOut };
}

process.once('message', (orders: Orders) => {
  void send(orders).then((measured) => {
    process.send?.(measured, undefined, undefined, () => process.disconnect?.());
  });
});
