import { defineConfig } from 'rolldown';
import { listThirdParty } from '../../scripts/third-party/bundled.ts';

/** The command with what it needs, in a few files: half of what a start takes is Node looking for hundreds of modules. */
export default defineConfig({
  input: { 'hermes-dashboard': 'src/main.ts' },
  platform: 'node',
  // It brings files that it looks for beside itself.
  external: ['@fastify/swagger-ui'],
  plugins: [listThirdParty('command')],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'bundle.[name].js' },
});
