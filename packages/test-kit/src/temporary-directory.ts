import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory in `place`, removed when the test is over, however it ends. */
export function temporaryDirectory(place = tmpdir()): string {
  const directory = mkdtempSync(join(place, 'hermes-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
