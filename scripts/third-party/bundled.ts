import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { isOurs, packageDirectory, readThirdParty, type ThirdParty } from './package.ts';

/** Where the bundles of a workspace say what is in them; not published. */
const LISTS = 'dist/third-party';

/** What this needs of the bundler, which is Rolldown or Vite. */
interface Chunk {
  readonly type: 'asset' | 'chunk';
  readonly moduleIds?: readonly string[];
}

/**
 * A plug-in that writes down which packages a bundle contains, by the bundler's own list of modules.
 * @param bundle a name for the list, unique in the workspace
 * @param copied packages of which files are added as they are
 */
export function listThirdParty(bundle: string, copied: readonly string[] = []) {
  return {
    name: 'list-third-party',
    generateBundle(_options: unknown, output: Readonly<Record<string, Chunk>>) {
      const modules = Object.values(output).flatMap((chunk) => chunk.moduleIds ?? []);
      const files = modules.map((id) => moduleFile(id, process.cwd()));
      const manifests = copied.map((name) => manifestOf(name, process.cwd()));
      const directories = new Set([...files, ...manifests].map(packageDirectory));
      const packages = [...directories].map(readNamed).flatMap((found) => found ?? []);
      mkdirSync(LISTS, { recursive: true });
      writeFileSync(join(LISTS, `${bundle}.json`), `${JSON.stringify(packages, null, 2)}\n`);
    },
  };
}

/** What the bundles of a built workspace contain. */
export function readBundled(workspace: string): ThirdParty[] {
  const directory = join(workspace, LISTS);
  return readdirSync(directory).flatMap((file): ThirdParty[] =>
    JSON.parse(readFileSync(join(directory, file), 'utf8')),
  );
}

/**
 * The file behind a module. Helpers of the bundler itself have none: `\0rolldown/runtime.js` comes from rolldown's own
 * package, and so does `\0@oxc-project+runtime@0.1.0/helpers/usingCtx.js`, which rolldown contains.
 */
function moduleFile(id: string, workspace: string): string {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  if (isAbsolute(path)) return path;
  const [name = ''] = path.split(/[/:]/);
  return manifestOf(name.startsWith('@oxc-project+') ? 'rolldown' : name, workspace);
}

function manifestOf(name: string, workspace: string): string {
  return createRequire(join(workspace, 'package.json')).resolve(`${name}/package.json`);
}

function readNamed(directory: string): ThirdParty | undefined {
  const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return isOurs(name) ? undefined : readThirdParty(directory);
}
