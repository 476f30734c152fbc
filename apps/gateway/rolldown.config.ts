import { defineConfig, type RolldownOptions } from 'rolldown';
import { LOWEST_NODE } from '../../scripts/lowest-node.ts';
import { listThirdParty } from '../../scripts/third-party/bundled.ts';

/** The command with all that it needs, in a few files: half of what a start takes is Node looking for hundreds of modules. */
const command: RolldownOptions = {
  input: { 'hermes-gateway': 'src/main.ts' },
  platform: 'node',
  transform: { target: LOWEST_NODE },
  plugins: [listThirdParty('command')],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'hermes-gateway.[name].js' },
};

/** The thread of the journal, by itself: it shares no file with the command, of which it would load all the rest. */
const journalThread: RolldownOptions = {
  input: { 'journal-thread': 'src/journal/sqlite/journal-thread.ts' },
  platform: 'node',
  transform: { target: LOWEST_NODE },
  plugins: [listThirdParty('journal-thread')],
  output: { dir: 'dist', format: 'esm', codeSplitting: false },
};

/** For servers of others: without any of the command's parts that it does not need. */
const embed: RolldownOptions = {
  input: { embed: 'src/embed/index.ts' },
  platform: 'node',
  transform: { target: LOWEST_NODE },
  plugins: [listThirdParty('embed')],
  output: { dir: 'dist', format: 'esm', codeSplitting: false },
};

export default defineConfig([command, journalThread, embed]);
