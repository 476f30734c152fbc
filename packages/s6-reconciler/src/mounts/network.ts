import type { Mount } from '@hermes/drain-contract';

/** File systems of other machines, by their types in mountinfo. */
const NETWORK_TYPES: ReadonlySet<string> = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', '9p', 'virtiofs', 'afs', 'coda', 'davfs'],
  ...['ceph', 'glusterfs', 'lustre', 'gpfs', 'beegfs', 'orangefs', 'ocfs2', 'gfs2'],
]);

/** FUSE file systems that keep their files on this machine; any other may not. */
const LOCAL_FUSE =
  /^fuse(blk|\.(fuse-overlayfs|overlayfs|mergerfs|unionfs|bindfs|encfs|gocryptfs|ntfs-3g|exfat|lxcfs))?$/;

/** Options that keep locks on this machine, so that programs on others do not see them. */
const LOCAL_LOCKS = ['nolock', 'local_lock=all', 'local_lock=flock', 'local_lock=posix', 'nobrl', 'nolocks'];

/** Why the locks of SQLite and flock may not hold on `mount`; `undefined` on a file system of this machine. */
export function whyLocksMayFail({ type, options }: Mount): string | undefined {
  const isNetwork = NETWORK_TYPES.has(type) || (type.startsWith('fuse') && !LOCAL_FUSE.test(type));
  if (!isNetwork) return undefined;
  const option = LOCAL_LOCKS.find((name) => options.has(name));
  if (option !== undefined) return `${type} with ${option}: programs on other machines do not see our locks`;
  return `${type}, a network file system, whose locks SQLite and flock cannot rely on`;
}
