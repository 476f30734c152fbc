import type { Mount } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import { whyLocksMayFail } from './network.ts';

const mounted = (type: string, ...options: string[]): Mount => ({
  ...{ id: '2', parent: '1', root: '/', mountPoint: '/opt/data', source: 'somewhere' },
  type,
  options: new Set(['rw', ...options]),
});

describe('locks', () => {
  it.each(['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'virtiofs', 'ceph', 'fuse.sshfs', 'fuse.ceph', 'fuse.grpcfuse'])(
    'may fail on %s',
    (type) => {
      expect(whyLocksMayFail(mounted(type))).toBe(
        `${type}, a network file system, whose locks SQLite and flock cannot rely on`,
      );
    },
  );

  it.each(['nolock', 'local_lock=all', 'local_lock=flock', 'local_lock=posix'])(
    'are not seen by other machines on NFS with %s',
    (option) => {
      expect(whyLocksMayFail(mounted('nfs', 'vers=3', option))).toBe(
        `nfs with ${option}: programs on other machines do not see our locks`,
      );
    },
  );

  it('are said to be local only where an option says so', () => {
    expect(whyLocksMayFail(mounted('nfs4', 'local_lock=none'))).toContain('cannot rely on');
  });

  it.each(['ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'overlay', 'fuseblk', 'fuse', 'fuse.fuse-overlayfs', 'nfsd'])(
    'hold on %s',
    (type) => expect(whyLocksMayFail(mounted(type, 'nolock'))).toBeUndefined(),
  );
});
