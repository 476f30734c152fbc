import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig, type Plugin } from 'rolldown';
import { LOWEST_NODE } from '../../scripts/lowest-node.ts';
import { listThirdParty } from '../../scripts/third-party/bundled.ts';

/** What the page of the API's documentation loads; the rest of the package are other ways to load the same. */
const SWAGGER_UI = [
  'favicon-16x16.png',
  'favicon-32x32.png',
  'index.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui.css',
];

const swaggerUi = (): Plugin => ({
  name: 'swagger-ui',
  generateBundle() {
    const { resolve } = createRequire(import.meta.url);
    for (const file of SWAGGER_UI) {
      const source = readFileSync(resolve(`swagger-ui-dist/${file}`));
      this.emitFile({ type: 'asset', fileName: `swagger-ui/${file}`, source });
    }
  },
});

/** The command with what it needs, in a few files: half of what a start takes is Node looking for hundreds of modules. */
export default defineConfig({
  input: { 'hermes-dashboard': 'src/main.ts' },
  platform: 'node',
  transform: { target: LOWEST_NODE },
  plugins: [swaggerUi(), listThirdParty('command', ['swagger-ui-dist'])],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'bundle.[name].js' },
});
