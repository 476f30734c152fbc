import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { listThirdParty } from '../../../scripts/third-party/bundled.ts';

/** Browsers that know `light-dark()`, `<dialog>` and streams of fetch. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The page also works below a path of a reverse proxy.
  base: './',
  plugins: [listThirdParty('page')],
  build: {
    outDir: fileURLToPath(new URL('../dist/page', import.meta.url)),
    emptyOutDir: true,
    target: BROWSERS,
    // The policy of the page allows no `data:` but images, and the polyfill would be dead code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
