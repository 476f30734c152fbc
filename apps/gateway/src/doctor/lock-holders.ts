/** A lock of the kernel, from a line of `/proc/locks`. */
const LINE = /^\d+:\s+(?:->\s+)?\S+\s+\S+\s+\S+\s+(-?\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/;

/** The file whose locks are looked for. */
export interface LockedFile {
  readonly major: number;
  readonly minor: number;
  readonly inode: number;
}

/** The processes that hold a lock of the file; 0 for one that cannot be seen from here, such as in another container. */
export function lockHolders(text: string, { major, minor, inode }: LockedFile): number[] {
  const pids = new Set<number>();
  for (const line of text.split('\n')) {
    const [, pid, lineMajor = '', lineMinor = '', lineInode] = LINE.exec(line) ?? [];
    if (pid === undefined || Number(lineInode) !== inode) continue;
    if (Number.parseInt(lineMajor, 16) !== major || Number.parseInt(lineMinor, 16) !== minor) continue;
    pids.add(Math.max(0, Number(pid)));
  }
  return [...pids];
}

/** The numbers of a device as glibc's `makedev` combines them. */
export function deviceNumbers(device: number): { major: number; minor: number } {
  const wide = BigInt(device);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & ~0xffn & 0xffffffffn);
  return { major: Number(major), minor: Number(minor) };
}
