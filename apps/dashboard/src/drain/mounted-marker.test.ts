import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDrainVerdict } from '@hermes/drain-contract';
import { isRoot, lacking, runs } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';

const DRAIN = '/api/gateway/drain';

/** Mounts `source` over the file at `path`. @returns what undoes it, as the end of the test does. */
function mountOver(source: string, path: string): () => void {
  execFileSync('mount', ['--bind', source, path]);
  const unmount = () => void spawnSync('umount', ['--lazy', path]);
  onTestFinished(unmount);
  return unmount;
}

test.skipIf(lacking('root, to mount a file', isRoot() && runs('mount', '--version')))(
  'a marker that is a mount point can be neither written nor cancelled, and the answer says what to mount instead',
  async () => {
    const { ask, home } = await testDashboard();
    const begun = await ask({ method: 'POST', url: DRAIN });
    expect(begun.statusCode).toBe(200);
    const path = join(home, '.drain_request.json');
    const outside = join(temporaryHome(), 'outside');
    const text = readFileSync(path, 'utf8');
    writeFileSync(outside, text);
    const unmount = mountOver(outside, path);
    for (const method of ['POST', 'DELETE'] as const) {
      const response = await ask({ method, url: DRAIN });
      expect(response.json()).toMatchObject({
        status: 503,
        code: 'storage-unavailable',
        detail: expect.stringContaining('is a mount point of its own'),
      });
      expect(response.json().detail).toContain('mount the directory, not the file');
      expect(response.body).not.toContain(home);
      // The drain that was in force is still.
      expect([readDrainVerdict({ home }).active, readFileSync(path, 'utf8')]).toEqual([true, text]);
    }
    unmount();
    expect((await ask({ method: 'POST', url: DRAIN })).statusCode).toBe(200);
    expect((await ask({ method: 'DELETE', url: DRAIN })).json()).toMatchObject({ was_draining: true });
  },
);
