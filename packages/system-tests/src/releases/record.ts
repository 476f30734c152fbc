/**
 * Records what the programs of a release write, the library with which they do, and the tarballs of its commands: see
 * golden/README.md. Does nothing if that release has been recorded before: what was released does not change.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';
import { Installed } from './installed.ts';
import { Recorder } from './recorder.ts';
import { GOLDEN, TARBALLS, tarballsIn } from './release.ts';
import { playStory } from './story.ts';
import { CHECKOUT, unpack } from './tarball.ts';

const CONTRACT = 'packages/drain-contract';

// pnpm runs this in the workspace, and the path is meant from where the command was typed.
const { values } = parseArgs({ options: { tarballs: { type: 'string' } } });
if (values.tarballs === undefined) {
  console.error('usage: pnpm --filter @hermes/system-tests golden:record --tarballs release/VERSION');
  process.exitCode = 2;
} else await record(resolve(process.env['INIT_CWD'] ?? '.', values.tarballs));

/** Under another name until it is complete: half a recording would have to be removed by hand. */
async function record(tarballs: string): Promise<void> {
  const draft = await mkdtemp(join(GOLDEN, '.draft-'));
  try {
    const library = await unpackLibrary(tarballs, draft);
    const { version } = JSON.parse(await readFile(join(library, 'package.json'), 'utf8'));
    const directory = join(GOLDEN, `v${version}`);
    if (existsSync(directory)) {
      console.info(`${directory} is there already, and what was released does not change.`);
      return;
    }
    await recordFiles(tarballs, draft);
    await build({
      input: join(library, 'dist/index.js'),
      platform: 'node',
      logLevel: 'warn',
      resolve: { modules: [join(CHECKOUT, CONTRACT, 'node_modules')] },
      output: { file: join(draft, 'drain-contract.js'), format: 'esm' },
    });
    await rm(join(draft, 'library'), { recursive: true });
    await keepTarballs(tarballs, join(draft, TARBALLS));
    await rename(draft, directory);
    console.info(`recorded ${directory}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function unpackLibrary(tarballs: string, draft: string): Promise<string> {
  const archive = (await readdir(tarballs)).find((file) => file.startsWith('hermes-drain-contract-'));
  if (archive === undefined)
    throw new Error(`expected the tarballs of a release in ${tarballs}, found none of the contract`);
  await unpack(join(tarballs, archive), join(draft, 'library'));
  return join(draft, 'library/package');
}

async function recordFiles(tarballs: string, draft: string): Promise<void> {
  using installed = await Installed.of(tarballsIn(tarballs));
  const recorder = new Recorder(draft);
  for (const folder of ['markers', 'states', 'intents']) await mkdir(join(draft, folder));
  await playStory(recorder, installed.with(process.execPath));
  await writeFile(join(draft, 'meanings.json'), `${JSON.stringify(recorder.meanings(), null, 2)}\n`);
}

/** Those of the last release are enough: a registry has the others. */
async function keepTarballs(tarballs: string, directory: string): Promise<void> {
  for (const name of await readdir(GOLDEN)) {
    if (name.startsWith('v')) await rm(join(GOLDEN, name, TARBALLS), { recursive: true, force: true });
  }
  await mkdir(directory);
  for (const path of Object.values(tarballsIn(tarballs)))
    await copyFile(path, join(directory, path.split('/').at(-1) ?? ''));
}
