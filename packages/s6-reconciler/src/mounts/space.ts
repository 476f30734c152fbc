/** What a file system has, and has left for users that are not root. */
export interface Space {
  /** 0 where there is no limit, as on a tmpfs with `size=0`, or where the file system does not say. */
  readonly bytes: number;
  readonly freeBytes: number;
  /** 0 where the file system makes inodes as it needs them. */
  readonly inodes: number;
  readonly freeInodes: number;
}

export type SpaceVerdict = 'enough' | 'nearly full' | 'full';

const MIB = 1024 ** 2;

/** With less, a state, a marker and a line of a log do not fit for sure. */
const FULL = { bytes: MIB, inodes: 16 };

/** A part that is left, and so much that more than that is enough however large the file system is. */
const NEARLY_FULL = { part: 0.05, bytes: 1024 * MIB, inodes: 10_000 };

/** Whether there is room for what our programs write. */
export function judgeSpace({ bytes, freeBytes, inodes, freeInodes }: Space): SpaceVerdict {
  const hasInodes = inodes > 0;
  if ((bytes > 0 && freeBytes < FULL.bytes) || (hasInodes && freeInodes < FULL.inodes)) return 'full';
  const isLow = freeBytes < bytes * NEARLY_FULL.part && freeBytes < NEARLY_FULL.bytes;
  const isShort = hasInodes && freeInodes < inodes * NEARLY_FULL.part && freeInodes < NEARLY_FULL.inodes;
  return isLow || isShort ? 'nearly full' : 'enough';
}

/** For example `12 MiB of 64 MiB and 900 of 1000 inodes free`. */
export function tellSpace({ bytes, freeBytes, inodes, freeInodes }: Space): string {
  const space = bytes > 0 ? `${inMib(freeBytes)} of ${inMib(bytes)}` : 'no limit of bytes';
  if (bytes === 0 && inodes === 0) return space;
  return inodes > 0 ? `${space} and ${freeInodes} of ${inodes} inodes free` : `${space} free`;
}

function inMib(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`;
}
