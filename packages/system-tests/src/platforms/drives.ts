import { spawnSync } from 'node:child_process';
import { afterAll } from 'vitest';
import { surroundingsHere } from '../surroundings.ts';
import type { PlatformId } from './platforms.ts';
import type { Driven } from './record.ts';

declare module 'vitest' {
  interface TaskMeta {
    driven?: Driven;
  }
}

/**
 * Says at the top of a test file which platform its tests drive. With HERMES_RECORD_PLATFORMS, the run becomes a record
 * in `platforms/`, from which docs/platforms.md is made.
 *
 * @param driven what the tests do there, for the table
 * @param programs names and the commands that print their versions
 */
export function drives(platform: PlatformId, driven: string, programs: Readonly<Record<string, string>>): void {
  if (!process.env.HERMES_RECORD_PLATFORMS) return;
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of fixtures from the pattern
  afterAll(({}, { file }) => {
    const found = Object.entries(programs).map(([name, command]) => `${name} ${versionOf(command)}`);
    file.meta.driven = { platform, driven, versions: found, system: surroundingsHere().system };
  });
}

/** The first number with a dot that the command prints, or the first one. */
function versionOf(command: string): string {
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 30_000 });
  const printed = stdout + stderr;
  const [version] = /\d+(\.\d+)+/.exec(printed) ?? /\d+/.exec(printed) ?? [];
  if (version === undefined) throw new Error(`${command}: expected a version, found '${printed}'`);
  return version;
}
