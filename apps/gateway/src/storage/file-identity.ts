import { type BigIntStats, lstatSync } from 'node:fs';

/** What has become of a file that is held open, in words that follow its name. */
export type FileChange = 'was deleted or moved' | 'was replaced by another file' | 'was truncated' | CannotLook;
type CannotLook = `cannot be checked (${string})`;

/**
 * Which file a path led to when it was opened. Keep the file open meanwhile: the number of a file that no process has
 * open may be given to another file.
 */
export class FileIdentity {
  readonly path: string;
  readonly #device: bigint;
  readonly #inode: bigint;
  #size: bigint;
  #isTruncated = false;

  /** Looks at the file that `path` leads to now. @throws the error of `lstat`. */
  constructor(path: string) {
    this.path = path;
    const { dev, ino, size } = lstatSync(path, { bigint: true });
    [this.#device, this.#inode, this.#size] = [dev, ino, size];
  }

  /**
   * What has become of the file since; `undefined` while the path still leads to it. Costs one `lstat`. A file is
   * truncated, and stays so, when it was larger at an earlier look: only for files that their owner never shortens.
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

/** @returns the code of the error where nobody can look. */
function look(path: string): BigIntStats | string | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
