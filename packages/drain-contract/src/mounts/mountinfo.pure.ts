/** One mount from a line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** Names the mount among those of the process. */
  readonly id: string;
  /** The id of the mount that it is mounted on; of the first one, of a mount that is not listed. */
  readonly parent: string;
  /** The part of the file system that is mounted: `/`, or for a bind mount the path within it. */
  readonly root: string;
  /** Absolute path, without links. */
  readonly mountPoint: string;
  /** The type, with the subtype if it has one: `ext4`, `fuse.sshfs`. */
  readonly type: string;
  /** The source of the mount: a device, or the name of a server's export. */
  readonly source: string;
  /** The options of the mount, such as `noexec`, and those of its file system, such as `nolock`. */
  readonly options: ReadonlySet<string>;
}

/** The mounts in the text of a mountinfo file, in its order. Invalid lines are skipped. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => parseMount(line) ?? []);
}

/**
 * The mount that the file at `path` is on: the one with the longest mount point that leads there, and of several at one
 * place the last, which covers the others. A mount below a place that was covered later is covered, too. `path` is
 * absolute and without links. `undefined` where the mounts do not say, as in a chroot.
 */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const listed = new Set(mounts.map(({ id }) => id));
  let current: Mount | undefined;
  for (const place of placesOnTheWay(path)) {
    // Each round follows one mount to one above it; there are no more rounds than mounts, whatever the text says.
    for (let round = 0; round < mounts.length; round += 1) {
      const on = current?.id;
      const isNext = ({ id, parent, mountPoint }: Mount) =>
        mountPoint === place && id !== on && (on === undefined ? !listed.has(parent) : parent === on);
      const next = mounts.findLast(isNext);
      if (next === undefined) break;
      current = next;
    }
  }
  return current;
}

/** `/`, `/a` and `/a/b` for `/a/b`. */
function placesOnTheWay(path: string): string[] {
  const places = ['/'];
  for (const name of path.split('/')) {
    if (name !== '') places.push(places.length === 1 ? `/${name}` : `${places.at(-1)}/${name}`);
  }
  return places;
}

function parseMount(line: string): Mount | undefined {
  const [before = '', after = ''] = line.split(' - ', 2);
  const [id, parent, , root, mountPoint, options] = before.split(' ');
  const [type, source = '', fileSystemOptions = ''] = after.split(' ');
  if (!id || !parent || !root || !mountPoint || !options || !type) return undefined;
  return {
    id,
    parent,
    root: decodeOctal(root),
    mountPoint: decodeOctal(mountPoint),
    type: decodeOctal(type),
    source: decodeOctal(source),
    options: new Set([...options.split(','), ...fileSystemOptions.split(',').filter((option) => option !== 'rw')]),
  };
}

/** The kernel writes a space, tab, line break, backslash or `#` as `\` and three octal digits. */
function decodeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
