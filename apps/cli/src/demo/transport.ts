/** HTTP to one server over a bounded number of kept-alive connections. */
import http from 'node:http';
import type { Fetch } from '@limen/contract';

const connections = 16;
const timeoutMs = 30_000;

export function createTransport(): { fetch: Fetch; close(): void } {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const send: Fetch = (url, init) =>
    new Promise((resolve, reject) => {
      const body = init.body === undefined ? undefined : Buffer.from(init.body);
      const headers = body ? { ...init.headers, 'content-length': String(body.length) } : init.headers;
      const request = http.request(url, { method: init.method, headers, agent, timeout: timeoutMs }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          const bytes = Buffer.concat(chunks);
          resolve({
            ok: status >= 200 && status < 300,
            status,
            text: async () => bytes.toString('utf8'),
            arrayBuffer: async () => new Uint8Array(bytes).buffer,
          });
        });
      });
      request.on('timeout', () => request.destroy(new Error('The server did not answer in time.')));
      request.on('error', reject);
      request.end(body);
    });
  return { fetch: send, close: () => agent.destroy() };
}
