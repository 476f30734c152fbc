import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROJECT = fileURLToPath(new URL('project/', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../test-results/others/', import.meta.url));
const PNPM = fileURLToPath(new URL('../../../../scripts/pnpm.mjs', import.meta.url));
const GATEWAY = fileURLToPath(new URL('../../../../apps/gateway', import.meta.url));
const INSTALL = ['install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts', '--prefer-offline'];

/**
 * A project with programs of others, and with `@hermes/gateway`, as their users install it. It is not part of the workspace:
 * its packages are large, and only tests need them. Removed when disposed.
 */
export class ProjectOfOthers implements AsyncDisposable {
  /** Ends with a slash. */
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async install(): Promise<ProjectOfOthers> {
    await mkdir(RESULTS, { recursive: true });
    const project = new ProjectOfOthers(`${await mkdtemp(RESULTS)}/`);
    await cp(PROJECT, project.directory, { recursive: true });
    await promisify(execFile)(process.execPath, [PNPM, '--dir', project.directory, ...INSTALL]);
    const gateway = join(project.directory, 'node_modules/@hermes/gateway');
    await mkdir(dirname(gateway), { recursive: true });
    await symlink(GATEWAY, gateway);
    return project;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
