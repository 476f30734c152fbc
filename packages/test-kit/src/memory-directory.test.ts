import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { memoryDirectory } from './memory-directory.ts';

it('is a place where a script can be made and run', () => {
  const directory = mkdtempSync(join(memoryDirectory(), 'hermes-memory-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const script = join(directory, 'script');
  writeFileSync(script, '#!/bin/sh\necho here\n');
  chmodSync(script, 0o755);
  expect(spawnSync(script, { encoding: 'utf8' }).stdout).toBe('here\n');
});
