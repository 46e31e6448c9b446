/**
 * Builds the app into `dist`, to be served at `/app/`.
 *
 * Two things are made here so that the phone need not carry them:
 * - the addresses of the routes, read off the contract; the contract's schemas stay behind;
 * - the list of files the service worker keeps, with a version that changes when any of them does.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import * as called from './src/server/routes.ts';

const PUBLIC = join(import.meta.dirname, 'public');
const ROUTES = join(import.meta.dirname, 'src', 'server', 'routes.ts');

function routeAddresses(): Plugin {
  return {
    name: 'limen-route-addresses',
    enforce: 'pre',
    load(id) {
      if (id !== ROUTES) return undefined;
      const lines = Object.entries(called).map(([name, { id: routeId, method, path, media }]) => {
        const address = JSON.stringify({ id: routeId, method, path, media });
        return `export const ${name} = { ...${address}, reply };`;
      });
      return ['const reply = { parse: (value) => value };', ...lines].join('\n');
    },
  };
}

function shellList(): Plugin {
  return {
    name: 'limen-shell-list',
    enforce: 'post',
    generateBundle(_, bundle) {
      if (bundle['index.html'] === undefined) throw new Error('The page was not built.');
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('The service worker was not built.');
      const kept = readdirSync(PUBLIC).map((name) => ({ name, bytes: readFileSync(join(PUBLIC, name)) }));
      const built = Object.values(bundle)
        .filter(({ fileName }) => fileName !== 'sw.js' && !fileName.endsWith('.map'))
        .map((file) => ({ name: file.fileName, bytes: Buffer.from(file.type === 'chunk' ? file.code : file.source) }));
      const files = [...built, ...kept].sort((a, b) => (a.name < b.name ? -1 : 1));
      const hash = createHash('sha256').update(worker.code);
      for (const { name, bytes } of files) hash.update(name).update(bytes);
      const version = hash.digest('hex').slice(0, 12);
      const names = files.map(({ name }) => name);
      worker.code = worker.code
        .replace(/["'`]__SHELL_FILES__["'`]/, JSON.stringify(JSON.stringify(names)))
        .replace(/__SHELL_VERSION__/, version);
    },
  };
}

/** Declarations of packages are pure data: what is not used stays out. */
const pure = /[\\/]packages[\\/](conduct|contract|instruments|protocol)[\\/]/;

export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  publicDir: 'public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [routeAddresses(), shellList()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: join(import.meta.dirname, 'index.html'), sw: join(import.meta.dirname, 'src/worker.ts') },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      treeshake: { moduleSideEffects: (id) => !pure.test(id) },
    },
  },
});
