import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPath, auditPaths, ensureAuditDirectory, rotate } from '@hermes/drain-audit';
import { isRoot, lacking, runs } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../testing/home.ts';

test.skipIf(lacking('root, to mount a file', isRoot() && runs('mount', '--version')))(
  'an audit that is a mount point is not rotated, and no older file is lost by the attempts',
  async () => {
    const home = temporaryHome();
    await ensureAuditDirectory(home);
    const path = auditPath(home);
    for (const each of auditPaths(home)) writeFileSync(each, each);
    const other = join(home, 'other');
    writeFileSync(other, path);
    execFileSync('mount', ['--bind', other, path]);
    const unmount = () => void spawnSync('umount', ['--lazy', path]);
    onTestFinished(unmount);
    for (const _attempt of auditPaths(home)) {
      await expect(rotate(home)).rejects.toMatchObject({
        code: 'mount_point',
        message: `cannot rotate ${path}: expected a file that can be replaced, found a mount point (EBUSY); mount the directory that the file is in, not the file`,
      });
    }
    expect(auditPaths(home).map((each) => readFileSync(each, 'utf8'))).toEqual(auditPaths(home));
    unmount();
    await rotate(home);
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(path);
  },
);
