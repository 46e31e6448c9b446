/** Server-sent events: one `change` per committed act, without its content. Bounded in number, kept alive by a heartbeat. */
import type { ServerResponse } from 'node:http';

export type LiveLimits = { readonly clients: number; readonly heartbeatMs: number };
export const liveLimits: LiveLimits = { clients: 500, heartbeatMs: 15_000 };

type Client = { readonly studyId: string; readonly siteId: string | null; readonly response: ServerResponse };

export type Live = {
  /** Takes over the response. `stillAllowed` is asked at every heartbeat. */
  join(client: Client, stillAllowed: () => Promise<boolean>): void;
  /** `siteId` null: of no single site, so everybody hears of it. */
  announce(studyId: string, siteId: string | null): void;
  isFull(): boolean;
  clients(): number;
  close(): void;
};

export function openLive(limits: LiveLimits): Live {
  const clients = new Set<Client>();

  const send = (client: Client, text: string) => {
    // A client that does not read is let go rather than buffered for; it reconnects and reloads.
    if (client.response.writableLength > 64_000) client.response.destroy();
    else client.response.write(text);
  };

  return {
    join(client, stillAllowed) {
      const beat = async () => {
        if (await stillAllowed().catch(() => false)) send(client, ': still here\n\n');
        else client.response.end();
      };
      const heartbeat = setInterval(() => void beat(), limits.heartbeatMs);
      heartbeat.unref();
      clients.add(client);
      client.response.on('close', () => {
        clearInterval(heartbeat);
        clients.delete(client);
      });
      send(client, 'retry: 3000\n\nevent: hello\ndata: {}\n\n');
    },
    announce(studyId, siteId) {
      for (const client of clients) {
        if (client.studyId !== studyId) continue;
        if (siteId === null || client.siteId === null || client.siteId === siteId) {
          send(client, 'event: change\ndata: {}\n\n');
        }
      }
    },
    isFull: () => clients.size >= limits.clients,
    clients: () => clients.size,
    close() {
      for (const client of clients) client.response.end();
    },
  };
}
