/** Builds the console into `dist`, to be served at `/`. */
import { defineConfig } from 'vite';

/** Declarations of packages are pure data: what is not used stays out. */
const pure =
  /[\\/]packages[\\/](contract|instruments|protocol|conduct|pharmacology|simulation|analysis|statistics|randomization)[\\/]/;

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: 'public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !pure.test(id) },
      // Mantine marks its modules for server components, which there are none of here.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
