import { describe, expect, it } from 'vitest';
import { mountOf, parseMounts } from './mountinfo.pure.ts';

/** A container of Docker with a volume, a tmpfs that permits no programs, a file from the host, and a network volume. */
const CONTAINER = `\
601 530 0:61 / / rw,relatime master:246 - overlay overlay rw,lowerdir=/l1:/l2,upperdir=/u,workdir=/w
602 601 0:64 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
605 601 0:66 / /run rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=65536k,mode=755
606 601 254:1 /var/lib/docker/volumes/data/_data /opt/data rw,relatime master:1 - ext4 /dev/vda1 rw,discard
607 606 254:1 /home/me/state\\040file.json /opt/data/gateway_state.json ro,relatime - ext4 /dev/vda1 rw
608 606 0:70 / /opt/data/profiles rw,relatime - nfs4 server:/export/a\\040b rw,vers=4.2,local_lock=none,addr=10.0.0.1
609 606 0:71 / /opt/data/shared\\134x\\040y rw,relatime shared:7 master:2 propagate_from:1 - fuse.sshfs me@host: rw,user_id=0
`;

const mounts = parseMounts(CONTAINER);

describe('a text of mounts', () => {
  it('is read with types, sources and the options of both the mount and its file system', () => {
    expect(mounts).toHaveLength(7);
    expect(mounts[5]).toEqual({
      id: '608',
      parent: '606',
      root: '/',
      mountPoint: '/opt/data/profiles',
      type: 'nfs4',
      source: 'server:/export/a b',
      options: new Set(['rw', 'relatime', 'vers=4.2', 'local_lock=none', 'addr=10.0.0.1']),
    });
  });

  it('is read with any number of optional fields, and with its escapes', () => {
    expect(mounts[6]).toMatchObject({ mountPoint: '/opt/data/shared\\x y', type: 'fuse.sshfs', source: 'me@host:' });
    expect(mounts[4]).toMatchObject({ root: '/home/me/state file.json' });
    expect(parseMounts('1 0 0:1 / /a\\011b\\012c\\043d rw - tmpfs none rw')[0]?.mountPoint).toBe('/a\tb\nc#d');
  });

  it('says that a bind mount is read-only although its file system is not', () => {
    expect([mounts[4]?.options.has('ro'), mounts[4]?.options.has('rw')]).toEqual([true, false]);
    expect(parseMounts('1 0 0:1 / /a rw - tmpfs none ro')[0]?.options.has('ro')).toBe(true);
  });

  it('may have lines that are none', () => {
    expect(parseMounts('')).toEqual([]);
    expect(parseMounts('nonsense\n1 2 3\n - \n1 0 0:1 / /a rw - tmpfs none rw\n')).toHaveLength(1);
  });
});

describe('the mount of a path', () => {
  it.each([
    ['/', '601'],
    ['/etc/passwd', '601'],
    ['/running', '601'],
    ['/run', '605'],
    ['/run/service/gateway-a', '605'],
    ['/opt', '601'],
    ['/opt/data/', '606'],
    ['/opt/data/gateway.db', '606'],
    ['/opt/data/gateway_state.json', '607'],
    ['/opt/data/gateway_state.json.reserve', '606'],
    ['/opt/data/profiles/a/SOUL.md', '608'],
    ['/opt/data/shared\\x y/z', '609'],
  ])('of %s is the one with the longest mount point that leads there', (path, id) => {
    expect(mountOf(path, mounts)?.id).toBe(id);
  });

  it('is the last of those at one place, which covers the others', () => {
    const covered = parseMounts(`${CONTAINER}\
700 605 0:80 / /run rw,relatime - tmpfs tmpfs rw
701 700 0:81 / /run rw,relatime - tmpfs tmpfs rw
`);
    expect(mountOf('/run/service', covered)?.id).toBe('701');
  });

  it('is not one below a place that was covered later, wherever it is listed', () => {
    const before = '800 601 0:90 / /opt rw - tmpfs tmpfs rw\n';
    expect(mountOf('/opt/data/x', parseMounts(CONTAINER + before))?.id).toBe('800');
    expect(mountOf('/opt/data/x', parseMounts(before + CONTAINER))?.id).toBe('800');
  });

  it('is not known in a chroot whose root is no mount point, and is for what is mounted below', () => {
    const chroot = parseMounts('605 601 0:66 / /run rw,noexec - tmpfs tmpfs rw\n');
    expect(mountOf('/etc', chroot)).toBeUndefined();
    expect(mountOf('/run/service', chroot)?.id).toBe('605');
  });

  it('is found although a text says that mounts are mounted on each other', () => {
    const loop = parseMounts(
      '1 0 0:1 / / rw - a a rw\n2 1 0:2 / /a rw - a a rw\n3 2 0:3 / /a rw - a a rw\n2 3 0:2 / /a rw - a a rw\n',
    );
    expect(mountOf('/a/b', loop)?.mountPoint).toBe('/a');
  });
});
