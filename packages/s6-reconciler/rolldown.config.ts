import { defineConfig } from 'rolldown';
import { LOWEST_NODE } from '../../scripts/lowest-node.ts';
import { listThirdParty } from '../../scripts/third-party/bundled.ts';

/**
 * The command with all that it needs, in a few files: half of what a small command takes is Node looking for modules.
 * CommonJS, since the first module to import one of Node's own as ESM pays for all its exports, streams included.
 */
export default defineConfig([
  {
    input: { 'hermes-s6': 'src/main.ts' },
    platform: 'node',
    transform: { target: LOWEST_NODE },
    plugins: [listThirdParty('command')],
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'hermes-s6.[name].cjs',
    },
  },
  {
    // By itself, since what two entries share would become a file more for the command to load.
    input: { 'apply-thread': 'src/reconcile/apply-thread.ts' },
    platform: 'node',
    transform: { target: LOWEST_NODE },
    plugins: [listThirdParty('apply-thread')],
    output: { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs' },
  },
]);
