import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let found: string | undefined;

/**
 * Where temporary directories are in memory, as a container's scan directories are: making thousands of small files
 * tells nothing of the disk and takes long on one. Where there is no such place that scripts can run from, the usual
 * place for temporary files.
 */
export function memoryDirectory(): string {
  found ??= canRunScripts('/dev/shm') ? '/dev/shm' : tmpdir();
  return found;
}

/** Docker's `/dev/shm`, for one, cannot: it is mounted without the right to execute, and holds 64 MiB. */
function canRunScripts(place: string): boolean {
  try {
    const directory = mkdtempSync(join(place, 'hermes-probe-'));
    try {
      const script = join(directory, 'script');
      writeFileSync(script, '#!/bin/sh\n');
      chmodSync(script, 0o755);
      return spawnSync(script, { timeout: 120_000 }).status === 0;
    } finally {
      rmSync(directory, { recursive: true });
    }
  } catch {
    return false;
  }
}
