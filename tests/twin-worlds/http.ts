/** HTTP as it goes over the wire: status, every header in the order sent, every byte of the body. */
import { isUtf8 } from 'node:buffer';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

export type Reply = {
  readonly status: number;
  /** `name: value`, in the order received, without the date and without the port. */
  readonly headers: readonly string[];
  readonly body: string;
};

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

export function send(address: string, { method, path, headers = {}, body }: Request): Promise<Reply> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { agent, host: url.hostname, port: url.port, method, path, headers: { ...headers, ...length } };
    const request = http.request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({
          status: response.statusCode ?? 0,
          headers: headersOf(response.rawHeaders),
          body: isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64'),
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The date is the machine's clock, which no test of ours sets. */
export function headersOf(raw: readonly string[]): string[] {
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1]}`] : []));
  return pairs.filter((pair) => !/^date:/i.test(pair));
}

export type Door = { readonly address: string; close(): void };

export async function openDoor(
  answer: (request: http.IncomingMessage, response: http.ServerResponse, body: string) => Promise<void>,
): Promise<Door> {
  const server = http.createServer((request, response) => {
    bodyOf(request)
      .then((body) => answer(request, response, body))
      .catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(stream: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

export type Listener = { end(): Promise<string> };

/** How long nothing more comes before a stream counts as read: what was written before is in the socket already. */
const quietMs = 25;

/** A stream of events, frame by frame; heartbeats keep time and are left out. */
export async function listenTo(url: string, token: string): Promise<Listener> {
  let text = '';
  const request = http.get(url, {
    agent: false,
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  await new Promise<void>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      text = `${response.statusCode} ${headersOf(response.rawHeaders).join('\n')}\n`;
      response.on('error', () => {});
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      resolve();
    });
  });
  return {
    async end() {
      for (let before = -1; before !== text.length; ) {
        before = text.length;
        await new Promise((resolve) => setTimeout(resolve, quietMs));
      }
      request.on('error', () => {});
      request.destroy();
      return text
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .join('\n');
    },
  };
}
