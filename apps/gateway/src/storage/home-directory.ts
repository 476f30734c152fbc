import { closeSync, constants, existsSync, fstatSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a path still leads to the home that the gateway started in. Keeps that directory open until disposed. */
export class HomeDirectory implements Disposable {
  readonly path: string;
  readonly #descriptor: number;
  readonly #device: bigint;
  readonly #inode: bigint;
  #isDisposed = false;

  /** @throws the error of `open`. */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    const { dev, ino } = fstatSync(this.#descriptor, { bigint: true });
    [this.#device, this.#inode] = [dev, ino];
  }

  /** The problem and what to do; `undefined` while the path leads to the home. Costs one `stat`. */
  problem(): string | undefined {
    try {
      const stat = statSync(this.path, { bigint: true, throwIfNoEntry: false });
      if (stat?.ino === this.#inode && stat.dev === this.#device) return undefined;
      return stat === undefined ? this.#missing() : `${this.path} is not the home that this gateway serves: ${RETURN}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return `the home ${this.path} cannot be checked (${code}): check the volume and its permissions`;
    }
  }

  /** Whether the home has such an entry, at its current path. `false` also if the system cannot tell. */
  has(name: string): boolean {
    return existsSync(join(`/proc/self/fd/${this.#descriptor}`, name));
  }

  /** Idempotent: the number of a closed descriptor may belong to another file. */
  [Symbol.dispose](): void {
    if (!this.#isDisposed) closeSync(this.#descriptor);
    this.#isDisposed = true;
  }

  #missing(): string {
    const isDeleted = fstatSync(this.#descriptor).nlink === 0;
    if (isDeleted) return `the home ${this.path} was deleted: stop this gateway; its stored data is lost`;
    return `the home ${this.path} was moved or unmounted: ${RETURN}`;
  }
}

const RETURN = 'move or mount the home of this gateway there again, or stop the gateway';
