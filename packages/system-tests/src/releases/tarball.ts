import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const BOUND = { timeout: 120_000 };
const run = promisify(execFile);

/** The workspaces that are published, as paths from the root. */
export function publishedWorkspaces(): string[] {
  const manifests = globSync('{apps,packages}/*/package.json', { cwd: CHECKOUT });
  const isPublic = (manifest: string) => !JSON.parse(readFileSync(join(CHECKOUT, manifest), 'utf8')).private;
  return manifests.filter(isPublic).map(dirname).sort();
}

/** What npm would get of a workspace. */
export class Tarball implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-tarball-'));

  static async of(workspace: string): Promise<Tarball> {
    const tarball = new Tarball();
    await unpack(await pack(workspace, tarball.#directory), tarball.#directory);
    return tarball;
  }

  /** Paths in the package that match a pattern. */
  files(pattern: string): string[] {
    return globSync(pattern, { cwd: join(this.#directory, 'package') });
  }

  /** Where a file of the package is, as long as this is not disposed. */
  path(file: string): string {
    return join(this.#directory, 'package', file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** @returns the file, in `directory`. */
export async function pack(workspace: string, directory: string): Promise<string> {
  const words = ['--dir', join(CHECKOUT, workspace), 'pack', '--pack-destination', directory, '--json'];
  const { stdout } = await run(process.execPath, [join(CHECKOUT, 'scripts/pnpm.mjs'), ...words], BOUND);
  return join(directory, basename(JSON.parse(stdout).filename));
}

/** Puts the content into `directory`/package. */
export async function unpack(archive: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', directory], BOUND);
}

/**
 * The packages of others in a bundle that was not minified: the bundler begins each module with a comment that names its
 * file, and pnpm keeps files in directories that are called `name@version`.
 */
export function packagesInComments(code: string): string[] {
  const comments = code.matchAll(/^\s*\/\/(?:#region)? (?:\.\.\/)+node_modules\/\.pnpm\/([^/]+)\/node_modules\//gm);
  return [...new Set([...comments].map(([, directory = '']) => idOf(directory)))];
}

/** `@fastify+sse@0.6.0_fastify@5.12.8` is `@fastify/sse@0.6.0` beside a certain fastify. */
function idOf(directory: string): string {
  const [id = ''] = /^@?[^@]+@[^_(]+/.exec(directory) ?? [];
  return id.replace('+', '/');
}

/** The packages in the page of an app, by the list of its bundler: a minified file has no comments. */
export function packagesInPage(workspace: string): string[] {
  const list = readFileSync(join(CHECKOUT, workspace, 'dist/third-party/page.json'), 'utf8');
  return (JSON.parse(list) as { name: string; version: string }[]).map(({ name, version }) => `${name}@${version}`);
}

/** The packages that a THIRD-PARTY-NOTICES.md names, as `name@version`. */
export function packagesInNotices(notices: string): string[] {
  return [...notices.matchAll(/^## (\S+) (\d\S*) \([^)]+\)$/gm)].map(([, name, version]) => `${name}@${version}`);
}
