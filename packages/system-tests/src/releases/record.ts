/**
 * Records what the programs of this checkout write, and the library with which they do: see golden/README.md. Refuses
 * to touch a version that has been recorded before.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { Recorder } from './recorder.ts';
import { GOLDEN } from './release.ts';
import { playStory } from './story.ts';

const LIBRARY = fileURLToPath(import.meta.resolve('@hermes/drain-contract'));

const { version } = JSON.parse(await readFile(join(LIBRARY, '../../package.json'), 'utf8'));
const directory = join(GOLDEN, `v${version}`);
if (existsSync(directory)) {
  console.error(`${directory} is there already, and what was released does not change.`);
  process.exitCode = 1;
} else {
  await record();
  console.info(`recorded ${directory}`);
}

/** Under another name until it is complete: half a recording would have to be removed by hand. */
async function record(): Promise<void> {
  const draft = await mkdtemp(join(GOLDEN, '.draft-'));
  try {
    const recorder = new Recorder(draft);
    await mkdir(join(draft, 'markers'));
    await mkdir(join(draft, 'states'));
    await mkdir(join(draft, 'intents'));
    await playStory(recorder);
    await writeFile(join(draft, 'meanings.json'), `${JSON.stringify(recorder.meanings(), null, 2)}\n`);
    await build({
      input: LIBRARY,
      platform: 'node',
      logLevel: 'warn',
      output: { file: join(draft, 'drain-contract.js'), format: 'esm' },
    });
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
