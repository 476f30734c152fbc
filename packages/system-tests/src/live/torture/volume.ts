import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot, runs } from '@hermes/test-kit';

/** Room for a round; small enough to be filled in no time. */
const SIZE = '64m';

export const canMount = isRoot() && runs('unshare', '--mount', 'true');

/** A directory for a round, and in it a small disk for the home. Gone when disposed, unless it is kept. */
export class RoundDirectory implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'hermes-torture-'));
  readonly volume = join(this.path, 'volume');
  readonly home = join(this.volume, 'home');
  readonly #unmountAtExit = () => this.#unmount();
  #isKept = false;

  constructor() {
    mkdirSync(this.volume);
    if (canMount) {
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', this.volume]);
      if (mounted.status !== 0) throw new Error(`mount: ${mounted.stderr}`);
      // A worker that is ended in the middle of a test disposes of nothing.
      process.once('exit', this.#unmountAtExit);
    }
    mkdirSync(this.home, { mode: 0o700 });
  }

  /** Keeps the files of the round, those on the small disk included. @returns where. */
  keep(): string {
    this.#isKept = true;
    cpSync(this.volume, join(this.path, 'volume-at-the-end'), { recursive: true });
    return this.path;
  }

  [Symbol.dispose](): void {
    this.#unmount();
    process.off('exit', this.#unmountAtExit);
    if (!this.#isKept) rmSync(this.path, { recursive: true, force: true });
  }

  #unmount(): void {
    if (canMount) spawnSync('umount', ['--lazy', this.volume]);
  }
}
