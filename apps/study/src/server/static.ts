/** The two apps, from their built folders: the console at `/`, the companion at `/app/`. Read once, served from memory. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import { companionHeaders, pageHeaders } from '@limen/access';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type StaticFolders = { readonly console?: string | undefined; readonly companion?: string | undefined };

/** As it may be asked for, best first; `identity` is always there. */
const encodings = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof encodings)[number];
type File = {
  readonly bodies: Partial<Readonly<Record<Encoding, Buffer>>> & { readonly identity: Buffer };
  readonly type: string;
  readonly etag: string;
  readonly cache: string;
};
type App = { readonly base: string; readonly files: ReadonlyMap<string, File> };

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const bytesKept = 64 * 1024 * 1024;

/** A name that carries a hash of its content, such as `index-B7x2kQ9a.js`, never changes. */
const hashedName = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

function cacheFor(name: string): string {
  if (name.endsWith('.html')) return 'no-store';
  // A service worker must be asked for anew, or an old app would stay on the phone.
  if (/(^|\/)(sw|service-worker)\.js$/.test(name)) return 'no-cache';
  return hashedName.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

const [asGzip, asBrotli] = [promisify(gzip), promisify(brotliCompress)];
/** What a phone loads is packed as well as can be; large files of the console quick enough for the start of a server. */
const qualityFor = (bytes: number): number => (bytes <= 100_000 ? zlib.BROTLI_MAX_QUALITY : 6);

/** By content: servers of one process that serve the same build pack it once. */
const packedAlready = new Map<string, Promise<File['bodies']>>();

function packed(hash: string, identity: Buffer, type: string): Promise<File['bodies']> {
  const made = packedAlready.get(hash) ?? bodiesOf(identity, type);
  packedAlready.set(hash, made);
  return made;
}

/** Compressed once, at the start: these files are public and hold no secret that their length could tell. */
async function bodiesOf(identity: Buffer, type: string): Promise<File['bodies']> {
  if (!/^text\/|json|svg/.test(type)) return { identity };
  const params = { [zlib.BROTLI_PARAM_QUALITY]: qualityFor(identity.length) };
  const [br, zipped] = await Promise.all([asBrotli(identity, { params }), asGzip(identity)]);
  return { br, gzip: zipped, identity };
}

/** The best of what the browser accepts; one that is refused (`q=0`) is left out. */
function encodingFor({ bodies }: File, accepted: string): Encoding {
  const wanted = new Set(
    accepted.split(',').flatMap((part) => {
      const [name = '', weight] = part.split(';').map((piece) => piece.trim());
      return weight !== undefined && /^q=0(\.0*)?$/.test(weight) ? [] : [name.toLowerCase()];
    }),
  );
  return encodings.find((encoding) => wanted.has(encoding) && bodies[encoding] !== undefined) ?? 'identity';
}

async function readApp(base: string, folder: string): Promise<App> {
  const files = new Map<string, File>();
  let total = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, full).split(path.sep).join('/');
    const bytes = await readFile(full);
    total += bytes.length;
    if (total > bytesKept) throw new Error(`The folder ${folder} is too large to be a built app.`);
    const type = types[path.extname(name)] ?? 'application/octet-stream';
    // Weak: the same content in every encoding.
    const hash = createHash('sha256').update(bytes).digest('base64url');
    const etag = `W/"${hash.slice(0, 22)}"`;
    files.set(name, { bodies: await packed(`${hash} ${type}`, bytes, type), type, etag, cache: cacheFor(name) });
  }
  return { base, files };
}

/** Answers a GET that no route took; false where it belongs to no app. */
export type Pages = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;

export async function readPages(folders: StaticFolders): Promise<Pages> {
  const apps: App[] = [];
  if (folders.companion !== undefined) apps.push(await readApp('/app/', folders.companion));
  if (folders.console !== undefined) apps.push(await readApp('/', folders.console));
  return (request, reply) => answerPage(apps, request, reply);
}

/** Addresses that belong to the server: an unknown one among them is not an address of the app. */
const reserved = /^\/(v1|docs|health|ready|metrics)(\/|$)/;

function answerPage(apps: readonly App[], request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  const url = request.raw.url?.split('?')[0] ?? '/';
  if ((request.method !== 'GET' && request.method !== 'HEAD') || reserved.test(url)) return null;
  if (url === '/app' && apps.some(({ base }) => base === '/app/')) return reply.redirect('/app/', 308);
  const app = apps.find(({ base }) => url.startsWith(base));
  if (app === undefined) return null;
  const name = decode(url.slice(app.base.length));
  const exact = name === null ? undefined : app.files.get(name === '' ? 'index.html' : name);
  // An address without an ending is a place inside the app: its one page finds it.
  const file = exact ?? (name !== null && !/\.[a-z0-9]+$/i.test(name) ? app.files.get('index.html') : undefined);
  if (file === undefined) return null;
  const headers = app.base === '/app/' ? companionHeaders : pageHeaders;
  reply.headers({ ...headers, 'cache-control': file.cache, etag: file.etag, vary: 'accept-encoding' });
  if (exact !== undefined && name?.endsWith('.js')) reply.header('service-worker-allowed', app.base);
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const encoding = encodingFor(file, request.headers['accept-encoding'] ?? '');
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type(file.type).send(request.method === 'HEAD' ? undefined : file.bodies[encoding]);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export function servePages(
  app: FastifyInstance,
  pages: Pages,
  otherwise: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  app.setNotFoundHandler((request, reply) => pages(request, reply) ?? otherwise(request, reply));
}
