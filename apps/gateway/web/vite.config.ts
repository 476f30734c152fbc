import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { BROWSERS } from '../../../scripts/browsers.ts';
import { listThirdParty } from '../../../scripts/third-party/bundled.ts';

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
