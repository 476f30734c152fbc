import { defineConfig } from 'rolldown';
import { listThirdParty } from '../../scripts/third-party/bundled.ts';

/** The commands with what they need, in a few files: half of what a start takes is Node looking for hundreds of modules. */
export default defineConfig({
  input: { 'hermes-dashboard': 'src/main.ts', drainctl: 'src/drainctl/main.ts' },
  platform: 'node',
  // It brings files that it looks for beside itself.
  external: ['@fastify/swagger-ui'],
  plugins: [listThirdParty('commands')],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'bundle.[name].js' },
});
