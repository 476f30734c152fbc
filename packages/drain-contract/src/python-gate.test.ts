import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { expect, test } from 'vitest';

const PYTHON = fileURLToPath(new URL('../python/', import.meta.url));

test.skipIf(lacking('python3, for the tests of its gate', runs('python3', '--version')))(
  'the gate for Python passes its own tests',
  () => {
    const args = ['-B', '-W', 'error', '-m', 'unittest', 'discover', '--start-directory', 'tests'];
    const { status, stderr } = spawnSync('python3', args, { cwd: PYTHON, encoding: 'utf8', timeout: 170_000 });
    expect(stderr).toMatch(/^Ran [1-9]\d* tests in /m);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    for (const [reason] of stderr.matchAll(/skipped=\d+/g)) console.warn(`the tests of the Python gate: ${reason}`);
  },
);
