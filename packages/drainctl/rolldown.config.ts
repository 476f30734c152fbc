import { defineConfig } from 'rolldown';
import { LOWEST_NODE } from '../../scripts/lowest-node.ts';
import { listThirdParty } from '../../scripts/third-party/bundled.ts';

/** The command with all that it needs, in a few files: nothing else has to be installed, or looked for at a start. */
export default defineConfig({
  input: { drainctl: 'src/main.ts' },
  platform: 'node',
  transform: { target: LOWEST_NODE },
  plugins: [listThirdParty('command')],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'bundle.[name].js' },
});
