import { type BigIntStats, lstatSync } from 'node:fs';

/** A change of an open file, as a predicate that follows its name. */
export type FileChange = 'was deleted or moved' | 'was replaced by another file' | 'was truncated' | CannotLook;
type CannotLook = `cannot be checked (${string})`;

/**
 * The file that a path led to when it was opened. Keep the file open: after it is closed, the system may reuse its
 * inode number.
 */
export class FileIdentity {
  readonly path: string;
  readonly #device: bigint;
  readonly #inode: bigint;
  #size: bigint;
  #isTruncated = false;

  /** Reads the file that `path` leads to now. @throws the error of `lstat`. */
  constructor(path: string) {
    this.path = path;
    const { dev, ino, size } = lstatSync(path, { bigint: true });
    [this.#device, this.#inode, this.#size] = [dev, ino, size];
  }

  /**
   * The change of the file since; `undefined` while the path still leads to it. Costs one `lstat`. A file counts as
   * truncated for good after it was larger at an earlier check: use that only for files that their owner never
   * shortens.
   */
  change(): FileChange | undefined {
    const stat = look(this.path);
    if (stat === undefined) return 'was deleted or moved';
    if (typeof stat === 'string') return `cannot be checked (${stat})`;
    if (!this.isOf(stat)) return 'was replaced by another file';
    if (stat.size < this.#size) this.#isTruncated = true;
    this.#size = stat.size;
    return this.#isTruncated ? 'was truncated' : undefined;
  }

  /** Whether `stat` is of the same file. */
  isOf({ dev, ino }: BigIntStats): boolean {
    return ino === this.#inode && dev === this.#device;
  }
}

/** @returns the error code if the check fails. */
function look(path: string): BigIntStats | string | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
