import { defineConfig } from 'rolldown';

/** The command with all that it needs, in a few files: half of what a start takes is Node looking for hundreds of modules. */
export default defineConfig({
  input: { 'hermes-gateway': 'src/main.ts' },
  platform: 'node',
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'hermes-gateway.[name].js' },
});
