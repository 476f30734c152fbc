import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { onTestFinished } from 'vitest';

/** For `skipIf`, with the reason printed. */
export function cannotMount(): boolean {
  return lacking('root, to mount a small volume', isRoot() && runs('mount', '--version'));
}

/** A volume of that many MiB, until the test has finished. @returns where it is mounted. */
export function smallVolume(mib: number, directory = temporaryDirectory()): string {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=755`, 'tmpfs', directory]);
  onTestFinished(() => void spawnSync('umount', ['--lazy', directory]));
  return directory;
}

/** Mounts another file over the one at `path`, until that is undone or the test has finished. @returns what undoes it. */
export function mountOver(path: string): () => void {
  const other = join(temporaryDirectory(), 'other');
  writeFileSync(other, '');
  execFileSync('mount', ['--bind', other, path]);
  const unmount = () => void spawnSync('umount', ['--lazy', path]);
  onTestFinished(unmount);
  return unmount;
}

/** Takes all the space that a volume has left. @returns what gives it back. */
export function fill(volume: string): () => void {
  const path = join(volume, 'filler');
  const file = openSync(path, 'w');
  for (let size = 1_048_576; size >= 1; ) {
    try {
      // What fits is written; without a byte of that it throws.
      writeSync(file, Buffer.alloc(size));
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(file);
  return () => rmSync(path);
}
