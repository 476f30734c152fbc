import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory for the test that runs, removed when it has finished, however it ends. */
export function temporaryDirectory(place = tmpdir()): string {
  const directory = mkdtempSync(join(place, 's6-reconciler-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
