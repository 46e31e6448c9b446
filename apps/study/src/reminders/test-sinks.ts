/** Where reminders arrive in tests: a mail server that takes everything, and a push service that can be told what to answer. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';

const listening = (server: net.Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

export async function openMailSink() {
  const mails: string[] = [];
  const state = { refuses: false };
  const server = net.createServer((socket) => {
    let [text, inData] = ['', false];
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 sink ESMTP');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (;;) {
        const end = inData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        if (end === -1) return;
        const line = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          mails.push(line);
          inData = false;
          say('250 taken');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else if (/^DATA/i.test(line) && !state.refuses) {
          inData = true;
          say('354 go on');
        } else say(state.refuses && !/^(EHLO|HELO)/i.test(line) ? '451 later' : '250 ok');
      }
    });
  });
  const port = await listening(server);
  return { url: `smtp://127.0.0.1:${port}`, mails, state, close: () => new Promise((done) => server.close(done)) };
}

export type Pushed = { readonly path: string; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer };

export async function openPushSink() {
  const pushed: Pushed[] = [];
  const state = { status: 201 };
  const server = http.createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      pushed.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      reply.writeHead(state.status).end();
    });
  });
  const port = await listening(server);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { origin: `http://127.0.0.1:${port}`, pushed, state, close };
}
